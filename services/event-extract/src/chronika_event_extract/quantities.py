"""Numbers that belong to an event: killed, wounded, detained, participants, sums, weapons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chronika.domain.event import EventType, Quantity, QuantityKind
from chronika.ports.language_pack import LanguagePack
from chronika_event_extract.tree import Tree

FILE = "quantities.tsv"
CALENDAR = "calendar.toml"
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_RANGE = re.compile(r"(\d+)[-–](\d+)")
_KINDS_OF: Mapping[EventType, frozenset[QuantityKind]] = {
    EventType.ASSAULT: frozenset({QuantityKind.KILLED, QuantityKind.WOUNDED, QuantityKind.WEAPONS}),
    EventType.COERCE: frozenset({QuantityKind.DETAINED, QuantityKind.MONEY}),
    EventType.PROTEST: frozenset({QuantityKind.PARTICIPANTS, QuantityKind.DETAINED, QuantityKind.WOUNDED}),
    EventType.AID: frozenset({QuantityKind.MONEY, QuantityKind.WEAPONS}),
    EventType.SANCTION: frozenset({QuantityKind.MONEY}),
    EventType.COOPERATE: frozenset({QuantityKind.MONEY, QuantityKind.WEAPONS}),
    EventType.MOBILIZE: frozenset({QuantityKind.WEAPONS}),
    EventType.RETREAT: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """quantities.tsv: kind and unit by lemma of the verb or noun, factor by lemma of the scale."""

    verbs: Mapping[str, tuple[QuantityKind, str]]
    nouns: Mapping[str, tuple[QuantityKind, str]]
    scales: Mapping[str, float]
    words: Mapping[str, tuple[float, float | None]]
    months: frozenset[str]


def read_counting(pack: LanguagePack) -> Counting:
    """The table of a pack."""
    verbs: dict[str, tuple[QuantityKind, str]] = {}
    nouns: dict[str, tuple[QuantityKind, str]] = {}
    scales: dict[str, float] = {}
    words: dict[str, tuple[float, float | None]] = {}
    for row in pack.table(FILE):
        for lemma in row["lemmas"].split("|"):
            if row["where"] == "scale":
                scales[lemma] = float(row["unit"])
            elif row["where"] == "number":
                words[lemma] = (float(row["unit"]), None)
            elif row["where"] == "verb":
                verbs[lemma] = (QuantityKind(row["kind"]), row["unit"])
            else:
                nouns[lemma] = (QuantityKind(row["kind"]), row["unit"])
    months = frozenset(row["nominative"] for row in pack.settings(CALENDAR)["months"])
    return Counting(verbs=verbs, nouns=nouns, scales=scales, words=words, months=months)


class Tally:
    """The quantities of one document; each sentence is read once."""

    def __init__(self, tree: Tree, counting: Counting) -> None:
        self._tree = tree
        self._counting = counting
        self._by_sentence: dict[int, tuple[Quantity, ...]] = {}

    def quantities(self, trigger: int, event_type: EventType) -> tuple[Quantity, ...]:
        """The quantities in the sentence of a trigger that its type can have."""
        kinds = _KINDS_OF.get(event_type)
        if not kinds:
            return ()
        sentence = self._tree.layer.sentence_of(trigger)
        if sentence not in self._by_sentence:
            tokens = self._tree.layer.sentence(sentence)
            self._by_sentence[sentence] = tuple(_in_sentence(self._tree, self._counting, tokens))
        return tuple(quantity for quantity in self._by_sentence[sentence] if quantity.kind in kinds)


def _in_sentence(tree: Tree, counting: Counting, tokens: range) -> Iterator[Quantity]:
    for token in tokens:
        value = _value(tree.forms[token]) or counting.words.get(tree.lemmas[token])
        if value is None or (token + 1 in tokens and tree.lemmas[token + 1] in counting.months):
            continue
        last, factor, counted = _counted(tree, counting, token, tokens)
        meaning = _meaning(tree, counting, counted)
        if meaning is None:
            continue
        low, high = value
        span = tree.phrase_span([token, last])
        upper = high * factor if high is not None else None
        yield Quantity(span=span, kind=meaning[0], value=low * factor, upper=upper, unit=meaning[1])


def _value(form: str) -> tuple[float, float | None] | None:
    between = _RANGE.fullmatch(form)
    if between:
        low, high = float(between[1]), float(between[2])
        return (low, high) if low < high else None
    if _NUMBER.fullmatch(form):
        return float(form.replace(",", ".")), None
    return None


def _counted(tree: Tree, counting: Counting, number: int, tokens: range) -> tuple[int, float, int]:
    """The last token of the number with its scale, the factor of the scale, and the noun that is counted."""
    last, factor = number, 1.0
    following = number + 1
    while following in tokens:
        scale = counting.scales.get(tree.lemmas[following]) or counting.scales.get(tree.forms[following].rstrip("."))
        if scale is None and tree.forms[following] != ".":
            break
        last, factor = following, factor * (scale or 1.0)
        following += 1
    if following in tokens and (tree.lemmas[following] in counting.nouns or tree.forms[following] in counting.nouns):
        return last, factor, following
    head = tree.heads[number]
    if head in tokens and tree.relations[number] in {"nummod", "amod", "nmod"}:
        return last, factor, head
    return last, factor, number


def _meaning(tree: Tree, counting: Counting, counted: int) -> tuple[QuantityKind, str] | None:
    """What is counted: the noun says it, or the verb right before, or the verb that the noun hangs on."""
    for key in (tree.lemmas[counted], tree.forms[counted]):
        if key in counting.nouns:
            return counting.nouns[key]
    if counted and tree.lemmas[counted - 1] in counting.verbs:
        return counting.verbs[tree.lemmas[counted - 1]]
    for steps, ancestor in enumerate(tree.ancestors(counted)):
        if tree.lemmas[ancestor] in counting.verbs:
            return counting.verbs[tree.lemmas[ancestor]]
        if steps >= 2:
            break
    return None
