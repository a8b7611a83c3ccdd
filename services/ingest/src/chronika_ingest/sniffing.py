"""What kind of thing is to be read, told from its name and first bytes: text, a page, JSON lines, or no text."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import PurePath

from chronika_ingest.decoding import byte_order_mark
from chronika_ingest.refusals import refused


class InputKind(StrEnum):
    """What an input holds."""

    TEXT = "text"
    PAGE = "page"
    LINES = "lines"


_BY_SUFFIX = {
    ".jsonl": InputKind.LINES,
    ".ndjson": InputKind.LINES,
    ".html": InputKind.PAGE,
    ".htm": InputKind.PAGE,
    ".xhtml": InputKind.PAGE,
}
_UNSUPPORTED_SUFFIXES = frozenset({".csv", ".tsv", ".xml", ".rss", ".atom", ".warc", ".eml", ".mbox", ".mht", ".mhtml"})
_UNSUPPORTED = re.compile(rb"\s*(?:<\?xml\b|<rss\b|<feed\b|<rdf:rdf\b|WARC/\d|MIME-Version:)", re.IGNORECASE)
_MAGIC = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    (b"{\\rtf", "a rich text file"),
    (b"\x1f\x8b", "a gzip file inside another"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ\x00", "an xz file"),
    (b"\x28\xb5\x2f\xfd", "a zstandard file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"RIFF", "an image or a recording"),
    (b"\x00\x00\x00\x18ftyp", "a film"),
    (b"\x00\x00\x00 ftyp", "a film"),
    (b"ID3", "a recording"),
    (b"OggS", "a recording"),
)
_CONTROL = re.compile(rb"[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_CONTROL_SHARE = 0.02
_NUL_SHARE = 0.3
"""NUL happens in texts that were cut off or padded; from this share on it is the file's nature."""
_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|article|meta)\b",
    re.IGNORECASE | re.DOTALL,
)
_OBJECT = re.compile(rb'\s*\{[ \t]*(?:"(?:[^"\\\n]|\\.){1,200}"[ \t]*:|\})')
"""A line that opens an object and names its first field."""


def input_kind(name: str, beginning: bytes) -> InputKind:
    """What the input is. Refused here: `empty`, `binary`, `unsupported-format`, `not-json-lines`."""
    if not beginning:
        raise refused("empty", f"{name} holds nothing")
    mark = byte_order_mark(beginning)
    if not mark:
        _refuse_binary(name, beginning)
    suffix = PurePath(name.removesuffix(".gz")).suffix.lower()
    if suffix in _BY_SUFFIX:
        return _BY_SUFFIX[suffix]
    shown = beginning.decode(mark, errors="replace").encode() if mark else beginning
    shown = shown.removeprefix(b"\xef\xbb\xbf")
    if _PAGE.match(shown):
        return InputKind.PAGE
    if _UNSUPPORTED.match(shown) or suffix in _UNSUPPORTED_SUFFIXES:
        raise refused("unsupported-format", f"{name} is a table, a feed, mail or a web archive")
    if _OBJECT.match(shown):
        return InputKind.LINES
    if suffix == ".json":
        raise refused("not-json-lines", f"{name} does not hold one JSON object a line")
    return InputKind.TEXT


def _refuse_binary(name: str, beginning: bytes) -> None:
    for magic, what in _MAGIC:
        if beginning.startswith(magic):
            raise refused("binary", f"{name} is {what}, not text")
    controls = len(_CONTROL.findall(beginning))
    if controls > _CONTROL_SHARE * len(beginning) or beginning.count(0) > _NUL_SHARE * len(beginning):
        raise refused("binary", f"{name} is binary data, not text")
