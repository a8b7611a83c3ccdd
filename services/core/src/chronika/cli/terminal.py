"""Where the command prints: results on standard output, everything else on standard error.

On a terminal lines are wrapped to its width and coloured (unless NO_COLOR is set). In a pipe or a file there are
neither colours nor wrapping, unless COLUMNS asks for a width. Characters that the terminal's encoding lacks become
question marks; data formats (JSON, CSV, CoNLL-U) are UTF-8 whatever the terminal is.
"""

from __future__ import annotations

import io
import os
import sys
import unicodedata
from typing import BinaryIO, NoReturn

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.text import Text

UNBOUNDED = 100_000
"""Columns of what is no terminal."""
_LEAST = 40
"""A narrower terminal is written to as if it had so many columns."""

_TURNED = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of what follows them on the line."""


class _Console(Console):
    """Tells a closed pipe to its caller, which ends the command quietly."""

    def on_broken_pipe(self) -> NoReturn:
        """Where rich would leave by itself, with exit code 1."""
        raise BrokenPipeError


def standard_output() -> Console:
    """For results."""
    return _console(stderr=False)


def standard_error() -> Console:
    """For progress, refusals, notes and errors."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    console = _Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not console.is_terminal and not os.environ.get("COLUMNS", "").isdigit():
        console.width = UNBOUNDED
    else:
        console.width = max(_LEAST, console.width)
    return console


def print_trimmed(console: Console, body: RenderableType) -> None:
    """Prints something that is filled up with blanks; off a terminal its lines end with their last word."""
    if console.is_terminal:
        console.print(body)
        return
    with console.capture() as captured:
        console.print(body)
    lines = [line.rstrip() for line in captured.get().splitlines()]
    console.print(Text("\n".join(lines)), soft_wrap=True)


def print_words(console: Console, text: Text, *, indent: int = 0) -> None:
    """Prints running text: on a terminal broken between words, elsewhere on one line."""
    if is_bounded(console):
        print_trimmed(console, Padding(text, (0, 0, 0, indent), expand=False))
    else:
        console.print(Text(" " * indent).append_text(text), soft_wrap=True)


def is_bounded(console: Console) -> bool:
    """Whether lines are wrapped."""
    return console.width < UNBOUNDED


def data_output() -> BinaryIO:
    """Standard output for data formats: bytes, UTF-8, lines ended by a newline alone."""
    sys.stdout.flush()
    return sys.stdout.buffer


def write_data(text: str) -> None:
    """Writes text in a data format. Half characters, which no encoding has, become U+FFFD."""
    data_output().write(text.encode("utf-8", "surrogatepass").decode("utf-8", "replace").encode())


def forgive_encodings() -> None:
    """Lets the standard streams replace what their encoding lacks, where they would fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def arrow(console: Console) -> str:
    """Between who and whom, in what the terminal can show."""
    return "→" if _shows(console, "→") else "->"


def quotes(console: Console) -> tuple[str, str]:
    """Around words of an article."""
    return ("«", "»") if _shows(console, "«»") else ('"', '"')


def ellipsis(console: Console) -> str:
    """For what is left out."""
    return "…" if _shows(console, "…") else "..."


def draws_lines(console: Console) -> bool:
    """Whether the terminal has the characters of trees."""
    return _shows(console, "─│╭╰├┼┬┴╼")


def _shows(console: Console, characters: str) -> bool:
    try:
        characters.encode(console.encoding)
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def one_line(text: str) -> str:
    """Words of an article as one line that is harmless to a terminal: no control characters, no turned direction."""
    return " ".join("".join(map(_harmless, text)).split())


def _harmless(character: str) -> str:
    if character.isspace():
        return " "
    if character in _TURNED or unicodedata.category(character) in ("Cc", "Cs"):
        return "\ufffd"
    return character


def note(message: str) -> None:
    """Something to know beside the result."""
    print_words(standard_error(), Text(message, style="dim"))
