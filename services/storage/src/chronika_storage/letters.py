"""Dead letters: kept, shown, put back into the inbox, dropped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select

from chronika.domain.dead_letter import DeadLetter
from chronika.domain.errors import NotFoundError, StoreError
from chronika_storage.inbox import Waiting, put
from chronika_storage.schema import dead_letters

_FIELDS = tuple(column for column in dead_letters.columns if column.name not in ("revision", "coder_version"))


def keep(connection: Connection, letter: DeadLetter, *, revision: str, coder_version: str) -> None:
    """Keeps a dead letter. The same failure again is the same letter, with the attempts added up: that is one of the
    same id, or of the same revision of a document at the same stage (whose bytes differ by the time of ingest)."""
    same = dead_letters.c.id == letter.id
    if letter.document_id and revision:
        same |= (
            (dead_letters.c.document_id == letter.document_id)
            & (dead_letters.c.revision == revision)
            & (dead_letters.c.stage == letter.stage)
        )
    earlier = connection.execute(select(dead_letters.c.attempts).where(same)).scalars().all()
    connection.execute(delete(dead_letters).where(same))
    row = {column.name: getattr(letter, column.name) for column in _FIELDS}
    row |= {"revision": revision, "coder_version": coder_version, "attempts": letter.attempts + sum(earlier)}
    connection.execute(insert(dead_letters), row)


def resolve(connection: Connection, *, document_id: str, revision: str) -> None:
    """Deletes the letters of a document that has been read after all."""
    connection.execute(_RESOLVE, {"wanted_id": document_id, "wanted_revision": revision})


def listed(connection: Connection, *, stage: str, code: str, limit: int) -> list[DeadLetter]:
    """Letters of a stage and code (all when those are empty), latest first."""
    wanted = select(*_FIELDS).order_by(dead_letters.c.failed.desc(), dead_letters.c.id).limit(limit)
    if stage:
        wanted = wanted.where(dead_letters.c.stage == stage)
    if code:
        wanted = wanted.where(dead_letters.c.code == code)
    return [_value(row) for row in connection.execute(wanted)]


def one(connection: Connection, letter_id: str) -> DeadLetter:
    """A letter. NotFoundError `dead-letter-unknown`."""
    row = connection.execute(select(*_FIELDS).where(dead_letters.c.id == letter_id)).one_or_none()
    if row is None:
        raise _unknown(letter_id)
    return _value(row)


def replay(connection: Connection, letter_ids: Sequence[str], now: datetime) -> int:
    """Puts documents back into the inbox and deletes their letters; all or none of them.

    NotFoundError `dead-letter-unknown`; StoreError `dead-letter-capped` when a letter does not hold all bytes.
    """
    wanted = list(dict.fromkeys(letter_ids))
    for letter_id in wanted:
        row = connection.execute(select(dead_letters).where(dead_letters.c.id == letter_id)).one_or_none()
        if row is None:
            raise _unknown(letter_id)
        letter = _value(row)
        if letter.is_capped:
            raise StoreError(
                "dead-letter-capped",
                f"dead letter {letter_id} keeps {len(letter.payload)} of {letter.payload_size} bytes",
                cure="Read the document from its source again (`chronika run`), and drop the letter.",
                document_id=letter.document_id,
            )
        # A letter that nobody could decode has no revision; its bytes name it as well.
        waiting = Waiting(letter.document_id, row.revision or letter.payload_sha256, row.coder_version, letter.payload)
        put(connection, [waiting], now)
        connection.execute(delete(dead_letters).where(dead_letters.c.id == letter_id))
    return len(wanted)


def drop(connection: Connection, letter_ids: Sequence[str]) -> int:
    """Deletes letters, all or none of them. NotFoundError `dead-letter-unknown`."""
    wanted = list(dict.fromkeys(letter_ids))
    for letter_id in wanted:
        if not connection.execute(delete(dead_letters).where(dead_letters.c.id == letter_id)).rowcount:
            raise _unknown(letter_id)
    return len(wanted)


_RESOLVE = delete(dead_letters).where(
    dead_letters.c.document_id == bindparam("wanted_id"), dead_letters.c.revision == bindparam("wanted_revision")
)


def _value(row: Row[Any]) -> DeadLetter:
    return DeadLetter(**{column.name: row._mapping[column.name] for column in _FIELDS})


def _unknown(letter_id: str) -> NotFoundError:
    return NotFoundError(
        "dead-letter-unknown",
        f"there is no dead letter {letter_id}",
        cure="`chronika dead-letters list` shows those that there are; one that was read since is gone.",
    )
