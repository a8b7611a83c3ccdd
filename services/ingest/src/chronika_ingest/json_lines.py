"""Reads JSON lines: an article a line, one line in memory at a time.

Fields: `text`, kept letter for letter; `id`; `title`; `published` or `date`; `source`, a name or an address; `url`;
`author` or `authors`. Others (`lang`, `events`, ...) are ignored. A line that cannot be read is refused, the rest
goes on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from io import BufferedReader
from typing import Any

from chronika.domain.errors import RefusedInputError
from chronika.ports.source import Refusal
from chronika_ingest.addresses import canonical_address, host_of, names_a_page
from chronika_ingest.article import Article
from chronika_ingest.dates import DateGrammar
from chronika_ingest.decoding import byte_order_mark, decode
from chronika_ingest.opening import Opened, transcoded
from chronika_ingest.refusals import refusal_of, refused

_LINE_FACTOR = 4
"""A line may be this much longer than its article's text: JSON may write a Cyrillic letter of 2 bytes in 6."""
_MAX_ID_LENGTH = 512


def read_json_lines(opened: Opened, *, limit: int, zone: str, dates: DateGrammar) -> Iterator[Article | Refusal]:
    """The articles of the lines, in order; `limit` bounds an article in bytes, `zone` is that of times without one."""
    stream = _as_utf8(opened)
    number = 0
    is_blank = True
    try:
        for number, line in enumerate(_lines(stream, limit * _LINE_FACTOR), start=1):
            origin = f"{opened.name}:{number}"
            if line is not None and not line.strip():
                continue
            is_blank = False
            try:
                yield _article(line, origin, limit, zone, dates)
            except RefusedInputError as error:
                yield refusal_of(error, origin)
    except RefusedInputError as error:
        yield refusal_of(error, f"{opened.name}:{number + 1}")
    else:
        if is_blank:
            raise refused("empty", f"{opened.name} holds no lines")


def count_lines(opened: Opened) -> int:
    """How many lines hold something."""
    stream = _as_utf8(opened)
    count = 0
    is_begun = False
    while data := stream.read(1 << 20):
        first, *others = data.split(b"\n")
        is_begun = is_begun or bool(first.strip())
        for line in others:
            count += is_begun
            is_begun = bool(line.strip())
    return count + is_begun


def _as_utf8(opened: Opened) -> BufferedReader:
    return transcoded(opened.stream) if byte_order_mark(opened.stream.peek(4)) == "utf-16" else opened.stream


def _lines(stream: BufferedReader, limit: int) -> Iterator[bytes | None]:
    """The lines; None for one that is longer than the limit, which is read past without being held."""
    first = True
    while line := stream.readline(limit + 1):
        if first:
            line = line.removeprefix(b"\xef\xbb\xbf")
            first = False
        if len(line) <= limit or line.endswith(b"\n"):
            yield line
            continue
        while (rest := stream.readline(1 << 20)) and not rest.endswith(b"\n"):
            pass
        yield None


def _article(line: bytes | None, origin: str, limit: int, zone: str, dates: DateGrammar) -> Article:
    if line is None:
        raise refused("too-large", f"{origin} is longer than {limit * _LINE_FACTOR:,} bytes, the limit for a line")
    decoded = decode(line, name=origin)
    fields = _object(decoded.text, origin)
    text = fields.get("text")
    if not isinstance(text, str):
        raise refused("no-text", f'{origin} has no string in its field "text"')
    warnings = list(decoded.warnings)
    published = _first(fields, "published", "date")
    civil = dates.parse(str(published)) if isinstance(published, str | int | float) else None
    moment = civil.in_zone(zone) if civil else None
    if published not in (None, "") and moment is None:
        warnings.append("unread-date")
    source = fields.get("source") if isinstance(fields.get("source"), str) else ""
    address = canonical_address(str(fields.get("url") or "")) or canonical_address(str(source or ""))
    return Article(
        origin=origin,
        text=text,
        encoding=decoded.encoding,
        id=_id(fields, origin),
        title=_string(fields.get("title")),
        published=moment,
        outlet=_outlet(str(source or ""), address),
        url=address if names_a_page(address) else "",
        authors=_strings(_first(fields, "authors", "author")),
        warnings=tuple(warnings),
    )


def _object(line: str, origin: str) -> Mapping[str, Any]:
    try:
        value = json.loads(line)
    except RecursionError:
        raise refused("bad-json-line", f"{origin} is nested too deeply") from None
    except ValueError as error:
        raise refused("bad-json-line", f"{origin} is no JSON: {error}") from error
    if not isinstance(value, dict):
        raise refused("bad-json-line", f"{origin} is JSON, but no object")
    return value


def _id(fields: Mapping[str, Any], origin: str) -> str:
    value = fields.get("id")
    if isinstance(value, bool) or not isinstance(value, str | int | None):
        raise refused("bad-field", f'{origin}: the field "id" must be a string or a whole number')
    given = "" if value is None else str(value)
    if len(given) > _MAX_ID_LENGTH:
        raise refused("bad-field", f'{origin}: the field "id" is longer than {_MAX_ID_LENGTH} characters')
    return given if given.strip() else ""


def _outlet(source: str, address: str) -> str:
    """The name that was given, or the host of the address that was given in its place."""
    if source and not canonical_address(source):
        return source.strip()
    return host_of(address) if address else ""


def _first(fields: Mapping[str, Any], *names: str) -> Any:
    return next((fields[name] for name in names if fields.get(name) not in (None, "")), None)


def _string(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _strings(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(entry.strip() for entry in values if isinstance(entry, str) and entry.strip())
