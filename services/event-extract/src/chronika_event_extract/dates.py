"""Expressions of time in running text and what they mean, by the rule tables of a language pack.

time.toml says how expressions look and of which kind they are, calendar.toml names months and weekdays. A found
expression is resolved against the day of publication and the tense of its clause; what needs a day of publication and
has none stays unresolved (codebook 4).
"""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
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
_SPELLINGS = str.maketrans({"’": "'", "ʼ": "'", "`": "'", "\u00a0": " ", "\u202f": " "})
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (12, 2)}
_CENTURY = 100
_MONTHS = 12
_LAST_DAY = 31
_SATURDAY = 5
_FEW = 3
"""What "several" stands for, when only the size of the unit above is told."""
_HOURS = 24
_LEAP_SEARCH = 9
"""Years around the publication in which each day of the calendar occurs, 29 February too."""
_PARTS_OF_WEEK = {"start": (0, 1), "middle": (2, 3), "end": (4, 6)}
_FIGURES = r"(?<!\d )(?<![\d,.])\d{1,3}(?:,\d)?"
_TENS = range(20, 100, 10)
_THIRDS = {"start": 0, "middle": 1, "end": 2}
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
    day_words: Mapping[str, int]
    other_years: Mapping[str, int]
    decades: Mapping[str, int]

    def find(self, text: str, start: int, end: int) -> list[Expression]:
        """The expressions in a run of the text, in its order, none overlapping another; the longer one wins."""
        piece = text[start:end].lower().translate(_SPELLINGS)
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
        """The civil date or interval that is meant; None when it cannot be told or is no date (31 June).

        A rule with a `tense` speaks of time in that tense only: "через два дня" counts from the publication when it
        tells what will be, and from another day when it tells what was.
        """
        tense = expression.rule.options.get("tense")
        if tense and (tense == "future") != reference.forward:
            return None
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
    pieces = _pieces(table, names, units, seasons)
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
        day_words=table["day_words"],
        other_years=table["other_years"],
        decades=table["decades"],
    )


def _pieces(
    table: Mapping[str, Any], names: Mapping[str, Any], units: Mapping[str, str], seasons: Mapping[str, str]
) -> dict[str, str]:
    """What stands for {day}, {month} and the like in a pattern. What holds another piece comes before it."""
    numbers = table["numbers"]
    tens, ones = ([word for word, number in numbers.items() if number in span] for span in (_TENS, range(1, 10)))
    months = _forms(names["months"])
    month = _names(months, table["homographs"], r"(?=\.|\s+(?:19|20)\d\d)")
    before_date = rf"(?=\.?,? \d{{1,2}} (?:{_any(months)})\b)"
    weekday = _names(_forms(names["weekdays"]), table["homographs"], before_date)
    return {
        "of_year": table["of_year"],
        "approximate": table["approximate"],
        "day": r"(?P<day>[0-3]?\d)",
        "month": rf"(?P<month>{month})\.?",
        "first_month": rf"(?P<first_month>{month})\.?",
        "year": r"(?P<year>(?:19|20)\d\d)",
        "weekday": rf"(?P<weekday>{weekday})",
        "number": rf"(?P<number>{_FIGURES}|(?:{_any(tens)}) (?:{_any(ones)})|{_any(numbers)})",
        "unit": rf"(?P<unit>{_any(units)})\b",
        "one": rf"(?P<one>{_any(table['one'])})\b",
        "season": rf"(?P<season>{_any(seasons)})\b",
        "ordinal": rf"(?P<ordinal>{_any(table['ordinals'])})",
        "day_word": rf"(?P<day_word>{_any(table['day_words'])})",
        "other_year": rf"(?P<other_year>{_any(table['other_years'])})",
        "decade": rf"(?P<decade>(?:(?:19|20)\d0|[3-9]0)(?={table['after_decade']})|{_any(table['decades'])})",
    }


def _forms(rows: list[Mapping[str, Any]]) -> dict[str, int]:
    forms = {row[case]: row["number"] for row in rows for case in _CASES}
    forms.update({abbreviation: row["number"] for row in rows for abbreviation in row["abbreviations"]})
    return forms


def _names(forms: Mapping[str, int], homographs: Sequence[str], shown: str) -> str:
    """The forms; a short one that is another word too ("12 лип", "в ВС") only where what follows shows what it is."""
    doubtful = {form for form in forms if form in homographs}
    return rf"(?:{_any(set(forms) - doubtful)})\b" + (rf"|(?:{_any(doubtful)}){shown}" if doubtful else "")


def _any(words: Iterable[str]) -> str:
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


MonthDay = tuple[int, int]
"""A month and a day of it; day 0 is any."""


def _year_of(
    grammar: DateGrammar, expression: Expression, reference: Reference, start: MonthDay, end: MonthDay | None = None
) -> tuple[int, TimeBasis] | None:
    """The year of a day or a span: the one that is written or named, else that of the nearest one the tense allows.

    A span over New Year has the year of its end when that is written or named, else that of its start.
    """
    written, named = expression.groups.get("year"), expression.groups.get("other_year")
    if written:
        year = int(written)
        return (year + 2000 if year < _CENTURY else year), TimeBasis.EXPLICIT
    if reference.published is None:
        return None
    if named:
        return reference.published.year + grammar.other_years[named], TimeBasis.PUBLICATION
    return _nearest_year(expression.rule, reference.published, start, end or start, reference.forward)


def _nearest_year(
    rule: _Rule, published: date, start: MonthDay, end: MonthDay, forward: bool
) -> tuple[int, TimeBasis] | None:
    """The year in which a span begins: begun by the day of publication, or, looking forward, not yet over by then."""
    around = [
        year
        for year in range(published.year - _LEAP_SEARCH, published.year + _LEAP_SEARCH)
        if start[1] <= calendar.monthrange(year, start[0])[1]
    ]
    today = (published.year, published.month, published.day)
    crosses = int(end < start)
    begun = [year for year in around if (year, start[0], start[1] or 1) <= today]
    unfinished = [year for year in around if (year + crosses, end[0], end[1] or _LAST_DAY) >= today]
    relation = rule.options.get("relation")
    if not around:
        return None
    if rule.options.get("nearest"):
        year = min(around, key=lambda year: abs(date(year, start[0], start[1] or 1) - published))
    elif relation == "over":
        year = max(set(around) - set(unfinished))
    elif relation == "last":
        year = max(year for year in around if year not in unfinished and year < published.year)
    elif relation == "next":
        year = min(set(around) - set(begun))
    else:
        year = min(unfinished) if forward else max(begun)
    return year, TimeBasis.PUBLICATION


def _years_of_span(expression: Expression, year: int, *, crosses: bool) -> tuple[int, int]:
    """The years in which a span begins and ends, from its year as _year_of gives it."""
    first = expression.groups.get("first_year")
    if expression.groups.get("year") or expression.groups.get("other_year"):
        return (int(first) if first else year - int(crosses)), year
    began = int(first) if first else year
    return began, began + int(crosses)


def _date(grammar: DateGrammar, expression: Expression, reference: Reference) -> EventTime | None:
    month, day = grammar.months[_group(expression, "month")], _day_of_month(grammar, expression)
    year = _year_of(grammar, expression, reference, (month, day))
    if year is None:
        return None
    when = date(year[0], month, day)
    return _time(expression, when.isoformat(), "", TimeGranularity.DAY, year[1])


def _day_of_month(grammar: DateGrammar, expression: Expression) -> int:
    word = expression.groups.get("day_word")
    return grammar.day_words[word] if word else int(_group(expression, "day"))


def _numeric(_grammar: DateGrammar, expression: Expression, _reference: Reference) -> EventTime | None:
    year = int(_group(expression, "year"))
    when = date(
        year + 2000 if year < _CENTURY else year,
        int(_group(expression, "month_number")),
        int(_group(expression, "day")),
    )
    return _time(expression, when.isoformat(), "", TimeGranularity.DAY, TimeBasis.EXPLICIT)


def _range(grammar: DateGrammar, expression: Expression, reference: Reference) -> EventTime | None:
    first, last = int(_group(expression, "first")), int(_group(expression, "day"))
    month = grammar.months[_group(expression, "month")]
    first_month = grammar.months[expression.groups.get("first_month") or _group(expression, "month")]
    year = _year_of(grammar, expression, reference, (first_month, first), (month, last))
    if year is None:
        return None
    began, ended = _years_of_span(expression, year[0], crosses=first_month > month)
    start, end = date(began, first_month, first), date(ended, month, last)
    if start >= end:
        return None
    return _time(expression, start.isoformat(), end.isoformat(), TimeGranularity.RANGE, year[1])


def _span_of_months(grammar: DateGrammar, expression: Expression, reference: Reference) -> EventTime | None:
    first, last = grammar.months[_group(expression, "first_month")], grammar.months[_group(expression, "month")]
    year = _year_of(grammar, expression, reference, (first, 0), (last, 0))
    if year is None or first == last:
        return None
    began, ended = _years_of_span(expression, year[0], crosses=first > last)
    return _time(expression, f"{began}-{first:02}", f"{ended}-{last:02}", TimeGranularity.RANGE, year[1])


def _month(grammar: DateGrammar, expression: Expression, reference: Reference) -> EventTime | None:
    month = grammar.months[_group(expression, "month")]
    year = _year_of(grammar, expression, reference, (month, 0))
    if year is None:
        return None
    return _time(expression, f"{year[0]}-{month:02}", "", TimeGranularity.MONTH, year[1])


def _year(_grammar: DateGrammar, expression: Expression, _reference: Reference) -> EventTime | None:
    return _time(expression, _group(expression, "year"), "", TimeGranularity.YEAR, TimeBasis.EXPLICIT)


def _years(_grammar: DateGrammar, expression: Expression, _reference: Reference) -> EventTime | None:
    first, last = _group(expression, "first_year"), _group(expression, "year")
    return _time(expression, first, last, TimeGranularity.RANGE, TimeBasis.EXPLICIT) if first < last else None


def _decade(grammar: DateGrammar, expression: Expression, _reference: Reference) -> EventTime | None:
    word = _group(expression, "decade")
    first = int(word) if word.isdigit() else grammar.decades[word]
    first += 1900 if first < _CENTURY else 0
    return _time(expression, str(first), str(first + 9), TimeGranularity.RANGE, TimeBasis.EXPLICIT)


def _shift(grammar: DateGrammar, expression: Expression, reference: Reference) -> EventTime | None:
    if reference.published is None:
        return None
    unit, number = _quantity(grammar, expression)
    sign = expression.rule.options["sign"]
    if not number:
        return _about(expression, reference.published, unit, sign)
    return _moved(expression, reference.published, unit, sign * number)


def _quantity(grammar: DateGrammar, expression: Expression) -> tuple[str, float]:
    """How many of which unit; none is "several"."""
    options, groups = expression.rule.options, expression.groups
    unit = options.get("unit") or grammar.units[groups.get("one") or _group(expression, "unit")]
    if "number" in options:
        return unit, float(options["number"])
    words = groups.get("number")
    if not words:
        return unit, 1.0
    if words[0].isdigit():
        return unit, float(words.replace(",", "."))
    return unit, float(sum(grammar.numbers[word] for word in words.split()))


def _about(expression: Expression, published: date, unit: str, sign: int) -> EventTime | None:
    """ "Несколько дней назад": how many is not told, so the month is (codebook 5), and of months the year."""
    basis, moved = TimeBasis.PUBLICATION, sign * _FEW
    if unit in {"hour", "minute"}:
        return _time(expression, published.isoformat(), "", TimeGranularity.DAY, basis)
    if unit in _DAYS_OF:
        when = published + timedelta(days=round(moved * _DAYS_OF[unit]))
        return _time(expression, when.strftime("%Y-%m"), "", TimeGranularity.MONTH, basis)
    if unit == "month":
        return _time(expression, str(_months_later(published, moved).year), "", TimeGranularity.YEAR, basis)
    return None


def _moved(expression: Expression, published: date, unit: str, number: float) -> EventTime:
    start, granularity = _away(published, unit, number)
    return _time(expression, start, "", granularity, TimeBasis.PUBLICATION)


def _away(published: date, unit: str, number: float) -> tuple[str, TimeGranularity]:
    """What lies so many units away, as exactly as the unit allows."""
    if unit in {"hour", "minute"}:
        days = int(number / _HOURS) if unit == "hour" else 0
        return (published + timedelta(days=days)).isoformat(), TimeGranularity.DAY
    if unit in _DAYS_OF:
        return (published + timedelta(days=round(number * _DAYS_OF[unit]))).isoformat(), TimeGranularity.DAY
    if unit == "month":
        return _months_later(published, number).strftime("%Y-%m"), TimeGranularity.MONTH
    years = number * (10 if unit == "decade" else 1)
    return str(_months_later(published, years * _MONTHS).year), TimeGranularity.YEAR


def _stretch(grammar: DateGrammar, expression: Expression, reference: Reference) -> EventTime | None:
    """From so many units ago until the publication, or from it until so many units later."""
    published = reference.published
    if published is None:
        return None
    unit, number = _quantity(grammar, expression)
    sign = expression.rule.options["sign"]
    if not number:
        return _about(expression, published, unit, sign)
    start, granularity = _away(published, unit, sign * number)
    end = {TimeGranularity.DAY: published.isoformat(), TimeGranularity.MONTH: published.strftime("%Y-%m")}.get(
        granularity, str(published.year)
    )
    if start == end:
        return _time(expression, start, "", granularity, TimeBasis.PUBLICATION)
    first, last = (start, end) if sign < 0 else (end, start)
    return _time(expression, first, last, TimeGranularity.RANGE, TimeBasis.PUBLICATION)


def _months_later(when: date, months: float) -> date:
    whole = math.trunc(months)
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
    # "В этот день" and "на следующий день" count from a day that the text has named, not from the publication.
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


def _part_of_unit(grammar: DateGrammar, expression: Expression, reference: Reference) -> EventTime | None:
    """The start, middle or end of a week, month or year: the last one that has begun, or the next that is not over."""
    published = reference.published
    if published is None:
        return None
    part, unit = expression.rule.options["part"], grammar.units[_group(expression, "unit")]
    if unit == "week":
        return _part_of_week(expression, published, part, forward=reference.forward)
    if unit == "month":
        index, size = published.day - 1, _LAST_DAY
    elif unit == "year":
        index, size = published.month - 1, _MONTHS
    else:
        return None
    reached = 3 * index // size
    offset = int(reached > _THIRDS[part]) if reference.forward else -int(reached < _THIRDS[part])
    start, granularity = _away(published, unit, offset)
    return _time(expression, start, "", granularity, TimeBasis.PUBLICATION)


def _part_of_week(expression: Expression, published: date, part: str, *, forward: bool) -> EventTime:
    first, last = _PARTS_OF_WEEK[part]
    today = published.weekday()
    weeks = int(today > last) if forward else -int(today < first)
    monday = published + timedelta(days=7 * weeks - today)
    start, end = ((monday + timedelta(days=day)).isoformat() for day in (first, last))
    return _time(expression, start, end, TimeGranularity.RANGE, TimeBasis.PUBLICATION)


def _since_start(grammar: DateGrammar, expression: Expression, reference: Reference) -> EventTime | None:
    """From the first day of the week, month or year until the publication."""
    published = reference.published
    if published is None:
        return None
    starts = {
        "day": published,
        "week": published - timedelta(days=published.weekday()),
        "month": published.replace(day=1),
        "year": published.replace(month=1, day=1),
    }
    start = starts.get(grammar.units[_group(expression, "unit")])
    if start is None:
        return None
    if start == published:
        return _time(expression, start.isoformat(), "", TimeGranularity.DAY, TimeBasis.PUBLICATION)
    return _time(expression, start.isoformat(), published.isoformat(), TimeGranularity.RANGE, TimeBasis.PUBLICATION)


def _weekend(_grammar: DateGrammar, expression: Expression, reference: Reference) -> EventTime | None:
    published = reference.published
    if published is None:
        return None
    today, offset = published.weekday(), expression.rule.options["offset"]
    saturday = published + timedelta(days=_SATURDAY - today)
    if offset < 0 or (offset == 0 and not reference.forward and today < _SATURDAY):
        saturday -= timedelta(weeks=1)
    elif offset > 0 and today >= _SATURDAY:
        saturday += timedelta(weeks=1)
    sunday = saturday + timedelta(days=1)
    return _time(expression, saturday.isoformat(), sunday.isoformat(), TimeGranularity.RANGE, TimeBasis.PUBLICATION)


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
    year = _year_of(grammar, expression, reference, (first, 0), (last, 0))
    if year is None:
        return None
    ended = year[0] if first < last else year[0] + 1
    return _time(expression, f"{year[0]}-{first:02}", f"{ended}-{last:02}", TimeGranularity.RANGE, year[1])


def _quarter(grammar: DateGrammar, expression: Expression, reference: Reference) -> EventTime | None:
    """A quarter, or a half where the rule says how many months it has."""
    size = expression.rule.options.get("months", 3)
    last = grammar.ordinals[_group(expression, "ordinal")] * size
    if last > _MONTHS:
        return None
    first = last - size + 1
    year = _year_of(grammar, expression, reference, (first, 0), (last, 0))
    if year is None:
        return None
    return _time(expression, f"{year[0]}-{first:02}", f"{year[0]}-{last:02}", TimeGranularity.RANGE, year[1])


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
    "decade": _decade,
    "shift": _shift,
    "stretch": _stretch,
    "this-unit": _this_unit,
    "until-end": _until_end,
    "part-of-unit": _part_of_unit,
    "since-start": _since_start,
    "weekend": _weekend,
    "weekday": _weekday,
    "day": _day,
    "season": _season,
    "quarter": _quarter,
}
