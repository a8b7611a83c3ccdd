"""What a worker process and its parent say to each other, pickled, over one socket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chronika.domain.errors import ConfigurationError
from chronika.runtime.logs import LogFormat, LogLevel
from chronika.runtime.outcomes import Outcome, StageInfo, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSetup:
    """What a worker needs to know: its stages by name (none for all that are installed) and how it behaves.

    `whole` tells that the stages must fit together from the source on; a service that runs one stage of a chain over a
    bus says no.
    """

    stages: tuple[str, ...] = ()
    whole: bool = True
    document_seconds: float = 60.0
    log_level: LogLevel = LogLevel.INFO
    log_format: LogFormat = LogFormat.AUTO


@dataclass(frozen=True, slots=True)
class Ready:
    """The stages are loaded, in this order."""

    stages: tuple[StageInfo, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReady:
    """The stages could not be loaded: what the ConfigurationError said."""

    code: str
    message: str
    cure: str

    def as_error(self) -> ConfigurationError:
        """The same, to be raised in the parent."""
        return ConfigurationError(self.code, self.message, cure=self.cure)


@dataclass(frozen=True, slots=True)
class Began:
    """A stage is about to be called with so many documents; its time runs from here, and is so long."""

    stage: str
    documents: int
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Done:
    """The outcomes of a batch. A worker that `retires` is to be ended: a time limit cut into its state."""

    outcomes: tuple[Outcome, ...]
    retires: bool


FromWorker = Ready | NotReady | Began | Done
ToWorker = WorkerSetup | Sequence[Work] | None
"""The setup comes first, then batches; None ends the worker."""
