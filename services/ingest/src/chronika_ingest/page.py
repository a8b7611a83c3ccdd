"""Reads a saved HTML page: the text is the body of its article, as trafilatura extracts it.

Title, author, outlet and address are read from what the page says of itself; the time of publication from its
metadata, its JSON-LD, its <time> elements and, failing these, from a date in words or digits near the heading. A date
inside a sentence, in the footer or beside another article is never taken: a page that does not say when it was
published has no date.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from configparser import ConfigParser
from functools import lru_cache
from typing import Any

import trafilatura
from lxml import etree, html
from trafilatura.settings import use_config

from chronika_ingest.addresses import canonical_address, host_of
from chronika_ingest.article import Article
from chronika_ingest.characters import storable
from chronika_ingest.dates import DateGrammar, Moment
from chronika_ingest.decoding import decode
from chronika_ingest.furniture import names_in
from chronika_ingest.opening import Opened
from chronika_ingest.refusals import refused
from chronika_ingest.titles import repeats_title, without_site

_DECLARED = re.compile(
    rb"<(?:meta\b[^>]{0,200}?charset\s*=\s*[\"']?|\?xml[^>]{0,100}?encoding\s*=\s*[\"'])\s*([\w.:-]{3,30})",
    re.IGNORECASE,
)
_DECLARED_WITHIN = 4096
_CONTROL = re.compile(
    "[\x01-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]"
    r"|&#0*(?:[1-8]|11|1[4-9]|2\d|3[01]|127)(?!\d);?"
    r"|&#x0*(?:[1-8be-f]|1[0-9a-f]|7f)(?![0-9a-f]);?",
    re.IGNORECASE,
)
"""Control characters, as such and as entities: HTML knows none, and the tree's writer refuses them."""
_NOT_THE_ARTICLE = ("script", "style", "noscript", "template", "iframe", "form", "nav", "svg", "button", "select")
_TABLE_PARTS = frozenset({"td", "th", "tr", "tbody", "thead", "table"})
_BLOCKS = frozenset({"p", "div", "br", "table", "h1", "h2", "article"})
_BESIDE_THE_ARTICLE = frozenset({"footer", "aside", "nav", "form", "script", "style"})
_BESIDE_CLASSES = re.compile(
    r"\b(?:comment|related|sidebar|footer|recommend|copyright|popular|latest|news-?list)", re.IGNORECASE
)
_PROSE_LETTERS = 40
"""Letters of sentences outside links from which a page holds an article."""
_SENTENCE = re.compile(r"[.!?…][\"»”)]?(?:\s|$)")
_META_DATES = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "article:published",
    "pubdate",
    "publishdate",
    "publish_date",
    "publish-date",
    "published_time",
    "mediator_published_time",
    "sailthru.date",
    "parsely-pub-date",
    "dc.date.issued",
    "dc.date",
    "dcterms.created",
    "dcterms.date",
    "date",
)
_OBJECT_TYPES = (re.compile(r"Article|BlogPosting|Report|LiveBlog"), re.compile("WebPage"))
"""Types of JSON-LD objects that describe the article, the best first."""
_LONG_TAG = re.compile(r"<[^<>]{12000,}")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_MAX_ATTRIBUTES = 2000
"""Reading attributes takes time by their number squared: 30,000 take 4 seconds."""
_THOROUGH_ELEMENTS = 5_000
"""Up to which trafilatura compares its extraction with two others; the time that takes grows by the square."""
_MAX_ELEMENTS = 40_000
"""Pages of articles hold hundreds; at this number the extraction takes several seconds."""
_DATE_LENGTH = 80
_DATES_AFTER_HEADING = 12
"""Elements after the heading among which a date in words is looked for."""


def read_page(opened: Opened, *, limit: int, zone: str, dates: DateGrammar) -> Article:
    """The article of a page of at most `limit` bytes; `no-article` when it holds none."""
    data = opened.whole(limit)
    found = _DECLARED.search(data[:_DECLARED_WITHIN])
    decoded = decode(data, name=opened.name, declared=found[1].decode("ascii") if found else "")
    text, warnings = storable(decoded.text)
    root = _tree(_CONTROL.sub(" ", text), opened.name)
    meta, linked = _meta(root), _linked_data(root)
    title = _title(root, meta, linked)
    published = _published(root, meta, linked, dates, zone)
    address = _address(root, meta)
    outlet = meta.get("og:site_name") or _text_of(linked.get("publisher")) or (host_of(address) if address else "")
    return Article(
        origin=opened.name,
        text=_body(root, opened.name),
        encoding=decoded.encoding,
        title=title,
        published=published,
        outlet=outlet.strip(),
        url=address,
        authors=_authors(root, meta, linked),
        warnings=decoded.warnings + tuple(code for code in warnings if code.startswith("replaced")),
    )


def _tree(text: str, name: str) -> html.HtmlElement:
    """The tree of a page; what is no part of its content is taken out."""
    for tag in _LONG_TAG.finditer(text):
        if len(re.findall(r"[\s=/]+", _QUOTED.sub("", tag[0]))) > _MAX_ATTRIBUTES:
            raise refused("no-article", f"{name} holds an element with thousands of attributes")
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        root = html.document_fromstring(text.encode(), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise refused("no-article", f"{name} cannot be read as a page: {error}") from error
    return root


def _body(root: html.HtmlElement, name: str) -> str:
    links = {_squeezed(link.text_content()) for link in root.iter("a")}
    etree.strip_elements(root, *_NOT_THE_ARTICLE, with_tail=False)
    elements = sum(1 for _ in root.iter(etree.Element))
    if elements > _MAX_ELEMENTS:
        raise refused("too-large", f"{name} holds {elements:,} elements, more than the limit of {_MAX_ELEMENTS:,}")
    _open_layout_tables(root)
    try:
        extracted = trafilatura.bare_extraction(
            root,
            include_comments=False,
            with_metadata=False,
            fast=elements > _THOROUGH_ELEMENTS,
            config=_extraction_settings(),
        )
    except Exception as error:
        raise refused("no-article", f"{name} could not be taken apart: {error}") from error
    text = str(getattr(extracted, "text", None) or "")
    prose = [line for line in text.splitlines() if _SENTENCE.search(line) and _squeezed(line) not in links]
    if sum(character.isalpha() for line in prose for character in line) < _PROSE_LETTERS:
        raise refused("no-article", f"{name} holds no text that reads as an article")
    return text


def _open_layout_tables(root: html.HtmlElement) -> None:
    """Makes blocks of tables that only arrange the page: rows of one cell, and cells that hold blocks themselves."""
    for cell in list(root.iter("td", "th")):
        row = cell.getparent()
        if row is not None and (len(row) == 1 or any(part.tag in _BLOCKS for part in cell)):
            part = cell
            while part is not None and part.tag in _TABLE_PARTS:
                part.tag = "div"
                part = part.getparent()


@lru_cache(maxsize=1)
def _extraction_settings() -> ConfigParser:
    """trafilatura's settings, but a short article is taken as extracted, not as one run of all the page's text."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it discards is told as a refusal
    settings = use_config()
    settings.set("DEFAULT", "MIN_EXTRACTED_SIZE", str(_PROSE_LETTERS))
    return settings


def _meta(root: html.HtmlElement) -> Mapping[str, str]:
    """What the page says in its <meta> elements, by name in lower case; the first of a name counts."""
    meta: dict[str, str] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = (element.get("content") or "").strip()
        if name and content:
            meta.setdefault(name.strip().lower(), content)
    return meta


def _linked_data(root: html.HtmlElement) -> Mapping[str, Any]:
    """The JSON-LD object of the article, or an empty mapping."""
    objects: list[Mapping[str, Any]] = []
    for element in root.iter("script"):
        if "ld+json" in (element.get("type") or ""):
            try:
                objects.extend(_objects(json.loads(element.text or "")))
            except (ValueError, RecursionError):
                continue
    return next((entry for kind in _OBJECT_TYPES for entry in objects if kind.search(str(entry.get("@type", "")))), {})


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        for entry in value[:50]:
            yield from _objects(entry)
    elif isinstance(value, dict):
        yield value
        yield from _objects(value.get("@graph"))


def _title(root: html.HtmlElement, meta: Mapping[str, str], linked: Mapping[str, Any]) -> str:
    """The heading that the page's title or metadata repeats, else what these say, without the site's name."""
    element = root.find(".//title")
    named = [
        _squeezed(value)
        for value in (
            meta.get("og:title"),
            linked.get("headline"),
            element.text_content() if element is not None else "",
        )
        if isinstance(value, str) and value.strip()
    ]
    headings = [heading for heading in (_squeezed(entry.text_content()) for entry in root.iter("h1")) if heading]
    for heading in headings:
        if any(repeats_title(name, heading) or heading.casefold() in name.casefold() for name in named):
            return heading
    if named:
        return without_site(named[0])
    return headings[0] if headings else ""


def _published(
    root: html.HtmlElement, meta: Mapping[str, str], linked: Mapping[str, Any], dates: DateGrammar, zone: str
) -> Moment | None:
    for value in _stated_dates(root, meta, linked):
        civil = dates.parse(value)
        moment = civil.in_zone(zone) if civil else None
        if moment:
            return moment
    for line in _lines_near_heading(root):
        found = dates.find(line)
        if found and found.civil and not found.is_update and _is_only_date(line, found.start, found.end):
            return found.civil.in_zone(zone)
    return None


def _stated_dates(root: html.HtmlElement, meta: Mapping[str, str], linked: Mapping[str, Any]) -> Iterator[str]:
    """Dates that the page marks as such, the most reliable first."""
    if meta.get(_META_DATES[0]):
        yield meta[_META_DATES[0]]
    if isinstance(linked.get("datePublished"), str):
        yield linked["datePublished"]
    for name in _META_DATES[1:]:
        if name in meta:
            yield meta[name]
    marked = root.xpath("//*[@itemprop='datePublished' or @pubdate or self::time]")
    for element in marked:
        if not _is_beside(element):
            for value in (element.get("datetime"), element.get("content"), element.text_content()):
                if value:
                    yield value


def _lines_near_heading(root: html.HtmlElement) -> Iterator[str]:
    """Short texts of single elements around the first heading: the one before it, and some after it."""
    heading = next(root.iter("h1", "h2"), None)
    shown: list[str] = []
    after = 0
    body = root.find("body")
    for element in (body if body is not None else root).iter(etree.Element):
        if element is heading:
            yield from reversed(shown[-3:])
            after = 1
            continue
        line = _squeezed(element.text or "") or (_squeezed(element.text_content()) if not len(element) else "")
        if not line or _is_beside(element):
            continue
        if not after:
            shown.append(line)
            continue
        after += 1
        if after > _DATES_AFTER_HEADING:
            return
        yield line
    if heading is None:
        yield from shown[:_DATES_AFTER_HEADING]


def _is_only_date(line: str, start: int, end: int) -> bool:
    """Whether beside the date there is nothing but signs, counters and a few words."""
    rest = (line[:start] + " " + line[end:]).strip()
    return len(line) <= _DATE_LENGTH and len(re.findall(r"[^\W\d]{2,}", rest)) <= 3 and not _SENTENCE.search(rest)


def _is_beside(element: html.HtmlElement) -> bool:
    """Whether an element stands in a part of the page that is not about its article."""
    for part in (element, *element.iterancestors()):
        if part.tag in _BESIDE_THE_ARTICLE or _BESIDE_CLASSES.search(f"{part.get('class', '')} {part.get('id', '')}"):
            return True
    return False


def _address(root: html.HtmlElement, meta: Mapping[str, str]) -> str:
    canonical = root.xpath("string(//link[@rel='canonical']/@href)")
    return canonical_address(str(canonical)) or canonical_address(meta.get("og:url", ""))


def _authors(root: html.HtmlElement, meta: Mapping[str, str], linked: Mapping[str, Any]) -> tuple[str, ...]:
    stated = linked.get("author")
    entries = stated if isinstance(stated, list) else [stated]
    values = [_text_of(entry) for entry in entries] + [meta.get("author", ""), meta.get("article:author", "")]
    marked = root.xpath("//*[@rel='author' or @itemprop='author' or contains(concat(' ', @class, ' '), ' author ')]")
    values += [_squeezed(element.text_content()) for element in marked[:3] if not _is_beside(element)]
    return next((names for names in map(names_in, values) if names), ())


def _text_of(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("name")
    return value.strip() if isinstance(value, str) else ""


def _squeezed(text: str) -> str:
    return " ".join(text.split())
