"""Storing what the stages made: in batches, and a document that cannot be stored costs itself alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chronika.domain.dead_letter import DeadLetter
from chronika.domain.document import LanguageLayer
from chronika.domain.errors import StageError, StoreError
from chronika.ports.store import Finished, InboxRow, TraceStep
from chronika.runtime.dispatch import Ended, work_of
from chronika.runtime.finishing import Finishing
from chronika.runtime.health import Liveness
from chronika.runtime.metrics import Metrics
from chronika.runtime.outcomes import Produced, given_up
from chronika.runtime.run_report import Account, Observer
from chronika.testing.documents import article
from chronika.testing.memory_inbox import MemoryInbox
from chronika.wire import encode_document, encode_layer

RUSSIAN = encode_layer(LanguageLayer(language="ru", confidence=1.0, guess="ru"))


class Desk:
    """Finishing over the memory store, with its account."""

    def __init__(self, store: MemoryInbox, *, documents: int = 10, seconds: float = 60.0) -> None:
        self.store = store
        self.metrics = Metrics()
        self.account = Account(metrics=self.metrics, liveness=Liveness(stalled_seconds=1), observer=Observer())
        self.finishing = Finishing(
            store=store.as_store, account=self.account, documents=documents, seconds=seconds, metrics=self.metrics
        )

    def end(self, *texts: str, spoilt: bytes = b"") -> None:
        self.store.put(*texts)
        self.finishing.hold([self._ended(row, spoilt) for row in self.store.take(len(texts))])

    def _ended(self, row: InboxRow, spoilt: bytes) -> Ended:
        step = TraceStep(stage="detect", outcome="produced", started=datetime.now(UTC), seconds=0.1)
        outcome = Produced(position=f"inbox/{row.row_id}", payload=row.payload + RUSSIAN + spoilt, trace=(step,))
        return Ended(row, outcome)

    @property
    def letters(self) -> list[tuple[str, str, str]]:
        found = [finished.dead_letter for finished in self.store.finished if finished.dead_letter]
        return [(letter.document_id, letter.stage, letter.code) for letter in found]


@pytest.fixture
def desk(store: MemoryInbox) -> Desk:
    return Desk(store)


def refusing(text: str, error: Callable[[], Exception], *, letters_too: bool = False) -> Callable[..., None]:
    def refuse(results: Sequence[Finished]) -> None:
        for result in results:
            if result.dead_letter is not None and letters_too:
                raise error()
            if result.document is not None and result.document.id == text:
                raise error()

    return refuse


def test_a_transaction_waits_for_enough_documents(store: MemoryInbox) -> None:
    desk = Desk(store, documents=3)
    desk.end("a", "b")
    desk.finishing.commit_due(at_once=False)
    assert desk.store.transactions == []
    desk.end("c", "d")
    desk.finishing.commit_due(at_once=False)
    assert desk.store.transactions == [3]
    desk.finishing.commit_due(at_once=True)
    assert desk.store.transactions == [3, 1]
    assert desk.finishing.is_empty
    assert desk.account.summary.stored == 4


def test_a_transaction_does_not_wait_for_ever(store: MemoryInbox) -> None:
    desk = Desk(store, seconds=0.0)
    desk.end("a")
    desk.finishing.commit_due(at_once=False)
    assert desk.store.transactions == [1]


def test_what_is_stored_holds_document_bytes_and_trace(desk: Desk) -> None:
    desk.end("Встреча прошла.")
    desk.finishing.commit_due(at_once=True)
    (finished,) = desk.store.finished
    assert finished.document == replace(
        article("Встреча прошла.", document_id="Встреча прошла."),
        language=LanguageLayer(language="ru", confidence=1.0, guess="ru"),
    )
    assert finished.payload.endswith(RUSSIAN)
    assert [(step.stage, step.outcome) for step in finished.trace] == [("ingest", "produced"), ("detect", "produced")]
    assert desk.metrics.value("chronika_inputs_total", "stored", "") == 1


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "news/a.txt; replaced-nul"), ("windows-1251", "news/a.txt; windows-1251; replaced-nul")],
)
def test_encoding_and_warnings_of_ingest_begin_the_trace(store: MemoryInbox, encoding: str, told: str) -> None:
    document = article("a", document_id="a", origin="news/a.txt")
    document = replace(document, source=replace(document.source, encoding=encoding, warnings=("replaced-nul",)))
    desk = Desk(store)
    desk.store.put("a")
    (row,) = desk.store.take(1)
    payload = encode_document(document)
    desk.finishing.hold([Ended(replace(row, payload=payload), Produced(position="inbox/1", payload=payload, trace=()))])
    desk.finishing.commit_due(at_once=True)
    assert desk.store.finished[0].trace[0].detail == told


@pytest.mark.parametrize(
    "error", [lambda: ValueError("out of range"), lambda: StoreError("store-failed", "constraint")]
)
def test_a_document_that_cannot_be_stored_costs_itself_alone(error: Callable[[], Exception], desk: Desk) -> None:
    desk.store.refuse = refusing("b", error)
    desk.end("a", "b", "c")
    desk.finishing.commit_due(at_once=True)
    assert desk.letters == [("b", "storage", "store-failed")]
    letter = next(finished.dead_letter for finished in desk.store.finished if finished.dead_letter)
    assert letter.payload == encode_document(article("b", document_id="b")), "what came in, to be replayed"
    assert [finished.document.id for finished in desk.store.finished if finished.document] == ["a", "c"]
    assert desk.account.summary.dead_letters == {("storage", "store-failed"): 1}


def test_a_store_that_is_full_ends_the_run_and_costs_no_document(desk: Desk) -> None:
    def full() -> StoreError:
        return StoreError("store-full", "no space", retryable=True)

    desk.store.refuse = refusing("b", full)
    desk.end("a", "b", "c")
    with pytest.raises(StoreError, match="store-full"):
        desk.finishing.commit_due(at_once=True)
    assert desk.store.finished == []
    assert len(desk.store.in_hand) == 3


def test_when_not_even_a_dead_letter_can_be_written_the_store_is_at_fault(desk: Desk) -> None:
    desk.store.refuse = refusing("b", lambda: StoreError("store-corrupt", "damaged"), letters_too=True)
    desk.end("a", "b")
    with pytest.raises(StoreError, match="store-corrupt"):
        desk.finishing.commit_due(at_once=True)
    assert desk.letters == []


def test_layers_that_cannot_be_read_back_cost_the_document(desk: Desk) -> None:
    desk.end("a", spoilt=b"\xff\xff")
    desk.finishing.commit_due(at_once=True)
    assert desk.letters == [("a", "storage", "undecodable")]


def test_dead_letters_of_stages_are_stored_and_told(store: MemoryInbox) -> None:
    told: list[DeadLetter] = []
    desk = Desk(store)
    desk.account = Account(
        metrics=desk.metrics, liveness=Liveness(stalled_seconds=1), observer=Observer(dead_letter=told.append)
    )
    desk.finishing = Finishing(store=store.as_store, account=desk.account, documents=5, seconds=1, metrics=desk.metrics)
    store.put("a")
    (row,) = store.take(1)
    error = StageError("too-deep", "it went on and on", document_id="a")
    desk.finishing.hold([Ended(row, given_up(work_of(row), error, stage="ner"))])
    desk.finishing.commit_due(at_once=True)
    assert [letter.code for letter in told] == ["too-deep"]
    assert desk.account.summary.dead_letters == {("ner", "too-deep"): 1}
    assert desk.metrics.value("chronika_dead_letters_total", "ner", "too-deep") == 1
    assert desk.metrics.value("chronika_inputs_total", "dead-letter", "too-deep") == 1
