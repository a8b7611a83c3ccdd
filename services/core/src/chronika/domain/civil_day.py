"""The civil day of an instant in the zone that a source gave with it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

_OFFSET = re.compile(r"([+-])([01]\d|2[0-3]):?([0-5]\d)")


def civil_day(instant: datetime | None, zone: str) -> date | None:
    """The day of an aware instant in a zone: an IANA name or an offset such as "+03:00"; UTC where it is not known."""
    if instant is None:
        return None
    try:
        return instant.astimezone(zone_of(zone)).date()
    except OverflowError:  # the first or last day of the calendar
        return instant.date()


@lru_cache(maxsize=256)
def zone_of(name: str) -> tzinfo:
    """The zone of an IANA name or an offset; UTC for the empty name and for one that nobody knows."""
    offset = _OFFSET.fullmatch(name)
    if offset:
        sign = -1 if offset[1] == "-" else 1
        return timezone(sign * timedelta(hours=int(offset[2]), minutes=int(offset[3])))
    try:
        return ZoneInfo(name) if name else UTC
    except (OSError, ValueError, KeyError):  # a folder, an odd name, an unknown one
        return UTC
