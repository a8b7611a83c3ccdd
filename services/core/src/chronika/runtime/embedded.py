"""Runs everything in one process tree without a bus: sources, inbox, workers, store.

A thread reads the source, worker processes run the stages, and the calling thread alone writes: it lets documents into
the inbox, takes them out a batch at a time, and ends an inbox row in the transaction that stores its document. So a run
that is killed at any moment loses nothing and repeats nothing; the next one goes on with what is in the inbox. Reading
pauses while the inbox is full, so memory and inbox stay small however many inputs there are.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from importlib.metadata import version
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Self

from chronika.domain.dead_letter import DeadLetter
from chronika.domain.document import Layer
from chronika.domain.errors import StoreError
from chronika.ports.source import Refusal, Source, SourceOptions
from chronika.ports.store import Store
from chronika.runtime.dispatch import Dispatch
from chronika.runtime.finishing import Finishing
from chronika.runtime.health import Liveness
from chronika.runtime.intake import LET_IN, let_in
from chronika.runtime.interrupts import Interrupts, taken_signals
from chronika.runtime.logs import get_logger
from chronika.runtime.metrics import Metrics
from chronika.runtime.outcomes import StageInfo
from chronika.runtime.plugins import SOURCES, load, open_store
from chronika.runtime.pool import WorkerPool
from chronika.runtime.reading import SourceReader
from chronika.runtime.run_report import Account, Observer, Pace, Progress, RunSummary, progress_of
from chronika.runtime.settings import Settings
from chronika.runtime.standard_input import stoppable_standard_input
from chronika.runtime.worker_messages import WorkerSetup

__all__ = ["Progress", "RunSummary", "run_embedded"]

_log = get_logger(__name__)

_WAIT_SECONDS = 0.25
_REPORT_SECONDS = 0.2
_FILES = "files"
"""The installed source that a run reads from."""


def run_embedded(
    settings: Settings,
    sources: Sequence[str],
    options: SourceOptions,
    *,
    progress: Callable[[Progress], None] | None = None,
    on_refusal: Callable[[Refusal], None] | None = None,
    on_dead_letter: Callable[[DeadLetter], None] | None = None,
    metrics: Metrics | None = None,
    liveness: Liveness | None = None,
) -> RunSummary:
    """Reads all sources into the store and returns when the inbox is empty, or after an interrupt has drained it.

    The callbacks are called from the calling thread: `progress` a few times a second and once at the end,
    `on_refusal` and `on_dead_letter` for each. Called in the main thread it takes SIGINT and SIGTERM for its time: the
    first drains (what is in work is finished and stored, the rest stays in the inbox), the second stops at once
    (nothing is lost: what was in work is read again by the next run). Without sources it works on what is in the inbox.

    ConfigurationError when nothing can start (a setting, a missing model, stages that do not fit); StoreError when the
    store cannot be opened or written (`store-in-use` while another run works on it, `store-full`, ...).
    """
    observer = Observer(progress=progress, refusal=on_refusal, dead_letter=on_dead_letter)
    metrics = metrics if metrics is not None else Metrics()
    liveness = liveness if liveness is not None else Liveness(stalled_seconds=settings.stalled_seconds)
    news: SimpleQueue[None] = SimpleQueue()  # safe to put into from a signal handler
    with (
        taken_signals(lambda: news.put(None)) as interrupts,
        _pool(settings, metrics) as pool,  # first, for the workers load their models while the rest begins
        stoppable_standard_input() as (standard_input, end_input),
        open_store(settings.store) as store,
    ):
        store.recover()
        source = load(SOURCES, _FILES)
        if options.standard_input is None:
            options = replace(options, standard_input=standard_input)
        reader = SourceReader(
            source(sources, options), max_documents=2 * LET_IN, on_news=lambda: news.put(None), on_stop=end_input
        )
        run = _Run(
            settings=settings,
            store=store,
            pool=pool,
            reader=reader,
            interrupts=interrupts,
            account=Account(metrics=metrics, liveness=liveness, observer=observer),
            observer=observer,
            metrics=metrics,
            liveness=liveness,
            news=news,
        )
        with run:
            return run.go(_counted(source, sources))


def _pool(settings: Settings, metrics: Metrics) -> WorkerPool:
    setup = WorkerSetup(
        stages=settings.stages,
        document_seconds=settings.document_seconds,
        log_level=settings.log_level,
        log_format=settings.log_format,
    )
    return WorkerPool(setup, workers=settings.workers, start_seconds=settings.start_seconds, metrics=metrics)


class _Run:
    """One run: turns the wheel of intake, dispatch and finishing until nothing is left, and minds interrupts."""

    def __init__(
        self,
        *,
        settings: Settings,
        store: Store,
        pool: WorkerPool,
        reader: SourceReader,
        interrupts: Interrupts,
        account: Account,
        observer: Observer,
        metrics: Metrics,
        liveness: Liveness,
        news: SimpleQueue[None],
    ) -> None:
        self._settings = settings
        self._store = store
        self._pool = pool
        self._reader = reader
        self._interrupts = interrupts
        self._account = account
        self._summary = account.summary
        self._observer = observer
        self._metrics = metrics
        self._liveness = liveness
        self._news = news
        self._dispatch = Dispatch(
            store=store,
            pool=pool,
            workers=settings.workers,
            batch_documents=settings.batch_documents,
            max_attempts=settings.max_attempts,
            metrics=metrics,
            on_done=lambda: news.put(None),
        )
        self._finishing = Finishing(
            store=store,
            account=account,
            documents=settings.commit_documents,
            seconds=settings.commit_seconds,
            metrics=metrics,
        )
        self._pace = Pace()
        self._reported = 0.0
        self._waiting = 0
        self._articles: Future[int | None] = Future()
        self._coder_version: str | None = None
        self._draining = False

    def __enter__(self) -> Self:
        self._pool.ready.add_done_callback(lambda _ready: self._news.put(None))
        self._reader.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._reader.stop()
        self._reader.join(_WAIT_SECONDS)
        self._pool.stop(at_once=True)
        with suppress(StoreError):  # what cannot be given back now is taken back by the next run
            self._dispatch.leave()

    def go(self, articles: Future[int | None]) -> RunSummary:
        """Works until nothing is left or an interrupt has drained the work; `articles` is how many there may be."""
        self._summary.resumed = self._waiting = self._store.status().inbox
        self._articles = articles
        while not self._is_over():
            self._mind_interrupts()
            self._turn()
            self._report()
            self._wait()
        return self._ended()

    def _turn(self) -> None:
        self._let_in()
        self._hand_out()
        self._finishing.hold(self._dispatch.collect())
        self._finishing.commit_due(at_once=self._dispatch.documents == 0)

    def _is_over(self) -> bool:
        at_rest = self._dispatch.documents == 0 and self._finishing.is_empty
        return at_rest and (self._draining or (self._reader.is_exhausted and self._waiting == 0))

    def _mind_interrupts(self) -> None:
        if self._interrupts.drain and not self._draining:
            _log.info("run drains", in_work=self._dispatch.documents)
            self._draining = True
            self._reader.stop()
            self._dispatch.cancel_waiting()
        if self._interrupts.stop_at_once:
            self._pool.stop(at_once=True)

    def _is_ready(self) -> bool:
        """Whether the stages are loaded; raises what kept them from it."""
        if self._coder_version is None and self._pool.ready.done():
            stages = self._pool.ready.result()
            self._coder_version = _coder_version(stages)
            self._metrics.start(version=version("chronika"), stages=[stage.name for stage in stages])
        return self._coder_version is not None

    def _let_in(self) -> None:
        room = self._settings.inbox_documents - self._waiting
        if self._draining or room <= 0 or not self._is_ready():
            return
        articles = self._reader.take(min(room, LET_IN))
        if articles:
            self._waiting += let_in(
                articles,
                store=self._store,
                account=self._account,
                metrics=self._metrics,
                coder_version=self._coder_version or "",
            )
            self._news.put(None)  # there may be more

    def _hand_out(self) -> None:
        if self._draining or self._waiting == 0 or not self._is_ready():
            return
        taken = self._dispatch.hand_out()
        if taken is None:
            return
        # What somebody put there besides us, by replaying dead letters, is work left behind like any other.
        self._summary.resumed += max(0, taken - self._waiting)
        self._waiting = max(0, self._waiting - taken) if taken else 0

    def _wait(self) -> None:
        """Until there is news, or something is to be committed or reported."""
        if self._is_over():
            return
        left = _WAIT_SECONDS if self._finishing.is_empty else self._finishing.seconds_left()
        with suppress(Empty):
            self._news.get(timeout=max(0.0, min(_WAIT_SECONDS, left)))
            while True:
                self._news.get_nowait()

    def _report(self, *, finally_: bool = False) -> None:
        if not finally_ and monotonic() - self._reported < _REPORT_SECONDS:
            return
        self._reported = monotonic()
        in_work = self._dispatch.documents
        self._metrics.queue_depth("inbox", self._waiting)
        self._metrics.queue_depth("in-work", in_work)
        self._liveness.work_waits(self._waiting + in_work > 0)
        if self._observer.progress is not None:
            progress = progress_of(self._summary, total=self._total(), in_work=in_work, pace=self._pace)
            self._observer.progress(progress)

    def _total(self) -> int | None:
        articles = self._articles.result() if self._articles.done() else None
        return None if articles is None else articles + self._summary.resumed

    def _ended(self) -> RunSummary:
        self._summary.interrupted = self._draining
        if self._draining:
            self._waiting = self._summary.waiting = self._store.status().inbox
        self._summary.seconds = self._pace.seconds
        self._report(finally_=True)
        return self._summary


def _counted(source: Source, sources: Sequence[str]) -> Future[int | None]:
    """Counts the articles beside the work: of a large file that takes a while."""
    counted: Future[int | None] = Future()

    def count() -> None:
        try:
            counted.set_result(source.count(sources))
        except Exception:  # noqa: BLE001 - what cannot be counted has no known number; reading says what is wrong
            counted.set_result(None)

    threading.Thread(target=count, name="chronika-counter", daemon=True).start()
    return counted


def _coder_version(stages: Sequence[StageInfo]) -> str:
    """The version that events of this run will carry; empty where no stage makes events."""
    return next((stage.version for stage in stages if stage.adds == Layer.EVENTS), "")
