"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chronika_storage import sqlite

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes everything, on an empty database."""
    _changes()
    _dead_letters()
    _documents()
    _entities()
    _inbox()
    _signature_bands()
    _trace()
    _document_messages()
    _events()
    _mentions()
    _signatures()
    _event_messages()
    _event_parties()
    sqlite.create_text_index(op.get_bind())


def _changes() -> None:
    op.create_table(
        "changes",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("revision", sa.String(), nullable=False),
        sa.Column("changed", sa.String(32), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_changes")),
        sqlite_autoincrement=True,
    )


def _dead_letters() -> None:
    op.create_table(
        "dead_letters",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("revision", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("retryable", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("payload_size", sa.BigInteger(), nullable=False),
        sa.Column("payload_sha256", sa.String(), nullable=False),
        sa.Column("position", sa.String(), nullable=False),
        sa.Column("failed", sa.String(32), nullable=False),
        sa.Column("traceparent", sa.String(), nullable=False),
        sa.Column("coder_version", sa.String(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dead_letters")),
    )
    op.create_index("ix_dead_letters_document_id", "dead_letters", ["document_id", "revision"], unique=False)
    op.create_index(op.f("ix_dead_letters_failed"), "dead_letters", ["failed"], unique=False)


def _documents() -> None:
    op.create_table(
        "documents",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("revision", sa.String(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("coder_version", sa.String(), nullable=False),
        sa.Column("codebook_version", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("outlet", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("published", sa.String(32), nullable=True),
        sa.Column("published_zone", sa.String(), nullable=False),
        sa.Column("ingested", sa.String(32), nullable=False),
        sa.Column("stored", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_documents")),
        sa.UniqueConstraint("document_id", "revision", name=op.f("uq_documents_document_id_revision")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_documents_published", "documents", ["published", "document_id"], unique=False)
    op.create_index(
        "uq_documents_current",
        "documents",
        ["document_id"],
        unique=True,
        sqlite_where=sa.text('"current"'),
        postgresql_where=sa.text('"current"'),
    )


def _entities() -> None:
    op.create_table(
        "entities",
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("mentions", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("entity_id", "kind", "name", name=op.f("pk_entities")),
        sqlite_with_rowid=False,
    )


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("revision", sa.String(), nullable=False),
        sa.Column("coder_version", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Boolean(), nullable=False),
        sa.Column("enqueued", sa.String(32), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("document_id", "revision", name=op.f("uq_inbox_document_id_revision")),
        sqlite_autoincrement=True,
    )


def _signature_bands() -> None:
    op.create_table(
        "signature_bands",
        sa.Column("band", sa.BigInteger(), nullable=False),
        sa.Column("leading", sa.Boolean(), nullable=False),
        sa.Column("document", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("band", "leading", "document", name=op.f("pk_signature_bands")),
        sqlite_with_rowid=False,
    )


def _trace() -> None:
    op.create_table(
        "trace",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("started", sa.String(32), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_trace")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_trace_document_id"), "trace", ["document_id"], unique=False)


def _document_messages() -> None:
    op.create_table(
        "document_messages",
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"], ["documents.number"], name=op.f("fk_document_messages_document"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document", name=op.f("pk_document_messages")),
    )


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("realis", sa.String(), nullable=False),
        sa.Column("background", sa.Boolean(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("recency", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"], ["documents.number"], name=op.f("fk_events_document"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document", "position", name=op.f("pk_events")),
        sa.UniqueConstraint("event_id", name=op.f("uq_events_event_id")),
    )
    op.create_index("ix_events_recency", "events", ["recency", "event_id"], unique=False)


def _mentions() -> None:
    op.create_table(
        "mentions",
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("sector", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"], ["documents.number"], name=op.f("fk_mentions_document"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document", "position", name=op.f("pk_mentions")),
        sqlite_with_rowid=False,
    )


def _signatures() -> None:
    op.create_table(
        "signatures",
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("leader", sa.Integer(), nullable=False),
        sa.Column("published", sa.String(), nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("minhash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"], ["documents.number"], name=op.f("fk_signatures_document"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document", name=op.f("pk_signatures")),
    )
    op.create_index("ix_signatures_leader", "signatures", ["leader", "published", "document_id"], unique=False)


def _event_messages() -> None:
    op.create_table(
        "event_messages",
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("evidence_text", sa.String(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document", "event"],
            ["events.document", "events.position"],
            name=op.f("fk_event_messages_document_event"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document", "event", name=op.f("pk_event_messages")),
    )


def _event_parties() -> None:
    op.create_table(
        "event_parties",
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("sector", sa.String(), nullable=False),
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document", "event"],
            ["events.document", "events.position"],
            name=op.f("fk_event_parties_document_event"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document", "event", "role", "position", name=op.f("pk_event_parties")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_event_parties_code", "event_parties", ["role", "code", "sector"], unique=False)
    op.create_index("ix_event_parties_entity_id", "event_parties", ["role", "entity_id"], unique=False)
    op.create_index("ix_event_parties_folded_name", "event_parties", ["role", "folded_name"], unique=False)
