"""Which document copies which, by MinHash signatures: the same end whatever the order in which documents come.

Two documents are alike when at least `ALIKE` of the 128 numbers of their signatures agree, which estimates the share
of word runs that they have in common. Originals are chosen from the earliest publication on (then by the smallest id;
those without a time of publication last): a document that is alike to no earlier original is an original itself,
another one copies the earliest original that it is alike to. So a copy always resembles what it is called a copy of:
a chain of texts that each differ a little from the one before does not become one group. When an earlier document
comes late, or one is revised, whatever that touches is decided anew, and nothing else.

Documents with the very same signature share a row of `signatures`, so a text that a thousand outlets print costs as
much as one. Candidates are found by 21 bands of six numbers: of two documents that are just alike enough 99.8 % share
a band (1 - (1 - 0.8^6)^21), of two that share nine tenths all. Those that share none do not count as alike.
"""

from __future__ import annotations

import heapq
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from chronika_storage.schema import documents, signature_bands, signatures

ALIKE = 0.8
"""Share of equal numbers from which on two documents are copies."""
SIGNATURE_LENGTH = 128
_NUMBERS = struct.Struct(f"<{SIGNATURE_LENGTH}I")
_NEVER = datetime.max.replace(tzinfo=UTC)
_BAND_BYTES = 24
"""Six numbers; the last two of the 128 are in no band."""


@dataclass(frozen=True, slots=True)
class Key:
    """What documents sort by here."""

    published: datetime | None
    document_id: str

    def __lt__(self, other: Key) -> bool:
        return self._order() < other._order()

    def _order(self) -> tuple[bool, datetime, str]:
        return self.published is None, self.published or _NEVER, self.document_id


@dataclass(frozen=True, slots=True)
class Signature:
    """A row of `signatures`: `key` is that of the earliest document that has it, `original` is None for an original."""

    number: int
    original: int | None
    key: Key
    minhash: bytes


def join(connection: Connection, key: Key, minhash: Sequence[int]) -> int | None:
    """Decides whom a document that becomes current copies, and who copies it; the number of its signature.

    A signature of another length than 128, such as that of a text without words, is alike to none: None.
    """
    if len(minhash) != SIGNATURE_LENGTH:
        return None
    packed = _NUMBERS.pack(*minhash)
    near = _near(connection, packed)
    same = next((signature for signature in near if signature.minhash == packed), None)
    if same is not None:
        if key < same.key:
            _change_key(connection, same, key, near)
        return same.number
    original = _original(key, near)
    number = _insert(connection, Signature(0, original, key, packed))
    if original is None:
        _settle(connection, [other for other in near if key < other.key])
    return number


def leave(connection: Connection, number: int) -> None:
    """Decides anew after a document has stopped to have a signature (by the signature's number)."""
    row = connection.execute(_SIGNATURES.where(signatures.c.number == number)).one()
    signature = Signature(row.number, row.original, Key(row.published, row.document_id), row.minhash)
    key = _earliest_key(connection, number)
    if key == signature.key:
        return
    near = _near(connection, signature.minhash)
    if key is not None:
        _change_key(connection, signature, key, near)
        return
    _delete(connection, signature)
    if signature.original is None:
        _settle(connection, [other for other in near if signature.key < other.key])


def _change_key(connection: Connection, signature: Signature, key: Key, near: list[Signature]) -> None:
    connection.execute(
        update(signatures)
        .where(signatures.c.number == signature.number)
        .values(published=key.published, document_id=key.document_id)
    )
    pending = [replace(signature, key=key)]
    if signature.original is None:
        first = min(key, signature.key)
        pending += [other for other in near if first < other.key and other.number != signature.number]
    _settle(connection, pending)


def _settle(connection: Connection, signatures_to_decide: Iterable[Signature]) -> None:
    """Decides anew, from the earliest to the latest, and goes on to those that a decision touches.

    A decision looks at earlier originals alone and touches later signatures alone, so each is decided once.
    """
    pending = {signature.number: signature for signature in signatures_to_decide}
    queue = [(signature.key, number) for number, signature in pending.items()]
    heapq.heapify(queue)
    while queue:
        _, number = heapq.heappop(queue)
        signature = pending[number]
        around = [other for other in _near(connection, signature.minhash) if other.number != number]
        original = _original(signature.key, around)
        if original == signature.original:
            continue
        connection.execute(update(signatures).where(signatures.c.number == number).values(original=original))
        if (original is None) == (signature.original is None):
            continue
        for other in around:
            if signature.key < other.key and other.number not in pending:
                pending[other.number] = other
                heapq.heappush(queue, (other.key, other.number))


def _original(key: Key, near: Iterable[Signature]) -> int | None:
    """The earliest original before a key among signatures that are alike; None when there is none."""
    earlier = [other for other in near if other.original is None and other.key < key]
    return min(earlier, key=lambda other: other.key).number if earlier else None


_SIGNATURES = select(
    signatures.c.number, signatures.c.original, signatures.c.published, signatures.c.document_id, signatures.c.minhash
)

_SHARING_A_BAND = _SIGNATURES.where(
    signatures.c.number.in_(
        select(signature_bands.c.signature).where(signature_bands.c.band.in_(bindparam("bands", expanding=True)))
    )
)
_INSERT_SIGNATURE = insert(signatures)
_INSERT_BANDS = insert(signature_bands)
_DELETE_BAND = delete(signature_bands).where(
    signature_bands.c.band == bindparam("wanted_band"), signature_bands.c.signature == bindparam("wanted")
)


def _near(connection: Connection, minhash: bytes) -> list[Signature]:
    """All signatures that are alike to one, that one among them if it is there."""
    rows = connection.execute(_SHARING_A_BAND, {"bands": _bands(minhash)})
    return [
        Signature(number, original, Key(published, document_id), other)
        for number, original, published, document_id, other in rows
        if _similarity(minhash, other) >= ALIKE
    ]


def _bands(minhash: bytes) -> list[int]:
    """A 64-bit hash of each band of six numbers and its place."""
    starts = range(0, len(minhash) - _BAND_BYTES + 1, _BAND_BYTES)
    hashes = {blake2b(minhash[at : at + _BAND_BYTES], digest_size=8, salt=at.to_bytes(2)).digest() for at in starts}
    return [int.from_bytes(band, signed=True) for band in sorted(hashes)]


def _similarity(one: bytes, other: bytes) -> float:
    pairs = zip(_NUMBERS.unpack(one), _NUMBERS.unpack(other), strict=True)
    equal: int = sum([a == b for a, b in pairs])
    return equal / SIGNATURE_LENGTH


def _earliest_key(connection: Connection, signature: int) -> Key | None:
    wanted = (
        select(documents.c.published, documents.c.document_id)
        .where(documents.c.signature == signature)
        .order_by(documents.c.published.is_(None), documents.c.published, documents.c.document_id)
        .limit(1)
    )
    row = connection.execute(wanted).one_or_none()
    return None if row is None else Key(*row)


def _insert(connection: Connection, signature: Signature) -> int:
    row = {
        "original": signature.original,
        "published": signature.key.published,
        "document_id": signature.key.document_id,
        "minhash": signature.minhash,
    }
    inserted = connection.execute(_INSERT_SIGNATURE, row).inserted_primary_key
    assert inserted is not None
    number = int(inserted[0])
    bands = [{"band": band, "signature": number} for band in _bands(signature.minhash)]
    connection.execute(_INSERT_BANDS, bands)
    return number


def _delete(connection: Connection, signature: Signature) -> None:
    rows = [{"wanted_band": band, "wanted": signature.number} for band in _bands(signature.minhash)]
    connection.execute(_DELETE_BAND, rows)
    connection.execute(delete(signatures).where(signatures.c.number == signature.number))
