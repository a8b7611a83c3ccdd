"""What of a document stands in tables, as rows: itself, mentions, entities, events and their parties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache

from chronika.domain.document import Document
from chronika.domain.event import Event, Participant
from chronika.wire import encode_event
from chronika_storage.civil_days import days_of_publication, days_of_time
from chronika_storage.words import fold

Row = dict[str, object]
Name = tuple[str, str, str]
"""An entity's id, its kind and a name of it."""

ACTOR = "actor"
RECIPIENT = "recipient"


@dataclass(frozen=True, slots=True)
class CodedEvent:
    """An event with its position in the document and its bytes."""

    position: int
    event: Event
    payload: bytes


def coded_events(document: Document) -> list[CodedEvent]:
    """The events in order. Of several with one id the first counts: an id names trigger and type, hence one event."""
    events = document.events.events if document.events else ()
    first = {event.id: (position, event) for position, event in reversed(list(enumerate(events)))}
    return [CodedEvent(position, event, encode_event(event)) for position, event in sorted(first.values(), key=_at)]


def _at(entry: tuple[int, Event]) -> int:
    return entry[0]


def document_row(document: Document) -> Row:
    """What a row of `documents` takes from the document itself."""
    source = document.source
    return {
        "document_id": document.id,
        "revision": document.revision,
        "codebook_version": document.events.codebook_version if document.events else "",
        "language": document.language.language if document.language else "",
        "title": source.title,
        "outlet": source.outlet,
        "url": source.url,
        "published": source.published,
        "published_zone": source.published_zone,
    }


def mention_rows(number: int, document: Document) -> list[Row]:
    """Rows of `mentions` for a document by its number."""
    mentions = document.analysis.mentions if document.analysis else ()
    return [
        {
            "document": number,
            "position": position,
            "start": mention.span.start,
            "end": mention.span.end,
            "kind": mention.kind.value,
            "name": mention.name,
            "entity_id": mention.entity_id,
            "code": mention.code,
            "sector": mention.sector,
        }
        for position, mention in enumerate(mentions)
    ]


def entity_names(rows: Iterable[Row]) -> Counter[Name]:
    """How often rows of `mentions` name each linked entity."""
    return Counter((str(row["entity_id"]), str(row["kind"]), str(row["name"])) for row in rows if row["entity_id"])


def event_rows(number: int, document: Document, events: Sequence[CodedEvent]) -> list[Row]:
    """Rows of `events` for a document by its number."""
    source = document.source
    publication = days_of_publication(source.published, source.published_zone)
    rows: list[Row] = []
    for coded in events:
        event = coded.event
        days = (days_of_time(event.time) if event.time else None) or publication
        rows.append(
            {
                "event_id": event.id,
                "document": number,
                "position": coded.position,
                "type": event.type.value,
                "mode": event.mode,
                "realis": event.realis.value.value,
                "background": event.background,
                "country": event.place.country if event.place else "",
                "first_day": days.first if days else None,
                "last_day": days.last if days else None,
                "recency": recency(days.first if days else None, source.published),
            }
        )
    return rows


def recency(first_day: date | None, published: datetime | None) -> str:
    """What events are sorted by: the day, then the instant of publication; what has none comes before all that have."""
    instant = "" if published is None else published.astimezone(UTC).isoformat(timespec="microseconds")
    day = "" if first_day is None else first_day.isoformat()
    return f"{day:10} {instant}"


def event_message_rows(number: int, document: Document, events: Iterable[CodedEvent]) -> list[Row]:
    """Rows of `event_messages` for a document by its number."""
    return [
        {
            "document": number,
            "event": coded.position,
            "evidence_text": coded.event.evidence.of(document.text),
            "payload": coded.payload,
        }
        for coded in events
    ]


def party_rows(number: int, events: Iterable[CodedEvent]) -> list[Row]:
    """Rows of `event_parties` for a document by its number."""
    return [
        {
            "document": number,
            "event": event,
            "role": role,
            "position": position,
            "code": party.code,
            "sector": party.sector,
            "entity_id": party.entity_id,
            "name": party.name,
            "folded_name": _folded(party.name),
        }
        for event, role, position, party in _parties(events)
    ]


def _parties(events: Iterable[CodedEvent]) -> Iterator[tuple[int, str, int, Participant]]:
    for coded in events:
        for role, parties in ((ACTOR, coded.event.actors), (RECIPIENT, coded.event.recipients)):
            for position, party in enumerate(parties):
                yield coded.position, role, position, party


_folded = lru_cache(maxsize=10_000)(fold)  # the same few names stand in most articles
