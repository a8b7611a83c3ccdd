"""Answers: events by filter and page, documents, one event, one document. Reads alone, each in one short
transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, false, func, or_, select, tuple_, union_all

from chronika.domain.document import Document
from chronika.domain.errors import NotFoundError
from chronika.domain.event import RealisValue
from chronika.ports.store import DocumentSummary, EventFilter, StoredEvent
from chronika.wire import decode_document, decode_event
from chronika_storage.database import Database
from chronika_storage.paging import Position
from chronika_storage.projection import ACTOR, RECIPIENT, recency
from chronika_storage.schema import document_messages, documents, event_messages, event_parties, events, signatures
from chronika_storage.words import fold, parse_query

Condition = ColumnElement[bool]


def _stored_events(chosen: FromClause) -> Select[Any]:
    """What a `StoredEvent` is made of, for rows of `events` or of a query over it."""
    return (
        select(
            chosen.c.event_id,
            chosen.c.recency,
            event_messages.c.evidence_text,
            event_messages.c.payload,
            documents.c.document_id,
            documents.c.revision,
            documents.c.title,
            documents.c.outlet,
            documents.c.url,
            documents.c.published,
            documents.c.published_zone,
            documents.c.language,
        )
        .join_from(
            chosen,
            event_messages,
            (event_messages.c.document == chosen.c.document) & (event_messages.c.event == chosen.c.position),
        )
        .join(documents, documents.c.number == chosen.c.document)
    )


def page_of_events(
    connection: Connection, database: Database, event_filter: EventFilter, *, limit: int, after: Position | None
) -> Sequence[Any]:
    """Rows of the events that match, latest first, at most `limit`, after a position."""
    chosen = select(events.c.event_id, events.c.recency, events.c.document, events.c.position)
    chosen = chosen.where(*_conditions(database, event_filter), *_shown(event_filter))
    if after is not None:
        chosen = chosen.where(tuple_(events.c.recency, events.c.event_id) < (after.recency, after.event_id))
    chosen = chosen.order_by(events.c.recency.desc(), events.c.event_id.desc()).limit(limit)
    # Chosen before it is joined: a planner that begins with the documents would sort all of them for a page of a few.
    page = chosen.subquery("page")
    return connection.execute(_stored_events(page).order_by(page.c.recency.desc(), page.c.event_id.desc())).all()


def count_left_out(connection: Connection, database: Database, event_filter: EventFilter) -> int:
    """How many events match but for being background or denied, when those were not asked for."""
    hidden = [~condition for condition in _shown(event_filter)]
    if not hidden:
        return 0
    matching = select(func.count()).select_from(events).where(*_conditions(database, event_filter), or_(*hidden))
    return int(connection.execute(matching).scalar_one())


def stored_event(row: Any) -> StoredEvent:
    """The event of a row."""
    return StoredEvent(
        event=decode_event(row.payload),
        document_id=row.document_id,
        revision=row.revision,
        title=row.title,
        outlet=row.outlet,
        url=row.url,
        published=row.published,
        published_zone=row.published_zone,
        language=row.language,
        evidence_text=row.evidence_text,
    )


def one_event(connection: Connection, event_id: str) -> StoredEvent:
    """An event. NotFoundError `event-unknown`."""
    row = connection.execute(_stored_events(events).where(events.c.event_id == event_id)).one_or_none()
    if row is None:
        raise NotFoundError(
            "event-unknown",
            f"there is no event {event_id}",
            cure="`chronika query events` lists them; an article that was revised has events with other ids.",
        )
    return stored_event(row)


def one_document(connection: Connection, document_id: str, revision: str) -> Document:
    """A document in a revision, the current one for "". NotFoundError `document-unknown` or `revision-unknown`."""
    messages = select(document_messages.c.payload).join(documents, document_messages.c.document == documents.c.number)
    chosen = documents.c.revision == revision if revision else documents.c.current.is_(True)
    payload = connection.execute(messages.where(documents.c.document_id == document_id, chosen)).scalar_one_or_none()
    if payload is not None:
        return decode_document(payload)
    held = connection.execute(select(documents.c.revision).where(documents.c.document_id == document_id)).scalars()
    revisions = sorted(held)
    if not revisions:
        raise document_unknown(document_id)
    raise NotFoundError(
        "revision-unknown",
        f"there is no revision {revision}",
        cure=f"The store holds {', '.join(revisions)}.",
        document_id=document_id,
    )


def document_unknown(document_id: str) -> NotFoundError:
    """The error for a document that the store knows nothing of."""
    return NotFoundError(
        "document-unknown", f"there is no document {document_id}", cure="`chronika documents` lists those there are."
    )


def document_summaries(
    connection: Connection, database: Database, *, text: str, language: str, limit: int
) -> list[DocumentSummary]:
    """Current revisions, latest published first, then by id from the greatest on; without a date last."""
    wanted = _summary_query().where(*_text_condition(database, text, documents.c.number)).limit(limit)
    if language:
        wanted = wanted.where(documents.c.language == language)
    return [DocumentSummary(**row._mapping) for row in connection.execute(wanted)]


def copy_of_column() -> ColumnElement[str]:
    """Id of the document that a document copies, "" for an original, in a query over `documents`."""
    own, group = signatures.alias("own"), signatures.alias("group_")
    leader = select(own.c.leader).where(own.c.document == documents.c.number).correlate(documents).scalar_subquery()
    first = select(group.c.document_id).where(group.c.leader == leader)
    original = first.order_by(group.c.published, group.c.document_id).limit(1).correlate(documents).scalar_subquery()
    return func.coalesce(func.nullif(original, documents.c.document_id), "").label("copy_of")


def _summary_query() -> Select[Any]:
    revisions = documents.alias("revisions")
    counted = select(func.count()).where(revisions.c.document_id == documents.c.document_id).scalar_subquery()
    held_events = select(func.count()).where(events.c.document == documents.c.number).scalar_subquery()
    query = select(
        documents.c.document_id,
        documents.c.revision,
        counted.label("revisions"),
        documents.c.title,
        documents.c.outlet,
        documents.c.url,
        documents.c.published,
        documents.c.published_zone,
        documents.c.language,
        held_events.label("events"),
        copy_of_column(),
        documents.c.coder_version,
        documents.c.stored,
    )
    latest_first = (documents.c.published.desc().nulls_last(), documents.c.document_id.desc())
    return query.where(documents.c.current.is_(True)).order_by(*latest_first)


def _conditions(database: Database, event_filter: EventFilter) -> list[Condition]:
    """All of a filter but for background and denied events."""
    conditions = [
        *_among(events.c.type, event_filter.types),
        *_among(events.c.realis, event_filter.realis),
        *_among(events.c.country, {country.upper() for country in event_filter.countries}),
        *_language_condition(event_filter.languages),
        *_party_condition(ACTOR, event_filter.actors),
        *_party_condition(RECIPIENT, event_filter.recipients),
        *_text_condition(database, event_filter.text, events.c.document),
    ]
    if event_filter.from_date:
        conditions.append(events.c.last_day >= event_filter.from_date)
    if event_filter.to_date:  # said by what events are sorted by, so that the search begins there
        conditions.append(events.c.recency <= recency(event_filter.to_date, None) + "~")
        conditions.append(events.c.first_day.is_not(None))
    return conditions


def _shown(event_filter: EventFilter) -> list[Condition]:
    """What background and denied events are left out by, unless they are asked for."""
    conditions: list[Condition] = []
    if not event_filter.include_background:
        conditions.append(events.c.background.is_(False))
    if not event_filter.include_denied and RealisValue.DENIED not in event_filter.realis:
        conditions.append(events.c.realis != RealisValue.DENIED.value)
    return conditions


def _among(column: ColumnElement[str], values: frozenset[Any] | set[str]) -> list[Condition]:
    return [column.in_(sorted(str(value) for value in values))] if values else []


def _party_condition(role: str, parties: frozenset[str]) -> list[Condition]:
    """Events with a party in a role that any of the given means: a code ("UKR"), a code with its sector ("UKR GOV"), an
    entity's id or a name, without regard to case."""
    if not parties:
        return []
    codes = {party.upper() for party in parties}
    with_sector = [tuple(code.split()) for code in codes if len(code.split()) == 2]
    columns = event_parties.c
    meant = [
        columns.code.in_(sorted(codes)),
        columns.entity_id.in_(sorted(parties)),
        columns.folded_name.in_(sorted(fold(party) for party in parties)),
        *(and_(columns.code == code, columns.sector == sector) for code, sector in sorted(with_sector)),
    ]
    found = union_all(*(select(columns.document, columns.event).where(columns.role == role, one) for one in meant))
    return [tuple_(events.c.document, events.c.position).in_(found)]


def _language_condition(languages: frozenset[str]) -> list[Condition]:
    if not languages:
        return []
    return [events.c.document.in_(select(documents.c.number).where(*_among(documents.c.language, languages)))]


def _text_condition(database: Database, text: str, number: ColumnElement[int]) -> list[Condition]:
    """Documents that hold the words. A search for nothing but punctuation finds nothing."""
    if not text.strip():
        return []
    groups = parse_query(text)
    return [number.in_(database.holding(groups)) if groups else false()]
