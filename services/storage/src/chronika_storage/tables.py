"""Whole tables, row by row, for exports and for comparing two stores: what they hold, not the numbers they hold it
under.

Rows come in pages of their own transactions, so a slow reader holds nothing back; a row that is written meanwhile may
be among them or not. Clock columns (`ingested`, `stored`, `changed`) and `attempts` differ between two stores of the
same articles, the rest does not. `sequence` numbers the feed of one store.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, select, tuple_

from chronika.domain.errors import StoreError
from chronika.wire import decode_document, encode_document
from chronika_storage.database import Database
from chronika_storage.questions import copy_of_column
from chronika_storage.schema import changes, document_messages, documents, entities, event_messages, events, mentions

PAGE = 500

Cells = dict[str, object]


@dataclass(frozen=True, slots=True)
class _Listing:
    """How a table is read: its query, the columns that it is sorted and paged by, and what is made of a row."""

    query: Select[Any]
    key: tuple[str, ...]
    finish: Callable[[Cells], Cells] = lambda row: row


def rows_of(database: Database, name: str) -> Iterator[Cells]:
    """The rows of a table, sorted by its key. StoreError `table-unknown`."""
    listing = _LISTINGS.get(name)
    if listing is None:
        raise StoreError("table-unknown", f"there is no table {name!r}", cure=f"Ask for {', '.join(_LISTINGS)}.")
    return _rows(database, listing)


def _rows(database: Database, listing: _Listing) -> Iterator[Cells]:
    columns = [listing.query.selected_columns[name] for name in listing.key]
    query = listing.query.order_by(*columns).limit(PAGE)
    after: tuple[object, ...] | None = None
    while True:
        page = query if after is None else query.where(tuple_(*columns) > after)
        with database.reading() as connection:
            rows = [dict(row._mapping) for row in connection.execute(page)]
        for row in rows:
            yield listing.finish(dict(row))
        if len(rows) < PAGE:
            return
        after = tuple(rows[-1][name] for name in listing.key)


def _with_content(row: Cells) -> Cells:
    """Instead of the message (which holds the time of ingest) a hash of all the rest that it holds."""
    payload = row.pop("payload")
    assert isinstance(payload, bytes)
    document = decode_document(payload)
    timeless = replace(document, source=replace(document.source, ingested=None))
    return row | {"content_sha256": hashlib.sha256(encode_document(timeless)).hexdigest()}


_DOCUMENTS: Select[Any] = select(
    documents.c.document_id,
    documents.c.revision,
    documents.c.current,
    documents.c.coder_version,
    documents.c.codebook_version,
    documents.c.language,
    documents.c.title,
    documents.c.outlet,
    documents.c.url,
    documents.c.published,
    copy_of_column(),
    documents.c.ingested,
    documents.c.stored,
    document_messages.c.payload,
).join_from(documents, document_messages, document_messages.c.document == documents.c.number)
_MENTIONS: Select[Any] = select(
    documents.c.document_id,
    documents.c.revision,
    *(column for column in mentions.columns if column.name != "document"),
).join_from(mentions, documents, mentions.c.document == documents.c.number)
_EVENTS: Select[Any] = (
    select(
        documents.c.document_id,
        documents.c.revision,
        *(column for column in events.columns if column.name != "document"),
        event_messages.c.evidence_text,
        event_messages.c.payload,
    )
    .join_from(events, event_messages)
    .join(documents, events.c.document == documents.c.number)
)

_LISTINGS = {
    "documents": _Listing(_DOCUMENTS, ("document_id", "revision"), _with_content),
    "mentions": _Listing(_MENTIONS, ("document_id", "position")),
    "entities": _Listing(select(*entities.columns), ("entity_id", "kind", "name")),
    "events": _Listing(_EVENTS, ("event_id",)),
    "changes": _Listing(select(*changes.columns), ("sequence",)),
}
