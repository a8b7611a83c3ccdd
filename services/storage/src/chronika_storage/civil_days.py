"""Days of events and of publications, as the filters compare them."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime

from chronika.domain.civil_day import civil_day
from chronika.domain.event import EventTime


@dataclass(frozen=True, slots=True)
class Days:
    """The days from `first` to `last`, both among them."""

    first: date
    last: date


def days_of_time(time: EventTime) -> Days | None:
    """The days that an event's time covers ("2025-08" is the whole month); None when it is no date."""
    first = _days_of_date(time.start)
    if first is None:
        return None
    last = _days_of_date(time.end) or first
    return Days(first.first, max(first.last, last.last))


def days_of_publication(published: datetime | None, zone: str) -> Days | None:
    """The day of publication in the zone of the source; in UTC when the zone is empty or not known."""
    day = civil_day(published, zone)
    return None if day is None else Days(day, day)


def _days_of_date(text: str) -> Days | None:
    """The days of "2025-08-22", "2025-08" or "2025"."""
    parts = text.split("-")
    if not all(part.isdecimal() for part in parts) or len(parts[0]) != len("2025"):
        return None
    try:
        match [int(part) for part in parts]:
            case [year]:
                return Days(date(year, 1, 1), date(year, 12, 31))
            case [year, month]:
                return Days(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
            case [year, month, day]:
                return Days(date(year, month, day), date(year, month, day))
            case _:
                return None
    except ValueError:
        return None
