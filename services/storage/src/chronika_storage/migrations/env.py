"""How Alembic runs migrations here: on the connection and in the transaction that it is given."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from chronika_storage.schema import metadata

connection: Connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata)
context.run_migrations()
