"""From an article to a document: the layout read, the ids made, the signature computed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from chronika.domain.document import Document, PublishedPrecision, SourceLayer
from chronika.domain.identity import digest, revision_of
from chronika.ports.source import SourceOptions
from chronika_ingest.addresses import names_a_page
from chronika_ingest.article import Article
from chronika_ingest.characters import is_blank, storable
from chronika_ingest.dates import Moment, date_in_address, zone_name
from chronika_ingest.furniture import FurnitureRules, Layout
from chronika_ingest.minhash import signature
from chronika_ingest.refusals import refused

_AHEAD = timedelta(days=1)
"""A date in the text that lies further ahead than this is not its date of publication."""
_APART = timedelta(days=2)
"""From this difference on, the date that was given and the one in the text are told to differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentMaker:
    """Makes documents of articles, under the options of a run."""

    options: SourceOptions
    rules: FurnitureRules

    def __call__(self, article: Article, *, read: datetime) -> Document:
        """The document of an article that was read at `read`; refused when it is `empty` or `too-large`."""
        text, warnings = storable(article.text)
        limit = self.options.max_article_bytes
        if is_blank(text):
            raise refused("empty", f"{article.origin} holds no text")
        if len(text) > limit or len(text.encode()) > limit:
            raise refused("too-large", f"{article.origin} holds more than {limit:,} bytes, the limit for one article")
        layout = self.rules.lay_out(text, _clean(article.title))
        outlet = _clean(article.outlet) or layout.outlet or self.options.outlet or layout.agency
        told = layout.published.in_zone(self.options.zone) if layout.published else None
        if told and told.instant - read > _AHEAD:
            told = None
            warnings += ("implausible-date",)
        if told and article.published and abs(told.instant - article.published.instant) > _APART:
            warnings += ("dates-differ",)
        dated = date_in_address(article.url)
        in_address = dated.in_zone(self.options.zone) if dated else None
        moment = article.published or told or in_address or self._given_moment()
        source = SourceLayer(
            text=text,
            title=layout.title,
            title_span=layout.title_span,
            published=moment.instant if moment else None,
            published_zone=moment.zone if moment else "",
            published_precision=moment.precision if moment else None,
            outlet=outlet,
            url=_clean(article.url),
            authors=tuple(map(_clean, article.authors)) or layout.authors,
            furniture=layout.furniture,
            origin=_clean(article.origin),
            encoding=article.encoding,
            warnings=tuple(dict.fromkeys((*article.warnings, *warnings))),
            minhash=signature(_without_furniture(text, layout)),
            ingested=read,
        )
        return Document(id=_document_id(_clean(article.id), source), revision=revision_of(text), source=source)

    def _given_moment(self) -> Moment | None:
        """What the operator says of all articles of the run."""
        given = self.options.published
        if given is None:
            return None
        precision = PublishedPrecision.DAY if self.options.published_day_only else PublishedPrecision.MINUTE
        return Moment(given.astimezone(UTC), zone_name(given.tzinfo, given), precision)


def _document_id(given: str, source: SourceLayer) -> str:
    """The id that was given, else one of source and address when the address names a page, else of source and text."""
    if given:
        return given
    if source.url and names_a_page(source.url):
        return digest("address", source.outlet, source.url)
    return digest("text", source.outlet, source.text)


def _without_furniture(text: str, layout: Layout) -> str:
    """The text that counts for copies: two outlets dress the same agency report differently."""
    kept = []
    position = 0
    for run in layout.furniture:
        kept.append(text[position : run.span.start])
        position = run.span.end
    kept.append(text[position:])
    return "\n".join(kept) if any(part.strip() for part in kept) else text


def _clean(value: str) -> str:
    return storable(value)[0]
