"""What stands around an article in its text: dates, counters, crumbs, bylines, credits, tags, pointers, notices.

Nothing is cut. Each run is marked as a span with its kind, so that later stages skip it, and what it tells (title,
time of publication, outlet, authors) is read from it. The habits are data: furniture.toml here and in each language
pack.

The order of the work: lines; openings; date lines; whole lines by the patterns; the title and its repetitions;
bylines without a label; closings and pointers inside paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from chronika.domain.document import Furniture, FurnitureKind
from chronika.domain.span import Span
from chronika_ingest.dates import CivilTime, DateExpression, DateGrammar
from chronika_ingest.titles import find_title, repeats_title

_BULLETS = " \t\u00a0\u200b\u200e\ufeff-–—•·*|"
_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_BREAK = re.compile("\r\n|[\r\n\u2028\u2029]")
_BODY_LENGTH = 140
"""Letters from which a line is a paragraph of the body, whatever it says."""
_SENTENCE_LENGTH = 60
"""Letters from which a line that ends as a sentence does belongs to the body."""
_MAX_LINES = 1_000
"""Lines at each end of a text in which furniture is looked for."""
_HEAD_LINES = 10
_TAIL_LINES = 12
_PATTERN_LENGTH = 600
"""Longer lines hold no line-long furniture; matching them would only cost time."""
_INLINE_LENGTH = 250
_FRAGMENT_LENGTH = 30
_INNER_PUNCTUATION = ",.;:)"
_LISTED_LENGTH = 160
_LISTED_LINES = 10
_DATE_LINE_LENGTH = 120
_COUNTER = re.compile(r"[\d\s.,\u00a0()]{1,14}")
_SENTENCE_END = re.compile(r"[.!?…][\"»”)]?$")
_NAME_WORD = r"(?-i:[A-ZА-ЯЁІЇЄҐ](?:[\w'’ʼ-]*\w|\.))"
_NAME = rf"{_NAME_WORD}(?: {_NAME_WORD}){{1,3}}"
_NAME_VALUE = re.compile(_NAME)
_AUTHOR_SEPARATOR = re.compile(r"\s*[,;|/]\s*|\s+(?:и|та|і|й|and)\s+")


@dataclass(slots=True)
class _Line:
    """A line without the blanks and bullets around it; `rest` is where it begins after an opening was taken off.

    `is_joined`: no blank line stands before it.
    """

    span: Span
    text: str
    is_joined: bool = False
    is_head: bool = False
    is_tail: bool = False
    is_before_body: bool = False
    rest: int = 0
    kind: FurnitureKind | None = None
    runs: list[Furniture] = field(default_factory=list)

    @property
    def remainder(self) -> str:
        return self.text[self.rest :]

    def mark(self, kind: FurnitureKind) -> None:
        """The whole line, what was taken off its beginning included."""
        self.kind = kind
        self.runs = [Furniture(self.span, kind)]

    def mark_run(self, start: int, end: int, kind: FurnitureKind) -> None:
        """A run of the line, unless another is in its way."""
        span = Span(self.span.start + start, self.span.start + end)
        if span and not any(run.span.overlaps(span) for run in self.runs):
            self.runs.append(Furniture(span, kind))


@dataclass(frozen=True, slots=True)
class _Pattern:
    id: str
    kind: FurnitureKind
    form: str
    place: str
    heads_list: bool
    stands_apart: bool
    expression: re.Pattern[str]

    def holds_at(self, line: _Line) -> bool:
        return self.place == "any" or (line.is_head if self.place == "head" else line.is_tail)

    def run_in(self, line: _Line) -> re.Match[str] | None:
        """The run of a label, closing or inline pattern in a line."""
        if self.form == "label":
            return self.expression.match(line.text, line.rest)
        match = self.expression.search(line.text, max(line.rest, len(line.text) - _INLINE_LENGTH))
        if match is None or (self.form == "closing" and match.end() < len(line.text)):
            return None
        if self.form == "inline" and not _SENTENCE_END.search(line.text[: match.start()].rstrip()):
            return None
        return match


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What the layout of a text tells; empty where it tells nothing. `furniture` is sorted and does not overlap."""

    title: str = ""
    title_span: Span | None = None
    published: CivilTime | None = None
    outlet: str = ""
    agency: str = ""
    authors: tuple[str, ...] = ()
    furniture: tuple[Furniture, ...] = ()


@dataclass(slots=True)
class _Found:
    """What is gathered while the lines are read."""

    dates: list[tuple[DateExpression, bool]] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    outlet: str = ""
    agency: str = ""

    def take(self, found: re.Match[str]) -> None:
        """The groups of a pattern."""
        groups = found.groupdict()
        self.outlet = self.outlet or (groups.get("outlet") or "").strip()
        self.agency = self.agency or (groups.get("agency") or "").strip(' /«»"')
        self.authors.extend(author for author in names_in(groups.get("author") or "") if author not in self.authors)


class FurnitureRules:
    """The habits of pages, from the data of all language packs."""

    def __init__(self, tables: Iterable[Mapping[str, Any]], dates: DateGrammar) -> None:
        tables = list(tables)
        self._dates = dates
        self._given_names = frozenset(name.lower() for table in tables for name in table["given_names"])
        rubrics = sorted(
            {rubric for table in tables for rubric in table["rubrics"]}, key=lambda word: (-len(word), word)
        )
        places = {
            "{month}": f"(?:{dates.month})",
            "{rubric}": f"(?:{'|'.join(map(re.escape, rubrics))})",
            "{name}": _NAME,
        }
        patterns = [_pattern(entry, places) for table in tables for entry in table["patterns"]]
        self._lines = [pattern for pattern in patterns if pattern.form == "line"]
        self._any_line = re.compile(
            "|".join(_without_names(pattern.expression) for pattern in self._lines), re.IGNORECASE
        )
        self._openings = [pattern for pattern in patterns if pattern.form == "opening"]
        self._runs = [pattern for pattern in patterns if pattern.form in ("label", "closing", "inline")]

    def lay_out(self, text: str, title: str = "") -> Layout:
        """The layout of a text. `title` is the one that came with it, if any; it is looked for and never replaced."""
        lines = _lines(text)
        found = _Found()
        self._read_openings(lines, found)
        title_line = _given_title(lines, title) if title else None
        self._read_date_lines(lines, title_line, found)
        self._read_whole_lines(lines, title_line, found)
        if not title:
            title_line = _title_line(lines)
        self._read_repeated_titles(lines, title_line, title, found)
        self._read_bylines(lines, title_line, text, found)
        self._read_runs(lines, title_line, found)
        return Layout(
            title=title or (title_line.remainder.strip() if title_line else ""),
            title_span=_title_span(title_line),
            published=_published(found.dates),
            outlet=found.outlet,
            agency=found.agency,
            authors=tuple(found.authors),
            furniture=tuple(sorted((run for line in lines for run in line.runs), key=lambda run: run.span)),
        )

    def _read_openings(self, lines: list[_Line], found: _Found) -> None:
        for line in lines[:_HEAD_LINES]:
            for pattern in self._openings:
                match = pattern.expression.match(line.text, line.rest) if pattern.holds_at(line) else None
                if match and match.end() > line.rest:
                    line.mark_run(line.rest, match.end(), pattern.kind)
                    found.take(match)
                    date = self._dates.find(match[0])
                    if date and pattern.kind in (FurnitureKind.DATE_LINE, FurnitureKind.BYLINE):
                        found.dates.append((date, True))
                    line.rest = match.end()

    def _read_whole_lines(self, lines: list[_Line], title_line: _Line | None, found: _Found) -> None:
        listed = letters = 0
        kind = FurnitureKind.RELATED
        for index, line in enumerate(lines):
            if line.kind:
                continue
            pattern = None if line is title_line else self._whole_line(lines, index, found)
            if pattern:
                line.mark(pattern.kind)
                kind = pattern.kind
                listed = _LISTED_LINES if pattern.heads_list and letters >= _BODY_LENGTH else 0
            elif listed and line is not title_line and _is_listed(line.text):
                line.mark(kind)
                listed -= 1
            else:
                listed = 0
                letters += len(line.text)

    def _whole_line(self, lines: Sequence[_Line], index: int, found: _Found) -> _Pattern | None:
        line = lines[index]
        rest = line.remainder
        if len(rest) > _PATTERN_LENGTH or not self._any_line.fullmatch(rest) or _runs_on(lines, index):
            return None
        for pattern in self._lines:
            if not pattern.holds_at(line) or (pattern.stands_apart and _is_fragment(lines, index)):
                continue
            match = pattern.expression.fullmatch(rest)
            if match and ("author" not in match.groupdict() or names_in(match["author"])):
                found.take(match)
                return pattern
        return None

    def _read_date_lines(self, lines: list[_Line], title_line: _Line | None, found: _Found) -> None:
        for index, line in enumerate(lines):
            if line.kind or line is title_line or not 6 <= len(line.remainder) <= _DATE_LINE_LENGTH:
                continue
            date = self._dates.find(line.remainder) or self._dates.find_without_year(line.remainder)
            is_certain = date is not None and (date.is_labelled or date.has_time)
            if date is None or not (line.is_before_body or (is_certain and (line.is_head or line.is_tail))):
                continue
            parts = _parts_beside(line.remainder, date)
            if all(self._belongs_to_date(part, date, is_first=part == parts[0]) for part in parts):
                line.mark(FurnitureKind.DATE_LINE)
                beside = [lines[other].text for other in (index - 1, index + 1) if 0 <= other < len(lines)]
                found.dates.append((self._dates.with_clock(date, beside), line.is_head))
                for part in parts:
                    self._take_part(part, found)

    def _belongs_to_date(self, part: str, date: DateExpression, *, is_first: bool) -> bool:
        """Whether a part of a date line is a counter, furniture, an author or, before the date, a short source."""
        if not part or _COUNTER.fullmatch(part) or self._any_line.fullmatch(part) or self._is_byline(part):
            return True
        return is_first and date.has_time and _is_source(part)

    def _take_part(self, part: str, found: _Found) -> None:
        for pattern in self._lines:
            match = pattern.expression.fullmatch(part)
            if match:
                found.take(match)
                return
        if self._is_byline(part):
            found.authors.extend(name for name in names_in(part) if name not in found.authors)

    def _read_repeated_titles(self, lines: list[_Line], title_line: _Line | None, title: str, found: _Found) -> None:
        shown = title_line.remainder if title_line else title
        if not shown:
            return
        for line in lines:
            if line is not title_line and not line.kind and repeats_title(line.remainder, shown):
                line.mark_run(line.rest, len(line.text), FurnitureKind.REPEATED_TITLE)
                line.kind = FurnitureKind.REPEATED_TITLE

    def _read_bylines(self, lines: list[_Line], title_line: _Line | None, text: str, found: _Found) -> None:
        for index, line in enumerate(lines):
            if line.kind or line is title_line or not (line.is_head or line.is_tail) or _is_fragment(lines, index):
                continue
            names = names_in(line.remainder) if self._is_byline(line.remainder) else ()
            if names and not any(_is_mentioned(name, text, line.span) for name in names):
                line.mark(FurnitureKind.BYLINE)
                found.authors.extend(name for name in names if name not in found.authors)

    def _is_byline(self, text: str) -> bool:
        """A given name and a surname, perhaps with a place or an outlet after a comma."""
        parts = text.split(",")
        words = parts[0].split()
        return (
            len(text) <= 60
            and len(parts) <= 3
            and 2 <= len(words) <= 4
            and words[0].lower() in self._given_names
            and all(_NAME_VALUE.match(f"{part.strip()} Xx") for part in parts)
            and _NAME_VALUE.fullmatch(" ".join(words)) is not None
        )

    def _read_runs(self, lines: list[_Line], title_line: _Line | None, found: _Found) -> None:
        """What stands in lines of the article itself: labels before, sources after, pointers at the end."""
        for line in lines:
            if line.kind or line is title_line:
                continue
            for pattern in self._runs:
                match = pattern.run_in(line) if pattern.holds_at(line) else None
                if match:
                    end = len(line.text) if pattern.form == "inline" else match.end()
                    line.mark_run(match.start(), end, pattern.kind)
                    found.take(match)


def names_in(value: str) -> tuple[str, ...]:
    """The names of persons in a byline: two to four words that begin with capitals, several parted by commas or "и"."""
    parts = (part.strip(" .\u00a0") for part in _AUTHOR_SEPARATOR.split(value.strip()))
    return tuple(part for part in parts if _NAME_VALUE.fullmatch(part) and len(part) <= 60)


def _lines(text: str) -> list[_Line]:
    """The lines that hold something, with what is before and after the body; of a very long text its two ends."""
    lines: list[_Line] = []
    for start, end in _ends(text):
        last = start
        for match in _LINE.finditer(text, start, end):
            shown = match[0].rstrip()
            lead = len(shown) - len(shown.lstrip(_BULLETS))
            if len(shown) > lead:
                is_joined = bool(lines) and len(_BREAK.findall(text, last, match.start())) == 1
                lines.append(_Line(Span(match.start() + lead, match.start() + len(shown)), shown[lead:], is_joined))
                last = match.start() + len(shown)
    _mark_places(lines)
    return lines


def _mark_places(lines: list[_Line]) -> None:
    """Tells the lines before and after the body: the first and last ones, up to the second paragraph from there."""
    paragraphs = 0
    for line in lines[:_HEAD_LINES]:
        line.is_head = True
        line.is_before_body = paragraphs == 0
        paragraphs += len(line.text) >= _BODY_LENGTH or _is_sentence(line.text)
        if paragraphs > 1 and len(line.text) >= _BODY_LENGTH:
            break
    paragraphs = 0
    for line in reversed(lines[-_TAIL_LINES:]):
        line.is_tail = True
        paragraphs += len(line.text) >= _BODY_LENGTH
        if paragraphs > 1:
            break


def _is_sentence(text: str) -> bool:
    return len(text) >= _SENTENCE_LENGTH and _SENTENCE_END.search(text) is not None


def _ends(text: str) -> tuple[tuple[int, int], ...]:
    """The parts of a text where furniture is looked for: all of it, or its first and last lines of very many."""
    breaks = [match.end() for match in islice(_BREAK.finditer(text), 2 * _MAX_LINES)]
    if len(breaks) < 2 * _MAX_LINES:
        return ((0, len(text)),)
    tail = len(text)
    for _ in range(_MAX_LINES):
        tail = text.rfind("\n", breaks[_MAX_LINES - 1], tail)
        if tail < 0:
            return ((0, breaks[_MAX_LINES - 1]),)
    return ((0, breaks[_MAX_LINES - 1]), (tail + 1, len(text)))


def _runs_on(lines: Sequence[_Line], index: int) -> bool:
    """Whether the next line goes on with the sentence of this one."""
    after = lines[index + 1] if index + 1 < len(lines) else None
    return after is not None and after.is_joined and (after.text[0].islower() or after.text[0] in _INNER_PUNCTUATION)


def _is_fragment(lines: Sequence[_Line], index: int) -> bool:
    """Whether a short line is a piece of a sentence: posts put what was in bold type on lines of its own."""
    line = lines[index]
    if _runs_on(lines, index):
        return True
    if len(line.text) > _FRAGMENT_LENGTH or not line.is_joined or index == 0:
        return False
    before = lines[index - 1]
    is_first = all(other.kind for other in lines[: index - 1])
    return before.kind is None and not is_first and not _SENTENCE_END.search(before.text)


def _is_listed(text: str) -> bool:
    """Whether a line after a heading such as "Читайте также:" looks like a headline."""
    return len(text) <= _LISTED_LENGTH and not re.search(r"[.;:,]$", text)


def _parts_beside(text: str, date: DateExpression) -> list[str]:
    """What a date line holds beside its date, part by part."""
    parts = [text[: date.start], *re.split(r"[|·•]", text[date.end :])]
    return [part.strip(_BULLETS + ",.;:/()") for part in parts]


def _is_source(text: str) -> bool:
    """An outlet before a date: one or two words, the first with a capital or a host's name."""
    return bool(re.fullmatch(r"(?:[A-ZА-ЯЁІЇЄҐ][\w.'’«»\"-]*|[\w-]+\.[a-z]{2,4})(?: [A-ZА-ЯЁІЇЄҐ«][\w.»-]*)?", text))


def _is_mentioned(name: str, text: str, line: Span) -> bool:
    """Whether the text speaks of a person: authors are named in their byline alone, people in a caption are not."""
    stem = name.rsplit(maxsplit=1)[-1][:5]
    return stem in text[: line.start] or stem in text[line.end :]


def _given_title(lines: Sequence[_Line], title: str) -> _Line | None:
    return next((line for line in lines[:_HEAD_LINES] if repeats_title(line.remainder, title, whole=True)), None)


def _title_line(lines: Sequence[_Line]) -> _Line | None:
    """The first line that is left, when it is a title; crumbs that run into a title are marked."""
    free = [line for line in lines if line.kind is None and line.remainder.strip()]
    index = find_title([line.remainder for line in free[:2]], is_wrapped=len(free) > 1 and free[1].is_joined)
    if index is None:
        return None
    for line in free[:index]:
        line.mark(FurnitureKind.CRUMBS)
    return free[index]


def _title_span(line: _Line | None) -> Span | None:
    if line is None:
        return None
    lead = len(line.remainder) - len(line.remainder.lstrip())
    return Span(line.span.start + line.rest + lead, line.span.end)


def _published(dates: Sequence[tuple[DateExpression, bool]]) -> CivilTime | None:
    """The first full date of the head, else of the tail, that is not the date of a change."""
    ordered = sorted((date for date in dates if not date[0].is_update), key=lambda date: not date[1])
    return next((date.civil for date, _ in ordered if date.civil), None)


def _pattern(entry: Mapping[str, Any], places: Mapping[str, str]) -> _Pattern:
    source = str(entry["pattern"])
    for place, expression in places.items():
        source = source.replace(place, expression)
    return _Pattern(
        str(entry["id"]),
        FurnitureKind(entry["kind"]),
        str(entry["form"]),
        str(entry.get("place", "any")),
        bool(entry.get("list", False)),
        bool(entry.get("apart", False)),
        re.compile(source, re.IGNORECASE),
    )


def _without_names(expression: re.Pattern[str]) -> str:
    return "(?:" + re.sub(r"\(\?P<\w+>", "(?:", expression.pattern) + ")"
