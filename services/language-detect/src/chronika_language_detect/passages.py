"""Paragraphs of a text, and in each what its author wrote as against what somebody is quoted with.

A newline ends a paragraph; furniture belongs to none. Quotation marks hold names too («Новая газета»), so only runs of
some length count as quotations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chronika.domain.document import Furniture
from chronika.domain.span import Span

_LINE_BREAK = re.compile("[\n\r\v\f\x85\u2028\u2029]+")
_QUOTATION = re.compile('«[^»]{24,}(?:»|$)|[„“][^”“]{24,}(?:[”“]|$)|"[^"]{24,}(?:"|$)|”[^”]{24,}”')
_SHORTEST_FRAME = 15
"""Characters that a frame needs to say more than the quotation in it."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph: `frame` is its own words, `quoted` those of others; either may be empty."""

    span: Span
    frame: str
    quoted: str

    @property
    def telling(self) -> str:
        """The words that decide in which language the paragraph is written."""
        return self.frame if len(self.frame) >= _SHORTEST_FRAME else f"{self.frame} {self.quoted}"


def passages(text: str, furniture: Iterable[Furniture] = ()) -> Iterator[Passage]:
    """The paragraphs of a text in order, without their outer blanks."""
    for start, end in _outside(len(text), sorted(entry.span for entry in furniture)):
        for line in _lines(text, start, end):
            yield _passage(text, line)


def _outside(length: int, spans: Iterable[Span]) -> Iterator[tuple[int, int]]:
    start = 0
    for span in spans:
        if span.start > start:
            yield start, span.start
        start = max(start, span.end)
    if start < length:
        yield start, length


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end:
        found = _LINE_BREAK.search(text, start, end)
        stop = found.start() if found else end
        line = text[start:stop]
        if line.strip():
            begin = start + len(line) - len(line.lstrip())
            yield Span(begin, start + len(line.rstrip()))
        start = found.end() if found else end


def _passage(text: str, span: Span) -> Passage:
    paragraph = span.of(text)
    quotations = _QUOTATION.findall(paragraph)
    if not quotations:
        return Passage(span, paragraph, "")
    return Passage(span, _QUOTATION.sub(" ", paragraph).strip(" .,—–-"), " ".join(quotations))
