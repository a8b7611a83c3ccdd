"""Annotated events as JSON lines: gold lines are read, predictions written and read.

A gold line is {"id", "lang", "published", "text", "events"}, an event as samples/README.md tells it. A prediction is
{"id", "events"}, whose triggers are {"start", "end"} and whose parties and sources have the text that stands there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from chronika.domain.document import Document
from chronika.domain.errors import RefusedInputError
from chronika.domain.event import UNKNOWN_PARTY, AttributionKind, Event, Participant
from chronika.domain.scoring import GoldDocument, GoldEvent, PredictedEvent
from chronika.domain.span import Span

_CURE = "A gold line holds id, lang, text and events, as samples/README.md tells; a prediction id and events."


def prediction(document: Document) -> dict[str, Any]:
    """The events of a document in the form of a prediction."""
    events = document.events.events if document.events else ()
    return {"id": document.id, "events": [_predicted(event, document.text) for event in events]}


def predicted_events(document: Document) -> tuple[PredictedEvent, ...]:
    """The events of a document as they are scored."""
    return tuple(_as_predicted(event) for event in prediction(document)["events"])


def read_gold(path: Path) -> Iterator[GoldDocument]:
    """The documents of a file of gold lines. RefusedInputError `gold-line-invalid` names the line that is none."""
    for origin, line in _lines(path):
        try:
            yield GoldDocument(
                id=str(line["id"]),
                language=str(line.get("lang") or ""),
                text=line["text"],
                events=tuple(_as_gold(event) for event in line["events"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _invalid(origin, error) from None


def read_predictions(path: Path) -> dict[str, tuple[PredictedEvent, ...]]:
    """Predicted events by document. RefusedInputError `gold-line-invalid`."""
    found: dict[str, tuple[PredictedEvent, ...]] = {}
    for origin, line in _lines(path):
        try:
            found[str(line["id"])] = tuple(_as_predicted(event) for event in line["events"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _invalid(origin, error) from None
    return found


def _lines(path: Path) -> Iterator[tuple[str, Any]]:
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield f"{path}:{number}", json.loads(line)
    except OSError as error:
        raise RefusedInputError(
            "unreadable-file", f"{path} cannot be read: {error.strerror}", cure="Check the path and its permissions."
        ) from None
    except ValueError as error:  # JSON, or UTF-8
        raise RefusedInputError(
            "gold-line-invalid", f"{path} holds a line that is no JSON: {error}", cure=_CURE
        ) from None


def _invalid(origin: str, error: Exception) -> RefusedInputError:
    what = f"lacks {error}" if isinstance(error, KeyError) else f"is not as it must be: {error}"
    return RefusedInputError("gold-line-invalid", f"{origin} {what}", cure=_CURE)


def _predicted(event: Event, text: str) -> dict[str, Any]:
    time, place = event.time, event.place
    return {
        "id": event.id,
        "type": event.type.value,
        "mode": event.mode or None,
        "trigger": {"start": event.trigger.start, "end": event.trigger.end, "text": event.trigger.of(text)},
        "actors": [_party(party, text) for party in event.actors],
        "recipients": [_party(party, text) for party in event.recipients],
        "realis": event.realis.value.value,
        "time": {"start": time.start, "end": time.end or None} if time else None,
        "place": {"text": place.span.of(text), "country": place.country or None} if place else None,
        "attribution": [{"text": source.span.of(text), "kind": source.kind.value} for source in event.attribution],
        "background": event.background,
        "confidence": round(event.confidence, 4),
        "rule_ids": list(event.rule_ids),
    }


def _party(party: Participant, text: str) -> dict[str, Any]:
    return {"text": party.span.of(text), "code": party.code, "sector": party.sector or None}


def _as_gold(event: Mapping[str, Any]) -> GoldEvent:
    start, end = event["trigger_span"]
    return GoldEvent(
        **_common(event),
        trigger=Span(start, end),
        words=event["trigger"],
        core=bool(event.get("core", True)),
        speakers=_texts(event, default_kind=""),
    )


def _as_predicted(event: Mapping[str, Any]) -> PredictedEvent:
    return PredictedEvent(
        **_common(event),
        trigger=Span(event["trigger"]["start"], event["trigger"]["end"]),
        speakers=_texts(event, default_kind=AttributionKind.SPEAKER),
    )


def _common(event: Mapping[str, Any]) -> dict[str, Any]:
    place = event.get("place") or None
    return {
        "type": str(event["type"]),
        "mode": event.get("mode") or "",
        "actors": _codes(event, "actors"),
        "recipients": _codes(event, "recipients"),
        "realis": event.get("realis") or "",
        "time": (event.get("time") or {}).get("start") or "",
        "has_place": place is not None,
        "country": (place or {}).get("country") or "",
        "background": bool(event.get("background")),
    }


def _codes(event: Mapping[str, Any], role: str) -> frozenset[str]:
    return frozenset(party.get("code") or UNKNOWN_PARTY for party in event.get(role) or ())


def _texts(event: Mapping[str, Any], *, default_kind: str) -> frozenset[str]:
    sources = event.get("attribution") or ()
    speakers = (source for source in sources if source.get("kind", default_kind) == AttributionKind.SPEAKER)
    return frozenset(source["text"].casefold() for source in speakers)
