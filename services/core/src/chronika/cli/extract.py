"""`chronika extract`: reads articles and prints their events; nothing is stored."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from chronika.cli.exit_codes import ExitCode
from chronika.cli.formats.conllu import conllu
from chronika.cli.formats.event_json import document_object, json_line
from chronika.cli.formats.event_list import print_events
from chronika.cli.formats.event_words import day_words, stored_events
from chronika.cli.formats.gold_lines import prediction
from chronika.cli.losses_list import LossesList
from chronika.cli.options import (
    OutletOption,
    PublishedOption,
    WorkersOption,
    ZoneOption,
    quiet_settings,
    settings_for,
    source_options,
)
from chronika.cli.terminal import note, one_line, print_words, standard_error, standard_output, write_data
from chronika.domain.dead_letter import DeadLetter
from chronika.domain.document import OTHER_LANGUAGE, Document
from chronika.ports.source import STANDARD_INPUT, Refusal
from chronika.runtime.extraction import extract as extracted

EXAMPLES = """
    chronika extract article.txt
    chronika extract - --published 2025-08-22 < article.txt
    chronika extract articles.jsonl --format gold > predicted.jsonl
"""


class ExtractFormat(StrEnum):
    """How a document and its events are printed."""

    TABLE = "table"
    JSON = "json"
    GOLD = "gold"
    CONLLU = "conllu"


def extract(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE",
            help="What `chronika run` reads: text, HTML, JSON lines, folders, or - for standard input.",
        ),
    ],
    *,
    form: Annotated[
        ExtractFormat,
        typer.Option(
            "--format",
            help="A table to read; JSON, a line a document; gold, the form of annotated events, to be scored; "
            "conllu, sentences and trees.",
        ),
    ] = ExtractFormat.TABLE,
    published: PublishedOption = None,
    outlet: OutletOption = "",
    zone: ZoneOption = None,
    workers: WorkersOption = None,
) -> None:
    """Read articles and print their events; nothing is stored.

    A document that fails is told on standard error and does not stop the others. JSON lines keep their ids. Offsets
    are indices of characters in the text as it was given.
    """
    settings = quiet_settings(settings_for(zone=zone, workers=workers))
    if STANDARD_INPUT in files and typer.get_text_stream("stdin").isatty():
        note("reading standard input; Ctrl-D ends it")
    losses = LossesList(standard_error())
    console = standard_output()
    for result in extracted(settings, files, source_options(settings, published=published, outlet=outlet)):
        if isinstance(result, Refusal):
            losses.refused(result)
        elif isinstance(result, DeadLetter):
            losses.given_up(result)
        else:
            _print(console, result, form)
    losses.end()
    raise typer.Exit(ExitCode.INCOMPLETE if losses.count else ExitCode.OK)


def _print(console: Console, document: Document, form: ExtractFormat) -> None:
    if form is ExtractFormat.JSON:
        write_data(json_line(document_object(document)))
    elif form is ExtractFormat.GOLD:
        write_data(json_line(prediction(document)))
    elif form is ExtractFormat.CONLLU:
        write_data(conllu(document))
    else:
        _print_table(console, document)


def _print_table(console: Console, document: Document) -> None:
    print_words(console, Text(_heading(document), style="bold underline"))
    facts = _facts(document)
    print_words(console, Text("  ".join(facts), style="dim"))
    console.print()
    events = stored_events(document)
    if events:
        print_events(console, events)
        console.print()


def _heading(document: Document) -> str:
    return one_line(document.source.title) or document.id


def _facts(document: Document) -> list[str]:
    source, language = document.source, document.language
    facts = [day_words(source.published, source.published_zone) or "no date", one_line(source.outlet)]
    if language is not None:
        is_read = language.language != OTHER_LANGUAGE
        facts.append(language.language if is_read else f"{language.guess or 'unknown language'}, which is not read")
    count = len(document.events.events) if document.events else 0
    facts.append("1 event" if count == 1 else f"{count} events")
    facts += [one_line(source.origin), *source.warnings]
    return [fact for fact in facts if fact]
