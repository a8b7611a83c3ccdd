"""Whatever readings of an article arrive, in whatever order and however often: the end is the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from packaging.version import Version

from chronika.domain.document import Document
from chronika.ports.store import EventFilter, Store

Newsroom = Any  # the class in conftest.py, which tests cannot import

CLOCKS = {"ingested", "stored", "changed", "sequence"}
CODERS = ["0.9.2", "0.10.0rc1", "0.10.0", "1.0"]


@dataclass(frozen=True)
class Told:
    """A reading of one of three texts of one of two articles."""

    document_id: str
    text: int
    coder: str
    ingested: int


READINGS = st.builds(
    Told,
    document_id=st.sampled_from("ab"),
    text=st.integers(0, 2),
    coder=st.sampled_from(CODERS),
    ingested=st.integers(0, 4),
)


def article_of(newsroom: Newsroom, reading: Told) -> Document:
    """What a coder finds depends on text and coder; each names the place in its own way."""
    words = ["первый", "второй", "третий"]
    text = f"Текст {words[reading.text]} гласит."
    triggers = {"0.9.2": ["Текст"], "0.10.0": ["гласит"], "1.0": ["Текст", "гласит"]}.get(reading.coder, [])
    told = [newsroom.told(trigger=trigger) for trigger in (words[reading.text], *triggers)]
    names = [("Текст", "thing:text" if reading.coder < "0.2" else "thing:new")]
    document: Document = newsroom.article(
        reading.document_id, text, told=told, names=names, coder=reading.coder, ingested=reading.ingested
    )
    return document


def held(store: Store) -> dict[str, object]:
    """All that the store holds, clocks apart, and the feed's last word on each event."""
    tables: dict[str, object] = {
        name: [{key: cell for key, cell in row.items() if key not in CLOCKS} for row in store.rows(name)]
        for name in ("documents", "mentions", "entities", "events")
    }
    last = {change.event_id: change.event for change in store.changes(limit=10_000)}
    tables["feed"] = {event_id: event for event_id, event in last.items() if event is not None}
    return tables


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(readings=st.lists(READINGS, min_size=1, max_size=7), data=st.data())
def test_any_order_of_arrival_ends_alike(
    newsroom: Newsroom, new_store: Callable[[], Store], readings: list[Told], data: st.DataObject
) -> None:
    again = data.draw(st.lists(st.sampled_from(readings), max_size=3))
    order = data.draw(st.permutations([*readings, *again]))
    with new_store() as one, new_store() as other:
        for reading in readings:
            newsroom.store(one, article_of(newsroom, reading))
        newsroom.store(other, *(article_of(newsroom, reading) for reading in order))
        assert held(one) == held(other)
        check(newsroom, one, readings)


def check(newsroom: Newsroom, store: Store, readings: list[Told]) -> None:
    """The rule, said plainly, and that feed, events and documents say the same."""
    for document_id in {reading.document_id for reading in readings}:
        mine = [reading for reading in readings if reading.document_id == document_id]
        seen: dict[int, int] = {}
        for reading in mine:
            seen[reading.text] = min(reading.ingested, seen.get(reading.text, reading.ingested))
        revisions = {reading.text: article_of(newsroom, reading).revision for reading in mine}
        text = max(seen, key=lambda number: (seen[number], revisions[number]))
        coder = max((reading.coder for reading in mine if reading.text == text), key=Version)
        current = store.document(document_id)
        assert current.revision == revisions[text]
        assert current.events is not None
        assert current.events.coder_version == coder
    events = {event.event.id: event.event for event in store.events(EventFilter(), page_size=1000).events}
    assert events == held(store)["feed"]
