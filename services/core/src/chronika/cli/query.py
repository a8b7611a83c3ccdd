"""`chronika query events`: events of the store, narrowed by what they hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Annotated

import typer
from rich.text import Text

from chronika.cli.commands import command
from chronika.cli.formats.event_csv import COLUMNS, csv_lines, csv_row
from chronika.cli.formats.event_json import json_line, stored_event_object
from chronika.cli.formats.event_list import print_events
from chronika.cli.options import FormatOption, ListFormat, StoreOption, parse_day, quiet_settings, settings_for
from chronika.cli.search_words import search_words
from chronika.cli.terminal import note, standard_output, write_data
from chronika.domain.event import EventType, RealisValue
from chronika.ports.store import EventFilter, EventPage, Store, StoredEvent
from chronika.runtime.plugins import open_store

commands = typer.Typer(no_args_is_help=True, help="List events by type, party, country, time or words.")

EXAMPLES = """
    chronika query events --actor RUS --type ASSAULT --from 2025-08-01
    chronika query events --actor "UKR GOV" --recipient USA --text "переговоры"
    chronika query events --country UKR --format csv --limit 1000 > events.csv
"""

_PAGE = 1000


def _type(name: str) -> EventType:
    """A type without regard to case."""
    try:
        return EventType(name.upper())
    except ValueError:
        raise typer.BadParameter(f"{name!r} is none of {', '.join(EventType)}", param_hint="--type") from None


@command(commands, "events", examples=EXAMPLES)
def events(
    *,
    types: Annotated[
        list[str] | None, typer.Option("--type", metavar="TYPE", help="Type, such as CONSULT. May be repeated.")
    ] = None,
    actors: Annotated[
        list[str] | None,
        typer.Option(
            "--actor",
            metavar="PARTY",
            help='Who acts: a code (RUS), one with a sector ("RUS GOV"), a name. Repeatable.',
        ),
    ] = None,
    recipients: Annotated[
        list[str] | None, typer.Option("--recipient", metavar="PARTY", help="At whom it is directed. Repeatable.")
    ] = None,
    countries: Annotated[
        list[str] | None, typer.Option("--country", metavar="CODE", help="Country of the place (UKR). Repeatable.")
    ] = None,
    from_date: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="First day of the event's time, such as 2025-08-22.")
    ] = None,
    to_date: Annotated[str | None, typer.Option("--to", metavar="DAY", help="Last day of the event's time.")] = None,
    realis: Annotated[
        list[RealisValue] | None,
        typer.Option("--realis", metavar="REALIS", help=f"Whether it happened: {', '.join(RealisValue)}. Repeatable."),
    ] = None,
    languages: Annotated[
        list[str] | None,
        typer.Option("--language", metavar="CODE", help="Language of the article: ru or uk. Repeatable."),
    ] = None,
    text: Annotated[
        str,
        typer.Option("--text", metavar="WORDS", help="Words that the article holds, in any form.", show_default=False),
    ] = "",
    background: Annotated[
        bool, typer.Option("--background", help="Also what articles recall from before their news.")
    ] = False,
    denied: Annotated[bool, typer.Option("--denied", help="Also what is said not to have happened.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="Events to print at most.")] = 100,
    page_token: Annotated[
        str,
        typer.Option("--page-token", metavar="TOKEN", help="Go on where an earlier list ended.", show_default=False),
    ] = "",
    form: FormatOption = ListFormat.TABLE,
    store: StoreOption = None,
) -> None:
    """List stored events, the latest first.

    Options narrow together; a repeated one gives alternatives. An event without a time of its own counts for the day of
    publication. What articles recall as background and what is denied is left out unless asked for; how many those are
    is told at the end.
    """
    event_filter = EventFilter(
        types=frozenset(_type(name) for name in types or ()),
        actors=frozenset(actors or ()),
        recipients=frozenset(recipients or ()),
        countries=frozenset(countries or ()),
        from_date=parse_day(from_date, "--from"),
        to_date=parse_day(to_date, "--to"),
        realis=frozenset(realis or ()),
        languages=frozenset(languages or ()),
        include_background=background,
        include_denied=denied,
    )
    settings = quiet_settings(settings_for(store=store))
    with open_store(settings.store, read_only=True) as opened:
        event_filter = replace(event_filter, text=search_words(text, settings))
        page = _gathered(opened, event_filter, limit=limit, token=page_token)
    _print(page, form)
    _print_notes(page, form)


def _gathered(store: Store, event_filter: EventFilter, *, limit: int, token: str) -> EventPage:
    """As many events as are wanted, over as many pages as it takes."""
    found: list[StoredEvent] = []
    while True:
        page = store.events(event_filter, page_size=min(_PAGE, limit - len(found)), page_token=token)
        found += page.events
        token = page.next_token
        if not token or len(found) >= limit:
            return replace(page, events=tuple(found))


def _print(page: EventPage, form: ListFormat) -> None:
    if form is ListFormat.JSON:
        for line in _json_lines(page.events):
            write_data(line)
    elif form is ListFormat.CSV:
        write_data(csv_lines([COLUMNS, *map(csv_row, page.events)]))
    elif page.events:
        print_events(standard_output(), page.events, origins=True)


def _json_lines(events: Iterable[StoredEvent]) -> Iterator[str]:
    return (json_line(stored_event_object(stored)) for stored in events)


def _print_notes(page: EventPage, form: ListFormat) -> None:
    """What is not shown. Beside a data format it goes to standard error."""
    said = [_count(page)]
    if page.left_out:
        said.append(f"{page.left_out} left out as background or denied (--background, --denied)")
    if page.next_token:
        said.append(f"there are more: --limit N, or --page-token {page.next_token}")
    for line in said:
        if form is ListFormat.TABLE:
            standard_output().print(Text(line, style="dim"), soft_wrap=True)
        else:
            note(line)


def _count(page: EventPage) -> str:
    return "1 event" if len(page.events) == 1 else f"{len(page.events) or 'no'} events"
