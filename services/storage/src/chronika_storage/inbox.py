"""The inbox: documents that wait to be read, those that are in hand, and how often each was tried.

`attempts` of a waiting row counts the tries that ended badly; of a row in hand, those and the present one. So a row is
given back by taking one from it: neither a stop nor a kill of the whole run costs a document an attempt.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from chronika.ports.store import EnqueueResult, InboxRow
from chronika_storage.database import batches
from chronika_storage.guards import reads_as_well
from chronika_storage.schema import documents, inbox


@dataclass(frozen=True, slots=True)
class Waiting:
    """A document for the inbox, and the coder that is to read it."""

    document_id: str
    revision: str
    coder_version: str
    payload: bytes

    @property
    def key(self) -> tuple[str, str]:
        """By what the inbox holds a document once."""
        return self.document_id, self.revision


def put(connection: Connection, items: Sequence[Waiting], now: datetime) -> list[EnqueueResult]:
    """Lets documents wait, unless they do already or are known to be read as well as this coder would."""
    ids = {item.document_id for item in items}
    read = _coders(connection, documents, ids)
    waiting = _coders(connection, inbox, ids)
    new: dict[tuple[str, str], Waiting] = {}
    results = []
    for item in items:
        is_read = item.key in read and reads_as_well(read[item.key], item.coder_version)
        if is_read or item.key in waiting or item.key in new:
            results.append(EnqueueResult.UNCHANGED)
        else:
            new[item.key] = item
            results.append(EnqueueResult.QUEUED)
    if new:
        connection.execute(insert(inbox), [_row(item, now) for item in new.values()])
    return results


def take(connection: Connection, limit: int) -> list[InboxRow]:
    """Takes waiting rows into hand, oldest first, each with an attempt counted."""
    wanted = select(inbox).where(inbox.c.taken.is_(False)).order_by(inbox.c.row_id).limit(limit)
    rows = connection.execute(wanted).all()
    if rows:
        these = (inbox.c.taken.is_(False), inbox.c.row_id <= rows[-1].row_id)
        connection.execute(update(inbox).where(*these).values(taken=True, attempts=inbox.c.attempts + 1))
    return [
        InboxRow(
            row_id=row.row_id,
            document_id=row.document_id,
            revision=row.revision,
            payload=row.payload,
            attempts=row.attempts + 1,
        )
        for row in rows
    ]


def give_all_back(connection: Connection) -> int:
    """Gives all rows in hand back, without the attempt that was counted for their taking; how many."""
    return connection.execute(_GIVE_BACK).rowcount


def give_back(connection: Connection, row_ids: Iterable[int]) -> None:
    """Gives rows in hand back, without the attempt that was counted for their taking."""
    for ids in batches(row_ids):
        connection.execute(_GIVE_BACK.where(inbox.c.row_id.in_(ids)))


def count_attempt(connection: Connection, row_ids: Sequence[int]) -> list[int]:
    """Counts another attempt for rows in hand; their attempts now, 0 for a row that is not in hand."""
    attempts: dict[int, int] = {}
    for ids in batches(row_ids):
        in_hand = inbox.c.row_id.in_(ids) & inbox.c.taken.is_(True)
        connection.execute(update(inbox).where(in_hand).values(attempts=inbox.c.attempts + 1))
        rows = connection.execute(select(inbox.c.row_id, inbox.c.attempts).where(in_hand))
        attempts.update({row.row_id: row.attempts for row in rows})
    return [attempts.get(row_id, 0) for row_id in row_ids]


def rows_of(connection: Connection, row_ids: Iterable[int]) -> dict[int, Any]:
    """Id, revision and coder of rows, by row id; those that are not there are left out."""
    wanted = select(inbox.c.row_id, inbox.c.document_id, inbox.c.revision, inbox.c.coder_version)
    found = [connection.execute(wanted.where(inbox.c.row_id.in_(ids))).all() for ids in batches(row_ids)]
    return {row.row_id: row for rows in found for row in rows}


def end(connection: Connection, row_ids: Iterable[int]) -> None:
    """Deletes rows whose documents are stored or given up."""
    for ids in batches(row_ids):
        connection.execute(delete(inbox).where(inbox.c.row_id.in_(ids)))


_GIVE_BACK = update(inbox).where(inbox.c.taken.is_(True)).values(taken=False, attempts=inbox.c.attempts - 1)


def _coders(connection: Connection, table: Table, document_ids: Iterable[str]) -> dict[tuple[str, str], str]:
    """The coder of each row of a table that has one, by document id and revision."""
    wanted = select(table.c.document_id, table.c.revision, table.c.coder_version)
    found = [connection.execute(wanted.where(table.c.document_id.in_(ids))).all() for ids in batches(document_ids)]
    return {(row.document_id, row.revision): row.coder_version for rows in found for row in rows}


def _row(item: Waiting, now: datetime) -> dict[str, object]:
    return {
        "document_id": item.document_id,
        "revision": item.revision,
        "coder_version": item.coder_version,
        "attempts": 0,
        "taken": False,
        "enqueued": now,
        "payload": item.payload,
    }
