"""Runs the stages over what a source yields and hands on each document with its layers: nothing is stored.

A few documents are read in this process; many by worker processes, a bounded number of batches ahead. What comes out
stands in the order of the source.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from itertools import chain as joined
from itertools import islice

from chronika.domain.dead_letter import DeadLetter
from chronika.domain.document import Document
from chronika.ports.source import Refusal, SourceOptions
from chronika.runtime.intake import encoded
from chronika.runtime.losses import after_loss
from chronika.runtime.outcomes import DeadLettered, Outcome, Work
from chronika.runtime.plugins import SOURCES, load
from chronika.runtime.pool import WorkerPool
from chronika.runtime.process import chosen_stages, load_chain
from chronika.runtime.settings import Settings
from chronika.runtime.worker_messages import WorkerSetup
from chronika.runtime.worker_process import WorkerLostError
from chronika.wire import decode_document

Article = Document | Refusal
Result = Document | Refusal | DeadLetter
"""A document with all layers, an article that is not taken in, or a document that a stage gave up."""

FEW = 8
"""Articles up to which it does not pay to start workers."""
_BATCHES_A_WORKER = 2
_FILES = "files"


def extract(settings: Settings, sources: Sequence[str], options: SourceOptions) -> Iterator[Result]:
    """Reads the sources; one result an article, in order.

    ConfigurationError when nothing can start. What happens to one document costs that document alone; in this process
    (up to `FEW` articles) this is not so for a stage that ends the process.
    """
    articles = load(SOURCES, _FILES)(sources, options)
    first = list(islice(articles, FEW + 1))
    if len(first) <= FEW:
        return _in_this_process(settings, first)
    return _by_workers(settings, joined(first, articles))


def _in_this_process(settings: Settings, articles: Sequence[Article]) -> Iterator[Result]:
    chain = load_chain(chosen_stages(settings.stages), document_seconds=settings.document_seconds)
    for article in articles:
        if isinstance(article, Refusal):
            yield article
            continue
        taken = _work(article)
        if isinstance(taken, Refusal):
            yield taken
            continue
        (outcome,) = chain.run([taken])
        yield _result(outcome)


def _by_workers(settings: Settings, articles: Iterable[Article]) -> Iterator[Result]:
    setup = WorkerSetup(
        stages=settings.stages,
        document_seconds=settings.document_seconds,
        log_level=settings.log_level,
        log_format=settings.log_format,
    )
    pool = WorkerPool(setup, workers=settings.workers, start_seconds=settings.start_seconds)
    pool.start()
    try:
        yield from _Line(pool, settings).results(articles)
    finally:
        pool.stop(at_once=True)


class _Line:
    """Batches on their way through a pool, in order."""

    def __init__(self, pool: WorkerPool, settings: Settings) -> None:
        self._pool = pool
        self._settings = settings
        self._waiting: deque[tuple[list[Work | Refusal], Future[tuple[Outcome, ...]]]] = deque()

    def results(self, articles: Iterable[Article]) -> Iterator[Result]:
        room = self._settings.workers * _BATCHES_A_WORKER
        batch: list[Work | Refusal] = []
        for article in articles:
            batch.append(article if isinstance(article, Refusal) else _work(article))
            if len(batch) == self._settings.batch_documents:
                self._submit(batch)
                batch = []
            if len(self._waiting) > room:
                yield from self._first()
        if batch:
            self._submit(batch)
        while self._waiting:
            yield from self._first()

    def _submit(self, batch: list[Work | Refusal]) -> None:
        self._waiting.append((batch, self._pool.submit(_works(batch))))

    def _first(self) -> Iterator[Result]:
        """The results of the batch that has waited longest."""
        batch, future = self._waiting.popleft()
        try:
            outcomes = iter(future.result())
        except WorkerLostError:
            outcomes = (self._alone(work) for work in _works(batch))
        for taken in batch:
            yield taken if isinstance(taken, Refusal) else _result(next(outcomes))

    def _alone(self, work: Work) -> Outcome:
        """Tries a document of a lost batch by itself, as often as it may be tried."""
        while True:
            try:
                (outcome,) = self._pool.submit([work]).result()
            except WorkerLostError as loss:
                plan = after_loss([work], loss, max_attempts=self._settings.max_attempts)
                if plan.lost:
                    return plan.lost[0]
                work = replace(work, attempts=work.attempts + 1)
            else:
                return outcome


def _works(batch: Sequence[Work | Refusal]) -> list[Work]:
    return [taken for taken in batch if isinstance(taken, Work)]


def _work(document: Document) -> Work | Refusal:
    payload = encoded(document)
    return payload if isinstance(payload, Refusal) else Work(position=document.source.origin, payload=payload)


def _result(outcome: Outcome) -> Document | DeadLetter:
    return outcome.letter if isinstance(outcome, DeadLettered) else decode_document(outcome.payload)
