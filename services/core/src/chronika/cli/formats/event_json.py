"""Events and documents as JSON: one object a line, names as in the contracts, spans with the words that they cover."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from chronika.domain.codebook import score
from chronika.domain.document import Document
from chronika.domain.event import Attribution, Event, Participant, Place, Quantity
from chronika.domain.span import Span
from chronika.ports.store import StoredEvent

Words = Callable[[Span], str | None]
"""The words of a span; None where they are not at hand."""


def json_line(value: Mapping[str, Any]) -> str:
    """One line of JSON, Cyrillic as it is."""
    return json.dumps(value, ensure_ascii=False) + "\n"


def document_object(document: Document) -> dict[str, Any]:
    """A document that was read, with its events."""
    source, language, analysis = document.source, document.language, document.analysis
    return {
        "id": document.id,
        "revision": document.revision,
        "title": source.title,
        "published": source.published.isoformat() if source.published else None,
        "outlet": source.outlet,
        "url": source.url,
        "origin": source.origin,
        "warnings": list(source.warnings),
        "language": language.language if language else None,
        "language_confidence": round(language.confidence, 4) if language else None,
        "sentences": len(analysis.sentence_starts) if analysis else 0,
        "events": [
            event_object(event, lambda span: span.of(document.text))
            for event in (document.events.events if document.events else ())
        ],
    }


def stored_event_object(stored: StoredEvent) -> dict[str, Any]:
    """An event with where it was read."""
    start = stored.event.evidence.start

    def words(span: Span) -> str | None:
        if not stored.event.evidence.holds(span):
            return None
        return stored.evidence_text[span.start - start : span.end - start]

    return {
        **event_object(stored.event, words),
        "document": {
            "id": stored.document_id,
            "revision": stored.revision,
            "title": stored.title,
            "outlet": stored.outlet,
            "url": stored.url,
            "published": stored.published.isoformat() if stored.published else None,
            "language": stored.language,
        },
    }


def event_object(event: Event, words: Words) -> dict[str, Any]:
    """An event with everything that is known of it."""
    return {
        "id": event.id,
        "type": event.type.value,
        "mode": event.mode or None,
        "score": score(event.type, event.mode),
        "contexts": list(event.contexts),
        "trigger": _span(event.trigger, words),
        "actors": [_party(party, words) for party in event.actors],
        "recipients": [_party(party, words) for party in event.recipients],
        "place": _place(event.place, words) if event.place else None,
        "time": _time(event, words),
        "realis": event.realis.value.value,
        "realis_cues": [_span(cue, words) for cue in event.realis.cues],
        "condition": _span(event.realis.condition, words) if event.realis.condition else None,
        "attribution": [_attribution(source, words) for source in event.attribution],
        "quantities": [_quantity(quantity, words) for quantity in event.quantities],
        "background": event.background,
        "evidence": _span(event.evidence, words),
        "rule_ids": list(event.rule_ids),
        "confidence": round(event.confidence, 4),
        "incident_id": event.incident_id or None,
        "coder_version": event.coder_version,
        "codebook_version": event.codebook_version,
    }


def _span(span: Span, words: Words) -> dict[str, Any]:
    return {"text": words(span), "start": span.start, "end": span.end}


def _party(party: Participant, words: Words) -> dict[str, Any]:
    known = {"name": party.name, "code": party.code, "sector": party.sector or None}
    return {**known, "entity_id": party.entity_id or None, **_span(party.span, words)}


def _place(place: Place, words: Words) -> dict[str, Any]:
    at = place.coordinates
    return {
        "name": place.name,
        "country": place.country or None,
        "latitude": at.latitude if at else None,
        "longitude": at.longitude if at else None,
        "precision": place.precision.value if place.precision else None,
        "entity_id": place.entity_id or None,
        **_span(place.span, words),
    }


def _time(event: Event, words: Words) -> dict[str, Any] | None:
    time = event.time
    if time is None:
        return None
    return {
        "start": time.start,
        "end": time.end or None,
        "granularity": time.granularity.value,
        "basis": time.basis.value,
        "span": _span(time.span, words),
    }


def _attribution(source: Attribution, words: Words) -> dict[str, Any]:
    return {
        "name": source.name,
        "kind": source.kind.value,
        "anonymous": source.anonymous,
        "entity_id": source.entity_id or None,
        "cue": _span(source.cue, words) if source.cue else None,
        **_span(source.span, words),
    }


def _quantity(quantity: Quantity, words: Words) -> dict[str, Any]:
    return {
        "kind": quantity.kind.value,
        "value": quantity.value,
        "upper": quantity.upper,
        "unit": quantity.unit or None,
        **_span(quantity.span, words),
    }
