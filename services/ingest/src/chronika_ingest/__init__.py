"""Reads articles as people have them: plain text, pages, JSON lines, folders, archives, standard input."""

from chronika_ingest.source import FileSource

SOURCE = FileSource()
"""The entry point `files` of the group `chronika.sources`."""

__all__ = ["SOURCE", "FileSource"]
