"""Documents for tests, as ingest would make them."""

from __future__ import annotations

from datetime import UTC, datetime

from chronika.domain.document import Document, SourceLayer
from chronika.domain.identity import digest, revision_of
from chronika.runtime.outcomes import Work
from chronika.wire import encode_document

NOON = datetime(2025, 8, 22, 12, 0, tzinfo=UTC)
"""When these documents were read and published."""


def article(text: str, *, document_id: str = "", title: str = "", origin: str = "test") -> Document:
    """A document with its source layer; its id is made from the text unless it is given."""
    return Document(
        id=document_id or digest("test", text),
        revision=revision_of(text),
        source=SourceLayer(text=text, title=title, origin=origin, published=NOON, ingested=NOON),
    )


def work(document: Document, *, position: str = "test/1", attempts: int = 1) -> Work:
    """The document on its way into a stage."""
    return Work(position=position, payload=encode_document(document), attempts=attempts)
