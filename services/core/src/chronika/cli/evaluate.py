"""`chronika evaluate`: reads annotated articles and tells how well the events agree with the annotations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from chronika.cli.exit_codes import ExitCode
from chronika.cli.formats.event_json import json_line
from chronika.cli.formats.gold_lines import predicted_events, read_gold, read_predictions
from chronika.cli.losses_list import LossesList
from chronika.cli.options import WorkersOption, quiet_settings, settings_for, source_options
from chronika.cli.tables import print_list
from chronika.cli.terminal import one_line, standard_error, standard_output, write_data
from chronika.domain.dead_letter import DeadLetter
from chronika.domain.scoring import Agreement, GoldDocument, MistakeKind, PredictedEvent, Score, Share, score
from chronika.ports.source import Refusal
from chronika.runtime.extraction import extract

EXAMPLES = """
    chronika evaluate samples/ru.gold.jsonl samples/uk.gold.jsonl
    chronika evaluate gold.jsonl --by type --errors 10
    chronika evaluate gold.jsonl --predicted predicted.jsonl --format json
"""

Predictions = Mapping[str, Sequence[PredictedEvent]]


class By(StrEnum):
    """What the figures are broken down by."""

    LANGUAGE = "lang"
    TYPE = "type"


class ReportFormat(StrEnum):
    """How the figures are printed."""

    TABLE = "table"
    JSON = "json"


def evaluate(
    gold: Annotated[list[Path], typer.Argument(metavar="GOLD", help="JSON lines: articles with annotated events.")],
    *,
    by: Annotated[
        By, typer.Option("--by", help="Break the figures down by language, or by type as well.")
    ] = By.LANGUAGE,
    errors: Annotated[int, typer.Option("--errors", min=0, metavar="N", help="Print so many errors of each kind.")] = 0,
    predicted: Annotated[
        Path | None,
        typer.Option(
            "--predicted", metavar="FILE", help="Score these events (`extract --format gold`) and read nothing."
        ),
    ] = None,
    form: Annotated[ReportFormat, typer.Option("--format", help="Tables, or JSON.")] = ReportFormat.TABLE,
    workers: WorkersOption = None,
) -> None:
    """Score the events of annotated articles.

    Events: precision, recall and F1 of matched types over what is annotated as core. Dyads: the same with the right
    parties on both sides. Fields are scored over matched events; of a field that may be empty the F1 is given, so that
    leaving it empty earns nothing.
    """
    documents = [document for path in gold for document in read_gold(path)]
    losses = LossesList(standard_error())
    found = read_predictions(predicted) if predicted is not None else _read_events(gold, workers, losses)
    scores = {"all": score(documents, found)}
    for language in sorted({document.language for document in documents}):
        scores[language] = score(_of_language(documents, language), found)
    if form is ReportFormat.JSON:
        write_data(json_line({name: report(one) for name, one in scores.items()}))
    else:
        _print_scores(scores, by=by)
        _print_errors(scores["all"], errors)
    losses.end()
    raise typer.Exit(ExitCode.INCOMPLETE if losses.count else ExitCode.OK)


def _of_language(documents: Sequence[GoldDocument], language: str) -> list[GoldDocument]:
    return [document for document in documents if document.language == language]


def _read_events(gold: Sequence[Path], workers: int | None, losses: LossesList) -> Predictions:
    settings = quiet_settings(settings_for(workers=workers))
    found: dict[str, tuple[PredictedEvent, ...]] = {}
    for result in extract(settings, [str(path) for path in gold], source_options(settings, published=None, outlet="")):
        if isinstance(result, Refusal):
            losses.refused(result)
        elif isinstance(result, DeadLetter):
            losses.given_up(result)
        else:
            found[result.id] = predicted_events(result)
    return found


def report(one: Score) -> dict[str, Any]:
    """All figures of a score, rounded to four places."""
    return {
        "documents": one.documents,
        "events": _agreement(one.events),
        "dyads": _agreement(one.dyads),
        "strict_f1": round(one.overlapping.f1, 4),
        "actors": _share(one.actors),
        "recipients": _share(one.recipients),
        "realis": _share(one.realis),
        "nonactual": _share(one.realis_not_actual),
        "mode": _share(one.mode),
        "attribution": round(one.attribution.f1, 4),
        "time": round(one.time.f1, 4),
        "place": round(one.place.f1, 4),
        "background": round(one.background.f1, 4),
        "types": {name: _agreement(agreement) for name, agreement in sorted(one.types.items())},
    }


def _agreement(agreement: Agreement) -> dict[str, Any]:
    return {
        "p": round(agreement.precision, 4),
        "r": round(agreement.recall, 4),
        "f1": round(agreement.f1, 4),
        "tp": agreement.right,
        "predicted": agreement.predicted,
        "gold": agreement.gold,
    }


def _share(share: Share) -> float | None:
    return None if share.value is None else round(share.value, 4)


def _print_scores(scores: Mapping[str, Score], *, by: By) -> None:
    table = _table("", "docs", "gold", "found", "right", "P", "R", "F1", "trigger F1", "dyads F1")
    fields = _table("matched", "actors", "recip.", "realis", "not act.", "mode", "says", "time", "place", "backgr.")
    for name, one in scores.items():
        events = one.events
        table.add_row(
            name,
            str(one.documents),
            *map(str, (events.gold, events.predicted, events.right)),
            *map(_figure, (events.precision, events.recall, events.f1, one.overlapping.f1, one.dyads.f1)),
        )
        shares = (one.actors, one.recipients, one.realis, one.realis_not_actual, one.mode)
        filled = (one.attribution, one.time, one.place, one.background)
        fields.add_row(name, *(_figure(share.value) for share in shares), *(_figure(field.f1) for field in filled))
    console = standard_output()
    for part in (table, fields, *([_types_table(scores["all"])] if by is By.TYPE else [])):
        print_list(console, part)
        console.print()


def _types_table(one: Score) -> Table:
    table = _table("type", "gold", "found", "right", "P", "R", "F1")
    for name, agreement in sorted(one.types.items()):
        counts = map(str, (agreement.gold, agreement.predicted, agreement.right))
        table.add_row(name, *counts, *map(_figure, (agreement.precision, agreement.recall, agreement.f1)))
    return table


def _table(first: str, *others: str) -> Table:
    table = Table()
    table.add_column(first)
    for head in others:
        table.add_column(head, justify="right")
    return table


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _print_errors(one: Score, most: int) -> None:
    console = standard_output()
    for kind in MistakeKind:
        mistakes = [mistake for mistake in one.mistakes if mistake.kind is kind]
        for mistake in mistakes[:most]:
            head = Text.assemble((kind.value, "bold"), f"  {one_line(mistake.document_id)}  {mistake.type}  ")
            head.append(one_line(mistake.trigger), style="bold")
            console.print(head, soft_wrap=True)
            console.print(Text(f"  {one_line(mistake.detail)}", style="dim"), soft_wrap=True)
        if most and len(mistakes) > most:
            console.print(Text(f"and {len(mistakes) - most} more {kind.value}", style="dim"))
