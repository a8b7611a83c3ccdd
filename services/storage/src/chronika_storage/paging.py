"""Page tokens: where the next page begins, bound to the filter that they were made for."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import asdict, dataclass

from chronika.domain.errors import StoreError
from chronika.ports.store import EventFilter

DEFAULT_PAGE_SIZE = 100
MAX_PAGE_SIZE = 1000


@dataclass(frozen=True, slots=True)
class Position:
    """The last event of a page by what pages are sorted by, and what the first page said of those left out."""

    recency: str
    event_id: str
    left_out: int


def page_limit(page_size: int) -> int:
    """Events of a page: the default for 0, at most `MAX_PAGE_SIZE`. StoreError `page-size-invalid` below 0."""
    if page_size < 0:
        raise StoreError("page-size-invalid", f"a page of {page_size} events", cure="Ask for 1 to 1000, or 0 for 100.")
    return min(page_size or DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE)


def encode_token(position: Position, event_filter: EventFilter) -> str:
    """An opaque token without characters that need quoting in an address."""
    parts = [_fingerprint(event_filter), position.recency, position.event_id, position.left_out]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def decode_token(token: str, event_filter: EventFilter) -> Position:
    """The position of a token. StoreError `page-token-invalid` when it is none, or another filter's."""
    try:
        parts = json.loads(base64.b64decode(token.encode() + b"=" * (-len(token) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        raise _invalid("it is no page token") from None
    match parts:
        case [str(fingerprint), str(recency), str(event_id), int(left_out)]:
            if fingerprint != _fingerprint(event_filter):
                raise _invalid("it belongs to another filter")
            return Position(recency, event_id, left_out)
        case _:
            raise _invalid("it is no page token")


def _fingerprint(event_filter: EventFilter) -> str:
    fields = {
        name: sorted(value) if isinstance(value, frozenset) else str(value)
        for name, value in asdict(event_filter).items()
    }
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()[:16]


def _invalid(reason: str) -> StoreError:
    return StoreError(
        "page-token-invalid",
        f"this page token cannot be used: {reason}",
        cure="Give the token of the page before with the very same filter, or none for the first page.",
    )
