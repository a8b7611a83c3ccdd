"""An event in words: who, when, where, who says so. What every readable form shares."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from rich.text import Text

from chronika.cli.terminal import one_line
from chronika.domain.civil_day import civil_day
from chronika.domain.codebook import TYPES
from chronika.domain.document import Document
from chronika.domain.event import Event, EventTime, EventType, Participant, Place, Realis, RealisValue
from chronika.ports.store import StoredEvent

_QUAD_STYLES = {0: "cyan", 1: "green", 2: "bold green", 3: "yellow", 4: "bold red"}
_REALIS_STYLES = {
    RealisValue.ACTUAL: "",
    RealisValue.PLANNED: "blue",
    RealisValue.POSSIBLE: "magenta",
    RealisValue.CONDITIONAL: "magenta",
    RealisValue.DENIED: "red",
}


def stored_events(document: Document) -> tuple[StoredEvent, ...]:
    """The events of a document that was read but not stored, in the form in which a store gives them."""
    source = document.source
    language = document.language.language if document.language else ""
    return tuple(
        StoredEvent(
            event=event,
            document_id=document.id,
            revision=document.revision,
            title=source.title,
            outlet=source.outlet,
            url=source.url,
            published=source.published,
            published_zone=source.published_zone,
            language=language,
            evidence_text=event.evidence.of(document.text),
        )
        for event in (document.events.events if document.events else ())
    )


def article_words(stored: StoredEvent) -> str:
    """Where an event was read: "ru  2025-08-22  Outlet  Title"."""
    day = day_words(stored.published, stored.published_zone)
    return "  ".join(part for part in (stored.language, day, one_line(stored.outlet), one_line(stored.title)) if part)


def day_words(published: datetime | None, zone: str) -> str:
    """The day of publication where it was published: "2025-08-22"; empty when it is not known."""
    day = civil_day(published, zone)
    return day.isoformat() if day else ""


def type_text(event_type: EventType) -> Text:
    """A type, coloured by its quad class."""
    return Text(event_type.value, style=_QUAD_STYLES[TYPES[event_type].quad])


def party_text(party: Participant) -> Text:
    """ "RUS GOV Владимир Путин"."""
    text = Text(party.code, style="bold")
    if party.sector:
        text.append(f" {party.sector}")
    name = one_line(party.name)
    return text.append(f" {name}", style="not bold") if name else text


def parties_text(event: Event, *, arrow: str, unnamed: str) -> Text:
    """ "USA GOV Трамп, UKR GOV Зеленский → RUS"; a side that nobody names is `unnamed`, none at all is empty."""
    sides = [_joined(map(party_text, side)) for side in (event.actors, event.recipients)]
    if not event.recipients:
        return sides[0]
    actors = sides[0] if event.actors else Text(unnamed, style="dim")
    return actors.append(f" {arrow} ").append_text(sides[1])


def _joined(texts: Iterable[Text]) -> Text:
    return Text(", ").join(texts)


def time_words(time: EventTime | None) -> str:
    """ "2025-08-22", "2025-08", "2025-08-20 to 2025-08-22"; empty when the text does not say."""
    if time is None:
        return ""
    return f"{time.start} to {time.end}" if time.end and time.end != time.start else time.start


def place_words(place: Place | None) -> str:
    """ "Харьков, UKR"."""
    if place is None:
        return ""
    return ", ".join(part for part in (one_line(place.name), place.country) if part)


def realis_text(realis: Realis) -> Text:
    """Whether it happened, coloured when it did not simply happen."""
    return Text(realis.value.value, style=_REALIS_STYLES[realis.value])


def source_words(event: Event) -> str:
    """Who says so, innermost first: "Путин, Интерфакс"; empty in the article's own voice."""
    return ", ".join(one_line(source.name) for source in event.attribution)


def evidence_text(stored: StoredEvent) -> Text:
    """The sentence, the trigger in bold and in brackets."""
    event, text = stored.event, stored.evidence_text
    start = event.trigger.start - event.evidence.start
    end = event.trigger.end - event.evidence.start
    if not 0 <= start <= end <= len(text):
        return Text(one_line(text))
    before, trigger, after = (one_line(part) for part in (text[:start], text[start:end], text[end:]))
    shown = Text(before + (" " if text[:start][-1:].isspace() else ""))
    shown.append(f"[{trigger}]", style="bold")
    return shown.append((" " if text[end:][:1].isspace() else "") + after)
