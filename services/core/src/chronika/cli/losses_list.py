"""Tells on standard error which inputs were refused and which became dead letters, as it happens."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from chronika.cli.terminal import one_line, print_words
from chronika.domain.dead_letter import DeadLetter
from chronika.ports.source import Refusal

_SHOWN = 20
"""What a person reads; a file gets all."""


class LossesList:
    """Prints each loss with its cure; on a terminal the first few, and at the end how many more there were."""

    def __init__(self, console: Console, *, silent: bool = False) -> None:
        self.count = 0
        self._console = console
        self._most = 0 if silent else _SHOWN if console.is_terminal else None
        self._silent = silent

    def refused(self, refusal: Refusal) -> None:
        """An article was not taken in."""
        self._tell("refused", refusal.origin, refusal.code, refusal.message, refusal.cure)

    def lost(self, letter: DeadLetter) -> None:
        """A stage gave up a document, which is kept."""
        cure = f"`chronika dead-letters show {letter.id}` tells more."
        self._tell("dead letter", letter.document_id, letter.code, _reason(letter), cure)

    def given_up(self, letter: DeadLetter) -> None:
        """A stage gave up a document, which is not kept."""
        self._tell("failed", letter.document_id or letter.position, letter.code, _reason(letter), "")

    def end(self) -> None:
        """Says how many were not shown."""
        if self._most is not None and self.count > self._most and not self._silent:
            more = self.count - self._most
            print_words(self._console, Text(f"and {more} more; `2> losses.txt` keeps them all", style="dim"))

    def _tell(self, kind: str, what: str, code: str, message: str, cure: str) -> None:
        self.count += 1
        if self._most is not None and self.count > self._most:
            return
        head = Text.assemble((kind, "bold yellow"), f"  {one_line(what)}  ", (code, "bold"))
        print_words(self._console, head)
        told = f"{one_line(message).rstrip('.')}. {one_line(cure)}".rstrip()
        print_words(self._console, Text(told), indent=2)


def _reason(letter: DeadLetter) -> str:
    """The letter's message without the code that stands at its head already."""
    return letter.message.removeprefix(f"{letter.code}: ")
