"""What the command's exit status tells: one table, used by every command and by the reference page."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType

from chronika.domain.errors import (
    ChronikaError,
    ConfigurationError,
    ContractError,
    NotFoundError,
    RefusedInputError,
    StageError,
    StoreError,
)


class ExitCode(IntEnum):
    """Exit status of the process."""

    OK = 0
    UNEXPECTED = 1
    USAGE = 2
    INCOMPLETE = 3
    CONFIGURATION = 4
    STORE = 5
    NOT_FOUND = 6
    INTERRUPTED = 130


MEANINGS: Mapping[ExitCode, str] = MappingProxyType(
    {
        ExitCode.OK: "All is done.",
        ExitCode.UNEXPECTED: "A fault of Chronika itself, or output that could not be written.",
        ExitCode.USAGE: "The command line is wrong; nothing was done.",
        ExitCode.INCOMPLETE: "Finished, but some inputs were refused or became dead letters; all others are done.",
        ExitCode.CONFIGURATION: "A setting or an installed part is wrong: nothing could start.",
        ExitCode.STORE: "The store cannot be opened, read or written.",
        ExitCode.NOT_FOUND: "What was asked for is not in the store.",
        ExitCode.INTERRUPTED: "Interrupted by Ctrl-C or SIGTERM. A run has stored what was in work; the next goes on.",
    }
)

_BY_ERROR: tuple[tuple[type[ChronikaError], ExitCode], ...] = (
    (ConfigurationError, ExitCode.CONFIGURATION),
    (StoreError, ExitCode.STORE),
    (NotFoundError, ExitCode.NOT_FOUND),
    (RefusedInputError, ExitCode.INCOMPLETE),
    (ContractError, ExitCode.INCOMPLETE),
    (StageError, ExitCode.INCOMPLETE),
)


def exit_code_of(error: ChronikaError) -> ExitCode:
    """The exit code of an error that ends the command."""
    return next((code for kind, code in _BY_ERROR if isinstance(error, kind)), ExitCode.UNEXPECTED)
