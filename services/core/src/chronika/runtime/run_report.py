"""What a run tells of itself: how far it is, and at its end what became of every input."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from chronika.domain.dead_letter import DeadLetter
from chronika.ports.source import Refusal
from chronika.ports.store import Finished, StoreOutcome
from chronika.runtime.health import Liveness
from chronika.runtime.logs import get_logger
from chronika.runtime.metrics import Metrics

_log = get_logger(__name__)

_RATE_SECONDS = 10.0
"""The rate is that of the last so many seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a run is. `total` and `eta_seconds` are None while nobody can tell; `rate` is documents a second."""

    done: int
    total: int | None
    in_work: int
    refused: int
    dead_letters: int
    events: int
    rate: float
    eta_seconds: float | None
    seconds: float


@dataclass(slots=True, kw_only=True)
class RunSummary:
    """The end of a run. It balances (`balances`):

    inputs + resumed = stored + unchanged + superseded + refused + dead letters + waiting

    `inputs` are what the sources yielded in this run; `resumed` are rows of the inbox that an earlier run left behind;
    `waiting` are rows that this run leaves behind because it was interrupted. `unchanged` counts what the store held
    already, `superseded` what it holds in a newer revision or by a newer coder. `refused` counts by code,
    `dead_letters` by stage and code. `seconds` is the time of the whole run.
    """

    inputs: int = 0
    resumed: int = 0
    stored: int = 0
    unchanged: int = 0
    superseded: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    dead_letters: Counter[tuple[str, str]] = field(default_factory=Counter)
    waiting: int = 0
    events: int = 0
    seconds: float = 0.0
    interrupted: bool = False

    @property
    def done(self) -> int:
        """Inputs that have come to an end."""
        ended = self.stored + self.unchanged + self.superseded
        return ended + self.refused.total() + self.dead_letters.total()

    @property
    def balances(self) -> bool:
        """Whether every input is accounted for."""
        return self.inputs + self.resumed == self.done + self.waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Observer:
    """Who is told while a run goes on; called from the thread that runs it."""

    progress: Callable[[Progress], None] | None = None
    refusal: Callable[[Refusal], None] | None = None
    dead_letter: Callable[[DeadLetter], None] | None = None


class Account:
    """Books the end of every input: in the summary, in the metrics, and to the observer."""

    def __init__(self, *, metrics: Metrics, liveness: Liveness, observer: Observer) -> None:
        self.summary = RunSummary()
        self._metrics = metrics
        self._liveness = liveness
        self._observer = observer

    def refused(self, refusal: Refusal) -> None:
        """An article was not taken in."""
        self.summary.refused[refusal.code] += 1
        self._ended("refused", refusal.code)
        _log.info("input refused", origin=refusal.origin, code=refusal.code, reason=refusal.message)
        if self._observer.refusal is not None:
            self._observer.refusal(refusal)

    def known(self) -> None:
        """An article is in the store, or in the inbox, already."""
        self.summary.unchanged += 1
        self._ended(StoreOutcome.UNCHANGED)

    def finished(self, finished: Finished, outcome: StoreOutcome) -> None:
        """An inbox row was ended by the store."""
        self._metrics.traced(finished.trace)
        if finished.dead_letter is not None:
            self._lost(finished.dead_letter)
        elif outcome is StoreOutcome.STORED and finished.document is not None:
            self.summary.stored += 1
            self.summary.events += len(finished.document.events.events) if finished.document.events else 0
            self._metrics.stored(finished.document)
            self._ended(outcome)
        elif outcome is StoreOutcome.SUPERSEDED:
            self.summary.superseded += 1
            self._ended(outcome)
        else:
            self.known()

    def _lost(self, letter: DeadLetter) -> None:
        self.summary.dead_letters[letter.stage, letter.code] += 1
        self._metrics.dead_letter(letter)
        self._ended(StoreOutcome.DEAD_LETTER, letter.code)
        _log.warning("dead letter", document_id=letter.document_id, stage=letter.stage, reason=letter.message)
        if self._observer.dead_letter is not None:
            self._observer.dead_letter(letter)

    def _ended(self, outcome: str, reason: str = "") -> None:
        self._metrics.input_ended(outcome, reason=reason)
        self._liveness.progressed()


class Pace:
    """Measures how fast documents come to an end."""

    def __init__(self) -> None:
        self._started = monotonic()
        self._marks: deque[tuple[float, int]] = deque([(self._started, 0)])

    @property
    def seconds(self) -> float:
        """Since the beginning."""
        return monotonic() - self._started

    def rate(self, done: int) -> float:
        """Documents a second, of late."""
        now = monotonic()
        self._marks.append((now, done))
        while len(self._marks) > 2 and self._marks[1][0] < now - _RATE_SECONDS:
            self._marks.popleft()
        then, before = self._marks[0]
        return (done - before) / (now - then) if now > then else 0.0


def progress_of(summary: RunSummary, *, total: int | None, in_work: int, pace: Pace) -> Progress:
    """The state of a run that goes on."""
    rate = pace.rate(summary.done)
    eta = (total - summary.done) / rate if total is not None and rate > 0 else None
    return Progress(
        done=summary.done,
        total=total,
        in_work=in_work,
        refused=summary.refused.total(),
        dead_letters=summary.dead_letters.total(),
        events=summary.events,
        rate=rate,
        eta_seconds=None if eta is None else max(0.0, eta),
        seconds=pace.seconds,
    )
