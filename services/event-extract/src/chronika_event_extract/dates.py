"""Expressions of time in running text and what they mean, by the rule tables of a language pack.

time.toml says how expressions look and of which kind they are, calendar.toml names months and weekdays. A found
expression is resolved against the day of publication and the tense of its clause; what needs a day of publication and
has none stays unresolved (codebook 4).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from chronika.domain.errors import ConfigurationError
from chronika.domain.event import EventTime, TimeBasis, TimeGranularity
from chronika.domain.span import Span
from chronika.ports.language_pack import LanguagePack

RULES = "time.toml"
CALENDAR = "calendar.toml"

_CASES = ("nominative", "genitive", "dative", "accusative", "instrumental", "locative")
_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "`": "'"})
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (12, 2)}
_CENTURY = 100
_HALF_YEAR = 183
_SAFE_DAY = 28
_MONTHS = 12
_NEEDS = ("month", "weekday", "unit", "season", "ordinal")
"""Pieces of which a rule that holds one is tried only on text that holds one too."""
_NAMED = re.compile(r"\(\?P<\w+>")
_DAYS_OF = {"day": 1.0, "week": 7.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What an expression is resolved against: the day of publication, and whether its clause looks forward."""

    published: date | None
    forward: bool


@dataclass(frozen=True, slots=True)
class _Rule:
    id: str
    kind: str
    pattern: re.Pattern[str]
    need: str
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Expression:
    """A run of text that speaks of time, with the rule that read it."""

    span: Span
    rule: _Rule
    groups: Mapping[str, str | None]

    @property
    def rule_id(self) -> str:
        """The id of the rule in time.toml."""
        return self.rule.id


@dataclass(frozen=True, slots=True)
class DateGrammar:
    """The compiled tables of one language."""

    stems: re.Pattern[str]
    needs: Mapping[str, re.Pattern[str]]
    rules: tuple[_Rule, ...]
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    numbers: Mapping[str, float]
    units: Mapping[str, str]
    seasons: Mapping[str, str]
    ordinals: Mapping[str, int]

    def find(self, text: str, start: int, end: int) -> list[Expression]:
        """The expressions in a run of the text, in its order, none overlapping another; the longer one wins."""
        piece = text[start:end].lower().translate(_APOSTROPHES)
        if len(piece) != end - start or not self.stems.search(piece):
            return []
        found: list[tuple[int, int, int, Expression]] = []
        met = {need for need, pattern in self.needs.items() if pattern.search(piece)}
        for order, rule in enumerate(self.rules):
            if rule.need and rule.need not in met:
                continue
            for match in rule.pattern.finditer(piece):
                span = Span(start + match.start(), start + match.end())
                found.append(
                    (match.start() - match.end(), order, match.start(), Expression(span, rule, match.groupdict()))
                )
        found.sort(key=lambda item: item[:3])
        kept: list[Expression] = []
        for *_, expression in found:
            if not any(expression.span.overlaps(other.span) for other in kept):
                kept.append(expression)
        return sorted(kept, key=lambda expression: expression.span)

    def resolve(self, expression: Expression, reference: Reference) -> EventTime | None:
        """The civil date or interval that is meant; None when it cannot be told or is no date (31 June)."""
        try:
            return _RESOLVERS[expression.rule.kind](self, expression, reference)
        except (ValueError, OverflowError):
            return None


def read_date_grammar(pack: LanguagePack) -> DateGrammar:
    """ConfigurationError `date-grammar` when a rule is of an unknown kind or its pattern does not compile."""
    table, names = pack.settings(RULES), pack.settings(CALENDAR)
    months, weekdays = _forms(names["months"]), _forms(names["weekdays"])
    units = {form: unit for unit, forms in table["units"].items() for form in forms}
    seasons = {form: season for season, forms in table["seasons"].items() for form in forms}
    pieces = {
        "day": r"(?P<day>[0-3]?\d)",
        "month": rf"(?P<month>{_any(months)})\b\.?",
        "first_month": rf"(?P<first_month>{_any(months)})\b",
        "year": r"(?P<year>(?:19|20)\d\d)",
        "weekday": rf"(?P<weekday>{_any(weekdays)})\b",
        "number": rf"(?P<number>\d{{1,3}}|{_any(table['numbers'])})",
        "unit": rf"(?P<unit>{_any(units)})\b",
        "season": rf"(?P<season>{_any(seasons)})\b",
        "ordinal": rf"(?P<ordinal>{_any(table['ordinals'])})",
        "of_year": table["of_year"],
        "approximate": table["approximate"],
    }
    return DateGrammar(
        stems=re.compile(r"\d\d?[.\s]|(?:19|20)\d\d|" + "|".join(table["stems"])),
        needs={need: re.compile(_NAMED.sub("(?:", pieces[need])) for need in _NEEDS},
        rules=tuple(_rule(row, pieces, pack) for row in table["rules"]),
        months=months,
        weekdays=weekdays,
        numbers=table["numbers"],
        units=units,
        seasons=seasons,
        ordinals=table["ordinals"],
    )


def _forms(rows: list[Mapping[str, Any]]) -> dict[str, int]:
    forms = {row[case]: row["number"] for row in rows for case in _CASES}
    forms.update({abbreviation: row["number"] for row in rows for abbreviation in row["abbreviations"]})
    return forms


def _any(words: Mapping[str, object]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def _rule(row: Mapping[str, Any], pieces: Mapping[str, str], pack: LanguagePack) -> _Rule:
    source = row["pattern"]
    for name, piece in pieces.items():
        source = source.replace(f"{{{name}}}", piece)
    try:
        if row["kind"] not in _RESOLVERS:
            raise ValueError(f"no kind {row['kind']!r}")
        pattern = re.compile(rf"(?<!\w){source}(?!\w)")
    except (re.error, ValueError) as error:
        raise ConfigurationError(
            "date-grammar",
            f"{RULES} of language pack {pack.code!r}, rule {row['id']!r}: {error}",
            cure="Mend the rule; the comment at the top of the file says what it may hold.",
        ) from error
    need = next((name for name in _NEEDS if f"{{{name}}}" in row["pattern"]), "")
    return _Rule(row["id"], row["kind"], pattern, need, row)


# -- resolving --------------------------------------------------------------------------------------------------------


def _time(expression: Expression, start: str, end: str, granularity: TimeGranularity, basis: TimeBasis) -> EventTime:
    return EventTime(start=start, end=end, granularity=granularity, basis=basis, span=expression.span)


def _year_of(
    grammar: DateGrammar, expression: Expression, reference: Reference, month: int, day: int
) -> tuple[int, TimeBasis] | None:
    """The year of a day or month: the one that is written, else that of the nearest such date the tense allows."""
    written = expression.groups.get("year")
    if written:
        year = int(written)
        return (year + 2000 if year < _CENTURY else year), TimeBasis.EXPLICIT
    if reference.published is None:
        return None
    offset = expression.rule.options.get("year_offset")
    if offset is not None:
        return reference.published.year + offset, TimeBasis.PUBLICATION
    year = reference.published.year
    if expression.rule.options.get("nearest"):
        middle = date(year, month, min(day or reference.published.day, _SAFE_DAY))
        half = 0 if abs((middle - reference.published).days) <= _HALF_YEAR else 1
        return year + (half if middle < reference.published else -half), TimeBasis.PUBLICATION
    met = (month, day or reference.published.day)
    today = (reference.published.month, reference.published.day)
    if reference.forward and met < today:
        year += 1
    elif not reference.forward and met > today:
        year -= 1
    return year, TimeBasis.PUBLICATION


def _date(grammar: DateGrammar, expression: Expression, reference: Reference) -> EventTime | None:
    month = grammar.months[_group(expression, "month")]
    day = int(expression.rule.options.get("day") or _group(expression, "day"))
    year = _year_of(grammar, expression, reference, month, day)
    if year is None:
        return None
    when = date(year[0], month, day)
    return _time(expression, when.isoformat(), "", TimeGranularity.DAY, year[1])


def _numeric(_grammar: DateGrammar, expression: Expression, _reference: Reference) -> EventTime | None:
    year = int(_group(expression, "year"))
    when = date(
        year + 2000 if year < _CENTURY else year,
        int(_group(expression, "month_number")),
        int(_group(expression, "day")),
    )
    return _time(expression, when.isoformat(), "", TimeGranularity.DAY, TimeBasis.EXPLICIT)


def _range(grammar: DateGrammar, expression: Expression, reference: Reference) -> EventTime | None:
    month, last = grammar.months[_group(expression, "month")], int(_group(expression, "day"))
    year = _year_of(grammar, expression, reference, month, last)
    if year is None:
        return None
    start, end = date(year[0], month, int(_group(expression, "first"))), date(year[0], month, last)
    if start >= end:
        return None
    return _time(expression, start.isoformat(), end.isoformat(), TimeGranularity.RANGE, year[1])


def _span_of_months(grammar: DateGrammar, expression: Expression, reference: Reference) -> EventTime | None:
    first, last = grammar.months[_group(expression, "first_month")], grammar.months[_group(expression, "month")]
    year = _year_of(grammar, expression, reference, last, 0)
    if year is None or first == last:
        return None
    began = year[0] if first < last else year[0] - 1
    return _time(expression, f"{began}-{first:02}", f"{year[0]}-{last:02}", TimeGranularity.RANGE, year[1])


def _month(grammar: DateGrammar, expression: Expression, reference: Reference) -> EventTime | None:
    month = grammar.months[_group(expression, "month")]
    year = _year_of(grammar, expression, reference, month, 0)
    if year is None:
        return None
    return _time(expression, f"{year[0]}-{month:02}", "", TimeGranularity.MONTH, year[1])


def _year(_grammar: DateGrammar, expression: Expression, _reference: Reference) -> EventTime | None:
    return _time(expression, _group(expression, "year"), "", TimeGranularity.YEAR, TimeBasis.EXPLICIT)


def _years(_grammar: DateGrammar, expression: Expression, _reference: Reference) -> EventTime | None:
    first, last = _group(expression, "first_year"), _group(expression, "year")
    return _time(expression, first, last, TimeGranularity.RANGE, TimeBasis.EXPLICIT) if first < last else None


def _shift(grammar: DateGrammar, expression: Expression, reference: Reference) -> EventTime | None:
    if reference.published is None:
        return None
    options = expression.rule.options
    unit = options.get("unit") or grammar.units[_group(expression, "unit")]
    number = float(options.get("number") or _number(grammar, expression.groups.get("number")))
    return _moved(expression, reference.published, unit, options["sign"] * number)


def _number(grammar: DateGrammar, word: str | None) -> float:
    if not word:
        return 1
    return int(word) if word.isdigit() else grammar.numbers[word]


def _moved(expression: Expression, published: date, unit: str, number: float) -> EventTime:
    basis = TimeBasis.PUBLICATION
    if number == 0:
        # "несколько дней назад": how many is not told, so the month is.
        months = unit in {"day", "week", "hour", "minute"}
        start = published.strftime("%Y-%m") if months else str(published.year)
        return _time(expression, start, "", TimeGranularity.MONTH if months else TimeGranularity.YEAR, basis)
    if unit in {"hour", "minute"}:
        return _time(expression, published.isoformat(), "", TimeGranularity.DAY, basis)
    if unit in _DAYS_OF:
        when = published + timedelta(days=round(number * _DAYS_OF[unit]))
        return _time(expression, when.isoformat(), "", TimeGranularity.DAY, basis)
    if unit == "month":
        when = _months_later(published, number)
        return _time(expression, when.strftime("%Y-%m"), "", TimeGranularity.MONTH, basis)
    years = number * (10 if unit == "decade" else 1)
    return _time(expression, str(published.year + round(years)), "", TimeGranularity.YEAR, basis)


def _months_later(when: date, months: float) -> date:
    whole = int(months)
    index = when.year * _MONTHS + when.month - 1 + whole
    year, month = divmod(index, _MONTHS)
    day = min(when.day, calendar.monthrange(year, month + 1)[1])
    return date(year, month + 1, day) + timedelta(days=round((months - whole) * 30))


def _this_unit(grammar: DateGrammar, expression: Expression, reference: Reference) -> EventTime | None:
    published = reference.published
    if published is None:
        return None
    offset = expression.rule.options["offset"]
    unit = expression.rule.options.get("unit") or grammar.units[_group(expression, "unit")]
    basis = TimeBasis.PUBLICATION
    if unit == "week":
        monday = published - timedelta(days=published.weekday()) + timedelta(weeks=offset)
        sunday = monday + timedelta(days=6)
        return _time(expression, monday.isoformat(), sunday.isoformat(), TimeGranularity.RANGE, basis)
    if unit == "month":
        return _time(expression, _months_later(published, offset).strftime("%Y-%m"), "", TimeGranularity.MONTH, basis)
    if unit == "year":
        return _time(expression, str(published.year + offset), "", TimeGranularity.YEAR, basis)
    if unit == "day":
        return _time(expression, (published + timedelta(days=offset)).isoformat(), "", TimeGranularity.DAY, basis)
    return None


def _until_end(grammar: DateGrammar, expression: Expression, reference: Reference) -> EventTime | None:
    published = reference.published
    if published is None:
        return None
    unit = grammar.units[_group(expression, "unit")]
    if unit == "year":
        return _time(expression, str(published.year), "", TimeGranularity.YEAR, TimeBasis.PUBLICATION)
    if unit == "month":
        return _time(expression, published.strftime("%Y-%m"), "", TimeGranularity.MONTH, TimeBasis.PUBLICATION)
    if unit == "week":
        sunday = published + timedelta(days=6 - published.weekday())
        return _time(
            expression, published.isoformat(), sunday.isoformat(), TimeGranularity.RANGE, TimeBasis.PUBLICATION
        )
    return None


def _weekday(grammar: DateGrammar, expression: Expression, reference: Reference) -> EventTime | None:
    published = reference.published
    if published is None:
        return None
    wanted = (expression.rule.options.get("weekday") or grammar.weekdays[_group(expression, "weekday")]) - 1
    ahead = (wanted - published.weekday()) % 7
    offset = expression.rule.options["offset"]
    forward = reference.forward or expression.rule.options.get("nearest")
    if offset > 0 or (offset == 0 and forward):
        days = ahead if ahead or not offset else 7
    elif offset < 0:
        days = ahead - 7
    else:
        days = ahead - 7 if ahead else 0
    when = published + timedelta(days=days)
    return _time(expression, when.isoformat(), "", TimeGranularity.DAY, TimeBasis.PUBLICATION)


def _day(_grammar: DateGrammar, expression: Expression, reference: Reference) -> EventTime | None:
    if reference.published is None:
        return None
    when = reference.published + timedelta(days=expression.rule.options["offset"])
    return _time(expression, when.isoformat(), "", TimeGranularity.DAY, TimeBasis.PUBLICATION)


def _season(grammar: DateGrammar, expression: Expression, reference: Reference) -> EventTime | None:
    first, last = _SEASONS[grammar.seasons[_group(expression, "season")]]
    year = _year_of(grammar, expression, reference, first, 1)
    if year is None:
        return None
    ended = year[0] if first < last else year[0] + 1
    return _time(expression, f"{year[0]}-{first:02}", f"{ended}-{last:02}", TimeGranularity.RANGE, year[1])


def _quarter(grammar: DateGrammar, expression: Expression, reference: Reference) -> EventTime | None:
    last = grammar.ordinals[_group(expression, "ordinal")] * 3
    year = _year_of(grammar, expression, reference, last - 2, 1)
    if year is None:
        return None
    return _time(expression, f"{year[0]}-{last - 2:02}", f"{year[0]}-{last:02}", TimeGranularity.RANGE, year[1])


def _group(expression: Expression, name: str) -> str:
    value = expression.groups.get(name)
    if value is None:
        raise ValueError(f"rule {expression.rule_id} matched without {name}")
    return value


_Resolver = Callable[[DateGrammar, Expression, Reference], EventTime | None]
_RESOLVERS: Mapping[str, _Resolver] = {
    "date": _date,
    "numeric": _numeric,
    "range": _range,
    "span-of-months": _span_of_months,
    "month": _month,
    "year": _year,
    "years": _years,
    "shift": _shift,
    "this-unit": _this_unit,
    "until-end": _until_end,
    "weekday": _weekday,
    "day": _day,
    "season": _season,
    "quarter": _quarter,
}
