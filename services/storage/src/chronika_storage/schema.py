"""The tables. `migrations` makes them, this module is what the code reads and writes them by; a test compares the two.

Documents hold every revision, with its whole message; mentions, events, words and signature belong to current revisions
alone and can be made again from the messages. Clock columns (`ingested`, `stored`, `changed`, `started`, `seconds`,
`enqueued`, `failed`) tell when something happened and are no part of what is held.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
    text,
)

HEAD = "0001"
"""The newest migration, which these tables are."""


class Instant(TypeDecorator[datetime]):
    """An aware instant as text of one width in UTC, so that it sorts and a person can read it in any SQLite tool."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """The text of an instant. ValueError for one without a zone: nobody knows when that is."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"an instant needs a zone: {value}")
        return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """The instant of a text."""
        return None if value is None else datetime.fromisoformat(value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

documents = Table(
    "documents",
    metadata,
    # Never used twice: the full-text index knows documents by it.
    Column("number", Integer, primary_key=True),
    Column("document_id", String, nullable=False),
    Column("revision", String, nullable=False),
    Column("current", Boolean, nullable=False),
    Column("coder_version", String, nullable=False),
    Column("codebook_version", String, nullable=False),
    Column("language", String, nullable=False),
    Column("title", String, nullable=False),
    Column("outlet", String, nullable=False),
    Column("url", String, nullable=False),
    Column("published", Instant, nullable=True),
    Column("published_zone", String, nullable=False),
    # First time that ingest saw this revision.
    Column("ingested", Instant, nullable=False),
    Column("stored", Instant, nullable=False),
    UniqueConstraint("document_id", "revision"),
    sqlite_autoincrement=True,
)
Index(
    "uq_documents_current",
    documents.c.document_id,
    unique=True,
    sqlite_where=text('"current"'),
    postgresql_where=text('"current"'),
)
Index("ix_documents_published", documents.c.published, documents.c.document_id)

# The whole document as `chronika.v1.Document`; apart, so that a change of the row above does not write it again.
document_messages = Table(
    "document_messages",
    metadata,
    Column("document", Integer, ForeignKey("documents.number", ondelete="CASCADE"), primary_key=True),
    Column("payload", LargeBinary, nullable=False),
)

# MinHash signatures of current documents, by which copies are found.
signatures = Table(
    "signatures",
    metadata,
    Column("document", Integer, ForeignKey("documents.number", ondelete="CASCADE"), primary_key=True),
    # The document that leads its group.
    Column("leader", Integer, nullable=False),
    # By these two the documents of a group sort; the first is the original. The instant as text, "~" without one.
    Column("published", String, nullable=False),
    Column("document_id", String, nullable=False),
    Column("minhash", LargeBinary, nullable=False),
)
Index("ix_signatures_leader", signatures.c.leader, signatures.c.published, signatures.c.document_id)

signature_bands = Table(
    "signature_bands",
    metadata,
    Column("band", BigInteger, primary_key=True),
    # Whether its document leads a group; before the document, so that leaders are found without looking at others.
    Column("leading", Boolean, primary_key=True),
    # No foreign key: that would need an index the other way round; a document's bands are known from its signature.
    Column("document", Integer, primary_key=True),
    sqlite_with_rowid=False,
)

mentions = Table(
    "mentions",
    metadata,
    Column("document", Integer, ForeignKey("documents.number", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("name", String, nullable=False),
    Column("entity_id", String, nullable=False),
    Column("code", String, nullable=False),
    Column("sector", String, nullable=False),
    sqlite_with_rowid=False,
)

# An entity under each of its names (languages share its id), with how often the current documents mention it so.
entities = Table(
    "entities",
    metadata,
    Column("entity_id", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("mentions", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# Keyed by place, not by id, so that the rows of a document lie together however many there are.
events = Table(
    "events",
    metadata,
    Column("document", Integer, ForeignKey("documents.number", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("event_id", String, nullable=False, unique=True),
    Column("type", String, nullable=False),
    Column("mode", String, nullable=False),
    Column("realis", String, nullable=False),
    Column("background", Boolean, nullable=False),
    Column("country", String, nullable=False),
    # Days of the event's own time, else the day of publication, else nothing.
    Column("first_day", Date, nullable=True),
    Column("last_day", Date, nullable=True),
    # First day and instant of publication in one text: events are listed by it, latest first, then by id.
    Column("recency", String, nullable=False),
)
Index("ix_events_recency", events.c.recency, events.c.event_id)

# The whole event as `chronika.v1.Event`, and its sentence; apart, so that filters read little.
event_messages = Table(
    "event_messages",
    metadata,
    Column("document", Integer, primary_key=True),
    Column("event", Integer, primary_key=True),
    Column("evidence_text", String, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    ForeignKeyConstraint(["document", "event"], ["events.document", "events.position"], ondelete="CASCADE"),
)

event_parties = Table(
    "event_parties",
    metadata,
    Column("document", Integer, primary_key=True),
    Column("event", Integer, primary_key=True),
    # "actor" or "recipient".
    Column("role", String, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("code", String, nullable=False),
    Column("sector", String, nullable=False),
    Column("entity_id", String, nullable=False),
    Column("name", String, nullable=False),
    # The name without regard to case and stress.
    Column("folded_name", String, nullable=False),
    ForeignKeyConstraint(["document", "event"], ["events.document", "events.position"], ondelete="CASCADE"),
    sqlite_with_rowid=False,
)
Index("ix_event_parties_code", event_parties.c.role, event_parties.c.code, event_parties.c.sector)
Index("ix_event_parties_entity_id", event_parties.c.role, event_parties.c.entity_id)
Index("ix_event_parties_folded_name", event_parties.c.role, event_parties.c.folded_name)

changes = Table(
    "changes",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("event_id", String, nullable=False),
    Column("document_id", String, nullable=False),
    Column("revision", String, nullable=False),
    Column("changed", Instant, nullable=False),
    Column("payload", LargeBinary, nullable=True),
    sqlite_autoincrement=True,
)

inbox = Table(
    "inbox",
    metadata,
    Column("row_id", Integer, primary_key=True),
    Column("document_id", String, nullable=False),
    Column("revision", String, nullable=False),
    Column("coder_version", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("taken", Boolean, nullable=False),
    Column("enqueued", Instant, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    UniqueConstraint("document_id", "revision"),
    sqlite_autoincrement=True,
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("id", String, primary_key=True),
    Column("document_id", String, nullable=False),
    # Of the document; empty when nobody could tell.
    Column("revision", String, nullable=False),
    Column("stage", String, nullable=False),
    Column("code", String, nullable=False),
    Column("message", String, nullable=False),
    Column("retryable", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("payload_size", BigInteger, nullable=False),
    Column("payload_sha256", String, nullable=False),
    Column("position", String, nullable=False),
    Column("failed", Instant, nullable=False, index=True),
    Column("traceparent", String, nullable=False),
    Column("coder_version", String, nullable=False),
    Column("payload", LargeBinary, nullable=False),
)
Index("ix_dead_letters_document_id", dead_letters.c.document_id, dead_letters.c.revision)

trace = Table(
    "trace",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("document_id", String, nullable=False, index=True),
    Column("stage", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("detail", String, nullable=False),
    Column("started", Instant, nullable=False),
    Column("seconds", Float, nullable=False),
    sqlite_autoincrement=True,
)
