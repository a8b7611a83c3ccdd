"""A news document and the layers that the stages add to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chronika.domain.analysis import AnalysisLayer
from chronika.domain.event import EventLayer
from chronika.domain.span import Span

OTHER_LANGUAGE = "other"
"""The language of a document that no language pack reads: it is stored, and holds no events."""


class Layer(StrEnum):
    """Names of the layers of `chronika.v1.Document`. A third party's stage may add one under a name of its own."""

    SOURCE = "source"
    LANGUAGE = "language"
    ANALYSIS = "analysis"
    EVENTS = "events"


class FurnitureKind(StrEnum):
    """What surrounds an article on a page."""

    DATE_LINE = "date-line"
    COUNTER = "counter"
    CRUMBS = "crumbs"
    BYLINE = "byline"
    CREDIT = "credit"
    TAGS = "tags"
    RELATED = "related"
    REPEATED_TITLE = "repeated-title"
    NOTICE = "notice"


class PublishedPrecision(StrEnum):
    """How exactly the time of publication is known."""

    DAY = "day"
    MINUTE = "minute"


@dataclass(frozen=True, slots=True)
class Furniture:
    """A run of the text that later stages skip."""

    span: Span
    kind: FurnitureKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLayer:
    """The text as it was given and what ingest knows of its origin.

    `text` holds no NUL and no lone surrogate (each was replaced by U+FFFD, one for one). `published` is an aware UTC
    instant; `published_zone` is what the source gave with it, an IANA name or an offset such as "+03:00", or empty.
    """

    text: str
    title: str = ""
    title_span: Span | None = None
    published: datetime | None = None
    published_zone: str = ""
    published_precision: PublishedPrecision | None = None
    outlet: str = ""
    url: str = ""
    authors: tuple[str, ...] = ()
    furniture: tuple[Furniture, ...] = ()
    origin: str = ""
    encoding: str = ""
    warnings: tuple[str, ...] = ()
    minhash: tuple[int, ...] = ()
    ingested: datetime | None = None


@dataclass(frozen=True, slots=True)
class ParagraphLanguage:
    """The language of one paragraph."""

    span: Span
    language: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageLayer:
    """What the document is written in: the code of a language pack, or `OTHER_LANGUAGE`; `guess` is a BCP 47 code."""

    language: str
    confidence: float
    guess: str
    paragraphs: tuple[ParagraphLanguage, ...] = ()


@dataclass(frozen=True, slots=True)
class OpaqueLayer:
    """A layer of a third party: a serialized fragment of `Document` in a field that chronika.v1 does not use."""

    fragment: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document with the layers that it has so far.

    `id` is the one that was given, else made from content; `revision` is made from the text, so that the same id with
    another revision is a new version of the same article.
    """

    id: str
    revision: str
    source: SourceLayer
    language: LanguageLayer | None = None
    analysis: AnalysisLayer | None = None
    events: EventLayer | None = None

    @property
    def text(self) -> str:
        """The text that every offset counts in."""
        return self.source.text


LayerValue = LanguageLayer | AnalysisLayer | EventLayer | OpaqueLayer
"""What a stage may return for a document."""
