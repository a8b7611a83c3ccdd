"""What the rules say, for a person who reads an explanation: rows of the tables, and the few rules that are code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from chronika_event_extract.lexicon import TriggerEntry

if TYPE_CHECKING:
    from chronika_event_extract.coder import Knowledge

IN_CODE: Mapping[str, str] = {
    "role.subject": "the subject of the verb",
    "role.object": "the object of the verb, or the subject of its passive",
    "role.agreement": "endings and agreement tell subject from object",
    "role.control": "an infinitive takes its subject from the word above it",
    "role.gerund": "a gerund takes the subject of the verb above it",
    "role.coordination": "the second of two coordinated verbs takes the subject of the first",
    "role.dropped-subject": "a clause without a subject keeps that of the clause above",
    "role.speaker": "who is quoted says it of himself",
    "role.passive-without-agent": "a passive without an agent names nobody who did it",
    "role.in-body": "nobody but the body in which it is done is named",
    "role.subject-of-governor": "the subject of the verb whose object the event is",
    "role.accused": "who is accused, suspected or punished for it",
    "role.present": "who acts on the occasion of talks takes part in them",
    "role.anti": "the adjective says against whom",
    "party.name": "the name itself tells the party",
    "party.adjective": "an adjective names the state",
    "party.inhabitant": "the word for an inhabitant names the state",
    "party.group": "the name stands for several states",
    "party.genitive": "the genitive names the state",
    "party.place": "the place of the body names the state",
    "party.state-of-place": "an attack on a place is one on the state that it lies in",
    "party.same-office": "the same office was named with its state elsewhere in the document",
    "party.state-of-document": "nothing names the state: it is the one that the document speaks of most",
    "party.enemy": "the enemy is the other state that the document speaks of",
    "party.opponent": "what is attacked belongs to the other state that the document speaks of",
    "party.pronoun": "a pronoun or possessive was resolved",
    "attribution.dash": "a name behind a dash at the end of the line",
    "attribution.colon": "a name before a colon and what it introduces",
    "place.local": "a local phrase of the trigger",
    "place.target": "what is attacked lies there",
    "place.clause": "a local phrase of the clause",
    "realis.negation": "the trigger is negated",
    "realis.future": "the verb is in the future",
    "realis.future-setting": "it is the occasion of something to come",
    "realis.later-date": "its date lies after the publication",
    "realis.imperative": "the verb is an order",
    "realis.question": "the sentence asks",
    "background.earlier-date": "its date lies well before the publication",
    "state.statement": "a party speaks, and the sentence holds no other event",
}


def describe(rule_id: str, knowledge: Knowledge | None) -> str:
    """A rule in words; a row of a table by what it holds. The id itself where nothing more is known."""
    if rule_id in IN_CODE:
        return IN_CODE[rule_id]
    if rule_id.startswith("role."):
        return f"the phrase in the function {rule_id.removeprefix('role.')}"
    if rule_id.startswith("light."):
        return f"the light verb gives the role: {rule_id.removeprefix('light.')}"
    entry = knowledge.entry(rule_id) if knowledge is not None else None
    return _entry(entry) if entry is not None else rule_id


def _entry(entry: TriggerEntry) -> str:
    words = "|".join(entry.lemmas[:4]) + ("…" if len(entry.lemmas) > 4 else "")
    demands = f" with {'; '.join(str(condition) for condition in entry.demands)}" if entry.demands else ""
    return f"{words}{demands}"
