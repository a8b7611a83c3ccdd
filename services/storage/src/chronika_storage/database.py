"""What the store asks of a database beyond SQL that all speak: transactions, the text index, upserts, one runner.

One module implements it for each database (`sqlite`); everything else is written once, over SQLAlchemy Core.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import islice
from typing import Protocol, TypeVar

from sqlalchemy import Column, Connection, Select, Table

from chronika_storage.words import Group

T = TypeVar("T")

_BATCH = 500


def batches(values: Iterable[T]) -> Iterator[list[T]]:
    """Values in lists that are short enough for one `IN (...)`, whose length every database limits."""
    remaining = iter(values)
    while batch := list(islice(remaining, _BATCH)):
        yield batch


class Database(Protocol):
    """A database that is open and holds the tables of this version. Its errors are StoreErrors with a cure."""

    @property
    def location(self) -> str:
        """Where it is, for a person."""
        ...

    def reading(self) -> AbstractContextManager[Connection]:
        """One consistent view; short, for a reader must not hold back the upkeep of the database."""
        ...

    def writing(self) -> AbstractContextManager[Connection]:
        """One transaction, alone among writers: committed at the end, rolled back on any error."""
        ...

    def hold_runner(self) -> None:
        """Makes this store the one that works on the inbox until it is closed or its process is gone.

        StoreError `store-in-use` while another process is.
        """
        ...

    def index_words(self, connection: Connection, number: int, words: Sequence[str]) -> None:
        """Makes a document findable by its words (folded)."""
        ...

    def forget_words(self, connection: Connection, number: int) -> None:
        """Takes a document out of the text index."""
        ...

    def holding(self, groups: Sequence[Group]) -> Select[tuple[int]]:
        """Numbers of the documents that hold a word of each group."""
        ...

    def insert_plain(self, connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
        """Inserts rows of strings, numbers, truths and bytes (not of instants or days), all with the same columns.

        Most rows of a document are such; the driver takes them as they are, at half of what each costs otherwise.
        """
        ...

    def add_counts(
        self, connection: Connection, table: Table, rows: Sequence[Mapping[str, object]], *, counter: Column[int]
    ) -> None:
        """Adds to a counter of rows, which are made when they are not there."""
        ...

    def close(self) -> None:
        """Gives everything back."""
        ...
