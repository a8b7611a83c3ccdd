"""How well predicted events agree with annotated ones: matching, and the figures that follow from it.

A predicted event matches an annotated one of the same type whose trigger it overlaps, or else one in the same sentence;
each is matched once, the best pairs first. Events are scored over what is `core`; a match with what is not counts
neither way. Dyads ask for the right parties besides. STATE is left out. Pure functions.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from chronika.domain.event import EventType, RealisValue
from chronika.domain.span import Span

_SENTENCE_END = re.compile(r"\n+|(?<=[.!?…])[»\"”)]*\s+(?=[«\"“(—–-]?\s?[0-9A-ZА-ЯЁЄІЇҐ])")
_MUTUAL = frozenset({EventType.CONSULT, EventType.AGREE, EventType.COOPERATE})
_CONTEXT = 60
"""Characters shown on either side of a trigger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredEvent:
    """What is compared of an event: codes of the parties, the start of its time, its place's country, speakers' words
    in small letters. Empty is what is not filled in."""

    type: str
    mode: str = ""
    trigger: Span
    actors: frozenset[str] = frozenset()
    recipients: frozenset[str] = frozenset()
    realis: str = ""
    time: str = ""
    has_place: bool = False
    country: str = ""
    speakers: frozenset[str] = frozenset()
    background: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldEvent(ScoredEvent):
    """An annotated event; `words` are those of the trigger. One that is not `core` may be found or not."""

    words: str
    core: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictedEvent(ScoredEvent):
    """An event that a coder found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldDocument:
    """An annotated document."""

    id: str
    language: str
    text: str
    events: tuple[GoldEvent, ...]


@dataclass(slots=True)
class Agreement:
    """Counts of right, predicted and annotated things, and the measures over them."""

    right: int = 0
    predicted: int = 0
    gold: int = 0

    @property
    def precision(self) -> float:
        """Right among predicted; 0 for none."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Right among annotated; 0 for none."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def count(self, *, gold: bool, predicted: bool, right: bool) -> None:
        """Counts a field of a matched event, so that leaving it empty earns nothing."""
        self.gold += gold
        self.predicted += predicted
        self.right += right


@dataclass(slots=True)
class Share:
    """How many of how many are right."""

    right: int = 0
    of: int = 0

    @property
    def value(self) -> float | None:
        """The share; None of nothing."""
        return self.right / self.of if self.of else None

    def count(self, right: bool) -> None:
        """Counts one."""
        self.of += 1
        self.right += right


class MistakeKind(StrEnum):
    """What is wrong."""

    MISSED = "missed"
    EXTRA = "extra"
    PARTIES = "parties"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One disagreement: the trigger's words, and the words around it or the parties of both."""

    kind: MistakeKind
    document_id: str
    type: str
    trigger: str
    detail: str


@dataclass(slots=True)
class Score:
    """All figures over some documents. `realis` and the like count over matched events."""

    documents: int = 0
    events: Agreement = field(default_factory=Agreement)
    dyads: Agreement = field(default_factory=Agreement)
    overlapping: Agreement = field(default_factory=Agreement)
    """Only what matched by its trigger."""
    actors: Share = field(default_factory=Share)
    recipients: Share = field(default_factory=Share)
    realis: Share = field(default_factory=Share)
    realis_not_actual: Share = field(default_factory=Share)
    mode: Share = field(default_factory=Share)
    attribution: Agreement = field(default_factory=Agreement)
    time: Agreement = field(default_factory=Agreement)
    place: Agreement = field(default_factory=Agreement)
    background: Agreement = field(default_factory=Agreement)
    types: dict[str, Agreement] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)


def score(documents: Iterable[GoldDocument], predicted: Mapping[str, Sequence[PredictedEvent]]) -> Score:
    """Scores predictions by document id. A document without one counts as empty; predictions of others are ignored."""
    total = Score()
    for document in documents:
        found = [event for event in predicted.get(document.id, ()) if event.type != EventType.STATE]
        _score_document(total, document, found)
    total.dyads.predicted = total.overlapping.predicted = total.events.predicted
    total.dyads.gold = total.overlapping.gold = total.events.gold
    return total


def match(
    gold: Sequence[GoldEvent], predicted: Sequence[PredictedEvent], text: str
) -> list[tuple[GoldEvent, PredictedEvent]]:
    """Pairs events one to one: overlapping triggers before the same sentence; among equals right parties first, then
    core before optional, then the nearest."""
    sentence = _sentences(text)
    pairs = []
    for gold_number, wanted in enumerate(gold):
        for number, found in enumerate(predicted):
            if wanted.type != found.type:
                continue
            overlaps = wanted.trigger.overlaps(found.trigger)
            if not overlaps and sentence(wanted.trigger.start) != sentence(found.trigger.start):
                continue
            distance = abs(wanted.trigger.start - found.trigger.start)
            pairs.append(
                (not overlaps, not right_parties(wanted, found), not wanted.core, distance, gold_number, number)
            )
    taken_gold: set[int] = set()
    taken: set[int] = set()
    matched = []
    for *_, gold_number, number in sorted(pairs):
        if gold_number not in taken_gold and number not in taken:
            taken_gold.add(gold_number)
            taken.add(number)
            matched.append((gold[gold_number], predicted[number]))
    return matched


def right_parties(gold: ScoredEvent, found: ScoredEvent) -> bool:
    """Whether both sides are right; a mutual event without an annotated recipient may have its sides in two roles."""
    if (gold.actors, gold.recipients) == (found.actors, found.recipients):
        return True
    return gold.type in _MUTUAL and not gold.recipients and gold.actors == found.actors | found.recipients


def _sentences(text: str) -> Callable[[int], int]:
    starts = [0, *(end.end() for end in _SENTENCE_END.finditer(text))]
    return lambda position: bisect_right(starts, position) - 1


def _score_document(total: Score, document: GoldDocument, found: Sequence[PredictedEvent]) -> None:
    total.documents += 1
    pairs = match(document.events, found, document.text)
    for gold, predicted in pairs:
        if gold.core:
            _score_pair(total, document, gold, predicted)
    matched_gold = {id(gold) for gold, _ in pairs}
    matched = {id(predicted) for _, predicted in pairs}
    for gold in document.events:
        if gold.core:
            total.events.gold += 1
            _of_type(total, gold.type).gold += 1
            if id(gold) not in matched_gold:
                _mistake(total, MistakeKind.MISSED, document, gold, gold.words)
    for predicted in found:
        if id(predicted) not in matched:
            total.events.predicted += 1
            _of_type(total, predicted.type).predicted += 1
            _mistake(total, MistakeKind.EXTRA, document, predicted, predicted.trigger.of(document.text))


def _score_pair(total: Score, document: GoldDocument, gold: GoldEvent, found: PredictedEvent) -> None:
    for agreement in (total.events, _of_type(total, gold.type)):
        agreement.right += 1
        agreement.predicted += 1
    parties = right_parties(gold, found)
    total.dyads.right += parties
    total.overlapping.right += gold.trigger.overlaps(found.trigger)
    total.actors.count(gold.actors == found.actors)
    total.recipients.count(gold.recipients == found.recipients)
    _score_fields(total, gold, found)
    if not parties:
        detail = f"gold {_told(gold)}, found {_told(found)}"
        total.mistakes.append(
            Mistake(
                kind=MistakeKind.PARTIES, document_id=document.id, type=gold.type, trigger=gold.words, detail=detail
            )
        )


def _score_fields(total: Score, gold: GoldEvent, found: PredictedEvent) -> None:
    total.realis.count(gold.realis == found.realis)
    if gold.realis != RealisValue.ACTUAL:
        total.realis_not_actual.count(gold.realis == found.realis)
    if gold.mode:
        total.mode.count(gold.mode == found.mode)
    said = any(one in other or other in one for one in gold.speakers for other in found.speakers)
    total.attribution.count(gold=bool(gold.speakers), predicted=bool(found.speakers), right=said)
    dated = bool(gold.time and found.time) and found.time.startswith(gold.time)
    total.time.count(gold=bool(gold.time), predicted=bool(found.time), right=dated)
    placed = gold.has_place and found.has_place and gold.country == found.country
    total.place.count(gold=gold.has_place, predicted=found.has_place, right=placed)
    recalled = gold.background and found.background
    total.background.count(gold=gold.background, predicted=found.background, right=recalled)


def _of_type(total: Score, event_type: str) -> Agreement:
    return total.types.setdefault(event_type, Agreement())


def _told(event: ScoredEvent) -> str:
    return f"{'+'.join(sorted(event.actors)) or '-'} > {'+'.join(sorted(event.recipients)) or '-'}"


def _mistake(total: Score, kind: MistakeKind, document: GoldDocument, event: ScoredEvent, trigger: str) -> None:
    start, end = max(0, event.trigger.start - _CONTEXT), event.trigger.end + _CONTEXT
    around = document.text[start:end].replace("\n", " ")
    total.mistakes.append(Mistake(kind=kind, document_id=document.id, type=event.type, trigger=trigger, detail=around))
