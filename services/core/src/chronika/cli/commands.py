"""How a command is put into an app: its help from its docstring, its examples below, its place in the overview."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

import typer

F = TypeVar("F", bound=Callable[..., Any])

READ, ASK, OPERATE = "Read articles", "Ask the store", "Operate"
ORDER = (
    *("run", "extract", "evaluate"),
    *("query", "explain", "documents", "trace"),
    *("dead-letters", "config", "doctor", "serve", "version"),
)
"""Commands in the order of the overview."""


def command(app: typer.Typer, name: str, *, examples: str = "", panel: str | None = None) -> Callable[[F], F]:
    """Adds a function to an app under a name. `examples` are command lines, one a line."""

    def add(function: F) -> F:
        epilog = f"Examples:\n{_indented(examples)}" if examples else None
        app.command(name, help=_unwrapped(inspect.getdoc(function) or ""), epilog=epilog, rich_help_panel=panel)(
            function
        )
        return function

    return add


def _unwrapped(text: str) -> str:
    """Paragraphs as one line each, so that the terminal's width alone breaks them."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def _indented(examples: str) -> str:
    return "\n".join(f"  {line}" for line in inspect.cleandoc(examples).splitlines())
