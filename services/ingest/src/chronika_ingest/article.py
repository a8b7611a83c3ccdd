"""What a reader found of one article, before it becomes a document."""

from __future__ import annotations

from dataclasses import dataclass

from chronika_ingest.dates import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as it was read. Empty fields are not known; `warnings` are codes of what was changed or doubted."""

    origin: str
    text: str
    encoding: str
    id: str = ""
    title: str = ""
    published: Moment | None = None
    outlet: str = ""
    url: str = ""
    authors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
