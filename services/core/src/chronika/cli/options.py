"""Options that several commands share, and the settings that follow from them."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from chronika.ports.source import SourceOptions
from chronika.runtime.logs import LogLevel, configure_logging
from chronika.runtime.settings import LoadedSettings, Settings, load_settings

StoreOption = Annotated[
    str | None,
    typer.Option("--store", metavar="FILE", help="The store: a file, or an address such as sqlite:///chronika.db."),
]
PublishedOption = Annotated[
    str | None,
    typer.Option(
        "--published",
        metavar="WHEN",
        help="Publication time of articles that tell none: 2025-08-22, or 2025-08-22T14:30 with +03:00 or in --zone.",
    ),
]
OutletOption = Annotated[
    str, typer.Option("--source", metavar="NAME", help="Outlet of articles that tell none.", show_default=False)
]
ZoneOption = Annotated[
    str | None, typer.Option("--zone", metavar="ZONE", help="Time zone of times that name none: Europe/Kyiv.")
]
WorkersOption = Annotated[
    int | None, typer.Option("--workers", min=1, metavar="N", help="Worker processes; unless set, one a processor.")
]


class ListFormat(StrEnum):
    """How a list is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


FormatOption = Annotated[ListFormat, typer.Option("--format", help="Table, JSON lines or CSV.")]


def settings_for(*, store: str | None = None, zone: str | None = None, workers: int | None = None) -> LoadedSettings:
    """All settings, with those that the command line gives."""
    return load_settings({"store": _address(store), "zone": zone, "workers": workers})


def _address(store: str | None) -> str | None:
    """A store's address; a file's name stands for one."""
    return store if not store or "://" in store else f"sqlite:///{store}"


def quiet_settings(loaded: LoadedSettings) -> Settings:
    """The settings of a command that prints for a person: unless a level is set, only errors are logged, since the
    command tells itself what became of each input."""
    settings = loaded.values
    if loaded.origins["log_level"] == "default":
        settings = settings.model_copy(update={"log_level": LogLevel.ERROR})
    configure_logging(level=settings.log_level, log_format=settings.log_format)
    return settings


def source_options(settings: Settings, *, published: str | None, outlet: str) -> SourceOptions:
    """What the operator says of all articles."""
    when, day_only = _instant(published, settings.zone) if published else (None, False)
    return SourceOptions(
        published=when,
        published_day_only=day_only,
        outlet=outlet,
        zone=settings.zone,
        max_file_bytes=settings.max_file_bytes,
        max_unpacked_bytes=settings.max_unpacked_bytes,
        max_article_bytes=settings.max_article_bytes,
    )


def _instant(given: str, zone: str) -> tuple[datetime, bool]:
    """An aware instant, and whether only its day was given."""
    try:
        return datetime.combine(date.fromisoformat(given), time(), ZoneInfo(zone)), True
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise typer.BadParameter(
            f"{given!r} is no time such as 2025-08-22, 2025-08-22T14:30 or 2025-08-22T14:30+03:00",
            param_hint="--published",
        ) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))), False


def parse_day(given: str | None, option: str) -> date | None:
    """A day such as 2025-08-22."""
    if given is None:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise typer.BadParameter(f"{given!r} is no day such as 2025-08-22", param_hint=option) from None
