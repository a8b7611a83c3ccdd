"""Events as a readable list: four columns a person can run down, and under each event its sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from chronika.cli.formats.event_words import (
    article_words,
    evidence_text,
    parties_text,
    place_words,
    realis_text,
    source_words,
    time_words,
    type_text,
)
from chronika.cli.terminal import arrow, ellipsis, is_bounded, print_trimmed, print_words
from chronika.ports.store import StoredEvent

_HEADS = ("event", "who, whom", "when, where", "realis")
_SHARES = (0.18, 0.46, 0.22, 0.14)
"""Parts of a terminal's width that the columns may take when they do not fit as they are."""
_LEAST = (14, 20, 13, 11)
"""What holds the longest word of each: suicide-attack, "2025-08-22 to", conditional."""
_INDENT = 2
_GAP = 2

Cells = tuple[Text, Text, Text, Text]


def print_events(console: Console, events: Sequence[StoredEvent], *, origins: bool = False) -> None:
    """Prints events; with `origins`, also each one's id and the article that it was read in."""
    rows = [_cells(console, stored) for stored in events]
    widths = _widths(console, rows)
    _print_row(console, tuple(Text(head, style="dim") for head in _HEADS), widths)
    for number, (stored, cells) in enumerate(zip(events, rows, strict=True)):
        if number and is_bounded(console):
            console.print()
        _print_row(console, cells, widths)
        if stored.event.attribution:
            print_words(console, Text(f"says {source_words(stored.event)}", style="italic"), indent=_INDENT)
        print_words(console, evidence_text(stored), indent=_INDENT)
        if origins:
            print_words(console, _origin(stored), indent=_INDENT)


def _cells(console: Console, stored: StoredEvent) -> Cells:
    event = stored.event
    between = "\n" if is_bounded(console) else " "
    return (
        _stacked(between, type_text(event.type), event.mode, "background" if event.background else ""),
        parties_text(event, arrow=arrow(console), unnamed=ellipsis(console)),
        _stacked(between, Text(time_words(event.time)), place_words(event.place)),
        realis_text(event.realis),
    )


def _stacked(between: str, first: Text, *others: str) -> Text:
    """A cell of several parts; those that are empty are left out."""
    parts = [part for part in (first, *(Text(other, style="dim") for other in others)) if part.plain]
    return Text(between).join(parts)


def _widths(console: Console, rows: Iterable[Sequence[Text]]) -> list[int]:
    """The columns' widths: what the longest cell needs, or a share of the terminal when that is too much."""
    longest = [len(head) for head in _HEADS]
    for row in rows:
        for number, cell in enumerate(row):
            longest[number] = max([longest[number], *(line.cell_len for line in cell.split("\n"))])
    room = console.width - _GAP * (len(_HEADS) - 1)
    if not is_bounded(console) or sum(longest) <= room:
        return longest
    capped = [
        min(need, max(least, int(room * share))) for need, least, share in zip(longest, _LEAST, _SHARES, strict=True)
    ]
    capped[1] += max(0, room - sum(capped))  # what the others do not need
    return capped


def _print_row(console: Console, cells: Sequence[Text], widths: Sequence[int]) -> None:
    table = Table.grid(padding=(0, _GAP, 0, 0))
    for width in widths[:-1]:
        table.add_column(width=width, overflow="fold")
    table.add_column(max_width=widths[-1], overflow="fold")  # not filled up with blanks
    table.add_row(*cells)
    print_trimmed(console, table)


def _origin(stored: StoredEvent) -> Text:
    """Of a long title the beginning is enough; it stands whole in `chronika documents`."""
    line = f"{stored.event.id}  {article_words(stored)}"
    return Text(line, style="dim", no_wrap=True, overflow="ellipsis")
