"""Ids made from content, so that the same thing met twice is the same thing."""

from __future__ import annotations

import hashlib

from chronika.domain.event import EventType
from chronika.domain.span import Span

_LENGTH = 20
"""Hexadecimal digits: 80 bits, a collision among a billion documents has a chance below 10^-6."""


def digest(*parts: str | bytes) -> str:
    """A stable id of the parts: SHA-256 over each part with its length, cut to 20 hexadecimal digits."""
    hasher = hashlib.sha256()
    for part in parts:
        encoded = part.encode() if isinstance(part, str) else part
        hasher.update(len(encoded).to_bytes(8, "big"))
        hasher.update(encoded)
    return hasher.hexdigest()[:_LENGTH]


def revision_of(text: str) -> str:
    """The revision of a document: made from its text alone."""
    return digest("revision", text)


def event_id(*, document_id: str, revision: str, trigger: Span, event_type: EventType) -> str:
    """The id of an event: document, revision, trigger span and type."""
    return digest("event", document_id, revision, f"{trigger.start}:{trigger.end}", event_type.value)
