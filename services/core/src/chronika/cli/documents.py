"""`chronika documents` and `chronika trace`: what is stored, and what happened to one document."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from chronika.cli.formats.event_csv import csv_lines
from chronika.cli.formats.event_json import json_line
from chronika.cli.formats.event_words import day_words
from chronika.cli.options import FormatOption, ListFormat, StoreOption, quiet_settings, settings_for
from chronika.cli.search_words import search_words
from chronika.cli.tables import print_list
from chronika.cli.terminal import is_bounded, note, one_line, standard_output, write_data
from chronika.ports.store import DocumentSummary, TraceStep
from chronika.runtime.plugins import open_store

DOCUMENTS_EXAMPLES = """
    chronika documents --language uk --text "енергетика"
    chronika documents --format json --limit 10000
"""
TRACE_EXAMPLES = """
    chronika trace 5c01b3d8a2f64e0f9b7d
"""

_STYLES = {"dead-letter": "red", "skipped": "yellow", "superseded": "yellow"}


def documents(
    *,
    text: Annotated[
        str,
        typer.Option("--text", metavar="WORDS", help="Words that the article holds, in any form.", show_default=False),
    ] = "",
    language: Annotated[
        str, typer.Option("--language", metavar="CODE", help="Language: ru, uk or other.", show_default=False)
    ] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="Documents to print at most.")] = 100,
    form: FormatOption = ListFormat.TABLE,
    store: StoreOption = None,
) -> None:
    """List stored documents, the latest published first."""
    settings = quiet_settings(settings_for(store=store))
    with open_store(settings.store, read_only=True) as opened:
        words = search_words(text, settings)
        found = opened.documents(text=words, language=language, limit=limit + 1)
        total = opened.status().documents
    shown = found[:limit]
    if form is ListFormat.JSON:
        for summary in shown:
            write_data(json_line(_object(summary)))
    elif form is ListFormat.CSV:
        objects = [_object(summary) for summary in shown]
        names = list(DocumentSummary.__dataclass_fields__)
        write_data(csv_lines([names, *(["" if one[name] is None else one[name] for name in names] for one in objects)]))
    else:
        _print_summaries(shown)
    more = f"; there are more: --limit {max(total, limit)}" if len(found) > limit else ""
    note(f"{len(shown)} of {total} documents{more}")


def _object(summary: DocumentSummary) -> dict[str, Any]:
    return {
        **asdict(summary),
        "published": summary.published.isoformat() if summary.published else None,
        "stored": summary.stored.isoformat(),
    }


def _print_summaries(summaries: list[DocumentSummary]) -> None:
    table = Table()
    for head in ("document", "published", "lang", "events", "outlet", "title"):
        table.add_column(head)
    for summary in summaries:
        table.add_row(
            Text(one_line(summary.document_id), style="bold"),
            day_words(summary.published, summary.published_zone),
            summary.language,
            str(summary.events),
            one_line(summary.outlet),
            _title(summary),
        )
    print_list(standard_output(), table)


def _title(summary: DocumentSummary) -> Text:
    title = Text(one_line(summary.title))
    if summary.revisions > 1:
        title.append(f" ({summary.revisions} revisions)", style="dim")
    if summary.copy_of:
        title.append(f" (copy of {one_line(summary.copy_of)})", style="dim")
    return title


def trace(
    document_id: Annotated[str, typer.Argument(metavar="DOCUMENT_ID", help="As `chronika documents` lists it.")],
    store: StoreOption = None,
) -> None:
    """Tell what happened to a document at each stage, in order, with its warnings and the time that it took."""
    settings = quiet_settings(settings_for(store=store))
    with open_store(settings.store, read_only=True) as opened:
        steps = opened.trace(document_id)
    if not steps:
        note("it waits in the inbox; `chronika run` reads it")
        return
    console = standard_output()
    table = Table()
    for head, right in (("when", False), ("stage", False), ("outcome", False), ("ms", True), ("detail", False)):
        table.add_column(head, justify="right" if right else "left")
    for step in steps:
        table.add_row(*_step(step, wide=not is_bounded(console)))
    print_list(console, table)


def _step(step: TraceStep, *, wide: bool) -> tuple[str, Text, Text, str, str]:
    started = step.started.isoformat(sep=" ", timespec="milliseconds" if wide else "seconds")
    outcome = Text(step.outcome, style=_STYLES.get(step.outcome, ""))
    took = f"{step.seconds * 1000:.1f}" if step.seconds else ""
    return started.removesuffix("+00:00"), Text(step.stage, style="bold"), outcome, took, one_line(step.detail)
