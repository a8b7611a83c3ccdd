"""Writes a document with all that hangs on it: revisions, mentions, entities, events, words, copies, the change feed.

Everything happens in the transaction that the caller opened. `guards` decides which reading counts; here that is done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Insert, bindparam, delete, insert, select, update

from chronika.domain.change import EventChangeKind
from chronika.domain.document import Document
from chronika.ports.store import StoreOutcome
from chronika.wire import decode_document
from chronika_storage import copies, schema
from chronika_storage.database import Database, batches
from chronika_storage.guards import Reading, decide
from chronika_storage.projection import (
    CodedEvent,
    Name,
    Row,
    coded_events,
    document_row,
    entity_names,
    event_message_rows,
    event_rows,
    mention_rows,
    party_rows,
)
from chronika_storage.words import searchable_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A document that comes in, with its bytes as they are kept, the coder that read it, and the time now."""

    document: Document
    payload: bytes
    coder_version: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Written:
    """What became of an arrival; `detail` says what a person should know of it."""

    outcome: StoreOutcome
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _Kept:
    """The readings of an article that the store has: numbers by revision, and the current revision if there is any."""

    readings: Sequence[Reading]
    numbers: Mapping[str, int]
    current: str | None


@dataclass(frozen=True, slots=True)
class _HeldEvent:
    """An event as it stood before."""

    event_id: str
    revision: str
    payload: bytes


def write_document(connection: Connection, database: Database, arrival: Arrival) -> Written:
    """Keeps the reading if it is to be kept, and brings everything else to the revision that is current now."""
    document = arrival.document
    kept = _kept(connection, document.id)
    incoming = Reading(
        revision=document.revision,
        coder_version=arrival.coder_version,
        ingested=document.source.ingested or arrival.now,
    )
    decision = decide(kept.readings, incoming)
    numbers = dict(kept.numbers)
    if decision.keep:
        number = _keep(connection, arrival, numbers.get(document.revision), decision.ingested)
        numbers[document.revision] = number
    else:
        first_seen = {"wanted": numbers[document.revision], "first_seen": decision.ingested}
        connection.execute(_NOTE_FIRST_SEEN, first_seen)
    is_new = decision.keep and decision.current == document.revision
    if decision.current == kept.current and not is_new:
        return Written(decision.outcome)
    before = _withdraw(connection, database, numbers[kept.current], kept.current) if kept.current else []
    number = numbers[decision.current]
    # When an earlier sighting of what was current makes another revision the latest, that one comes back.
    now_current = document if is_new else _stored(connection, number)
    copies.regroup(
        connection, database, now_current, number=number, before=numbers[kept.current] if kept.current else None
    )
    after, detail = _present(connection, database, number, now_current)
    _feed(connection, now_current, before=before, after=after, now=arrival.now)
    return Written(decision.outcome, detail)


def _kept(connection: Connection, document_id: str) -> _Kept:
    rows = connection.execute(_READINGS, {"wanted": document_id}).all()
    return _Kept(
        [Reading(revision=row.revision, coder_version=row.coder_version, ingested=row.ingested) for row in rows],
        {row.revision: row.number for row in rows},
        next((row.revision for row in rows if row.current), None),
    )


def _keep(connection: Connection, arrival: Arrival, number: int | None, ingested: datetime) -> int:
    """Writes the row of a revision, in the place of an older reading if there is one; its number."""
    row = document_row(arrival.document) | {
        "coder_version": arrival.coder_version,
        "ingested": ingested,
        "stored": arrival.now,
    }
    if number is not None:
        connection.execute(update(schema.documents).where(schema.documents.c.number == number).values(row))
        connection.execute(_REPLACE_MESSAGE, {"wanted": number, "new_payload": arrival.payload})
        return number
    inserted = connection.execute(_INSERT_DOCUMENT, row | {"current": False}).inserted_primary_key
    assert inserted is not None
    number = int(inserted[0])
    connection.execute(_INSERT_MESSAGE, {"document": number, "payload": arrival.payload})
    return number


def _stored(connection: Connection, number: int) -> Document:
    return decode_document(connection.execute(_MESSAGE, {"wanted": number}).scalar_one())


def _withdraw(connection: Connection, database: Database, number: int, revision: str) -> list[_HeldEvent]:
    """Takes a revision's rows away; the events that it had, in order."""
    wanted = {"wanted": number}
    held = [_HeldEvent(row.event_id, revision, row.payload) for row in connection.execute(_EVENTS, wanted)]
    connection.execute(_DELETE_EVENTS, wanted)  # and all that hangs on them, by foreign keys
    names = entity_names(dict(row._mapping) for row in connection.execute(_NAMES, wanted))
    _uncount_names(connection, database, names)
    connection.execute(_DELETE_MENTIONS, wanted)
    database.forget_words(connection, number)
    connection.execute(_PLACE, wanted | {"is_current": False})
    return held


def _present(
    connection: Connection, database: Database, number: int, document: Document
) -> tuple[list[CodedEvent], str]:
    """Writes the rows of the revision that is current now; its events, and what to know about them."""
    connection.execute(_PLACE, {"wanted": number, "is_current": True})
    database.index_words(connection, number, searchable_words(document))
    named = mention_rows(number, document)
    database.insert_plain(connection, schema.mentions, named)
    _count_names(connection, database, entity_names(named))
    coded, detail = _without_foreign(connection, document)
    _insert(connection, _INSERT_EVENTS, event_rows(number, document, coded))
    database.insert_plain(connection, schema.event_messages, event_message_rows(number, document, coded))
    database.insert_plain(connection, schema.event_parties, party_rows(number, coded))
    return coded, detail


def _without_foreign(connection: Connection, document: Document) -> tuple[list[CodedEvent], str]:
    """The events but for those whose id is another's, as a faulty coder may give them; how many those were."""
    coded = coded_events(document)
    taken: set[str] = set()
    for ids in batches(one.event.id for one in coded):
        taken.update(connection.execute(_TAKEN_IDS, {"wanted": ids}).scalars())
    free = [one for one in coded if one.event.id not in taken]
    left_out = (len(document.events.events) if document.events else 0) - len(free)
    return free, f"{left_out} events left out: their ids are other events'" if left_out else ""


def _feed(
    connection: Connection,
    document: Document,
    *,
    before: Sequence[_HeldEvent],
    after: Sequence[CodedEvent],
    now: datetime,
) -> None:
    """Rows of the change feed: what is gone, then what is new or differs, each in the order of the text."""
    held = {event.event_id: event for event in before}
    stays = {coded.event.id for coded in after}
    common: Row = {"document_id": document.id, "changed": now}
    rows: list[Row] = [
        common
        | {
            "kind": EventChangeKind.RETRACTED.value,
            "event_id": event.event_id,
            "revision": event.revision,
            "payload": None,
        }
        for event in before
        if event.event_id not in stays
    ]
    for coded in after:
        old = held.get(coded.event.id)
        if old is None or old.payload != coded.payload:
            kind = EventChangeKind.CREATED if old is None else EventChangeKind.REPLACED
            new: Row = {"kind": kind.value, "event_id": coded.event.id, "revision": document.revision}
            rows.append(common | new | {"payload": coded.payload})
    _insert(connection, _INSERT_CHANGES, rows)


def _count_names(connection: Connection, database: Database, names: Counter[Name]) -> None:
    if names:
        rows = [
            {"entity_id": entity_id, "kind": kind, "name": name, "mentions": count}
            for (entity_id, kind, name), count in sorted(names.items())
        ]
        database.add_counts(connection, schema.entities, rows, counter=schema.entities.c.mentions)


def _uncount_names(connection: Connection, database: Database, names: Counter[Name]) -> None:
    if names:
        _count_names(connection, database, Counter({name: -count for name, count in names.items()}))
        rows = [{"of_id": entity_id, "of_kind": kind, "of_name": name} for entity_id, kind, name in sorted(names)]
        connection.execute(_DELETE_NAMES, rows)


def _insert(connection: Connection, statement: Insert, rows: Sequence[Row]) -> None:
    if rows:
        connection.execute(statement, list(rows))


# Statements are made once: making one takes four times as long as running it.
_WANTED: BindParameter[Any] = bindparam("wanted")
_ALL_WANTED: BindParameter[Any] = bindparam("wanted", expanding=True)

_READINGS = select(
    schema.documents.c.number,
    schema.documents.c.revision,
    schema.documents.c.coder_version,
    schema.documents.c.ingested,
    schema.documents.c.current,
).where(schema.documents.c.document_id == _WANTED)
_NOTE_FIRST_SEEN = (
    update(schema.documents)
    .where(schema.documents.c.number == _WANTED, schema.documents.c.ingested > bindparam("first_seen"))
    .values(ingested=bindparam("first_seen"))
)
_INSERT_DOCUMENT = insert(schema.documents)
_INSERT_MESSAGE = insert(schema.document_messages)
_REPLACE_MESSAGE = (
    update(schema.document_messages)
    .where(schema.document_messages.c.document == _WANTED)
    .values(payload=bindparam("new_payload"))
)
_MESSAGE = select(schema.document_messages.c.payload).where(schema.document_messages.c.document == _WANTED)
_PLACE = update(schema.documents).where(schema.documents.c.number == _WANTED).values(current=bindparam("is_current"))
_EVENTS = (
    select(schema.events.c.event_id, schema.event_messages.c.payload)
    .join_from(schema.events, schema.event_messages)
    .where(schema.events.c.document == _WANTED)
    .order_by(schema.events.c.position)
)
_TAKEN_IDS = select(schema.events.c.event_id).where(schema.events.c.event_id.in_(_ALL_WANTED))
_INSERT_EVENTS = insert(schema.events)
_DELETE_EVENTS = delete(schema.events).where(schema.events.c.document == _WANTED)
_NAMES = select(schema.mentions.c.entity_id, schema.mentions.c.kind, schema.mentions.c.name).where(
    schema.mentions.c.document == _WANTED
)
_DELETE_MENTIONS = delete(schema.mentions).where(schema.mentions.c.document == _WANTED)
_DELETE_NAMES = delete(schema.entities).where(
    schema.entities.c.entity_id == bindparam("of_id"),
    schema.entities.c.kind == bindparam("of_kind"),
    schema.entities.c.name == bindparam("of_name"),
    schema.entities.c.mentions <= 0,
)
_INSERT_CHANGES = insert(schema.changes)
