"""Events as CSV: a row an event, lists parted by "; "."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from chronika.cli.formats.event_words import time_words
from chronika.domain.codebook import score
from chronika.domain.event import Participant
from chronika.ports.store import StoredEvent

COLUMNS = (
    "id",
    "type",
    "mode",
    "score",
    "realis",
    "background",
    "time",
    "actors",
    "actor_names",
    "recipients",
    "recipient_names",
    "place",
    "country",
    "latitude",
    "longitude",
    "attribution",
    "confidence",
    "trigger",
    "evidence",
    "document_id",
    "language",
    "published",
    "outlet",
    "title",
    "url",
)


def csv_lines(rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV, quoted where they must be."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def csv_row(stored: StoredEvent) -> list[object]:
    """An event as a row, in the order of `COLUMNS`."""
    event, place = stored.event, stored.event.place
    at = place.coordinates if place else None
    offset = event.evidence.start
    return [
        event.id,
        event.type.value,
        event.mode,
        score(event.type, event.mode),
        event.realis.value.value,
        str(event.background).lower(),
        time_words(event.time),
        _listed(_code(party) for party in event.actors),
        _listed(party.name for party in event.actors),
        _listed(_code(party) for party in event.recipients),
        _listed(party.name for party in event.recipients),
        place.name if place else "",
        place.country if place else "",
        at.latitude if at else "",
        at.longitude if at else "",
        _listed(source.name for source in event.attribution),
        f"{event.confidence:.2f}",
        stored.evidence_text[max(0, event.trigger.start - offset) : max(0, event.trigger.end - offset)],
        stored.evidence_text,
        stored.document_id,
        stored.language,
        stored.published.isoformat() if stored.published else "",
        stored.outlet,
        stored.title,
        stored.url,
    ]


def _code(party: Participant) -> str:
    return f"{party.code} {party.sector}".strip()


def _listed(values: Iterable[str]) -> str:
    return "; ".join(values)
