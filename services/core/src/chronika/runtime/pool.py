"""A pool of worker processes in which a document that hangs or crashes costs itself alone.

Every worker has a process, a socket and a thread of its own, so that a worker may be killed at any moment, even in the
middle of an answer, without touching another. A worker tells which stage it is about to call; from then on its time
runs, and one that neither answers nor goes on is killed. What the documents of a lost worker have coming is decided in
`losses`. Nothing is known here of a bus or a store.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field
from queue import SimpleQueue

from chronika.domain.errors import ConfigurationError
from chronika.runtime.logs import get_logger
from chronika.runtime.metrics import Metrics
from chronika.runtime.outcomes import Outcome, StageInfo, Work
from chronika.runtime.process import DECODING
from chronika.runtime.worker_messages import WorkerSetup
from chronika.runtime.worker_process import (
    LossCause,
    WorkerGoneError,
    WorkerLostError,
    WorkerNotStartedError,
    WorkerProcess,
    ending,
    not_started,
)

_log = get_logger(__name__)

_TRIES = 3
"""How often a worker that ends outside of any document's work is replaced in a row."""


@dataclass(frozen=True, slots=True)
class _Task:
    batch: Sequence[Work]
    future: Future[tuple[Outcome, ...]] = field(default_factory=Future)


class WorkerPool:
    """Worker processes that run batches through the stages.

    `ready` holds what the stages are as soon as the first worker has loaded them, or a ConfigurationError: the
    stages' own, or `worker-not-started` when workers end again and again while they load.
    """

    def __init__(
        self, setup: WorkerSetup, *, workers: int, start_seconds: float = 120.0, metrics: Metrics | None = None
    ) -> None:
        self.ready: Future[tuple[StageInfo, ...]] = Future()
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._stopped = False
        self._metrics = metrics if metrics is not None else Metrics()
        self._slots = [
            _Slot(
                tasks=self._tasks,
                ready=self.ready,
                setup=setup,
                start_seconds=start_seconds,
                metrics=self._metrics,
                number=number,
            )
            for number in range(workers)
        ]

    def start(self) -> None:
        """Begins to start all workers; `ready` tells how it goes."""
        for slot in self._slots:
            slot.start()

    def submit(self, batch: Sequence[Work]) -> Future[tuple[Outcome, ...]]:
        """Hands a batch to the next free worker; a future that waits can be cancelled.

        The future holds one outcome a document, in order, or raises WorkerLostError (the worker was lost with the batch
        in its hands), ConfigurationError (no worker starts any more) or CancelledError (the pool was stopped).
        """
        task = _Task(batch)
        with self._lock:
            if self._stopped:
                task.future.cancel()
            else:
                self._tasks.put(task)
        return task.future

    def stop(self, *, at_once: bool = False) -> None:
        """Ends all workers: after the batches that were submitted, or at once."""
        with self._lock:
            if not self._stopped:
                self._stopped = True
                for _ in self._slots:
                    self._tasks.put(None)
        if at_once:
            for slot in self._slots:
                slot.kill()
        for slot in self._slots:
            if slot.ident is not None:
                slot.join()

    def worker_pids(self) -> list[int]:
        """Process ids of the workers that run at this moment."""
        return [pid for slot in self._slots if (pid := slot.worker_pid) is not None]


class _Slot(threading.Thread):
    """A place for one worker: keeps one running there and passes it batches, one at a time."""

    def __init__(
        self,
        *,
        tasks: SimpleQueue[_Task | None],
        ready: Future[tuple[StageInfo, ...]],
        setup: WorkerSetup,
        start_seconds: float,
        metrics: Metrics,
        number: int,
    ) -> None:
        super().__init__(name=f"chronika-worker-{number}", daemon=True)
        self._tasks = tasks
        self._ready = ready
        self._setup = setup
        self._start_seconds = start_seconds
        self._metrics = metrics
        self._worker: WorkerProcess | None = None
        self._broken: ConfigurationError | None = None
        self._killed = False

    @property
    def worker_pid(self) -> int | None:
        """The worker's process id."""
        worker = self._worker
        return None if worker is None else worker.pid

    def kill(self) -> None:
        """Ends the worker now; called from another thread."""
        self._killed = True
        worker = self._worker
        if worker is not None:
            worker.signal_kill()

    def run(self) -> None:
        """Serves batches until the pool is stopped."""
        # Children inherit what is blocked here: the terminal's Ctrl-C never reaches a worker, not even while it starts.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        self._fill()
        while (task := self._tasks.get()) is not None:
            if task.future.set_running_or_notify_cancel():
                self._answer(task)
            self._fill()
        if self._worker is not None:
            self._worker.stop()
        with suppress(InvalidStateError):
            self._ready.set_exception(CancelledError())

    def _answer(self, task: _Task) -> None:
        try:
            task.future.set_result(self._outcomes(task.batch))
        except (WorkerLostError, ConfigurationError) as error:
            task.future.set_exception(CancelledError() if self._killed else error)
        except Exception as error:  # noqa: BLE001 - an answer is owed, also by a mistake of ours
            task.future.set_exception(error)

    def _outcomes(self, batch: Sequence[Work]) -> tuple[Outcome, ...]:
        for _ in range(_TRIES):
            worker = self._fill()
            if worker is None:
                raise self._broken or CancelledError()
            try:
                done = worker.run(batch)
            except WorkerGoneError:
                self._replaced("idle")
            except WorkerLostError as lost:
                self._replaced(lost.cause.value)
                _log.warning("worker lost", stage=lost.stage, cause=lost.cause.value, ending=ending(lost.exit_code))
                raise
            else:
                if done.retires:
                    worker.stop()
                    self._replaced("retired")
                return done.outcomes
        # It ended each time before it said anything: then the batch is what ends it.
        raise WorkerLostError(LossCause.CRASH, stage=DECODING, seconds=0.0, exit_code=-signal.SIGKILL)

    def _replaced(self, cause: str) -> None:
        self._worker = None
        self._metrics.worker_restarted(cause)

    def _fill(self) -> WorkerProcess | None:
        """The worker of this place, started if there is none; None when none can be started any more."""
        reason = ""
        for _ in range(_TRIES):
            if self._worker is not None or self._broken is not None or self._killed:
                return self._worker
            try:
                self._start_worker()
            except WorkerNotStartedError as error:
                reason = str(error)
                self._replaced("start")
                _log.warning("worker not started", reason=reason)
            except ConfigurationError as error:
                self._break(error)
        if self._worker is None:
            self._break(not_started(reason))
        return self._worker

    def _start_worker(self) -> None:
        worker = WorkerProcess.launch(self._setup)
        self._worker = worker  # known before it is ready, so that it can be killed while it loads
        stages = worker.await_ready(self._start_seconds)
        with suppress(InvalidStateError):
            self._ready.set_result(stages)

    def _break(self, error: ConfigurationError) -> None:
        self._worker = None
        self._broken = error
        with suppress(InvalidStateError):
            self._ready.set_exception(error)
