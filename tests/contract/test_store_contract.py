"""What every store promises; each test runs over every kind of store that there is."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chronika.domain.change import EventChangeKind
from chronika.domain.dead_letter import PAYLOAD_CAP, dead_letter
from chronika.domain.document import Document
from chronika.domain.errors import NotFoundError, StageError, StoreError
from chronika.domain.event import EventType, RealisValue
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


def test_a_newer_coder_that_finds_the_very_same_changes_no_event(store: Store, newsroom: Newsroom) -> None:
    old = newsroom.article(told=[newsroom.told(trigger="Послы")])
    newsroom.store(store, old)
    new = replace(old, events=replace(old.events, coder_version="2.0.0"))
    assert newsroom.store(store, new) == [StoreOutcome.STORED]
    assert [kind for kind, _ in kinds(store)] == ["created"]
    assert store.documents()[0].coder_version == "2.0.0"


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
    told = [newsroom.told(trigger="встретились"), newsroom.told(trigger="встретились", country="UKR")]
    document = newsroom.article(told=told)
    other = newsroom.article("a2", text="Другой текст.")
    stolen = replace(other, events=document.events)
    assert newsroom.store(store, document, stolen) == [StoreOutcome.STORED, StoreOutcome.STORED]
    assert [event.event for event in store.events(EventFilter()).events] == [document.events.events[0]]
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


# Questions about events.


def test_each_field_of_a_filter_narrows(store: Store, newsroom: Newsroom) -> None:
    party = newsroom.party
    newsroom.store(
        store,
        newsroom.article(
            "ru",
            "Берлин помог Риге.",
            told=[
                newsroom.told(
                    trigger="помог",
                    type=EventType.AID,
                    actors=(party("Германия", code="DEU", sector="GOV", entity_id="country:DEU"),),
                    recipients=(party("Латвия", code="LVA", sector="GOV"),),
                    country="LVA",
                    day="2025-08-20",
                )
            ],
        ),
        newsroom.article(
            "uk",
            "Рига планує допомогти Берліну.",
            language="uk",
            told=[
                newsroom.told(
                    trigger="допомогти",
                    type=EventType.AID,
                    actors=(party("Латвія", code="LVA", sector="MIL"),),
                    recipients=(party("Німеччина", code="DEU", entity_id="country:DEU"),),
                    day="2025-09-01",
                    realis=RealisValue.PLANNED,
                )
            ],
        ),
        newsroom.article("no", "Митинг прошёл.", told=[newsroom.told(trigger="прошёл", type=EventType.PROTEST)]),
    )
    assert texts(store) == ["uk", "no", "ru"]
    assert texts(store, types=frozenset({EventType.PROTEST})) == ["no"]
    assert texts(store, types=frozenset({EventType.PROTEST, EventType.AID})) == ["uk", "no", "ru"]
    assert texts(store, actors=frozenset({"DEU"})) == ["ru"]
    assert texts(store, recipients=frozenset({"DEU"})) == ["uk"]
    assert texts(store, actors=frozenset({"LVA", "DEU"})) == ["uk", "ru"]
    assert texts(store, actors=frozenset({"lva mil"})) == ["uk"]
    assert texts(store, actors=frozenset({"LVA GOV"})) == []
    assert texts(store, actors=frozenset({"country:DEU"})) == ["ru"]
    assert texts(store, countries=frozenset({"lva"})) == ["ru"]
    assert texts(store, realis=frozenset({RealisValue.PLANNED})) == ["uk"]
    assert texts(store, languages=frozenset({"uk"})) == ["uk"]
    assert texts(store, text="помог Риге") == ["ru"]
    assert texts(store, languages=frozenset({"uk"}), actors=frozenset({"DEU"})) == []


@pytest.mark.parametrize(
    ("day", "last_day", "from_date", "to_date", "found"),
    [
        ("2025-08-22", "", "2025-08-22", "2025-08-22", True),
        ("2025-08-22", "", "2025-08-23", None, False),
        ("2025-08-22", "", None, "2025-08-21", False),
        ("2025-08", "", "2025-08-31", None, True),  # a month covers all its days
        ("2025-08", "", "2025-09-01", None, False),
        ("2024-02", "", "2024-02-29", "2024-02-29", True),
        ("2025", "", "2025-12-31", "2026-01-05", True),
        ("2025", "", None, "2024-12-31", False),
        ("2025-08-20", "2025-08-24", "2025-08-22", "2025-08-22", True),  # an interval around the days asked for
        ("2025-08-20", "2025-08-24", "2025-08-25", None, False),
        ("2025-02-30", "", "2025-08-22", "2025-08-22", True),  # no date: the day of publication
    ],
)
def test_dates_bound_the_time_of_the_event(
    store: Store, newsroom: Newsroom, day: str, last_day: str, from_date: str | None, to_date: str | None, found: bool
) -> None:
    told = newsroom.told(trigger="встретились", day=day, last_day=last_day)
    newsroom.store(store, newsroom.article(told=[told]))
    bounds = {
        "from_date": from_date and date.fromisoformat(from_date),
        "to_date": to_date and date.fromisoformat(to_date),
    }
    assert texts(store, **bounds) == (["a1"] if found else [])


@pytest.mark.parametrize(("zone", "day"), [("Europe/Kyiv", 22), ("+03:00", 22), ("", 21), ("-05:30", 21), ("Нет", 21)])
def test_an_event_without_time_falls_back_on_the_day_of_publication_where_it_was_published(
    store: Store, newsroom: Newsroom, zone: str, day: int
) -> None:
    late_evening = datetime(2025, 8, 21, 22, 30, tzinfo=UTC)
    told = [newsroom.told(trigger="встретились")]
    newsroom.store(store, newsroom.article(told=told, published=late_evening, zone=zone))
    the_day, the_next = date(2025, 8, day), date(2025, 8, day + 1)
    assert texts(store, from_date=the_day, to_date=the_day) == ["a1"]
    assert texts(store, from_date=the_next) == []


def test_an_event_without_any_time_comes_last_and_in_no_range_of_days(store: Store, newsroom: Newsroom) -> None:
    told = [newsroom.told(trigger="Послы")]
    newsroom.store(
        store,
        newsroom.article("none", published=None, told=told),
        newsroom.article("old", told=[newsroom.told(trigger="Послы", day="0987-01-01")]),
    )
    assert texts(store) == ["old", "none"]
    assert texts(store, to_date=date(2030, 1, 1)) == ["old"]
    assert texts(store, from_date=date(1, 1, 1)) == ["old"]


def test_background_and_denied_events_are_left_out_and_counted(store: Store, newsroom: Newsroom) -> None:
    text = "Было, стало, опровергли, забыли."
    plain = newsroom.told(trigger="стало")
    told = [
        plain,
        newsroom.told(trigger="Было", background=True),
        newsroom.told(trigger="опровергли", realis=RealisValue.DENIED),
        newsroom.told(trigger="забыли", realis=RealisValue.DENIED, background=True),
    ]
    newsroom.store(store, newsroom.article(text=text, told=told))

    def shown(**fields: Any) -> tuple[int, int]:
        page = store.events(EventFilter(**fields))
        return len(page.events), page.left_out

    assert shown() == (1, 3)
    assert shown(include_background=True) == (2, 2)
    assert shown(include_denied=True) == (2, 2)
    assert shown(include_background=True, include_denied=True) == (4, 0)
    assert shown(realis=frozenset({RealisValue.DENIED})) == (1, 1)
    assert shown(realis=frozenset({RealisValue.ACTUAL})) == (1, 1)
    assert shown(types=frozenset({EventType.AID})) == (0, 0)


def numbered(newsroom: Newsroom, prefix: str, count: int, *, start: float = 0) -> list[Document]:
    told = [newsroom.told(trigger="Послы")]
    return [
        newsroom.article(f"{prefix}{index:03}", told=told, published=newsroom.at(start + index % 7))
        for index in range(count)
    ]


def test_pages_show_everything_once_while_new_events_arrive(store: Store, newsroom: Newsroom) -> None:
    newsroom.store(store, *numbered(newsroom, "old", 50))
    expected = texts(store)
    seen: list[str] = []
    token = ""
    while True:
        page = store.events(EventFilter(), page_size=8, page_token=token)
        assert len(page.events) <= 8
        seen += [event.document_id for event in page.events]
        token = page.next_token
        if not token:
            break
        newsroom.store(store, *numbered(newsroom, f"new{len(seen)}-", 3, start=60))
    assert seen == expected
    assert len(set(seen)) == 50


def test_the_last_page_has_no_token_even_when_it_is_full(store: Store, newsroom: Newsroom) -> None:
    newsroom.store(store, *numbered(newsroom, "a", 4))
    first = store.events(EventFilter(), page_size=2)
    second = store.events(EventFilter(), page_size=2, page_token=first.next_token)
    assert (len(second.events), second.next_token) == (2, "")


def test_a_page_token_belongs_to_its_filter(store: Store, newsroom: Newsroom) -> None:
    newsroom.store(store, *numbered(newsroom, "a", 4))
    asked = EventFilter(languages=frozenset({"ru", "uk"}))
    token = store.events(asked, page_size=2).next_token
    same = EventFilter(languages=frozenset({"uk", "ru"}))
    assert len(store.events(same, page_size=3, page_token=token).events) == 2
    for other, other_token in [
        (EventFilter(), token),
        (asked, token[:-2]),
        (asked, "не токен"),
        (asked, "W10="),
        (asked, "W"),
    ]:
        with pytest.raises(StoreError) as error:
            store.events(other, page_token=other_token)
        assert error.value.code == "page-token-invalid"
        assert error.value.cure


def test_page_sizes(store: Store, newsroom: Newsroom) -> None:
    newsroom.store(store, *numbered(newsroom, "a", 102))
    assert len(store.events(EventFilter(), page_size=0).events) == 100
    assert len(store.events(EventFilter(), page_size=10**30).events) == 102
    with pytest.raises(StoreError) as error:
        store.events(EventFilter(), page_size=-1)
    assert error.value.code == "page-size-invalid"


def test_a_page_holds_a_thousand_events_at_most(store: Store, newsroom: Newsroom) -> None:
    text = " ".join(f"слово{number}" for number in range(1001))
    told = [newsroom.told(trigger=f"слово{number} ") for number in range(1000)] + [newsroom.told(trigger="слово1000")]
    newsroom.store(store, newsroom.article(text=text, told=told))
    page = store.events(EventFilter(), page_size=5000)
    assert len(page.events) == 1000
    assert len(store.events(EventFilter(), page_size=5000, page_token=page.next_token).events) == 1


# Search.


def found(store: Store, text: str) -> list[str]:
    documents = sorted(document.document_id for document in store.documents(text=text))
    assert sorted(set(texts(store, text=text))) == documents, "events and documents are searched alike"
    return documents


def test_search_does_not_know_case_in_any_alphabet(store: Store, newsroom: Newsroom) -> None:
    party = newsroom.party
    for number, court in enumerate(["Окружной суд", "окружной суд", "ОКРУЖНОЙ СУД"]):
        told = [newsroom.told(trigger="решил", actors=(party(court),))]
        newsroom.store(store, newsroom.article(f"court{number}", f"{court} решил дело.", told=told))
    for number, name in enumerate(["ЇЖАК", "їжак"]):
        told = [newsroom.told(trigger="прийшов", actors=(party(name),))]
        newsroom.store(store, newsroom.article(f"hedgehog{number}", f"{name} прийшов.", told=told, language="uk"))
    courts, hedgehogs = ["court0", "court1", "court2"], ["hedgehog0", "hedgehog1"]
    for form in ("Окружной суд", "окружной суд", "ОКРУЖНОЙ СУД"):
        assert found(store, form) == courts
        assert sorted(texts(store, actors=frozenset({form}))) == courts
    for form in ("ЇЖАК", "їжак", "Їжак"):
        assert found(store, form) == hedgehogs
        assert sorted(texts(store, actors=frozenset({form}))) == hedgehogs


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("санкции", True),  # as it stands there
        ("санкция", True),  # its lemma
        ("санкциями", False),  # a form that neither text nor lemmas hold
        ("санкциями|санкция", True),  # the caller gives the lemma as an alternative
        ("санкциями|объявил санкция", True),
        ("санкциями|наказание санкция", False),
        ("наказание|пошлина санкция", False),  # all words must be there
        ("Евросоюз санкция", True),
        ("обьявил", False),
        ("п'ять", True),  # however the apostrophe is written
        ("п’ять", True),
        ("пять", False),
        ("елка", True),  # ё is е
        ("Ёлка", True),
        ("замок", True),  # stressed in the text
        ("бизнес-форум", True),
        ("форум", True),
        ("форум-бизнес", True),  # hyphens part words
        ("бизнес-ланч", False),
        ("заголовок", True),  # of the title
        ("1,5", True),
        ("«санкции»,", True),
        ("санкции .", True),
        ("", True),
        (" ", True),
        ("!?", False),
        ('" OR санкции', False),  # no syntax
        ("NOT санкции", False),
        ("санкции*", True),
        ("words:санкции", False),
        ("(санкции", True),
        ("NEAR(санкции)", False),
    ],
)
def test_search_by_words(store: Store, newsroom: Newsroom, query: str, is_found: bool) -> None:
    text = "Евросоюз объявил санкции. П’ять рокiв, ёлка, за\u0301мок, бизнес-форум, 1,5 млн."
    lemmas = ["евросоюз", "объявить", "санкция"]
    told = [newsroom.told(trigger="объявил")]
    newsroom.store(store, newsroom.article(text=text, lemmas=lemmas, told=told, title="Заголовок"))
    assert found(store, query) == (["a1"] if is_found else [])


def test_decomposed_letters_are_found(store: Store, newsroom: Newsroom) -> None:
    text = "Украі\u0308на, и\u0306ого"
    newsroom.store(store, newsroom.article(text=text, told=[newsroom.told(trigger="Укра")]))
    assert found(store, "Україна його") == ["a1"]
    assert found(store, "Украіна") == []


def test_a_long_search_is_refused_and_a_fairly_long_one_is_not(store: Store, newsroom: Newsroom) -> None:
    words = [f"слово{number}" for number in range(1000)]
    newsroom.store(store, newsroom.article(text=" ".join(words), told=[newsroom.told(trigger="слово0 ")]))
    assert found(store, " ".join(words)) == ["a1"]
    assert found(store, "|".join(["нет", *words[:999]])) == ["a1"]
    with pytest.raises(StoreError) as error:
        store.documents(text=" ".join([*words, "ещё"]))
    assert error.value.code == "query-too-long"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=30) | st.text("ab\"'*:^(){}-+|~ \0\n", max_size=20))
def test_nothing_that_is_searched_for_is_a_crash(store: Store, newsroom: Newsroom, query: str) -> None:
    newsroom.store(store, newsroom.article(told=[newsroom.told(trigger="Послы")]))
    assert found(store, query) in ([], ["a1"])


def test_search_knows_only_the_current_revision(store: Store, newsroom: Newsroom) -> None:
    newsroom.store(store, newsroom.article(text="Старое слово.", told=[newsroom.told(trigger="Старое")]))
    newsroom.store(store, newsroom.article(text="Новое слово.", ingested=5, told=[newsroom.told(trigger="Новое")]))
    assert found(store, "старое") == []
    assert found(store, "новое слово") == ["a1"]


# Documents.


def test_documents_are_listed_latest_first(store: Store, newsroom: Newsroom) -> None:
    newsroom.store(
        store,
        newsroom.article("a", published=newsroom.at(1)),
        newsroom.article("b", published=newsroom.at(2), language="uk"),
        newsroom.article("c", published=None),
        newsroom.article("d", published=newsroom.at(2)),
    )
    assert [document.document_id for document in store.documents()] == ["d", "b", "a", "c"]
    assert [document.document_id for document in store.documents(language="uk")] == ["b"]
    assert [document.document_id for document in store.documents(limit=1)] == ["d"]
    assert store.documents(limit=0) == []
    assert len(store.documents(limit=10**30)) == 4


def test_what_is_not_there_is_said_clearly(store: Store, newsroom: Newsroom) -> None:
    newsroom.store(store, newsroom.article())
    cases = [
        (lambda: store.document("nobody"), "document-unknown"),
        (lambda: store.document("a1", revision="0"), "revision-unknown"),
        (lambda: store.event("nothing"), "event-unknown"),
        (lambda: store.dead_letter("nothing"), "dead-letter-unknown"),
    ]
    for ask, code in cases:
        with pytest.raises(NotFoundError) as error:
            ask()
        assert error.value.code == code
        assert error.value.cure
    with pytest.raises(StoreError) as refused:
        store.rows("secrets")
    assert refused.value.code == "table-unknown"


def test_half_a_character_is_refused_not_a_crash(store: Store) -> None:
    with pytest.raises(StoreError) as error:
        store.event("\udc80")
    assert error.value.code == "value-not-text"
    assert store.documents(text="\udc80слово") == []


# The feed.


def test_the_feed_is_read_in_pieces_and_in_order(store: Store, newsroom: Newsroom) -> None:
    newsroom.store(store, *numbered(newsroom, "a", 5))
    everything = store.changes()
    assert [change.kind for change in everything] == [EventChangeKind.CREATED] * 5
    assert [change.sequence for change in everything] == sorted({change.sequence for change in everything})
    pieces, after = [], 0
    while piece := store.changes(after=after, limit=2):
        pieces += piece
        after = piece[-1].sequence
    assert pieces == everything
    assert len(store.changes(limit=10**30)) == 5
    assert store.changes(limit=0) == []


def test_status_counts(store: Store, newsroom: Newsroom) -> None:
    newsroom.store(store, *numbered(newsroom, "a", 3), newsroom.article("a000", "Другое.", ingested=9))
    newsroom.queue(store, newsroom.article("b"))
    status = store.status()
    assert (status.documents, status.events, status.inbox, status.dead_letters) == (3, 2, 1, 0)
    assert status.location.endswith("store.db")


# Dead letters.


def lose(
    store: Store, newsroom: Newsroom, document: Document, *, code: str = "stage-timeout", minute: float = 0
) -> str:
    """Takes a document through the inbox into a dead letter, as the runner does; the letter's id."""
    item = newsroom.item(document)
    store.enqueue([item], coder_version="1.0.0")
    (row,) = store.take(1)
    error = StageError(code, "it hangs", document_id=document.id, retryable=True)
    letter = dead_letter(
        error,
        stage="ner",
        payload=row.payload,
        position=f"inbox/{row.row_id}",
        attempts=row.attempts,
        failed=newsroom.at(minute),
    )
    step = TraceStep(stage="ner", outcome="dead-letter", detail=code, started=newsroom.at(minute), seconds=1.0)
    outcomes = store.finish([Finished(row_id=row.row_id, dead_letter=letter, trace=(step,))])
    assert outcomes == [StoreOutcome.DEAD_LETTER]
    assert store.dead_letter(letter.id).payload == item.payload
    return letter.id


def test_dead_letters_are_listed_latest_first(store: Store, newsroom: Newsroom) -> None:
    first = lose(store, newsroom, newsroom.article("a1"), minute=1)
    second = lose(store, newsroom, newsroom.article("a2"), code="worker-crashed", minute=2)
    assert [letter.id for letter in store.dead_letters()] == [second, first]
    assert [letter.id for letter in store.dead_letters(code="stage-timeout")] == [first]
    assert [letter.id for letter in store.dead_letters(stage="ner", limit=1)] == [second]
    assert store.dead_letters(stage="ingest") == []
    letter = store.dead_letter(first)
    assert (letter.document_id, letter.code, letter.attempts, letter.retryable) == ("a1", "stage-timeout", 1, True)
    assert letter.failed == newsroom.at(1)
    assert [step.outcome for step in store.trace("a1")] == ["dead-letter"]
    assert (store.status().inbox, store.status().dead_letters) == (0, 2)


def test_a_replayed_letter_is_in_the_inbox_with_no_attempts(store: Store, newsroom: Newsroom) -> None:
    document = newsroom.article()
    letter_id = lose(store, newsroom, document)
    assert store.replay([letter_id, letter_id]) == 1
    assert store.dead_letters() == []
    (row,) = store.take(5)
    assert (row.document_id, row.revision, row.payload) == ("a1", document.revision, newsroom.item(document).payload)
    assert row.attempts == 1
    assert store.finish([Finished(row_id=row.row_id, document=document)]) == [StoreOutcome.STORED]


def test_the_same_failure_again_is_the_same_letter(store: Store, newsroom: Newsroom) -> None:
    lose(store, newsroom, newsroom.article(ingested=0), minute=1)
    again = lose(store, newsroom, newsroom.article(ingested=60), minute=2)  # the next run, other bytes
    (letter,) = store.dead_letters()
    assert (letter.id, letter.attempts, letter.failed) == (again, 2, newsroom.at(2))
    lose(store, newsroom, newsroom.article(text="Другая редакция.", ingested=70), minute=3)
    assert len(store.dead_letters()) == 2


def test_a_letter_is_gone_when_its_document_is_read_after_all(store: Store, newsroom: Newsroom) -> None:
    document = newsroom.article()
    lose(store, newsroom, document)
    other = lose(store, newsroom, newsroom.article("a2"))
    newsroom.store(store, document)
    assert [letter.id for letter in store.dead_letters()] == [other]


def test_a_letter_that_lost_bytes_cannot_be_replayed(store: Store, newsroom: Newsroom) -> None:
    good = lose(store, newsroom, newsroom.article("a1"))
    error = StageError("worker-crashed", "out of memory", document_id="a2")
    payload = b"x" * (PAYLOAD_CAP + 1)
    capped = dead_letter(error, stage="ner", payload=payload, position="inbox/9", attempts=3, failed=newsroom.at(0))
    store.finish([Finished(row_id=0, dead_letter=capped)])
    assert store.dead_letter(capped.id) == capped
    with pytest.raises(StoreError) as refused:
        store.replay([good, capped.id])
    assert refused.value.code == "dead-letter-capped"
    assert "again" in refused.value.cure
    assert (store.status().inbox, store.status().dead_letters) == (0, 2)


def test_bytes_that_nobody_could_read_can_be_replayed(store: Store, newsroom: Newsroom) -> None:
    payloads = [b"not a document", b"neither"]
    letters = [
        dead_letter(
            StageError("undecodable", "no message"),
            stage="ner",
            payload=payload,
            position="topic/0/7",
            attempts=1,
            failed=newsroom.at(0),
        )
        for payload in payloads
    ]
    store.finish([Finished(row_id=0, dead_letter=letter) for letter in letters])
    assert store.replay([letter.id for letter in letters]) == 2
    assert [row.payload for row in store.take(5)] == payloads


def test_letters_are_dropped(store: Store, newsroom: Newsroom) -> None:
    first, second = (lose(store, newsroom, newsroom.article(name)) for name in ("a1", "a2"))
    with pytest.raises(NotFoundError) as error:
        store.drop([first, "nothing"])
    assert error.value.code == "dead-letter-unknown"
    assert len(store.dead_letters()) == 2
    assert store.drop([first]) == 1
    assert [letter.id for letter in store.dead_letters()] == [second]
    with pytest.raises(NotFoundError):
        store.replay([first])


# Whole tables.


def test_rows_come_sorted_and_equal_for_equal_contents(store: Store, newsroom: Newsroom, new_store: OpenStore) -> None:
    articles = [
        newsroom.article(f"a{number}", told=[newsroom.told(trigger="Послы")], names=[("Киеве", "place:kyiv")])
        for number in range(1100)
    ]
    newsroom.store(store, *articles)
    clocks = {"ingested", "stored", "changed", "sequence"}
    with new_store() as other:
        later = [replace(one, source=replace(one.source, ingested=newsroom.at(99))) for one in reversed(articles)]
        newsroom.store(other, *later)
        for table in ("documents", "mentions", "entities", "events"):
            one = [{name: cell for name, cell in row.items() if name not in clocks} for row in store.rows(table)]
            two = [{name: cell for name, cell in row.items() if name not in clocks} for row in other.rows(table)]
            assert one == two
            assert len(one) == (1 if table == "entities" else 1100)
    ids = [row["document_id"] for row in store.rows("documents")]
    assert ids == sorted(ids)
    assert [row["sequence"] for row in store.rows("changes")] == list(range(1, 1101))


def test_a_table_can_be_written_while_it_is_read(store: Store, newsroom: Newsroom) -> None:
    newsroom.store(store, *numbered(newsroom, "m", 600))
    reading = store.rows("documents")
    first = next(reading)
    newsroom.store(store, newsroom.article("a-before"), newsroom.article("z-after"))
    rest = [row["document_id"] for row in reading]
    assert first["document_id"] == "m000"
    assert rest[-1] == "z-after"
    assert len(rest) == 600


def test_a_store_keeps_what_was_committed(open_again: OpenStore, newsroom: Newsroom) -> None:
    first = open_again()
    newsroom.store(first, newsroom.article(told=[newsroom.told(trigger="Послы")]))
    first.__exit__()
    with open_again(read_only=True) as reader:
        assert texts(reader) == ["a1"]
        with pytest.raises(StoreError) as error:
            newsroom.store(reader, newsroom.article("a2"))
        assert error.value.code == "store-read-only"
        assert error.value.cure
