"""Stores what the stages made, several documents in a transaction, and ends their inbox rows with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from time import monotonic

from chronika.domain.document import Document
from chronika.domain.errors import ChronikaError, StoreError
from chronika.ports.store import Finished, InboxRow, Store, TraceStep
from chronika.runtime.dispatch import Ended, work_of
from chronika.runtime.metrics import Metrics
from chronika.runtime.outcomes import DeadLettered, given_up
from chronika.runtime.run_report import Account
from chronika.wire import decode_document

STORAGE = "storage"
"""The stage of what fails when it is to be stored."""
INGEST = "ingest"
_USUAL_ENCODINGS = ("", "utf-8")


class Finishing:
    """Holds what has ended until a transaction is worth its while, or the first of it has waited long enough."""

    def __init__(self, *, store: Store, account: Account, documents: int, seconds: float, metrics: Metrics) -> None:
        self._store = store
        self._account = account
        self._documents = documents
        self._seconds = seconds
        self._metrics = metrics
        self._held: list[Ended] = []
        self._since = 0.0

    @property
    def is_empty(self) -> bool:
        """Whether nothing is held."""
        return not self._held

    def hold(self, ended: Iterable[Ended]) -> None:
        """Takes what is to be stored."""
        if not self._held:
            self._since = monotonic()
        self._held += ended

    def commit_due(self, *, at_once: bool) -> None:
        """Stores what is held if it is enough or old enough, or all of it at once."""
        while self._held and (at_once or len(self._held) >= self._documents or self.seconds_left() <= 0):
            batch, self._held = self._held[: self._documents], self._held[self._documents :]
            self._commit(sorted(batch, key=lambda ended: ended.row.row_id))

    def seconds_left(self) -> float:
        """Until what is held has waited long enough."""
        return self._since + self._seconds - monotonic()

    def _commit(self, batch: Sequence[Ended]) -> None:
        """One transaction for all; where that fails for a reason that may lie in a document, one for each."""
        try:
            self._finish([_finished(ended) for ended in batch])
        except Exception as error:
            if _concerns_the_store(error):
                raise
            for ended in batch:
                self._commit_alone(ended)

    def _commit_alone(self, ended: Ended) -> None:
        finished = _finished(ended)
        try:
            self._finish([finished])
        except Exception as error:
            if _concerns_the_store(error) or finished.dead_letter is not None:
                raise
            try:
                self._finish([_unstorable(ended, error)])
            except StoreError:
                raise error from None  # not even that can be written: the store is at fault, not the document

    def _finish(self, batch: Sequence[Finished]) -> None:
        with self._metrics.store_operation("finish"):
            outcomes = self._store.finish(batch)
        for finished, outcome in zip(batch, outcomes, strict=True):
            self._account.finished(finished, outcome)


def _concerns_the_store(error: Exception) -> bool:
    """Whether the store as a whole cannot go on: it is full, or busy."""
    return isinstance(error, ChronikaError) and error.retryable


def _finished(ended: Ended) -> Finished:
    """What is to be stored. Layers that cannot be read back are the fault of a stage, and cost the document."""
    row, outcome = ended.row, ended.outcome
    if isinstance(outcome, DeadLettered):
        return Finished(row_id=row.row_id, dead_letter=outcome.letter, trace=outcome.trace)
    try:
        document = decode_document(outcome.payload)
    except ChronikaError as error:
        return _unstorable(ended, error)
    trace = (_ingest_step(document), *outcome.trace)
    return Finished(row_id=row.row_id, document=document, payload=outcome.payload, trace=trace)


def _unstorable(ended: Ended, error: Exception) -> Finished:
    reason = error if isinstance(error, ChronikaError) else _unexpected(error, ended.row)
    reason.document_id = ended.row.document_id
    lost = given_up(work_of(ended.row), reason, stage=STORAGE, trace=ended.outcome.trace)
    return Finished(row_id=ended.row.row_id, dead_letter=lost.letter, trace=lost.trace)


def _unexpected(error: Exception, row: InboxRow) -> StoreError:
    return StoreError(
        "store-failed",
        f"the document cannot be stored: {type(error).__name__}: {error}",
        cure="This is a fault of the store: report it.",
        document_id=row.document_id,
    )


def _ingest_step(document: Document) -> TraceStep:
    """What ingest did, so that a document's trace begins with it; the reading of one article is not timed."""
    source = document.source
    encoding = () if source.encoding in _USUAL_ENCODINGS else (source.encoding,)
    detail = "; ".join((source.origin or "-", *encoding, *source.warnings))
    return TraceStep(
        stage=INGEST, outcome="produced", detail=detail, started=source.ingested or datetime.now(UTC), seconds=0.0
    )
