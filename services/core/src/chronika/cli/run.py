"""`chronika run`: reads articles into the store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.text import Text

from chronika.cli.balance import balance
from chronika.cli.exit_codes import ExitCode
from chronika.cli.losses_list import LossesList
from chronika.cli.options import (
    OutletOption,
    PublishedOption,
    StoreOption,
    WorkersOption,
    ZoneOption,
    quiet_settings,
    settings_for,
    source_options,
)
from chronika.cli.run_progress import duration, progress_view
from chronika.cli.terminal import note, print_words, standard_error, standard_output
from chronika.ports.source import STANDARD_INPUT
from chronika.runtime.embedded import run_embedded
from chronika.runtime.health import Liveness, health_served
from chronika.runtime.logs import configure_logging
from chronika.runtime.metrics import Metrics
from chronika.runtime.run_report import RunSummary
from chronika.runtime.settings import Settings

EXAMPLES = """
    chronika run news/ archive/*.jsonl.gz page.html
    chronika run - --published 2025-08-22 --source "Агенція" < article.txt
    chronika run
"""


def run(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SOURCES",
            help="Files (text, HTML, JSON lines, .gz of these), folders, patterns, or - for standard input. "
            "Without any, what waits in the inbox is read.",
            show_default=False,
        ),
    ] = None,
    *,
    store: StoreOption = None,
    published: PublishedOption = None,
    outlet: OutletOption = "",
    zone: ZoneOption = None,
    workers: WorkersOption = None,
    health: Annotated[
        bool, typer.Option("--health", help="Serve health and metrics over HTTP meanwhile (health_host, health_port).")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print the last line alone: no progress, no list of losses.")
    ] = False,
) -> None:
    """Read articles, code their events and store both.

    A second run over the same articles does nothing, and an interrupted one goes on where it was: Ctrl-C finishes and
    stores what is in work, a second one stops at once; nothing is lost either way. The last line tells what became of
    every input.
    """
    settings = quiet_settings(settings_for(store=store, zone=zone, workers=workers))
    given = sources or []
    options = source_options(settings, published=published, outlet=outlet)
    _say_what_is_read(given, quiet=quiet)
    console = standard_error()
    losses = LossesList(console, silent=quiet)
    metrics, liveness = Metrics(), Liveness(stalled_seconds=settings.stalled_seconds)
    with _health(settings, metrics, liveness, wanted=health), progress_view(console, quiet=quiet) as view:
        configure_logging(level=settings.log_level, log_format=settings.log_format)  # above the bar, not through it
        summary = run_embedded(
            settings,
            given,
            options,
            progress=view.show,
            on_refusal=losses.refused,
            on_dead_letter=losses.lost,
            metrics=metrics,
            liveness=liveness,
        )
    losses.end()
    _print_end(summary, quiet=quiet)
    raise typer.Exit(_exit_code(summary))


def _say_what_is_read(sources: list[str], *, quiet: bool) -> None:
    if quiet:
        return
    if not sources:
        note("no sources are given: reading what waits in the inbox")
    elif STANDARD_INPUT in sources and typer.get_text_stream("stdin").isatty():
        note("reading standard input; Ctrl-D ends it")


@contextmanager
def _health(settings: Settings, metrics: Metrics, liveness: Liveness, *, wanted: bool) -> Iterator[None]:
    if not wanted:
        yield
        return
    served = health_served(
        host=settings.health_host, port=settings.health_port, metrics=metrics, liveness=liveness.state
    )
    with served as (host, port):
        note(f"health and metrics on http://{host}:{port}/")
        yield


def _print_end(summary: RunSummary, *, quiet: bool) -> None:
    console = standard_output()
    if not quiet:
        done = summary.done
        pace = f" ({done / summary.seconds:.1f}/s)" if done and summary.seconds else ""
        told = f"{summary.events} events from {summary.stored} documents; {duration(summary.seconds)} minutes{pace}"
        print_words(console, Text(told))
        if summary.interrupted:
            note("interrupted: the next run goes on with what waits")
    print_words(console, Text(balance(summary), style="bold"))


def _exit_code(summary: RunSummary) -> ExitCode:
    if summary.interrupted:
        return ExitCode.INTERRUPTED
    return ExitCode.INCOMPLETE if summary.refused or summary.dead_letters else ExitCode.OK
