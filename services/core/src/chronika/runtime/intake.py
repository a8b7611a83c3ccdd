"""Lets documents from the source into the inbox, a bounded batch at a time."""

from __future__ import annotations

from collections.abc import Sequence

from chronika.domain.document import Document
from chronika.ports.source import Refusal
from chronika.ports.store import EnqueueResult, InboxItem, Store
from chronika.runtime.metrics import Metrics
from chronika.runtime.reading import Article
from chronika.runtime.run_report import Account
from chronika.wire import encode_document

LET_IN = 64
"""Documents that are let in in one transaction at most."""


def let_in(articles: Sequence[Article], *, store: Store, account: Account, metrics: Metrics, coder_version: str) -> int:
    """Puts what is new into the inbox and books the rest; how many documents wait there because of it."""
    account.summary.inputs += len(articles)
    items = []
    for article in articles:
        item = article if isinstance(article, Refusal) else _encoded(article)
        if isinstance(item, Refusal):
            account.refused(item)
        else:
            items.append(item)
    if not items:
        return 0
    with metrics.store_operation("enqueue"):
        results = store.enqueue(items, coder_version=coder_version)
    for result in results:
        if result is EnqueueResult.UNCHANGED:
            account.known()
    return results.count(EnqueueResult.QUEUED)


def _encoded(document: Document) -> InboxItem | Refusal:
    payload = encoded(document)
    if isinstance(payload, Refusal):
        return payload
    return InboxItem(document_id=document.id, revision=document.revision, payload=payload)


def encoded(document: Document) -> bytes | Refusal:
    """A document as it travels, or the refusal of what cannot be written down."""
    try:
        return encode_document(document)
    except ValueError as error:  # half a character in a title or an author, a date outside of the calendar
        return Refusal(
            origin=document.source.origin,
            code="not-encodable",
            message=f"the article cannot be written down: {error}",
            cure="Give its text and metadata in UTF-8, and its date between the years 1 and 9999.",
        )
