"""The port of a store: it owns the truth about documents and events, and the inbox of the embedded runner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, Self

from chronika.domain.change import EventChange
from chronika.domain.dead_letter import DeadLetter
from chronika.domain.document import Document
from chronika.domain.event import Event, EventType, RealisValue


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceStep:
    """What happened to a document at a stage: `outcome` is "produced", "skipped", "dead-letter", "stored", "unchanged"
    or "superseded"; `detail` says more for a person (a warning, a cut sentence, an error code)."""

    stage: str
    outcome: str
    detail: str = ""
    started: datetime
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxItem:
    """A document on its way in: the encoded `chronika.v1.Document` as ingest made it."""

    document_id: str
    revision: str
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """A waiting document. `attempts` counts the tries that ended badly and the one that was counted for this taking."""

    row_id: int
    document_id: str
    revision: str
    payload: bytes
    attempts: int


class EnqueueResult(StrEnum):
    """What became of an item of `Store.enqueue`."""

    QUEUED = "queued"
    UNCHANGED = "unchanged"
    """The store holds this revision, read by this coder or a newer one (or it waits in the inbox already)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The end of an inbox row: an extracted document to store, or a dead letter. Exactly one of the two is set.

    `payload` holds the encoded document with all its layers (fields of a newer schema included), as it is kept.
    """

    row_id: int
    document: Document | None = None
    payload: bytes = b""
    dead_letter: DeadLetter | None = None
    trace: tuple[TraceStep, ...] = ()


class StoreOutcome(StrEnum):
    """What became of a finished row."""

    STORED = "stored"
    UNCHANGED = "unchanged"
    """The same revision by the same coder was there already."""
    SUPERSEDED = "superseded"
    """A newer revision, or this one by a newer coder, is there: kept as it is."""
    DEAD_LETTER = "dead-letter"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Narrows events; an empty field does not narrow. Values within a field are alternatives, fields must all hold.

    `actors` and `recipients` hold codes ("UKR"), codes with a sector ("UKR GOV"), ids of entities or names, without
    regard to case. `from_date` and `to_date` bound the days of the event's own time, which must share a day with them
    ("2025-08" covers the month); an event without a time falls back on the day of publication. `text` holds words that
    the document must hold as they are written there or as lemmas; a word may have alternatives, by which a caller who
    can lemmatise lets any form match any other: "санкциями|санкция". Background events and denied ones are left out
    unless asked for (naming denied in `realis` asks for them).
    """

    types: frozenset[EventType] = frozenset()
    actors: frozenset[str] = frozenset()
    recipients: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    from_date: date | None = None
    to_date: date | None = None
    realis: frozenset[RealisValue] = frozenset()
    languages: frozenset[str] = frozenset()
    text: str = ""
    include_background: bool = False
    include_denied: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent:
    """An event with where it was read; `published_zone` is the zone that the source gave with the instant."""

    event: Event
    document_id: str
    revision: str
    title: str
    outlet: str
    url: str
    published: datetime | None
    published_zone: str = ""
    language: str
    evidence_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage:
    """A page of events, newest first; `next_token` is empty on the last. `left_out` counts the events that the filter
    would hold if background and denied ones were asked for."""

    events: tuple[StoredEvent, ...]
    next_token: str
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSummary:
    """A line about a stored document (its current revision)."""

    document_id: str
    revision: str
    revisions: int
    title: str
    outlet: str
    url: str
    published: datetime | None
    published_zone: str = ""
    language: str
    events: int
    copy_of: str
    coder_version: str
    stored: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreStatus:
    """How full the store is."""

    documents: int
    events: int
    inbox: int
    dead_letters: int
    schema_version: str
    location: str


class Store(Protocol):
    """A store. Every method that writes is one transaction; errors are `StoreError` or `NotFoundError`."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *exception: object) -> None: ...

    # The inbox of the embedded runner.

    def recover(self) -> int:
        """Takes back the rows that a killed run had in its hands, without counting that against them; how many.

        StoreError `store-in-use` while another process works on the inbox.
        """
        ...

    def enqueue(self, items: Sequence[InboxItem], *, coder_version: str) -> list[EnqueueResult]:
        """Puts documents into the inbox, unless they are known."""
        ...

    def take(self, limit: int) -> list[InboxRow]:
        """Hands out waiting rows, oldest first, and counts an attempt for each before any work is done."""
        ...

    def release(self, row_ids: Sequence[int]) -> None:
        """Puts rows back as if they had not been taken: the work was stopped, it did not fail."""
        ...

    def count_attempt(self, row_ids: Sequence[int]) -> list[int]:
        """Counts one more attempt for rows in hand (a batch that killed its worker is tried in halves)."""
        ...

    def finish(self, results: Sequence[Finished]) -> list[StoreOutcome]:
        """Stores documents with all that hangs on them, and dead letters, and ends the inbox rows; one transaction.

        The store adds a step of its own to the trace of each document ("storage"). Storing a document deletes the dead
        letters of the same revision, and a letter takes the place of an earlier one of the same revision and stage,
        with the attempts added up.
        """
        ...

    # Questions.

    def events(self, event_filter: EventFilter, *, page_size: int = 100, page_token: str = "") -> EventPage:
        """A page of events; a token belongs to its filter (StoreError `page-token-invalid` otherwise)."""
        ...

    def event(self, event_id: str) -> StoredEvent:
        """One event."""
        ...

    def document(self, document_id: str, *, revision: str = "") -> Document:
        """A document with its layers; the current revision when none is given."""
        ...

    def documents(self, *, text: str = "", language: str = "", limit: int = 100) -> list[DocumentSummary]:
        """Stored documents, latest published first; `text` narrows them as it does in `EventFilter`."""
        ...

    def trace(self, document_id: str) -> list[TraceStep]:
        """What happened to a document, in order."""
        ...

    def changes(self, *, after: int = 0, limit: int = 1000) -> list[EventChange]:
        """Rows of the change feed after a position; never skips one that commits late."""
        ...

    def status(self) -> StoreStatus:
        """How full the store is."""
        ...

    # Dead letters.

    def dead_letters(self, *, stage: str = "", code: str = "", limit: int = 100) -> list[DeadLetter]:
        """Dead letters, latest first."""
        ...

    def dead_letter(self, letter_id: str) -> DeadLetter:
        """One dead letter."""
        ...

    def replay(self, letter_ids: Sequence[str]) -> int:
        """Puts the documents of dead letters back into the inbox, attempts at zero; the letters are gone. How many."""
        ...

    def drop(self, letter_ids: Sequence[str]) -> int:
        """Deletes dead letters; how many."""
        ...

    # Everything, for exports and comparison.

    def rows(self, table: str) -> Iterator[dict[str, object]]:
        """All rows of a table, sorted by its key: "documents", "mentions", "entities", "events" or "changes".

        Two stores that hold the same articles give the same rows, the columns `ingested`, `stored`, `changed` and
        `sequence` apart.
        """
        ...


class StoreFactory(Protocol):
    """What is installed under the entry point group `chronika.stores`: opens a store by its address."""

    def __call__(self, address: str, *, read_only: bool = False) -> Store:
        """Opens, and creates or migrates unless read only. StoreError with a cure when it cannot."""
        ...
