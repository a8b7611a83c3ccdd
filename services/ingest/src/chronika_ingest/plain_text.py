"""Reads a plain text file: one article, kept whole."""

from __future__ import annotations

from chronika_ingest.article import Article
from chronika_ingest.decoding import decode
from chronika_ingest.opening import Opened


def read_plain_text(opened: Opened, *, limit: int) -> Article:
    """The article of a text file, of at most `limit` bytes."""
    decoded = decode(opened.whole(limit), name=opened.name)
    return Article(origin=opened.name, text=decoded.text, encoding=decoded.encoding, warnings=decoded.warnings)
