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
from queue import Empty, SimpleQueue
from typing import Self

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

_FIRST_PAUSES = (0.0, 0.5)
"""Seconds before each further start of a worker that ended while it loaded the stages; then the run is not begun."""
_PAUSES = (0.0, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
"""The same once a worker has loaded them: memory that is short now may not be later, and others go on meanwhile."""
_GONE_TRIES = 3
"""How often a batch is given to another worker because the one before ended without taking it up."""


_Reason = ConfigurationError | CancelledError
"""Why a batch is not done: no worker can be started, or the pool was stopped."""


class _Task:
    """A batch and the answer that is owed for it."""

    def __init__(self, batch: Sequence[Work]) -> None:
        self.batch = batch
        self.future: Future[tuple[Outcome, ...]] = Future()
        self._begun = False

    def begin(self) -> bool:
        """Whether it is to be done; no when it was cancelled."""
        if not self._begun:
            self._begun = self.future.set_running_or_notify_cancel()
        return self._begun

    def refuse(self, reason: _Reason) -> None:
        """Answers that it is not done."""
        if self.begin():
            self.future.set_exception(reason)


class WorkerPool:
    """Worker processes that run batches through the stages.

    `ready` holds what the stages are as soon as the first worker has loaded them, or a ConfigurationError: the stages'
    own, or `worker-not-started` when workers end again and again while they load.
    """

    def __init__(
        self, setup: WorkerSetup, *, workers: int, start_seconds: float = 120.0, metrics: Metrics | None = None
    ) -> None:
        self._shared = _Shared(setup, start_seconds, metrics if metrics is not None else Metrics(), workers)
        self._lock = threading.Lock()
        self._stopped = False
        self._slots = [_Slot(self._shared, number) for number in range(workers)]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop(at_once=True)

    @property
    def ready(self) -> Future[tuple[StageInfo, ...]]:
        """What the stages are."""
        return self._shared.ready

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
                self._shared.tasks.put(task)
        return task.future

    def stop(self, *, at_once: bool = False) -> None:
        """Ends all workers: after the batches that were submitted, or at once."""
        with self._lock:
            if not self._stopped:
                self._stopped = True
                for _ in self._slots:
                    self._shared.tasks.put(None)
        if at_once:
            self._shared.killed.set()
            for slot in self._slots:
                slot.kill()
        for slot in self._slots:
            if slot.ident is not None:
                slot.join()

    def worker_pids(self) -> list[int]:
        """Process ids of the workers that run at this moment."""
        return [pid for slot in self._slots if (pid := slot.worker_pid) is not None]


class _Shared:
    """What the places of a pool share: the batches that wait, and whether anybody is left to read them."""

    def __init__(self, setup: WorkerSetup, start_seconds: float, metrics: Metrics, slots: int) -> None:
        self.setup = setup
        self.start_seconds = start_seconds
        self.metrics = metrics
        self.tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self.ready: Future[tuple[StageInfo, ...]] = Future()
        self.killed = threading.Event()
        self._lock = threading.Lock()
        self._slots = slots

    @property
    def was_ready(self) -> bool:
        """Whether a worker has ever loaded the stages."""
        return self.ready.done() and self.ready.exception() is None

    def became_ready(self, stages: tuple[StageInfo, ...]) -> None:
        """A worker has loaded the stages."""
        with suppress(InvalidStateError):
            self.ready.set_result(stages)

    def leave(self, reason: _Reason) -> bool:
        """A place is given up; True for the last one, which has to answer for all."""
        with self._lock:
            self._slots -= 1
            is_last = self._slots == 0
        if is_last:
            with suppress(InvalidStateError):
                self.ready.set_exception(reason)
        return is_last


class _Slot(threading.Thread):
    """A place for one worker: keeps one running there and passes it batches, one at a time."""

    def __init__(self, shared: _Shared, number: int) -> None:
        super().__init__(name=f"chronika-worker-{number}", daemon=True)
        self._shared = shared
        self._worker: WorkerProcess | None = None

    @property
    def worker_pid(self) -> int | None:
        """The worker's process id."""
        worker = self._worker
        return None if worker is None else worker.pid

    def kill(self) -> None:
        """Ends the worker now; called from another thread."""
        worker = self._worker
        if worker is not None:
            worker.signal_kill()

    def run(self) -> None:
        """Serves batches until the pool is stopped, or until no worker can be started here any more."""
        # Children inherit what is blocked here: the terminal's Ctrl-C never reaches a worker, not even while it starts.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        try:
            self._serve()
        except (ConfigurationError, CancelledError) as reason:
            self._give_up(reason)
        except Exception as error:  # noqa: BLE001 - a place that ends silently would leave batches without an answer
            self._give_up(not_started(f"{type(error).__name__}: {error}"))
        else:
            if self._worker is not None:
                self._worker.stop()
            if self._shared.leave(CancelledError()):
                self._answer_left_over(CancelledError())

    def _serve(self) -> None:
        self._fill()
        while (task := self._shared.tasks.get()) is not None:
            if task.begin():
                self._answer(task)
            self._fill()

    def _answer(self, task: _Task) -> None:
        try:
            task.future.set_result(self._outcomes(task.batch))
        except WorkerLostError as lost:
            task.future.set_exception(CancelledError() if self._shared.killed.is_set() else lost)
        except (ConfigurationError, CancelledError):
            self._shared.tasks.put(task)  # for whoever is left
            raise
        except Exception as error:  # noqa: BLE001 - an answer is owed, also by a mistake of ours
            task.future.set_exception(error)

    def _give_up(self, reason: _Reason) -> None:
        """Leaves; the last place stays until the pool is stopped, so that no batch waits for ever."""
        if not self._shared.leave(reason):
            return
        while (task := self._shared.tasks.get()) is not None:
            task.refuse(reason)
        self._answer_left_over(reason)

    def _answer_left_over(self, reason: _Reason) -> None:
        with suppress(Empty):
            while True:
                task = self._shared.tasks.get_nowait()
                if task is not None:
                    task.refuse(reason)

    def _outcomes(self, batch: Sequence[Work]) -> tuple[Outcome, ...]:
        for _ in range(_GONE_TRIES):
            worker = self._fill()
            try:
                done = worker.run(batch)
            except WorkerGoneError:
                self._replaced("idle")
            except WorkerLostError as lost:
                self._replaced(lost.cause.value)
                if not self._shared.killed.is_set():
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
        self._shared.metrics.worker_restarted(cause)

    def _fill(self) -> WorkerProcess:
        """The worker of this place, started if there is none.

        ConfigurationError when none can be started; CancelledError when the pool is stopped at once.
        """
        tries = 0
        while self._worker is None:
            try:
                self._start_worker()
            except WorkerNotStartedError as error:
                self._replaced("start")
                self._check_killed()
                tries += 1
                self._pause(tries, str(error))
            self._check_killed()
        return self._worker

    def _start_worker(self) -> None:
        worker = WorkerProcess.launch(self._shared.setup)
        self._worker = worker  # known before it is ready, so that it can be killed while it loads
        self._check_killed()  # or was to be, the moment before
        try:
            self._shared.became_ready(worker.await_ready(self._shared.start_seconds))
        except ConfigurationError:
            self._worker = None
            raise

    def _pause(self, tries: int, reason: str) -> None:
        """Before another start; ConfigurationError when there have been enough."""
        pauses = _PAUSES if self._shared.was_ready else _FIRST_PAUSES
        if tries > len(pauses):
            raise not_started(reason)
        _log.warning("worker not started", reason=reason, tries=tries)
        self._shared.killed.wait(pauses[tries - 1])

    def _check_killed(self) -> None:
        if self._shared.killed.is_set():
            if self._worker is not None:
                self._worker.kill()
            raise CancelledError
