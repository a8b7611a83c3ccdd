"""The store: one object that holds an open database and offers everything of `chronika.ports.store.Store`.

Each method is one transaction; what happens in it is told by the module that it calls.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import Connection, Row, Table, func, insert, select

from chronika.domain.change import EventChange
from chronika.domain.dead_letter import DeadLetter
from chronika.domain.document import Document
from chronika.ports.store import (
    DocumentSummary,
    EnqueueResult,
    EventFilter,
    EventPage,
    Finished,
    InboxItem,
    InboxRow,
    StoredEvent,
    StoreOutcome,
    StoreStatus,
    TraceStep,
)
from chronika.wire import encode_document
from chronika_storage import feed, inbox, letters, questions, schema, tables
from chronika_storage.database import Database
from chronika_storage.migration import check_version, migrate
from chronika_storage.paging import Position, decode_token, encode_token, page_limit
from chronika_storage.sqlite import SqliteDatabase, path_of
from chronika_storage.writer import Arrival, write_document

STAGE = "storage"
"""The name under which the store adds its own step to a document's trace."""
MAX_CHANGES = 10_000
"""Rows of the change feed that one call answers at most."""
MAX_LISTED = 1_000_000
"""Documents or dead letters that one call answers at most."""

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def open_store(address: str, *, read_only: bool = False, clock: Clock = system_clock) -> SqlStore:
    """Opens an SQLite store by its address ("sqlite:///file.db" or a path).

    A store that is not there is made with its folders, one of an older version is brought up to date; neither when it
    is opened for reading only. StoreError, each with its cure: `store-address-invalid`, `store-missing`,
    `store-read-only`, `store-full`, `store-busy`, `store-not-a-database`, `store-foreign`, `store-newer`,
    `store-older`, `store-corrupt`, `store-sqlite-unfit`.
    """
    database = SqliteDatabase(path_of(address), read_only=read_only)
    try:
        database.prepare()
        if read_only:
            check_version(database)
        else:
            migrate(database)
    except BaseException:
        database.close()
        raise
    return SqlStore(database, clock=clock)


class SqlStore:
    """A store over SQL; see `chronika.ports.store.Store` for what each method promises. Safe for several threads."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Gives files and locks back. Rows in hand stay in hand until the next `recover`."""
        self._database.close()

    # The inbox.

    def recover(self) -> int:
        """Also makes this the one run on the store until it is closed; StoreError `store-in-use` while another is."""
        self._database.hold_runner()
        with self._database.writing() as connection:
            return inbox.give_all_back(connection)

    def enqueue(self, items: Sequence[InboxItem], *, coder_version: str) -> list[EnqueueResult]:
        """A revision that is kept but not current counts as known, too."""
        waiting = [inbox.Waiting(item.document_id, item.revision, coder_version, item.payload) for item in items]
        with self._database.writing() as connection:
            return inbox.put(connection, waiting, self._clock())

    def take(self, limit: int) -> list[InboxRow]:
        """Also makes this the one run on the store, as `recover` does."""
        self._database.hold_runner()
        with self._database.writing() as connection:
            return inbox.take(connection, limit)

    def release(self, row_ids: Sequence[int]) -> None:
        """Rows that are not in hand stay as they are."""
        with self._database.writing() as connection:
            inbox.give_back(connection, row_ids)

    def count_attempt(self, row_ids: Sequence[int]) -> list[int]:
        """The attempts now, in the order of `row_ids`; 0 for a row that is not in hand."""
        with self._database.writing() as connection:
            return inbox.count_attempt(connection, row_ids)

    def finish(self, results: Sequence[Finished]) -> list[StoreOutcome]:
        """All or nothing. Adds a step of its own to the trace of each document. A row that is not in the inbox (it came
        another way) is as good as one that is."""
        with self._database.writing() as connection:
            rows = inbox.rows_of(connection, [result.row_id for result in results])
            outcomes = [self._finish(connection, result, rows.get(result.row_id)) for result in results]
            inbox.end(connection, rows)
        return outcomes

    def _finish(self, connection: Connection, result: Finished, row: Row[Any] | None) -> StoreOutcome:
        if (result.document is None) == (result.dead_letter is None):
            raise ValueError("a finished row has either a document or a dead letter")
        coder_version = row.coder_version if row else ""
        if result.dead_letter is not None:
            revision = row.revision if row else ""
            letters.keep(connection, result.dead_letter, revision=revision, coder_version=coder_version)
            document_id = result.dead_letter.document_id or (row.document_id if row else "")
            _write_trace(connection, document_id, result.trace)
            return StoreOutcome.DEAD_LETTER
        document = result.document
        assert document is not None
        started, clock_start = self._clock(), time.perf_counter()
        # A document that was not coded (its language is not read) was still seen by the coder that it was queued for.
        coder = document.events.coder_version if document.events else coder_version
        payload = result.payload or encode_document(document)
        arrival = Arrival(document=document, payload=payload, coder_version=coder, now=started)
        written = write_document(connection, self._database, arrival)
        letters.resolve(connection, document_id=document.id, revision=document.revision)
        own_step = TraceStep(
            stage=STAGE,
            outcome=written.outcome.value,
            detail=written.detail,
            started=started,
            seconds=time.perf_counter() - clock_start,
        )
        _write_trace(connection, document.id, [*result.trace, own_step])
        return written.outcome

    # Questions.

    def events(self, event_filter: EventFilter, *, page_size: int = 100, page_token: str = "") -> EventPage:
        """Sorted by the first day of the event's time (else the day of publication), then by the instant of
        publication, then by id, the latest first. `left_out` is counted for the first page, and later pages repeat
        it."""
        limit = page_limit(page_size)
        after = decode_token(page_token, event_filter) if page_token else None
        with self._database.reading() as connection:
            rows = questions.page_of_events(connection, self._database, event_filter, limit=limit + 1, after=after)
            left_out = after.left_out if after else questions.count_left_out(connection, self._database, event_filter)
        shown = rows[:limit]
        token = ""
        if len(rows) > limit:
            token = encode_token(Position(shown[-1].recency, shown[-1].event_id, left_out), event_filter)
        return EventPage(
            events=tuple(questions.stored_event(row) for row in shown), next_token=token, left_out=left_out
        )

    def event(self, event_id: str) -> StoredEvent:
        """NotFoundError `event-unknown`."""
        with self._database.reading() as connection:
            return questions.one_event(connection, event_id)

    def document(self, document_id: str, *, revision: str = "") -> Document:
        """NotFoundError `document-unknown` or `revision-unknown`."""
        with self._database.reading() as connection:
            return questions.one_document(connection, document_id, revision)

    def documents(self, *, text: str = "", language: str = "", limit: int = 100) -> list[DocumentSummary]:
        """At most a million."""
        with self._database.reading() as connection:
            return questions.document_summaries(
                connection, self._database, text=text, language=language, limit=_bounded(limit, MAX_LISTED)
            )

    def trace(self, document_id: str) -> list[TraceStep]:
        """Empty for a document that still waits; NotFoundError `document-unknown`."""
        with self._database.reading() as connection:
            steps = _read_trace(connection, document_id)
            if not steps and not any(
                _holds(connection, table, document_id) for table in (schema.documents, schema.inbox)
            ):
                raise questions.document_unknown(document_id)
        return steps

    def changes(self, *, after: int = 0, limit: int = 1000) -> list[EventChange]:
        """At most 10,000."""
        with self._database.reading() as connection:
            rows = feed.rows_after(connection, after, _bounded(limit, MAX_CHANGES))
        return [feed.change(row) for row in rows]

    def status(self) -> StoreStatus:
        """Documents are counted by id, events by what is current."""
        with self._database.reading() as connection:
            return StoreStatus(
                documents=_count(connection, schema.documents, schema.documents.c.current.is_(True)),
                events=_count(connection, schema.events),
                inbox=_count(connection, schema.inbox),
                dead_letters=_count(connection, schema.dead_letters),
                schema_version=schema.HEAD,
                location=self._database.location,
            )

    # Dead letters.

    def dead_letters(self, *, stage: str = "", code: str = "", limit: int = 100) -> list[DeadLetter]:
        """At most a million."""
        with self._database.reading() as connection:
            return letters.listed(connection, stage=stage, code=code, limit=_bounded(limit, MAX_LISTED))

    def dead_letter(self, letter_id: str) -> DeadLetter:
        """NotFoundError `dead-letter-unknown`."""
        with self._database.reading() as connection:
            return letters.one(connection, letter_id)

    def replay(self, letter_ids: Sequence[str]) -> int:
        """All or none. NotFoundError `dead-letter-unknown`; StoreError `dead-letter-capped`."""
        with self._database.writing() as connection:
            return letters.replay(connection, letter_ids, self._clock())

    def drop(self, letter_ids: Sequence[str]) -> int:
        """All or none. NotFoundError `dead-letter-unknown`."""
        with self._database.writing() as connection:
            return letters.drop(connection, letter_ids)

    # Everything.

    def rows(self, table: str) -> Iterator[dict[str, object]]:
        """See `chronika_storage.tables`. StoreError `table-unknown`."""
        return tables.rows_of(self._database, table)


def _write_trace(connection: Connection, document_id: str, steps: Sequence[TraceStep]) -> None:
    rows = [
        {
            "document_id": document_id,
            "stage": step.stage,
            "outcome": step.outcome,
            "detail": step.detail,
            "started": step.started,
            "seconds": step.seconds,
        }
        for step in steps
    ]
    if rows:
        connection.execute(_INSERT_TRACE, rows)


_INSERT_TRACE = insert(schema.trace)


def _read_trace(connection: Connection, document_id: str) -> list[TraceStep]:
    trace = schema.trace
    wanted = select(trace.c.stage, trace.c.outcome, trace.c.detail, trace.c.started, trace.c.seconds)
    rows = connection.execute(wanted.where(trace.c.document_id == document_id).order_by(trace.c.number))
    return [TraceStep(**row._mapping) for row in rows]


def _holds(connection: Connection, table: Table, document_id: str) -> bool:
    wanted = select(table.c.document_id).where(table.c.document_id == document_id).limit(1)
    return connection.execute(wanted).first() is not None


def _count(connection: Connection, table: Table, *conditions: Any) -> int:
    return int(connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one())


def _bounded(limit: int, most: int) -> int:
    return max(0, min(limit, most))
