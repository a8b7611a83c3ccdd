"""A store in memory: the inbox and the ending of its rows, with the ways to fail that a test asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

from chronika.ports.store import EnqueueResult, Finished, InboxItem, InboxRow, Store, StoreOutcome
from chronika.testing.documents import article
from chronika.wire import encode_document


def _row(number: int, item: InboxItem) -> InboxRow:
    return InboxRow(
        row_id=number, document_id=item.document_id, revision=item.revision, payload=item.payload, attempts=0
    )


class MemoryInbox:
    """What the runner needs of a store. `refuse`, asked for each batch to be finished, may raise."""

    def __init__(self) -> None:
        self.waiting: list[InboxRow] = []
        self.in_hand: dict[int, InboxRow] = {}
        self.finished: list[Finished] = []
        self.transactions: list[int] = []
        self.refuse: Callable[[Sequence[Finished]], None] = lambda _results: None
        self._next = 1

    def enqueue(self, items: Sequence[InboxItem], *, coder_version: str) -> list[EnqueueResult]:
        """As `Store.enqueue`; whatever waits or was stored is known, whoever read it."""
        known = {row.document_id for row in self.waiting} | {
            finished.document.id for finished in self.finished if finished.document
        }
        results: list[EnqueueResult] = []
        for item in items:
            if item.document_id in known:
                results.append(EnqueueResult.UNCHANGED)
                continue
            known.add(item.document_id)
            self.waiting.append(_row(self._next, item))
            self._next += 1
            results.append(EnqueueResult.QUEUED)
        return results

    def put(self, *texts: str) -> None:
        """Lets documents of these texts wait; a text is its document's id."""
        for text in texts:
            document = article(text, document_id=text)
            self.enqueue(
                [InboxItem(document_id=text, revision=document.revision, payload=encode_document(document))],
                coder_version="",
            )

    def take(self, limit: int) -> list[InboxRow]:
        """As `Store.take`."""
        rows = [replace(row, attempts=row.attempts + 1) for row in self.waiting[:limit]]
        del self.waiting[:limit]
        self.in_hand |= {row.row_id: row for row in rows}
        return rows

    def release(self, row_ids: Sequence[int]) -> None:
        """As `Store.release`."""
        rows = [self.in_hand.pop(row_id) for row_id in row_ids]
        self.waiting += [replace(row, attempts=row.attempts - 1) for row in rows]
        self.waiting.sort(key=lambda row: row.row_id)

    def count_attempt(self, row_ids: Sequence[int]) -> list[int]:
        """As `Store.count_attempt`."""
        for row_id in row_ids:
            row = self.in_hand[row_id]
            self.in_hand[row_id] = replace(row, attempts=row.attempts + 1)
        return [self.in_hand[row_id].attempts for row_id in row_ids]

    def finish(self, results: Sequence[Finished]) -> list[StoreOutcome]:
        """As `Store.finish`."""
        self.refuse(results)
        self.transactions.append(len(results))
        self.finished += results
        for result in results:
            self.in_hand.pop(result.row_id)
        return [StoreOutcome.DEAD_LETTER if result.dead_letter else StoreOutcome.STORED for result in results]

    @property
    def as_store(self) -> Store:
        """The same, where a whole store is expected."""
        return cast(Store, self)
