"""Takes rows out of the inbox, has the workers read them, and says how each ended.

An attempt is counted in the store before its work begins. When a worker is lost, `losses` decides which of its
documents are tried again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, replace
from math import ceil

from chronika.ports.store import InboxRow, Store
from chronika.runtime.losses import after_loss
from chronika.runtime.metrics import Metrics
from chronika.runtime.outcomes import Outcome, Work
from chronika.runtime.pool import WorkerPool
from chronika.runtime.worker_process import WorkerLostError

_BATCHES_A_WORKER = 2
"""One in work and one at hand, so that no worker waits for the parent."""

Batch = Future[tuple[Outcome, ...]]


@dataclass(frozen=True, slots=True)
class Ended:
    """An inbox row and how its way through the stages ended."""

    row: InboxRow
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class _InWork:
    row: InboxRow
    work: Work


class Dispatch:
    """What is in work. `on_done` is called, from any thread, when a batch has come back."""

    def __init__(
        self,
        *,
        store: Store,
        pool: WorkerPool,
        workers: int,
        batch_documents: int,
        max_attempts: int,
        metrics: Metrics,
        on_done: Callable[[], None],
    ) -> None:
        self._store = store
        self._pool = pool
        self._room = workers * _BATCHES_A_WORKER
        self._batch_documents = batch_documents
        self._max_attempts = max_attempts
        self._metrics = metrics
        self._on_done = on_done
        self._batches: dict[Batch, Sequence[_InWork]] = {}

    @property
    def documents(self) -> int:
        """How many documents are in work."""
        return sum(map(len, self._batches.values()))

    def hand_out(self) -> int | None:
        """Takes as many rows as there is room for; how many, or None when there was no room."""
        free = self._room - len(self._batches)
        if free <= 0:
            return None
        with self._metrics.store_operation("take"):
            rows = self._store.take(free * self._batch_documents)
        size = max(1, min(self._batch_documents, ceil(len(rows) / free)))
        taken = [_InWork(row, work_of(row)) for row in rows]
        for start in range(0, len(taken), size):
            self._submit(taken[start : start + size])
        return len(rows)

    def collect(self) -> list[Ended]:
        """What came back. ConfigurationError when no worker starts any more."""
        ended: list[Ended] = []
        for batch in [batch for batch in self._batches if batch.done()]:
            in_work = self._batches.pop(batch)
            try:
                outcomes = batch.result()
            except WorkerLostError as loss:
                ended += self._after_loss(in_work, loss)
            except CancelledError:
                self._release(in_work)
            except BaseException:
                self._batches[batch] = in_work  # still in hand: `leave` gives it back
                raise
            else:
                ended += [Ended(one.row, outcome) for one, outcome in zip(in_work, outcomes, strict=True)]
        return ended

    def cancel_waiting(self) -> None:
        """Takes back what no worker has begun; `collect` gives it back to the inbox."""
        for batch in self._batches:
            batch.cancel()

    def leave(self) -> None:
        """Gives everything that is in work back to the inbox, once the pool is stopped."""
        for batch in list(self._batches):
            self._release(self._batches.pop(batch))

    def _submit(self, in_work: Sequence[_InWork]) -> None:
        batch = self._pool.submit([one.work for one in in_work])
        self._batches[batch] = in_work
        batch.add_done_callback(lambda _batch: self._on_done())

    def _after_loss(self, in_work: Sequence[_InWork], loss: WorkerLostError) -> list[Ended]:
        plan = after_loss([one.work for one in in_work], loss, max_attempts=self._max_attempts)
        rows = {one.work.position: one.row for one in in_work}
        again = [rows[work.position] for work in plan.retry]
        for row, attempts in zip(again, self._store.count_attempt([row.row_id for row in again]), strict=True):
            counted = replace(row, attempts=attempts)
            self._submit([_InWork(counted, work_of(counted))])
        return [Ended(rows[lost.position], lost) for lost in plan.lost]

    def _release(self, in_work: Sequence[_InWork]) -> None:
        self._store.release([one.row.row_id for one in in_work])


def work_of(row: InboxRow) -> Work:
    """An inbox row as the stages get it."""
    return Work(position=f"inbox/{row.row_id}", payload=row.payload, attempts=row.attempts)
