"""Between inbox and workers: attempts are counted before the work, and nothing in hand is lost."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from typing import cast

import pytest

from chronika.domain.errors import ConfigurationError
from chronika.runtime.dispatch import Dispatch
from chronika.runtime.metrics import Metrics
from chronika.runtime.outcomes import DeadLettered, Outcome, Produced, Work
from chronika.runtime.pool import WorkerPool
from chronika.runtime.worker_process import LossCause, WorkerLostError
from chronika.testing.memory_inbox import MemoryInbox

CRASH = WorkerLostError(LossCause.CRASH, stage="ner", seconds=0.1, exit_code=3)


class Hands:
    """A pool whose batches end as the test says."""

    def __init__(self) -> None:
        self.batches: list[tuple[Sequence[Work], Future[tuple[Outcome, ...]]]] = []

    def submit(self, batch: Sequence[Work]) -> Future[tuple[Outcome, ...]]:
        future: Future[tuple[Outcome, ...]] = Future()
        self.batches.append((batch, future))
        return future

    def sizes(self) -> list[int]:
        return [len(batch) for batch, _ in self.batches]

    def produce(self) -> None:
        """Ends the oldest batch well."""
        batch, future = self.batches.pop(0)
        future.set_result(tuple(Produced(position=work.position, payload=work.payload, trace=()) for work in batch))

    def fail(self, error: Exception) -> list[int]:
        """Ends the oldest batch badly; the attempts that its documents had."""
        batch, future = self.batches.pop(0)
        future.set_exception(error)
        return [work.attempts for work in batch]


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def dispatch(store: MemoryInbox, hands: Hands) -> Dispatch:
    return Dispatch(
        store=store.as_store,
        pool=cast(WorkerPool, hands),
        workers=2,
        batch_documents=3,
        max_attempts=3,
        metrics=Metrics(),
        on_done=lambda: None,
    )


def test_work_is_bounded_and_spread(store: MemoryInbox, hands: Hands, dispatch: Dispatch) -> None:
    store.put(*(f"text {number}" for number in range(20)))
    assert dispatch.hand_out() == 12
    assert hands.sizes() == [3, 3, 3, 3]
    assert dispatch.hand_out() is None
    hands.produce()
    assert len(dispatch.collect()) == 3
    assert dispatch.hand_out() == 3
    assert dispatch.documents == 12
    assert len(store.waiting) == 5


def test_a_few_documents_are_shared_by_all_workers(store: MemoryInbox, hands: Hands, dispatch: Dispatch) -> None:
    store.put("a", "b", "c", "d", "e")
    assert dispatch.hand_out() == 5
    assert hands.sizes() == [2, 2, 1]
    assert dispatch.hand_out() == 0


def test_after_a_loss_each_document_is_tried_alone_with_its_attempt_counted(
    store: MemoryInbox,
    hands: Hands,
    dispatch: Dispatch,
) -> None:
    store.put("a", "b", "c", "d", "e", "f", "g", "h", "i")
    dispatch.hand_out()
    assert hands.fail(CRASH) == [1, 1, 1]
    assert dispatch.collect() == []
    assert hands.sizes() == [3, 3, 1, 1, 1]
    assert [row.attempts for row in store.in_hand.values()] == [2, 2, 2, 1, 1, 1, 1, 1, 1]
    hands.produce()
    hands.produce()
    assert hands.fail(CRASH) == [2]
    hands.produce()
    hands.produce()
    assert len(dispatch.collect()) == 8
    assert hands.fail(CRASH) == [3]
    (ended,) = dispatch.collect()
    assert isinstance(ended.outcome, DeadLettered)
    assert (ended.row.document_id, ended.outcome.letter.attempts) == ("a", 3)
    assert dispatch.documents == 0


def test_what_no_worker_has_begun_goes_back_without_an_attempt(
    store: MemoryInbox, hands: Hands, dispatch: Dispatch
) -> None:
    store.put("a", "b", "c", "d", "e", "f")
    dispatch.hand_out()
    assert hands.batches[0][1].set_running_or_notify_cancel()
    dispatch.cancel_waiting()
    assert dispatch.collect() == []
    assert [row.document_id for row in store.waiting] == ["c", "d", "e", "f"]
    assert [row.attempts for row in store.waiting] == [0, 0, 0, 0]
    hands.produce()
    assert len(dispatch.collect()) == 2


def test_when_no_worker_starts_any_more_everything_in_hand_can_be_given_back(
    store: MemoryInbox,
    hands: Hands,
    dispatch: Dispatch,
) -> None:
    store.put("a", "b", "c", "d", "e", "f")
    dispatch.hand_out()
    hands.fail(ConfigurationError("worker-not-started", "no memory"))
    with pytest.raises(ConfigurationError, match="worker-not-started"):
        dispatch.collect()
    dispatch.leave()
    assert [row.document_id for row in store.waiting] == ["a", "b", "c", "d", "e", "f"]
    assert store.in_hand == {}
