"""The source `files`: reads what the operator names, article by article, and says why it refuses one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from chronika.domain.document import Document
from chronika.domain.errors import RefusedInputError
from chronika.ports.source import STANDARD_INPUT, Refusal, SourceOptions
from chronika_ingest.article import Article
from chronika_ingest.dates import DateGrammar, zone_of
from chronika_ingest.documents import DocumentMaker
from chronika_ingest.inputs import find_inputs
from chronika_ingest.json_lines import count_lines, read_json_lines
from chronika_ingest.language_data import date_grammar, furniture_rules
from chronika_ingest.opening import BUFFER, Opened, opened, unpacked
from chronika_ingest.page import read_page
from chronika_ingest.plain_text import read_plain_text
from chronika_ingest.refusals import refusal_of, refused
from chronika_ingest.sniffing import InputKind, input_kind


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FileSource:
    """Implements `chronika.ports.source.Source` over files, folders, patterns and standard input."""

    clock: Callable[[], datetime] = _now

    def __call__(self, sources: Sequence[str], options: SourceOptions) -> Iterator[Document | Refusal]:
        """Documents and refusals in the order of the sources.

        Raises ConfigurationError at once, before anything is read: `unknown-zone`, `broken-language-pack`.
        """
        zone_of(options.zone)
        run = _Run(options, date_grammar(), DocumentMaker(options=options, rules=furniture_rules()), self.clock)
        return run.documents(sources)

    def count(self, sources: Sequence[str]) -> int | None:
        """How many articles there are, one a file or a JSON line; None with standard input or packed lines."""
        total = 0
        for entry in find_inputs(sources):
            if entry == STANDARD_INPUT:
                return None
            counted = _count_file(entry) if isinstance(entry, Path) else 1
            if counted is None:
                return None
            total += counted
        return total


@dataclass(frozen=True, slots=True)
class _Run:
    options: SourceOptions
    dates: DateGrammar
    document: DocumentMaker
    clock: Callable[[], datetime]

    def documents(self, sources: Sequence[str]) -> Iterator[Document | Refusal]:
        for entry in find_inputs(sources):
            if isinstance(entry, Refusal):
                yield entry
                continue
            for article in self._articles(entry):
                yield article if isinstance(article, Refusal) else self._document(article)

    def _document(self, article: Article) -> Document | Refusal:
        try:
            return self.document(article, read=self.clock())
        except RefusedInputError as error:
            return refusal_of(error, article.origin)

    def _articles(self, entry: Path | str) -> Iterator[Article | Refusal]:
        try:
            if isinstance(entry, Path):
                self._check_size(entry)
                with opened(entry, limit=self.options.max_unpacked_bytes) as file:
                    yield from self._read(file)
            else:
                yield from self._read(self._standard_input())
        except RefusedInputError as error:
            yield refusal_of(error, str(entry))

    def _standard_input(self) -> Opened:
        stream: BinaryIO | None = self.options.standard_input or getattr(sys.stdin, "buffer", None)
        if stream is None:
            raise refused("missing-file", "standard input is closed")
        return unpacked(stream, name=STANDARD_INPUT, limit=self.options.max_unpacked_bytes)

    def _read(self, file: Opened) -> Iterator[Article | Refusal]:
        kind = self._kind(file)
        limit, zone = self.options.max_article_bytes, self.options.zone
        if kind is InputKind.LINES:
            yield from read_json_lines(file, limit=limit, zone=zone, dates=self.dates)
        elif kind is InputKind.PAGE:
            yield read_page(file, limit=limit, zone=zone, dates=self.dates)
        else:
            yield read_plain_text(file, limit=limit)

    def _kind(self, file: Opened) -> InputKind:
        try:
            return input_kind(file.name, file.stream.peek(BUFFER)[:BUFFER])
        except RefusedInputError:
            file.look_on()
            raise

    def _check_size(self, path: Path) -> None:
        """Refuses by size alone what need not be opened."""
        try:
            size = path.stat().st_size
        except FileNotFoundError as error:
            raise refused("missing-file", f"{path} is not there") from error
        except OSError as error:
            raise refused("unreadable-file", f"{path} cannot be read: {error.strerror}") from error
        if size > self.options.max_file_bytes:
            raise refused(
                "too-large", f"{path} holds {size:,} bytes, more than the limit of {self.options.max_file_bytes:,}"
            )


def _count_file(path: Path) -> int | None:
    """Articles in a file; what cannot be read is one refusal, and counting packed lines would mean unpacking them."""
    try:
        with opened(path, limit=BUFFER) as file:
            kind = input_kind(file.name, file.stream.peek(BUFFER)[:BUFFER])
            if kind is not InputKind.LINES:
                return 1
            return None if file.is_packed else count_lines(file)
    except RefusedInputError:
        return 1
