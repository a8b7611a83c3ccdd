"""`chronika explain --why-not`: which words of a sentence were seen and why they gave no event."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from chronika.cli.exit_codes import ExitCode
from chronika.cli.formats.event_words import day_words, parties_text, realis_text, type_text
from chronika.cli.losses_list import LossesList
from chronika.cli.options import quiet_settings, settings_for
from chronika.cli.tables import print_list
from chronika.cli.terminal import (
    arrow,
    ellipsis,
    note,
    one_line,
    print_words,
    quotes,
    standard_error,
    standard_output,
)
from chronika.domain.analysis import AnalysisLayer
from chronika.domain.dead_letter import DeadLetter
from chronika.domain.document import OTHER_LANGUAGE, Document
from chronika.domain.event import Event
from chronika.domain.span import Span
from chronika.ports.source import STANDARD_INPUT
from chronika.runtime.why_not import TextRead, read_text

_CLOSED = frozenset({"ADP", "AUX", "CCONJ", "DET", "NUM", "PART", "PRON", "PUNCT", "SCONJ", "SYM"})
"""Parts of speech (Universal Dependencies) of words that name no events in any language."""
_SHOWN = 40
"""Words that a person reads; who gives a whole article looks for something else."""


def explain_text(given: str, *, published: date | None) -> None:
    """Reads a text, or standard input for "-", and tells what became of its words."""
    settings = quiet_settings(settings_for())
    text = _standard_input(settings.max_article_bytes) if given == STANDARD_INPUT else given
    if not text.strip():
        raise typer.BadParameter("the text is empty; give a sentence, or - and the text", param_hint="--why-not")
    read = read_text(settings, text, published=published)
    if isinstance(read, DeadLetter):
        LossesList(standard_error()).given_up(read)
        raise typer.Exit(ExitCode.INCOMPLETE)
    _print(standard_output(), read)


def _standard_input(most: int) -> str:
    stream = typer.get_binary_stream("stdin")
    if stream.isatty():
        note("reading standard input; Ctrl-D ends it")
    data = stream.read(most + 1)
    cut = len(data) > most  # perhaps within a character; the size is what will be told
    try:
        return data.decode("utf-8-sig", "replace" if cut else "strict")
    except UnicodeDecodeError:
        raise typer.BadParameter(
            "standard input is not UTF-8; convert it, or let `chronika extract` find its encoding",
            param_hint="--why-not",
        ) from None


def _print(console: Console, read: TextRead) -> None:
    document = read.document
    events = document.events.events if document.events else ()
    print_words(console, Text("  ".join(_facts(document, len(events))), style="dim"))
    if document.language is not None and document.language.language == OTHER_LANGUAGE:
        print_words(console, Text(f"nothing was looked for: only {' and '.join(read.languages)} are read"))
        return
    if events:
        _print_part(console, "events", _events(console, document, events))
    seen = _refused(console, read) if read.refused else None
    _print_part(console, "seen, and gave no event", seen or Text(_nothing_seen(events)))
    others = _others(read, events)
    if others:
        _print_part(console, "not in the lexicon of triggers", Text(_listed(others, ellipsis(console))))


def _facts(document: Document, events: int) -> Iterator[str]:
    language = document.language
    if language is not None:
        is_read = language.language != OTHER_LANGUAGE
        yield language.language if is_read else f"{language.guess or 'unknown language'}, which is not read"
    yield day_words(document.source.published, document.source.published_zone) or "no date"
    yield "1 event" if events == 1 else f"{events} events"


def _events(console: Console, document: Document, events: Iterable[Event]) -> Table:
    """The events in a line each; `chronika extract` tells more of them."""
    table = _table("words", "event", "who, whom", "realis")
    for event in events:
        kind = type_text(event.type).append(f" {event.mode}" if event.mode else "", style="dim")
        parties = parties_text(event, arrow=arrow(console), unnamed=ellipsis(console))
        table.add_row(_quoted(console, document, event.trigger), kind, parties, realis_text(event.realis))
    return table


def _refused(console: Console, read: TextRead) -> Table:
    """Every rule that was tried; a word stands where it is tried first."""
    table = _table("words", "rule", "why not")
    before = None
    for other in read.refused:
        is_new = other.span is not None and other.span != before
        words = _quoted(console, read.document, other.span) if other.span is not None and is_new else ""
        table.add_row(words, other.rule_id, one_line(other.reason))
        before = other.span
    return table


def _quoted(console: Console, document: Document, span: Span) -> str:
    opening, closing = quotes(console)
    return f"{opening}{one_line(span.of(document.text))}{closing}"


def _nothing_seen(events: Sequence[Event]) -> str:
    return "no other word of the lexicon" if events else "no word of the lexicon"


def _others(read: TextRead, events: Iterable[Event]) -> list[str]:
    """Words that neither gave an event nor were refused, each once; names and words that only join are left out."""
    analysis = read.document.analysis
    if analysis is None:
        return []
    told = {event.trigger.start for event in events}
    told |= {other.span.start for other in read.refused if other.span is not None}
    names = _inside_names(analysis)
    words = (
        analysis.token_span(token).of(read.document.text)
        for token, part_of_speech in enumerate(analysis.parts_of_speech)
        if part_of_speech not in _CLOSED and token not in names and analysis.token_starts[token] not in told
    )
    return list(dict.fromkeys(one_line(word) for word in words if any(map(str.isalpha, word))))


def _inside_names(analysis: AnalysisLayer) -> set[int]:
    """Tokens of names."""
    starts = analysis.token_starts
    return {
        token
        for mention in analysis.mentions
        for token in range(bisect_left(starts, mention.span.start), bisect_left(starts, mention.span.end))
    }


def _listed(words: Sequence[str], more: str) -> str:
    return ", ".join(words[:_SHOWN]) + (f", {more} ({len(words) - _SHOWN} more)" if len(words) > _SHOWN else "")


def _print_part(console: Console, name: str, body: Text | Table) -> None:
    console.print()
    console.print(Text(name, style="bold underline"))
    if isinstance(body, Table):
        print_list(console, body)
    else:
        print_words(console, body, indent=2)


def _table(*heads: str) -> Table:
    table = Table()
    for head in heads:
        table.add_column(head)
    return table
