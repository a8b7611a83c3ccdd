"""Letting documents into the inbox, and booking those that do not get in."""

from __future__ import annotations

from dataclasses import replace

from chronika.ports.source import Refusal
from chronika.runtime.health import Liveness
from chronika.runtime.intake import let_in
from chronika.runtime.metrics import Metrics
from chronika.runtime.reading import Article
from chronika.runtime.run_report import Account, Observer
from chronika.testing.documents import article
from chronika.testing.memory_inbox import MemoryInbox
from chronika.wire import decode_document


def _let_in(store: MemoryInbox, *articles: Article) -> tuple[int, Account, list[Refusal]]:
    told: list[Refusal] = []
    metrics = Metrics()
    account = Account(metrics=metrics, liveness=Liveness(stalled_seconds=1), observer=Observer(refusal=told.append))
    queued = let_in(articles, store=store.as_store, account=account, metrics=metrics, coder_version="1")
    return queued, account, told


def test_every_article_is_booked_once(store: MemoryInbox) -> None:
    store.put("known")
    refusal = Refusal(origin="b.txt", code="empty", message="nothing there", cure="Remove it.")
    queued, account, told = _let_in(
        store, article("a", document_id="a"), refusal, article("known", document_id="known")
    )
    summary = account.summary
    assert queued == 1
    assert (summary.inputs, summary.unchanged, summary.refused) == (3, 1, {"empty": 1})
    assert told == [refusal]
    assert decode_document(store.waiting[-1].payload) == article("a", document_id="a")


def test_an_article_that_cannot_be_written_down_is_refused(store: MemoryInbox) -> None:
    document = article("a")
    broken = replace(document, source=replace(document.source, title="half \ud83d"))
    queued, account, told = _let_in(store, broken, article("b"))
    assert queued == 1
    assert account.summary.refused == {"not-encodable": 1}
    assert told[0].origin == "test"
    assert told[0].cure
