"""The civil day of an instant in the zone that a source gave with it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})")


def civil_day(instant: datetime | None, zone: str) -> date | None:
    """The day of an aware instant in a zone: an IANA name or an offset such as "+03:00"; UTC where it is not known."""
    return None if instant is None else instant.astimezone(zone_of(zone)).date()


def zone_of(name: str) -> tzinfo:
    """The zone of an IANA name or an offset; UTC for the empty name and for one that nobody knows."""
    offset = _OFFSET.fullmatch(name)
    if offset:
        sign = -1 if offset[1] == "-" else 1
        return timezone(sign * timedelta(hours=int(offset[2]), minutes=int(offset[3])))
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
