"""Runs everything in one process tree without a bus: sources, inbox, workers, store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from chronika.domain.dead_letter import DeadLetter
from chronika.ports.source import Refusal, SourceOptions
from chronika.runtime.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a run is. `total` and `eta_seconds` are None while nobody can tell; `rate` is documents a second."""

    done: int
    total: int | None
    in_flight: int
    dead_letters: int
    refused: int
    events: int
    rate: float
    eta_seconds: float | None
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """The end of a run. It balances (`balances`):

    inputs + resumed = stored + unchanged + superseded + refused + dead letters + waiting

    `inputs` are what the sources yielded in this run; `resumed` are rows of the inbox that an earlier run left behind;
    `waiting` are rows that this run leaves behind because it was interrupted. `unchanged` counts what the store held
    already, `superseded` what it holds in a newer revision or by a newer coder. Keys of the counters are stable codes;
    a dead letter's key is its stage and code.
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
    def balances(self) -> bool:
        """Whether every input is accounted for."""
        ends = self.stored + self.unchanged + self.superseded + self.refused.total() + self.dead_letters.total()
        return self.inputs + self.resumed == ends + self.waiting


def run_embedded(
    settings: Settings,
    sources: Sequence[str],
    options: SourceOptions,
    *,
    progress: Callable[[Progress], None] | None = None,
    on_refusal: Callable[[Refusal], None] | None = None,
    on_dead_letter: Callable[[DeadLetter], None] | None = None,
) -> RunSummary:
    """Reads all sources into the store and returns when the inbox is empty, or after an interrupt has drained it.

    The callbacks are called from the calling thread: `progress` a few times a second and once at the end,
    `on_refusal` and `on_dead_letter` for each. Called in the main thread it takes SIGINT and SIGTERM for its time: the
    first drains (what is in work is finished and stored, the rest stays in the inbox), the second stops at once
    (nothing is lost: what was in work is read again by the next run).

    ConfigurationError when nothing can start (a setting, a missing model, stages that do not fit, another run on the
    same store: `store-in-use`); StoreError when the store cannot be opened or written (`disk-full` among others).
    """
    raise NotImplementedError
