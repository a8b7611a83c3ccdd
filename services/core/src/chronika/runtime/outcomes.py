"""What goes into the stages and what comes out, for both runners."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from chronika.domain.dead_letter import DeadLetter, dead_letter
from chronika.domain.errors import ChronikaError
from chronika.ports.store import TraceStep


@dataclass(frozen=True, slots=True, kw_only=True)
class StageInfo:
    """What a stage says of itself, without the stage."""

    name: str
    adds: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A document on its way into the stages: its bytes, where they were read, and how often they were tried."""

    position: str
    payload: bytes
    attempts: int = 1
    traceparent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Produced:
    """At least one stage added its layer: `payload` is what came in with the layers appended."""

    position: str
    payload: bytes
    trace: tuple[TraceStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """The document has every layer already: `payload` is what came in."""

    position: str
    payload: bytes
    trace: tuple[TraceStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLettered:
    """The document was given up."""

    position: str
    letter: DeadLetter
    trace: tuple[TraceStep, ...]


Outcome = Produced | Skipped | DeadLettered


def given_up(work: Work, error: ChronikaError, *, stage: str, trace: tuple[TraceStep, ...] = ()) -> DeadLettered:
    """The outcome of a document that `stage` gave up, with the bytes that came in; `trace` is its way until then."""
    now = datetime.now(UTC)
    letter = dead_letter(
        error, stage=stage, payload=work.payload, position=work.position, attempts=work.attempts, failed=now
    )
    step = TraceStep(stage=stage, outcome="dead-letter", detail=error.code, started=now, seconds=0.0)
    return DeadLettered(
        position=work.position, letter=replace(letter, traceparent=work.traceparent), trace=(*trace, step)
    )
