"""Which document copies which, by MinHash signatures: the same end whatever the order in which documents come.

Two documents are alike when at least `ALIKE` of the 128 numbers of their signatures agree, which estimates the share of
word runs that they have in common. A group is a leader and the documents that are alike to it; its earliest publication
(then the smallest id; documents without a date come last) is the original, the others are copies of that.

Leaders are chosen one after the other in the order of a hash of the document's id: a document that is alike to no
leader before it leads itself, another one follows the first leader that it is alike to. So

- a chain of texts that each differ a little from the one before does not become one group: two documents of a group
  are at most two steps apart;
- a hash knows nothing of the order of arrival, so in a family of a thousand texts alike a new one leads with a chance
  of one in a thousand. Only then are the others decided anew; most arrivals cost a look at a few leaders. (Were the
  earliest the leader, an archive read from its newest day on would decide the whole family anew with each document.)

Candidates are found by 21 bands of six numbers: of two documents that are just alike enough 99.8 % share a band
(1 - (1 - 0.8^6)^21), of two that share nine tenths all. Those that share none do not count as alike.
"""

from __future__ import annotations

import heapq
import struct
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b

from sqlalchemy import Connection, bindparam, delete, select, update

from chronika.domain.document import Document
from chronika_storage.database import Database
from chronika_storage.schema import signature_bands, signatures

ALIKE = 0.8
"""Share of equal numbers from which on two documents are alike."""
SIGNATURE_LENGTH = 128
UNDATED = "~"
"""Sorts after every date."""
_NUMBERS = struct.Struct(f"<{SIGNATURE_LENGTH}I")
_BAND_BYTES = 24
"""Six numbers; the last two of the 128 are in no band."""
_BAND_STARTS = range(0, _NUMBERS.size - _BAND_BYTES + 1, _BAND_BYTES)

Priority = tuple[int, str]
"""What leaders are chosen by: a hash of the document's id, and the id for two of one hash."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A row of `signatures`, by the number of its document; a leader is its own leader."""

    document: int
    document_id: str
    leader: int
    minhash: bytes

    @property
    def leads(self) -> bool:
        """Whether it is a leader."""
        return self.leader == self.document

    @property
    def priority(self) -> Priority:
        """Where it stands in the choice of leaders."""
        return priority_of(self.document_id)


def priority_of(document_id: str) -> Priority:
    """Where a document stands in the choice of leaders: the smallest is first."""
    return _hash64(document_id.encode()), document_id


def regroup(connection: Connection, database: Database, document: Document, *, number: int, before: int | None) -> None:
    """Finds the group of a document that is current now under a number, and was under another one (or none) before.

    A signature of another length than 128, such as that of a text without words, is alike to none.
    """
    minhash = _packed(document)
    published = _sortable(document.source.published)
    held = None if before is None else connection.execute(_HELD, {"wanted": before}).one_or_none()
    if held is not None:
        if (before, held.minhash, held.published) == (number, minhash, published):
            return  # the same text read again
        _leave(connection, Signature(*held[:4]))
    if minhash is not None:
        signature = _placed(connection, Signature(number, document.id, number, minhash))
        _join(connection, database, signature, published)


def _placed(connection: Connection, signature: Signature) -> Signature:
    """A new signature with the leader that it is to follow; its own, when it is alike to none before it."""
    leaders = _near(connection, signature.minhash, leaders_alone=True)
    first = _first_before(signature.priority, leaders)
    return replace(signature, leader=signature.document if first is None else first.document)


def _join(connection: Connection, database: Database, signature: Signature, published: str) -> None:
    number = signature.document
    row = {
        "document": number,
        "document_id": signature.document_id,
        "published": published,
        "leader": signature.leader,
        "minhash": signature.minhash,
    }
    database.insert_plain(connection, signatures, [row])
    bands = [{"band": band, "leading": signature.leads, "document": number} for band in _bands(signature.minhash)]
    database.insert_plain(connection, signature_bands, bands)
    if signature.leads:
        _settle(connection, _after(signature, _near(connection, signature.minhash)))


def _leave(connection: Connection, signature: Signature) -> None:
    number = signature.document
    connection.execute(_DELETE_BAND, [{"of_band": band, "of_document": number} for band in _bands(signature.minhash)])
    connection.execute(delete(signatures).where(signatures.c.document == number))
    if signature.leads:
        _settle(connection, _after(signature, _near(connection, signature.minhash)))


def _settle(connection: Connection, touched: Iterable[Signature]) -> None:
    """Decides anew, in the order of choice, and goes on to those that a new or former leader touches.

    A decision looks at leaders before it alone and touches documents behind it alone, so each is decided once.
    """
    pending = {signature.document: signature for signature in touched}
    queue = [(signature.priority, number) for number, signature in pending.items()]
    heapq.heapify(queue)
    while queue:
        _, number = heapq.heappop(queue)
        signature = pending[number]
        first = _first_before(signature.priority, _near(connection, signature.minhash, leaders_alone=True))
        leader = number if first is None else first.document
        if leader == signature.leader:
            continue
        _follow(connection, signature, leader)
        if signature.leads or leader == number:
            for other in _after(signature, _near(connection, signature.minhash)):
                if other.document not in pending:
                    pending[other.document] = other
                    heapq.heappush(queue, (other.priority, other.document))


def _follow(connection: Connection, signature: Signature, leader: int) -> None:
    number = signature.document
    connection.execute(update(signatures).where(signatures.c.document == number).values(leader=leader))
    if signature.leads or leader == number:
        leading = leader == number
        rows = [{"of_band": band, "of_document": number, "now": leading} for band in _bands(signature.minhash)]
        connection.execute(_MARK_BAND, rows)


def _first_before(priority: Priority, leaders: Iterable[Signature]) -> Signature | None:
    before = [leader for leader in leaders if leader.priority < priority]
    return min(before, key=lambda leader: leader.priority) if before else None


def _after(signature: Signature, near: Iterable[Signature]) -> list[Signature]:
    return [other for other in near if signature.priority < other.priority]


def _near(connection: Connection, minhash: bytes, *, leaders_alone: bool = False) -> list[Signature]:
    """Signatures that are alike to one, that one among them if it is there."""
    bands = {f"band{place}": band for place, band in enumerate(_bands(minhash))}
    rows = connection.execute(_LEADING_NEAR if leaders_alone else _NEAR, bands)
    return [Signature(*row) for row in rows if _similarity(minhash, row.minhash) >= ALIKE]


def _packed(document: Document) -> bytes | None:
    minhash = document.source.minhash
    return _NUMBERS.pack(*minhash) if len(minhash) == SIGNATURE_LENGTH else None


def _sortable(published: datetime | None) -> str:
    return UNDATED if published is None else published.astimezone(UTC).isoformat(timespec="microseconds")


@lru_cache(maxsize=64)  # each is asked for several times in a row
def _bands(minhash: bytes) -> list[int]:
    """A 64-bit hash of each band of six numbers and its place."""
    return [_hash64(minhash[at : at + _BAND_BYTES] + at.to_bytes(2)) for at in _BAND_STARTS]


def _hash64(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=8).digest(), signed=True)


def _similarity(one: bytes, other: bytes) -> float:
    pairs = zip(_NUMBERS.unpack(one), _NUMBERS.unpack(other), strict=True)
    equal: int = sum([a == b for a, b in pairs])
    return equal / SIGNATURE_LENGTH


_SIGNATURES = select(signatures.c.document, signatures.c.document_id, signatures.c.leader, signatures.c.minhash)
_HELD = _SIGNATURES.add_columns(signatures.c.published).where(signatures.c.document == bindparam("wanted"))
_IN_BANDS = signature_bands.c.band.in_([bindparam(f"band{place}") for place in range(len(_BAND_STARTS))])
_NEAR = _SIGNATURES.where(signatures.c.document.in_(select(signature_bands.c.document).where(_IN_BANDS)))
_LEADING_NEAR = _SIGNATURES.where(
    signatures.c.document.in_(select(signature_bands.c.document).where(_IN_BANDS, signature_bands.c.leading.is_(True)))
)
_OF_BAND = (signature_bands.c.band == bindparam("of_band"), signature_bands.c.document == bindparam("of_document"))
_DELETE_BAND = delete(signature_bands).where(*_OF_BAND)
_MARK_BAND = update(signature_bands).where(*_OF_BAND).values(leading=bindparam("now"))
