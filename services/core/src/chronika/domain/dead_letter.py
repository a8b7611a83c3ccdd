"""A document that could not be processed, kept with everything that is needed to try it again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from chronika.domain.errors import ChronikaError
from chronika.domain.identity import digest

PAYLOAD_CAP = 1_000_000
"""Bytes of the original that a dead letter keeps; the hash covers all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """What a stage gave up, with the bytes that came in (capped) and where they stood."""

    id: str
    document_id: str
    stage: str
    code: str
    message: str
    retryable: bool
    attempts: int
    payload: bytes
    payload_size: int
    payload_sha256: str
    position: str
    failed: datetime
    traceparent: str = ""

    @property
    def is_capped(self) -> bool:
        """Whether some of the original bytes are missing."""
        return len(self.payload) < self.payload_size


def dead_letter(
    error: ChronikaError, *, stage: str, payload: bytes, position: str, attempts: int, failed: datetime
) -> DeadLetter:
    """The dead letter of an error: the same stage, position and bytes always give the same id."""
    sha256 = hashlib.sha256(payload).hexdigest()
    return DeadLetter(
        id=digest("dead-letter", stage, position, sha256),
        document_id=error.document_id,
        stage=stage,
        code=error.code,
        message=str(error),
        retryable=error.retryable,
        attempts=attempts,
        payload=payload[:PAYLOAD_CAP],
        payload_size=len(payload),
        payload_sha256=sha256,
        position=position,
        failed=failed,
    )
