"""The port of a source: what reads articles from outside and yields documents, or says why it refuses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from chronika.domain.document import Document

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceOptions:
    """What the operator says of all articles of a run; a value that an article gives itself wins.

    `published` is an aware instant; `published_day_only` tells that only its day is meant. `zone` (IANA name) is
    assumed for times that name none. Sizes are bytes: of a file as it lies, of what a compressed file may unpack to,
    of one article's text.
    """

    published: datetime | None = None
    published_day_only: bool = False
    outlet: str = ""
    zone: str = "UTC"
    max_file_bytes: int = 2_000_000_000
    max_unpacked_bytes: int = 4_000_000_000
    max_article_bytes: int = 10_000_000
    standard_input: BinaryIO | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An article that is not taken in: where it was, a stable code, what is wrong, and what the operator can do."""

    origin: str
    code: str
    message: str
    cure: str


class Source(Protocol):
    """Reads articles one after the other; what it yields is all that it ever holds in memory."""

    def __call__(self, sources: Sequence[str], options: SourceOptions) -> Iterator[Document | Refusal]:
        """Documents and refusals in the order of the sources; never raises for what an article holds."""
        ...

    def count(self, sources: Sequence[str]) -> int | None:
        """How many articles there are, when that can be told cheaply; else None."""
        ...
