"""What every store promises; each test runs over every kind of store that there is."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chronika.domain.errors import NotFoundError
from chronika.ports.store import EnqueueResult, EventFilter, Finished, Store, StoreOutcome, TraceStep
from chronika.wire import encode_document

OpenStore = Callable[..., Store]
Newsroom = Any  # the class in conftest.py, which tests cannot import


def kinds(store: Store, after: int = 0) -> list[tuple[str, str]]:
    return [(change.kind.value, change.event_id) for change in store.changes(after=after)]


def texts(store: Store, **fields: Any) -> list[str]:
    """Ids of the documents whose events match, in order."""
    return [event.document_id for event in store.events(EventFilter(**fields)).events]


# Documents, revisions and coders.


def test_a_stored_document_comes_back_with_all_its_layers(store: Store, newsroom: Newsroom) -> None:
    told = [newsroom.told(trigger="встретились", actors=(newsroom.party("Франция", code="FRA"),), day="2025-08-21")]
    document = newsroom.article(told=told, names=[("Киеве", "place:kyiv")], title="Встреча")
    assert newsroom.store(store, document) == [StoreOutcome.STORED]
    assert store.document("a1") == document
    assert store.document("a1", revision=document.revision) == document
    (event,) = store.events(EventFilter()).events
    assert event.event == document.events.events[0]
    assert (event.title, event.outlet, event.language) == ("Встреча", "Вестник", "ru")
    assert event.evidence_text == document.text
    assert event.published == document.source.published
    assert store.event(event.event.id) == event


def test_the_bytes_are_kept_as_they_came(store: Store, newsroom: Newsroom) -> None:
    document = newsroom.article()
    newer_field = b"\xa2\x06\x03abc"  # field 100 of a newer schema
    payload = encode_document(document) + newer_field
    store.finish([Finished(row_id=0, document=document, payload=payload)])
    assert store.document("a1") == document
    (row,) = store.rows("documents")
    assert row["revision"] == document.revision


def test_storing_the_same_thing_twice_changes_nothing(store: Store, newsroom: Newsroom) -> None:
    document = newsroom.article(told=[newsroom.told(trigger="встретились")])
    newsroom.store(store, document)
    before = [list(store.rows(table)) for table in ("documents", "events", "changes")]
    assert newsroom.store(store, document) == [StoreOutcome.UNCHANGED]
    later = replace(document, source=replace(document.source, ingested=newsroom.at(60)))
    assert newsroom.store(store, later) == [StoreOutcome.UNCHANGED]
    assert [list(store.rows(table)) for table in ("documents", "events", "changes")] == before


def test_a_new_revision_retracts_the_events_of_the_old_one(store: Store, newsroom: Newsroom) -> None:
    first = newsroom.article(text="Послы встретились.", told=[newsroom.told(trigger="встретились")])
    second = newsroom.article(
        text="Послы не встретились, они созвонились.", told=[newsroom.told(trigger="созвонились")], ingested=5
    )
    newsroom.store(store, first)
    seen = store.changes()[-1].sequence
    assert newsroom.store(store, second) == [StoreOutcome.STORED]
    old, new = first.events.events[0], second.events.events[0]
    assert kinds(store, seen) == [("retracted", old.id), ("created", new.id)]
    retracted, created = store.changes(after=seen)
    assert (retracted.event, retracted.revision) == (None, first.revision)
    assert (created.event, created.revision) == (new, second.revision)
    assert [event.event.id for event in store.events(EventFilter()).events] == [new.id]
    assert store.document("a1") == second
    assert store.document("a1", revision=first.revision) == first
    (summary,) = store.documents()
    assert (summary.revision, summary.revisions, summary.events) == (second.revision, 2, 1)
    with pytest.raises(NotFoundError) as error:
        store.event(old.id)
    assert error.value.code == "event-unknown"


def test_a_revision_that_was_seen_earlier_does_not_take_over(store: Store, newsroom: Newsroom) -> None:
    old = newsroom.article(text="Было так.", ingested=0, told=[newsroom.told(trigger="так")])
    new = newsroom.article(text="Стало иначе.", ingested=5, told=[newsroom.told(trigger="иначе")])
    assert newsroom.store(store, new) == [StoreOutcome.STORED]
    seen = store.changes()[-1].sequence
    assert newsroom.store(store, old) == [StoreOutcome.SUPERSEDED]
    assert store.changes(after=seen) == []
    assert store.document("a1") == new
    assert store.document("a1", revision=old.revision) == old


def test_the_time_of_publication_does_not_decide_over_revisions(store: Store, newsroom: Newsroom) -> None:
    wrong = newsroom.article(text="Дата неверна.", ingested=0, published=datetime(2099, 1, 1, tzinfo=UTC))
    right = newsroom.article(text="Дата верна.", ingested=5)
    newsroom.store(store, wrong)
    assert newsroom.store(store, right) == [StoreOutcome.STORED]
    assert store.document("a1") == right


def test_a_newer_coder_replaces_and_an_older_one_never_does(store: Store, newsroom: Newsroom) -> None:
    both, gone = newsroom.told(trigger="Послы"), newsroom.told(trigger="встретились")
    come = newsroom.told(trigger="Киеве")
    old = newsroom.article(coder="0.9.2", told=[both, gone])
    new = newsroom.article(coder="0.10.0", told=[both, come])
    newsroom.store(store, old)
    seen = store.changes()[-1].sequence
    assert newsroom.store(store, new) == [StoreOutcome.STORED]
    assert kinds(store, seen) == [
        ("retracted", old.events.events[1].id),
        ("replaced", new.events.events[0].id),
        ("created", new.events.events[1].id),
    ]
    seen = store.changes()[-1].sequence
    assert newsroom.store(store, old) == [StoreOutcome.SUPERSEDED]
    assert store.changes(after=seen) == []
    assert store.document("a1") == new


def test_a_newer_text_counts_even_when_an_older_coder_read_it(store: Store, newsroom: Newsroom) -> None:
    newsroom.store(store, newsroom.article(text="Старый текст.", coder="2.0.0", ingested=0))
    newer = newsroom.article(text="Новый текст.", coder="1.0.0", ingested=5)
    assert newsroom.store(store, newer) == [StoreOutcome.STORED]
    assert store.document("a1") == newer


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_the_end_does_not_depend_on_the_order_of_arrival(
    store: Store, newsroom: Newsroom, order: tuple[int, ...]
) -> None:
    readings = [
        newsroom.article(text="Первый текст.", coder="1.0.0", ingested=0, told=[newsroom.told(trigger="Первый")]),
        newsroom.article(text="Второй текст.", coder="1.0.0", ingested=5, told=[newsroom.told(trigger="Второй")]),
        newsroom.article(text="Первый текст.", coder="2.0.0", ingested=9, told=[newsroom.told(trigger="Первый")]),
        newsroom.article(text="Второй текст.", coder="1.5.0", ingested=7, told=[newsroom.told(trigger="Второй")]),
    ]
    for index in order:
        newsroom.store(store, readings[index])
    assert store.document("a1") == readings[3]
    assert store.document("a1", revision=readings[0].revision) == readings[2]
    (event,) = store.events(EventFilter()).events
    assert event.event == readings[3].events.events[0]
    last = {change.event_id: change for change in store.changes()}
    assert {event_id for event_id, change in last.items() if change.event} == {event.event.id}
    assert last[event.event.id].event == event.event


def test_an_earlier_sighting_that_comes_late_brings_the_other_revision_back(store: Store, newsroom: Newsroom) -> None:
    first = newsroom.article(text="Первый.", ingested=5, told=[newsroom.told(trigger="Первый")])
    second = newsroom.article(text="Второй.", ingested=7, told=[newsroom.told(trigger="Второй")])
    newsroom.store(store, first, second)
    seen = store.changes()[-1].sequence
    earlier = replace(second, source=replace(second.source, ingested=newsroom.at(1)))
    assert newsroom.store(store, earlier) == [StoreOutcome.UNCHANGED]
    assert store.document("a1") == first
    assert kinds(store, seen) == [
        ("retracted", second.events.events[0].id),
        ("created", first.events.events[0].id),
    ]


def test_a_document_without_events_is_kept_with_its_language(store: Store, newsroom: Newsroom) -> None:
    document = replace(newsroom.article(language="other"), analysis=None, events=None)
    (row,) = newsroom.queue(store, document, coder="1.0.0")
    assert store.finish([Finished(row_id=row.row_id, document=document)]) == [StoreOutcome.STORED]
    (summary,) = store.documents(language="other")
    assert (summary.language, summary.events, summary.coder_version) == ("other", 0, "1.0.0")
    assert store.enqueue([newsroom.item(document)], coder_version="1.0.0") == [EnqueueResult.UNCHANGED]


def test_a_coder_that_gives_one_id_twice_does_not_stop_the_others(store: Store, newsroom: Newsroom) -> None:
    document = newsroom.article(told=[newsroom.told(trigger="встретились"), newsroom.told(trigger="встретились")])
    other = newsroom.article("a2", text="Другой текст.")
    stolen = replace(other, events=document.events)
    assert newsroom.store(store, document, stolen) == [StoreOutcome.STORED, StoreOutcome.STORED]
    assert store.status().events == 1
    assert "1 events left out" in store.trace("a1")[-1].detail
    assert "2 events left out" in store.trace("a2")[-1].detail


# Mentions and entities.


def test_entities_are_counted_under_each_of_their_names(store: Store, newsroom: Newsroom) -> None:
    russian = newsroom.article("r", "Украина и Украина.", names=[("Украина", "country:UKR")])
    ukrainian = newsroom.article("u", "Україна.", names=[("Україна", "country:UKR")], language="uk")
    unlinked = newsroom.article("x", "Кто-то.", names=[("Кто", "")])
    newsroom.store(store, russian, ukrainian, unlinked)
    assert [(row["entity_id"], row["name"], row["mentions"]) for row in store.rows("entities")] == [
        ("country:UKR", "Украина", 1),
        ("country:UKR", "Україна", 1),
    ]
    assert [(row["document_id"], row["name"], row["start"]) for row in store.rows("mentions")] == [
        ("r", "Украина", 0),
        ("u", "Україна", 0),
        ("x", "Кто", 0),
    ]
    newsroom.store(store, newsroom.article("u", "Нічого.", language="uk", ingested=5))
    assert [(row["entity_id"], row["name"], row["mentions"]) for row in store.rows("entities")] == [
        ("country:UKR", "Украина", 1)
    ]


# The inbox.


def test_documents_wait_once_and_go_out_oldest_first(store: Store, newsroom: Newsroom) -> None:
    items = [newsroom.item(newsroom.article(f"a{number}", f"Текст {number}.")) for number in range(3)]
    queued, unchanged = EnqueueResult.QUEUED, EnqueueResult.UNCHANGED
    assert store.enqueue([*items, items[0]], coder_version="1.0.0") == [queued, queued, queued, unchanged]
    assert store.enqueue(items[:1], coder_version="1.0.0") == [unchanged]
    assert store.status().inbox == 3
    rows = store.take(2)
    assert [(row.document_id, row.attempts, row.payload) for row in rows] == [
        ("a0", 1, items[0].payload),
        ("a1", 1, items[1].payload),
    ]
    assert [row.document_id for row in store.take(5)] == ["a2"]
    assert store.take(5) == []


def test_what_is_known_is_not_queued_again_except_for_a_newer_coder(store: Store, newsroom: Newsroom) -> None:
    document = newsroom.article(coder="1.0.0")
    (row,) = newsroom.queue(store, document)
    store.finish([Finished(row_id=row.row_id, document=document)])
    item = newsroom.item(document)
    assert store.enqueue([item], coder_version="1.0.0") == [EnqueueResult.UNCHANGED]
    assert store.enqueue([item], coder_version="0.9.0") == [EnqueueResult.UNCHANGED]
    assert store.enqueue([item], coder_version="1.0.1") == [EnqueueResult.QUEUED]
    other_text = newsroom.item(newsroom.article(text="Другой текст."))
    assert store.enqueue([other_text], coder_version="1.0.0") == [EnqueueResult.QUEUED]


def test_a_killed_run_costs_no_attempt(open_again: OpenStore, newsroom: Newsroom) -> None:
    killed = open_again()
    rows = newsroom.queue(killed, newsroom.article("a1"), newsroom.article("a2"))
    assert killed.count_attempt([rows[1].row_id]) == [2]
    killed.__exit__()
    store = open_again()
    assert store.take(5) == []
    assert store.recover() == 2
    assert store.recover() == 0
    assert [(row.document_id, row.attempts) for row in store.take(5)] == [("a1", 1), ("a2", 2)]


def test_released_rows_come_back_as_if_they_had_not_been_taken(store: Store, newsroom: Newsroom) -> None:
    rows = newsroom.queue(store, newsroom.article("a1"), newsroom.article("a2"))
    store.release([rows[0].row_id])
    store.release([rows[0].row_id])  # twice is once
    (again,) = store.take(5)
    assert (again.document_id, again.attempts) == ("a1", 1)
    assert store.count_attempt([rows[1].row_id, again.row_id, 999]) == [2, 2, 0]


def test_a_finished_row_is_gone_and_everything_is_one_transaction(store: Store, newsroom: Newsroom) -> None:
    document, other = newsroom.article("a1"), newsroom.article("a2")
    rows = newsroom.queue(store, document, other)
    broken = Finished(row_id=rows[1].row_id)
    with pytest.raises(ValueError, match="either a document or a dead letter"):
        store.finish([Finished(row_id=rows[0].row_id, document=document), broken])
    assert (store.status().documents, store.status().inbox) == (0, 2)
    store.finish([Finished(row_id=rows[0].row_id, document=document)])
    assert (store.status().documents, store.status().inbox) == (1, 1)


def test_the_trace_tells_every_stage_in_order(store: Store, newsroom: Newsroom) -> None:
    document = newsroom.article()
    store.enqueue([newsroom.item(document)], coder_version="1.0.0")
    assert store.trace("a1") == []
    (row,) = store.take(1)
    step = TraceStep(stage="ner", outcome="produced", detail="sentence cut", started=newsroom.at(1), seconds=0.25)
    store.finish([Finished(row_id=row.row_id, document=document, trace=(step,))])
    first, own = store.trace("a1")
    assert first == step
    assert (own.stage, own.outcome) == ("storage", "stored")
    with pytest.raises(NotFoundError) as error:
        store.trace("nobody")
    assert error.value.code == "document-unknown"
