"""Golden sentences: what the whole pipeline must read in them, field by field. A mended fault becomes a row."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from chronika.domain.document import Document
from chronika.domain.event import Event, EventType

HERE = Path(__file__).parent
LANGUAGES = ("ru", "uk")


def _rows(language: str) -> Iterator[Mapping[str, str]]:
    lines = (HERE / f"events.{language}.tsv").read_text(encoding="utf-8").splitlines()
    table = csv.DictReader(
        (line for line in lines if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE, restval=""
    )
    yield from table


def _cases() -> Iterator[object]:
    for language in LANGUAGES:
        for number, row in enumerate(_rows(language), start=1):
            name = row["trigger"] or "nothing"
            yield pytest.param(language, row, id=f"{language}-{number}-{name}")


@pytest.mark.parametrize(("language", "row"), list(_cases()))
def test_a_golden_sentence_is_read_as_written(
    language: str, row: Mapping[str, str], read: Callable[[str, str, str], Document]
) -> None:
    text = row["text"].replace("\\n", "\n")
    document = read(text, language, row["published"])
    assert document.events is not None
    events = [event for event in document.events.events if event.type is not EventType.STATE]

    if not row["trigger"]:
        assert [event.trigger.of(text) for event in events] == []
        return
    event = next((event for event in events if event.trigger.of(text) == row["trigger"]), None)
    assert event is not None, [event.trigger.of(text) for event in events]
    wanted = {field: value for field, value in row.items() if field in _FIELDS and value != "*"}
    assert {field: _FIELDS[field](event) for field in wanted} == wanted


def _codes(codes: list[str]) -> str:
    return " ".join(dict.fromkeys(codes)) or "-"


def _source(event: Event) -> str:
    return event.attribution[0].name if event.attribution else "-"


_FIELDS: Mapping[str, Callable[[Event], str]] = {
    "type": lambda event: event.type.value,
    "mode": lambda event: event.mode or "-",
    "actors": lambda event: _codes([party.code for party in event.actors]),
    "recipients": lambda event: _codes([party.code for party in event.recipients]),
    "realis": lambda event: event.realis.value.value,
    "time": lambda event: event.time.start if event.time else "-",
    "place": lambda event: (event.place.country if event.place else "") or "-",
    "source": _source,
}
