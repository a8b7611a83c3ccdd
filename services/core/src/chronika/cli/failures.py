"""How errors end a command: one red line, one line that names the cure, an exit code. A traceback only on request."""

from __future__ import annotations

import errno
import os
import sys
from typing import Any

import typer
from rich.text import Text
from typer.core import TyperGroup

from chronika.cli.commands import ORDER
from chronika.cli.exit_codes import ExitCode, exit_code_of
from chronika.cli.terminal import one_line, print_words, standard_error
from chronika.domain.errors import ChronikaError

DEBUG = "debug"
"""Key of the context's object under which `--debug` is kept."""

_FAULT = "This is a fault of Chronika. Repeat it as `chronika --debug ...` and report what that prints."
_NOT_WRITTEN = frozenset({errno.ENOSPC, errno.EIO, errno.EDQUOT})


class Commands(TyperGroup):
    """All commands; whatever one of them raises is told here."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names in the order of the overview."""
        return sorted(super().list_commands(ctx), key=ORDER.index)

    def invoke(self, ctx: Any) -> Any:
        """Runs a command."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except (typer.Exit, typer.Abort):
            raise
        except Exception as error:
            if _is_usage(error):
                raise
            if isinstance(ctx.obj, dict) and ctx.obj.get(DEBUG):
                standard_error().print_exception()
            raise typer.Exit(ended_by(error)) from None
        return result


def ended_by(error: Exception) -> ExitCode:
    """Tells what happened; the exit code that goes with it."""
    if isinstance(error, ChronikaError):
        tell(error)
        return exit_code_of(error)
    if isinstance(error, BrokenPipeError):  # the reader of the output has had enough, as in `| head`
        _drop_output()
        return ExitCode.OK
    if isinstance(error, OSError) and error.errno in _NOT_WRITTEN:
        _drop_output()
        tell_message("output-failed", f"the output cannot be written: {error.strerror}", "Free space and repeat.")
        return ExitCode.UNEXPECTED
    tell_message("unexpected", f"{type(error).__name__}: {error}", _FAULT)
    return ExitCode.UNEXPECTED


def tell(error: ChronikaError) -> None:
    """Prints an error with its cure."""
    document = f" (document {error.document_id})" if error.document_id else ""
    tell_message(error.code, f"{error.message}{document}", error.cure)


def tell_message(code: str, message: str, cure: str) -> None:
    """Prints a code, what happened, and what to do."""
    console = standard_error()
    print_words(console, Text.assemble((f"{code}: ", "bold red"), (one_line(message), "red")))
    if cure:
        print_words(console, Text(one_line(cure)))


def _is_usage(error: Exception) -> bool:
    """Whether Typer tells it: a wrong option, a missing argument."""
    return hasattr(error, "exit_code") and hasattr(error, "format_message")


def _drop_output() -> None:
    """Lets what is still buffered go nowhere, so that closing the stream does not fail once more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError):
        return  # standard output is no file
    finally:
        os.close(nowhere)
