"""Decides what becomes of the documents of a worker that was lost.

A batch says nothing about which of its documents is at fault, so each is tried alone. A document that overruns its time
alone is given up. One that ends its worker alone is tried until its attempts are used up, since somebody else may have
killed the worker. Whoever tries again counts the attempt first, before any work is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chronika.domain.errors import ChronikaError, StageError
from chronika.runtime.outcomes import DeadLettered, Work, given_up
from chronika.runtime.worker_process import LossCause, WorkerLostError, ending
from chronika.wire import decode_identity


@dataclass(frozen=True, slots=True, kw_only=True)
class LossPlan:
    """Documents to try again, each alone, and documents to give up."""

    retry: tuple[Work, ...] = ()
    lost: tuple[DeadLettered, ...] = ()


def after_loss(batch: Sequence[Work], loss: WorkerLostError, *, max_attempts: int) -> LossPlan:
    """What becomes of a batch whose worker was lost."""
    if len(batch) > 1:
        return LossPlan(retry=tuple(batch))
    (work,) = batch
    if loss.cause is LossCause.CRASH and work.attempts < max_attempts:
        return LossPlan(retry=(work,))
    return LossPlan(lost=(given_up(work, _reason(work, loss), stage=loss.stage),))


def _reason(work: Work, loss: WorkerLostError) -> StageError:
    if loss.cause is LossCause.TIMEOUT:
        return StageError(
            "stage-timeout",
            f"{loss.stage} did not finish within {loss.seconds:.1f} s and its process was ended",
            cure="Raise document_seconds if the document is merely large, then replay it.",
            document_id=_document_id(work),
            retryable=True,
        )
    return StageError(
        "worker-crashed",
        f"{loss.stage} ended its process, alone with this document: {ending(loss.exit_code)}",
        cure="If memory ran out, give more or use fewer workers, then replay it; else report a fault of the stage.",
        document_id=_document_id(work),
        retryable=True,
    )


def _document_id(work: Work) -> str:
    try:
        return decode_identity(work.payload)[0]
    except ChronikaError:
        return ""
