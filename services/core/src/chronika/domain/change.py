"""The change feed: what storage did to the events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chronika.domain.event import Event


class EventChangeKind(StrEnum):
    """What happened to an event."""

    CREATED = "created"
    REPLACED = "replaced"
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventChange:
    """One row of the feed, written in the transaction that changed the event; `event` is None after a retraction."""

    sequence: int
    kind: EventChangeKind
    event_id: str
    document_id: str
    revision: str
    event: Event | None
    changed: datetime
