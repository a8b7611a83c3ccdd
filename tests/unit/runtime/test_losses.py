"""What becomes of the documents of a worker that was lost."""

from __future__ import annotations

import signal

from chronika.runtime.losses import after_loss
from chronika.runtime.outcomes import Work
from chronika.runtime.worker_process import LossCause, WorkerLostError
from chronika.testing.documents import article, work

CRASH = WorkerLostError(LossCause.CRASH, stage="ner", seconds=0.1, exit_code=-signal.SIGSEGV)
TIMEOUT = WorkerLostError(LossCause.TIMEOUT, stage="ner", seconds=62.0, exit_code=-signal.SIGKILL)


def _work(text: str, attempts: int = 1) -> Work:
    return work(article(text), position=f"inbox/{text}", attempts=attempts)


def test_of_a_batch_each_document_is_tried_again_however_often_it_was() -> None:
    batch = [_work("a", 9), _work("b")]
    for loss in (CRASH, TIMEOUT):
        plan = after_loss(batch, loss, max_attempts=3)
        assert plan.retry == tuple(batch)
        assert plan.lost == ()


def test_a_document_that_crashes_alone_is_tried_until_its_attempts_are_used_up() -> None:
    assert after_loss([_work("a", 2)], CRASH, max_attempts=3).retry == (_work("a", 2),)
    plan = after_loss([_work("a", 3)], CRASH, max_attempts=3)
    assert plan.retry == ()
    (lost,) = plan.lost
    letter = lost.letter
    assert (letter.code, letter.stage, letter.attempts) == ("worker-crashed", "ner", 3)
    assert letter.document_id == article("a").id
    assert letter.retryable
    assert "SIGSEGV" in letter.message
    assert [(step.stage, step.outcome) for step in lost.trace] == [("ner", "dead-letter")]


def test_a_document_that_overruns_its_time_alone_is_given_up_at_once() -> None:
    (lost,) = after_loss([_work("a", 1)], TIMEOUT, max_attempts=3).lost
    assert (lost.letter.code, lost.letter.attempts) == ("stage-timeout", 1)
    assert "62.0 s" in lost.letter.message


def test_bytes_that_are_no_document_can_be_given_up_too() -> None:
    (lost,) = after_loss([Work(position="inbox/1", payload=b"\xff", attempts=3)], CRASH, max_attempts=3).lost
    assert (lost.letter.document_id, lost.letter.payload) == ("", b"\xff")
