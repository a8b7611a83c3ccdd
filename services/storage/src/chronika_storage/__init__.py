"""Storage: documents, events and their change feed in SQLite, behind `chronika.ports.store.Store`."""

from chronika.ports.store import StoreFactory
from chronika_storage.store import open_store

STORE: StoreFactory = open_store
"""Installed under the entry point group `chronika.stores` as "sqlite"."""

__all__ = ["STORE", "open_store"]
