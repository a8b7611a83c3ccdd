"""Brings a store to the tables of this version, or says why it cannot."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

from chronika.domain.errors import StoreError
from chronika_storage.schema import HEAD
from chronika_storage.sqlite import SqliteDatabase


def migrate(database: SqliteDatabase) -> None:
    """Applies what is missing, in one transaction that others wait for.

    StoreError `store-newer` when a newer version of this software made the store.
    """
    with database.reading() as connection:
        if _version(connection) == HEAD:
            return
    with database.writing() as connection:
        found = _version(connection)  # another process may have been first
        if found != HEAD:
            _check_known(found, database.location)
            database.mark(connection)
            _upgrade(connection)


def check_version(database: SqliteDatabase) -> None:
    """For a store that is only read. StoreError `store-older` or `store-newer` when its tables are not of this
    version."""
    with database.reading() as connection:
        found = _version(connection)
    if found != HEAD:
        _check_known(found, database.location)
        raise StoreError(
            "store-older",
            f"{database.location} has schema {found or 'none'}, this version reads {HEAD}",
            cure="Open it once for writing (`chronika run` does): that brings it up to date.",
        )


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _check_known(found: str | None, location: str) -> None:
    if found is not None and found > HEAD:
        raise StoreError(
            "store-newer",
            f"{location} has schema {found}, this version knows {HEAD}",
            cure="Upgrade Chronika, or give another store.",
        )


def _upgrade(connection: Connection) -> None:
    # Imported here: it takes longer than all the rest of opening a store that is up to date.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    configuration = Config()
    configuration.set_main_option("script_location", "chronika_storage:migrations")
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, HEAD)
