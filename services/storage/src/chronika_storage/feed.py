"""The change feed, read in the order of its commits.

Readers ask for what comes after a position, so a change that became visible behind that position would be lost to them.
That cannot happen in SQLite: a sequence number is given inside a transaction that holds the one write lock, and numbers
are never used twice (AUTOINCREMENT), so whoever commits later has the greater numbers. A database with several writers
at a time needs more than this.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from chronika.domain.change import EventChange, EventChangeKind
from chronika.wire import decode_event
from chronika_storage.schema import changes


def rows_after(connection: Connection, after: int, limit: int) -> Sequence[Row[Any]]:
    """Rows of the feed after a position, at most `limit`."""
    wanted = select(changes).where(changes.c.sequence > after).order_by(changes.c.sequence)
    return connection.execute(wanted.limit(limit)).all()


def change(row: Row[Any]) -> EventChange:
    """The change of a row."""
    return EventChange(
        sequence=row.sequence,
        kind=EventChangeKind(row.kind),
        event_id=row.event_id,
        document_id=row.document_id,
        revision=row.revision,
        event=None if row.payload is None else decode_event(row.payload),
        changed=row.changed,
    )
