"""`chronika explain`: why an event is as it is, and why a sentence gave none.

For an event: its evidence, the tree, the rules that spoke, and what competed. For a sentence, `cli.why_not`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from chronika.cli.formats.dependency_tree import TreeStyle, dependency_tree
from chronika.cli.formats.event_words import (
    article_words,
    evidence_text,
    party_text,
    place_words,
    realis_text,
    time_words,
    type_text,
)
from chronika.cli.options import StoreOption, parse_day, quiet_settings, settings_for
from chronika.cli.tables import print_list
from chronika.cli.terminal import draws_lines, note, one_line, print_trimmed, print_words, quotes, standard_output
from chronika.cli.why_not import explain_text
from chronika.domain.analysis import AnalysisLayer
from chronika.domain.codebook import score
from chronika.domain.document import Document
from chronika.domain.event import Attribution, Event, Participant, Quantity
from chronika.domain.span import Span
from chronika.ports.stage import Explanation
from chronika.ports.store import StoredEvent
from chronika.runtime.capabilities import explainer
from chronika.runtime.plugins import open_store
from chronika.runtime.settings import Settings

EXAMPLES = """
    chronika query events --type ASSAULT --limit 5
    chronika explain 1f0c9a5be2d34b7a8c61
    chronika explain --why-not "Удар по экономике оказался сильным."
    chronika explain --why-not - --published 2025-08-22 < article.txt
"""

Field = tuple[str, Text]


def explain(
    event_id: Annotated[
        str | None,
        typer.Argument(metavar="EVENT_ID", help="As `chronika query events` lists it.", show_default=False),
    ] = None,
    *,
    why_not: Annotated[
        str | None,
        typer.Option(
            "--why-not",
            metavar="TEXT",
            help="Instead of an event: a sentence that should have given one, or - for standard input.",
        ),
    ] = None,
    published: Annotated[
        str | None,
        typer.Option("--published", metavar="DAY", help="When the sentence was published, such as 2025-08-22."),
    ] = None,
    store: StoreOption = None,
) -> None:
    """Tell why an event is as it is: the evidence of each field, the sentence's tree, the rules and what competed.

    With --why-not, tell why a sentence gave no event: the words of it that are known to name events and what each of
    them lacked, beside the events that it does give. The sentence is read on the spot; no store is needed.
    """
    if (event_id is None) == (why_not is None):
        raise typer.BadParameter(
            "give either an id that `chronika query events` lists, or --why-not with a sentence", param_hint="EVENT_ID"
        )
    if event_id is not None:
        if published is not None:
            raise typer.BadParameter("goes with --why-not; an event knows its day", param_hint="--published")
        _explain_event(event_id, store)
    elif why_not is not None:
        if store is not None:
            raise typer.BadParameter("goes with EVENT_ID; --why-not reads no store", param_hint="--store")
        explain_text(why_not, published=parse_day(published, "--published"))


def _explain_event(event_id: str, store: str | None) -> None:
    settings = quiet_settings(settings_for(store=store))
    with open_store(settings.store, read_only=True) as opened:
        stored = opened.event(event_id)
        document = opened.document(stored.document_id, revision=stored.revision)
    console = standard_output()
    _print_fields(console, stored, document)
    _print_part(console, "evidence", evidence_text(stored))
    if document.analysis is not None:
        style = TreeStyle(drawn=draws_lines(console), roles=_roles(stored.event, document.analysis))
        tree = dependency_tree(document.analysis, document.text, stored.event.sentence, style)
        tree.no_wrap = True
        _print_part(console, "tree", tree)
    _print_reasons(console, stored, document, settings)


def _print_fields(console: Console, stored: StoredEvent, document: Document) -> None:
    event = stored.event
    head = type_text(event.type)
    head.append(f" {event.mode}" if event.mode else "")
    head.append(f"  score {score(event.type, event.mode):+g}  confidence {event.confidence:.2f}", style="not bold dim")
    print_words(console, head)
    print_words(console, Text(f"{event.id}  {article_words(stored)}", style="dim"))
    console.print()
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for name, value in _fields(event, _Quoter(document.text, quotes(console))):
        table.add_row(name, value)
    print_trimmed(console, table)


class _Quoter:
    """Words of the article in its quotation marks."""

    def __init__(self, text: str, marks: tuple[str, str]) -> None:
        self._text = text
        self._marks = marks

    def __call__(self, span: Span) -> str:
        """The words of a span."""
        return f"{self._marks[0]}{one_line(span.of(self._text))}{self._marks[1]}"


def _fields(event: Event, quoted: _Quoter) -> Iterator[Field]:
    """What the event holds, each with the words that say so; what is empty is left out."""
    yield "trigger", Text(quoted(event.trigger))
    yield from (("who", _party(party, quoted)) for party in event.actors)
    yield from (("whom", _party(party, quoted)) for party in event.recipients)
    if event.time:
        yield "when", Text(f"{time_words(event.time)}  {event.time.basis.value}  {quoted(event.time.span)}")
    if event.place:
        precision = event.place.precision.value if event.place.precision else ""
        yield "where", _spaced(place_words(event.place), precision, quoted(event.place.span))
    cues = " ".join(quoted(cue) for cue in event.realis.cues)
    condition = f"if {quoted(event.realis.condition)}" if event.realis.condition else ""
    yield (
        "realis",
        realis_text(event.realis).append_text(Text("".join(f"  {part}" for part in (cues, condition) if part))),
    )
    yield from (("says", _attribution(source, quoted)) for source in event.attribution)
    yield from (("number", _quantity(quantity, quoted)) for quantity in event.quantities)
    if event.background:
        yield "background", Text("yes: recalled from before the news")
    if event.contexts:
        yield "contexts", Text(", ".join(event.contexts))
    yield "coder", Text(f"{event.coder_version}, codebook {event.codebook_version}", style="dim")


def _party(party: Participant, quoted: _Quoter) -> Text:
    return party_text(party).append_text(_spaced("", quoted(party.span), party.entity_id))


def _attribution(source: Attribution, quoted: _Quoter) -> Text:
    cue = quoted(source.cue) if source.cue else ""
    anonymous = "anonymous" if source.anonymous else ""
    return _spaced(one_line(source.name), source.kind.value, anonymous, quoted(source.span), cue)


def _quantity(quantity: Quantity, quoted: _Quoter) -> Text:
    upper = f" to {quantity.upper:g}" if quantity.upper is not None else ""
    return _spaced(quantity.kind.value, f"{quantity.value:g}{upper} {quantity.unit}".rstrip(), quoted(quantity.span))


def _spaced(first: str, *others: str) -> Text:
    return Text(first).append_text(Text("".join(f"  {other}" for other in others if other)))


def _roles(event: Event, analysis: AnalysisLayer) -> Mapping[int, str]:
    """What the tokens of the sentence are in the event."""
    named: list[tuple[Span, str]] = [
        *((cue, "realis") for cue in event.realis.cues),
        *((source.span, "says") for source in event.attribution),
        *((source.cue, "says") for source in event.attribution if source.cue),
        *((quantity.span, "number") for quantity in event.quantities),
        *([(event.time.span, "when")] if event.time else []),
        *([(event.place.span, "where")] if event.place else []),
        *((party.span, "whom") for party in event.recipients),
        *((party.span, "who") for party in event.actors),
        (event.trigger, "trigger"),
    ]
    roles: dict[int, str] = {}
    for token in analysis.sentence(event.sentence):
        for span, role in named:
            if analysis.token_span(token).overlaps(span):
                roles[token] = role
    return roles


def _print_part(console: Console, name: str, body: Text | Table) -> None:
    console.print()
    console.print(Text(name, style="bold underline"))
    if isinstance(body, Table):
        print_list(console, body)
    elif body.no_wrap:
        console.print(body, soft_wrap=True)
    else:
        print_words(console, body, indent=2)


def _print_reasons(console: Console, stored: StoredEvent, document: Document, settings: Settings) -> None:
    told = explainer(settings.stages)
    explanation = told.explain(document, stored.event.id) if told is not None else None
    if explanation is None:
        _print_part(console, "rules", Text("\n".join(stored.event.rule_ids)))
        note(_unexplained(explained=told is not None, coder=stored.event.coder_version))
        return
    quoted = _Quoter(document.text, quotes(console))
    _print_part(console, "rules", _steps(explanation, quoted))
    competed = _table("settles", "words", "rule", "why not")
    for other in explanation.competitors:
        competed.add_row(other.settles, quoted(other.span) if other.span else "", other.rule_id, one_line(other.reason))
    _print_part(console, "what competed", competed if competed.row_count else Text("nothing"))


def _unexplained(*, explained: bool, coder: str) -> str:
    if explained:
        return f"the coder as it is installed does not make this event (it was made by {coder}); reprocess the article"
    return "no installed stage tells what the rules say"


def _steps(explanation: Explanation, quoted: _Quoter) -> Table:
    table = _table("settles", "words", "rule", "what it says")
    for step in explanation.steps:
        table.add_row(step.settles, quoted(step.span) if step.span else "", step.rule_id, one_line(step.text))
    return table


def _table(*heads: str) -> Table:
    table = Table()
    for head in heads:
        table.add_column(head)
    return table
