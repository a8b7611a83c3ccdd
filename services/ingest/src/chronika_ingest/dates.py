"""Dates and times as pages write them, read into moments of publication.

Names of months and weekdays and the small words of dates come from the language packs (calendar.toml); all packs are
tried, since an article's language is not known yet. What cannot be read whole is no date: nothing is guessed, and the
time of reading never stands in for the time of publication.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo

from chronika.domain.document import PublishedPrecision
from chronika.domain.errors import ConfigurationError

_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_ENGLISH_MONTH = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE)
_CASES = ("nominative", "genitive", "dative", "accusative", "instrumental", "locative")
_OFFSET = re.compile(r"(?:gmt|utc)?\s?([+-])(\d{1,2}):?(\d{2})?", re.IGNORECASE)
_DATE_IN_PATH = re.compile(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?=[/_-]|$)")
_CENTURY_BORDER = 70
"""Years of two digits from here on are of the 1900s, as POSIX has it."""
_SPACE = "[ \t\u00a0]"
_JOINT = rf"{_SPACE}{{0,3}}[,|/·•;—–-]?{_SPACE}{{0,3}}"


@dataclass(frozen=True, slots=True)
class Moment:
    """A time of publication: `instant` in UTC, the zone that was given with it (or empty), and how exact it is."""

    instant: datetime
    zone: str
    precision: PublishedPrecision


@dataclass(frozen=True, slots=True)
class CivilTime:
    """What stands on a page: wall-clock time without a zone of its own, or with one ("+03:00", "Europe/Kyiv")."""

    day: datetime
    has_time: bool
    zone: str = ""

    def in_zone(self, assumed: str) -> Moment | None:
        """The moment, in its own zone or the assumed one; None when the calendar has no such instant."""
        zone = self.zone or assumed
        try:
            instant = self.day.replace(tzinfo=zone_of(zone)).astimezone(UTC)
        except (OverflowError, ConfigurationError):
            return None
        given = self.zone or ("" if assumed == "UTC" else assumed)
        return Moment(instant, given, PublishedPrecision.MINUTE if self.has_time else PublishedPrecision.DAY)


@dataclass(frozen=True, slots=True)
class DateExpression:
    """A date in a line: `[start, end)` with its weekday, label and time; `is_update`: the label speaks of a change.

    `civil` is None when no year stands with it: such a line is furniture, and no date.
    """

    start: int
    end: int
    civil: CivilTime | None
    has_time: bool
    is_update: bool = False
    is_labelled: bool = False


def date_in_address(address: str) -> CivilTime | None:
    """The day that an address holds in its path, as many outlets write it: /2016/12/18/ or /2016-12-18/.

    Measured on 186 news pages whose date was known: the same day in 181, the day beside it in the others.
    """
    found = _DATE_IN_PATH.search(address)
    if found is None:
        return None
    try:
        return CivilTime(datetime(int(found[1]), int(found[2]), int(found[3])), False)  # noqa: DTZ001 - as _day
    except ValueError:
        return None


def zone_of(name: str) -> tzinfo:
    """The zone of an IANA name or an offset such as "+03:00". ConfigurationError `unknown-zone` when there is none."""
    offset = _OFFSET.fullmatch(name)
    distance = timedelta()
    if offset:
        sign = -1 if offset[1] == "-" else 1
        distance = sign * timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
    try:
        return timezone(distance) if offset else ZoneInfo(name)
    except (LookupError, ValueError, OSError) as error:
        raise ConfigurationError(
            "unknown-zone",
            f"there is no time zone {name!r}",
            cure='Use an IANA name such as "Europe/Kyiv", or an offset such as "+03:00".',
        ) from error


def zone_name(zone: tzinfo | None, instant: datetime) -> str:
    """How a zone is written in a document: its IANA name, "UTC", or an offset."""
    if isinstance(zone, ZoneInfo):
        return zone.key
    offset = instant.utcoffset() or timedelta()
    if not offset:
        return "UTC"
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


class DateGrammar:
    """Reads dates with the words of all calendars that it is given."""

    def __init__(self, calendars: Iterable[Mapping[str, Any]]) -> None:
        tables = list(calendars)
        self._months = _numbers(tables, "months")
        self._zones = {key: str(zone) for table in tables for key, zone in table["zones"].items()}
        words = {kind: _words(tables, kind) for kind in ("year", "at", "published", "updated")}
        self.month = _alternation(self._months)
        """A pattern for the name of a month in any form."""
        self._date = re.compile(_date_pattern(self.month, _alternation(words["year"])), re.IGNORECASE)
        self._day_and_month = re.compile(
            rf"(?<![\d.:])[0-3]?\d{_SPACE}{{1,2}}(?:{self.month})\.?(?!{_SPACE}*\d{{4}})", re.IGNORECASE
        )
        zone = rf"(?:{_SPACE}{{0,2}}\(?(?P<zone>z\b|(?:gmt|utc)?{_SPACE}?[+-]\d{{1,2}}:?(?:\d{{2}})?|utc|gmt|"
        zone += rf"{_alternation(self._zones)})\)?)?"
        clock = r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:\.\d{1,6})?)?(?![\d:])" + zone
        self._time_after = re.compile(
            rf"(?:t|{_JOINT}(?:{_alternation(words['at'])})?){_SPACE}{{0,2}}{clock}", re.IGNORECASE
        )
        self._time_before = re.compile(rf"(?<![\d:]){clock}{_JOINT}$", re.IGNORECASE)
        weekday = rf"(?:(?:{_alternation(_numbers(tables, 'weekdays'))})\.?,?{_SPACE}{{1,2}})?"
        label = "|".join(f"(?P<{kind}>{_alternation(words[kind])})" for kind in ("published", "updated"))
        self._lead = re.compile(
            rf"(?:(?<!\w)(?:{label}){_SPACE}{{0,2}}[:—–-]?{_SPACE}{{0,2}})?(?<!\w){weekday}$", re.IGNORECASE
        )

    def find(self, line: str) -> DateExpression | None:
        """The first full date of a line, with what belongs to it."""
        for found in self._date.finditer(line):
            day = self._day(found)
            if day is not None:
                return self._expression(line, found, day)
        return None

    def find_without_year(self, line: str) -> DateExpression | None:
        """A day and a month with a time and no year, as pages write what is of today or this year."""
        for found in self._day_and_month.finditer(line):
            expression = self._expression(line, found, None)
            if expression.has_time:
                return expression
        return None

    def with_clock(self, date: DateExpression, beside: Iterable[str]) -> DateExpression:
        """A date without a time, with that of a line beside it which holds nothing but a time."""
        if date.civil is None or date.has_time:
            return date
        for line in beside:
            clock = self._time_before.fullmatch(line.strip())
            if clock:
                civil = CivilTime(date.civil.day + _duration(clock), True, self._zone(clock))
                return replace(date, civil=civil, has_time=True)
        return date

    def parse(self, value: str) -> CivilTime | None:
        """A value that is a date and nothing else: ISO 8601, RFC 5322, seconds since 1970, or as pages write it."""
        value = value.strip()
        if not value or len(value) > 100:
            return None
        return _since_1970(value) or _standard(value) or self._whole(value)

    def _whole(self, value: str) -> CivilTime | None:
        found = self.find(value)
        if found is None or value[: found.start].strip(" ,.") or value[found.end :].strip(" ,."):
            return None
        return found.civil

    def _day(self, found: re.Match[str]) -> datetime | None:
        part = {key.rstrip("123"): text for key, text in found.groupdict().items() if text}
        year = int(part["year"])
        if year < 100:
            year += 1900 if year >= _CENTURY_BORDER else 2000
        month = self._months[part["name"].lower()] if "name" in part else int(part["month"])
        try:
            return datetime(year, month, int(part["day"]))  # noqa: DTZ001 - wall-clock time, its zone comes later
        except ValueError:
            return None

    def _expression(self, line: str, found: re.Match[str], day: datetime | None) -> DateExpression:
        start, end = found.span()
        clock = self._time_after.match(line, end)
        if clock:
            end = clock.end()
        else:
            clock = self._time_before.search(line, max(0, start - 30), start)
            start = clock.start() if clock else start
        lead = self._lead.search(line, max(0, start - 60), start)
        labels = lead.groupdict() if lead else {}
        start = lead.start() if lead else start
        civil = None
        if day is not None:
            civil = CivilTime(day + _duration(clock), clock is not None, self._zone(clock))
        return DateExpression(start, end, civil, clock is not None, bool(labels.get("updated")), any(labels.values()))

    def _zone(self, clock: re.Match[str] | None) -> str:
        given = (clock["zone"] or "").lower().strip() if clock else ""
        if not given:
            return ""
        if given in self._zones:
            return self._zones[given]
        offset = _OFFSET.fullmatch(given)
        return f"{offset[1]}{int(offset[2]):02d}:{offset[3] or '00'}" if offset else "UTC"


def _duration(clock: re.Match[str] | None) -> timedelta:
    """From midnight to the time that a clock shows."""
    if clock is None:
        return timedelta()
    return timedelta(hours=int(clock["hour"]), minutes=int(clock["minute"]), seconds=int(clock["second"] or 0))


def _since_1970(value: str) -> CivilTime | None:
    if not re.fullmatch(r"\d{9,10}(?:\.\d+)?|\d{12,13}", value):
        return None
    seconds = float(value) / (1000 if len(value.partition(".")[0]) >= 12 else 1)
    return CivilTime(datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None, microsecond=0), True, "UTC")


def _standard(value: str) -> CivilTime | None:
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        if not _ENGLISH_MONTH.search(value):
            return None
        try:
            instant = parsedate_to_datetime(value)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    if not _FIRST_YEAR <= instant.year <= _LAST_YEAR:
        return None
    zone = zone_name(instant.tzinfo, instant) if instant.tzinfo else ""
    has_time = bool(re.search(r"\d:\d\d|\dT\d\d", value))
    return CivilTime(instant.replace(tzinfo=None, microsecond=0), has_time, zone)


def _date_pattern(month: str, year_words: str) -> str:
    year = r"(?:19|20)\d\d"
    return (
        rf"(?<![\d./-])(?:(?P<year1>{year})(?P<separator>[-./])(?P<month1>0?[1-9]|1[0-2])(?P=separator)(?P<day1>[0-3]?\d)"
        rf"|(?P<day2>[0-3]?\d)(?P<separator2>[-./])(?P<month2>0?[1-9]|1[0-2])(?P=separator2)(?P<year2>{year}|\d\d)"
        rf"|(?P<day3>[0-3]?\d){_SPACE}{{1,2}}(?P<name3>{month})\.?,?{_SPACE}{{1,2}}(?P<year3>{year})"
        rf"(?:{_SPACE}{{0,2}}(?:{year_words}))?)(?!\d|[./-]\d)"
    )


def _numbers(tables: list[Mapping[str, Any]], kind: str) -> dict[str, int]:
    """Every form of a month or weekday -> its number."""
    forms: dict[str, int] = {}
    for table in tables:
        for entry in table[kind]:
            for form in [*(entry[case] for case in _CASES), *entry["abbreviations"]]:
                forms[form] = int(entry["number"])
    return forms


def _words(tables: list[Mapping[str, Any]], kind: str) -> list[str]:
    return [word for table in tables for word in table["words"][kind]]


def _alternation(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first; an ASCII apostrophe stands for all of them."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    patterns = (re.escape(word).replace("'", "['’ʼ]") for word in ordered)
    return "|".join(
        rf"{pattern}\b" if word[-1].isalnum() else pattern for pattern, word in zip(patterns, ordered, strict=True)
    )
