"""The trigger lexicon of a language: which word names an event, of which type, and which phrases fill its roles.

triggers.tsv has a row for each entry. `lemmas` are alternatives of the one word that carries the event; what must stand
beside it is said by conditions, so that "ввести" with "войска" and "ввести" with "санкции" are two entries or none.
Of several entries for a word the one with the most conditions is tried first: the longest match wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from chronika.domain.codebook import TYPES
from chronika.domain.errors import ConfigurationError
from chronika.domain.event import EventType
from chronika.ports.language_pack import LanguagePack
from chronika_event_extract.grammar import Grammar

TRIGGERS = "triggers.tsv"
LIGHT_VERBS = "light_verbs.tsv"
NOUN_CLASSES = "nouns.toml"

POS = frozenset({"V", "N", "A", "X"})
"""Verb (participles and gerunds too), noun, adjective or predicative, anything."""
LIGHT_ROLES = frozenset({"actor", "recipient", "none"})


@dataclass(frozen=True, slots=True)
class Condition:
    """`slot=value|value`: one of the values stands in the slot. A class of nouns is written @name, anything *."""

    slot: str
    lemmas: frozenset[str]
    classes: frozenset[str]
    anything: bool

    def __str__(self) -> str:
        values = sorted(self.lemmas) + sorted(f"@{name}" for name in self.classes) + ["*"] * self.anything
        return f"{self.slot}={'|'.join(values)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerEntry:
    """A row of triggers.tsv. Roles are functions in the order of preference; for a mutual event all of them count."""

    id: str
    lemmas: tuple[str, ...]
    pos: str
    type: EventType
    mode: str
    actor: tuple[str, ...]
    recipient: tuple[str, ...]
    demands: tuple[Condition, ...]
    blocks: tuple[Condition, ...]
    example: str
    is_mutual: bool = False
    """Whether all sides are actors (codebook 2.5): no recipient, and a mutual type or a frame with "с" and "между"."""

    @property
    def specificity(self) -> int:
        """Which entry is tried first: each demand counts, one that names its words twice."""
        return sum(2 if condition.lemmas else 1 for condition in self.demands if not condition.slot.startswith("?"))


@dataclass(frozen=True, slots=True, kw_only=True)
class LightVerb:
    """A verb that only says that the event of its noun takes place (codebook 2.4).

    `noun` is the function in which the event noun stands; `subject` the role of the verb's own subject; `actor` and
    `recipient` are functions of further phrases beside the verb.
    """

    id: str
    lemmas: tuple[str, ...]
    noun: tuple[str, ...]
    subject: str
    actor: tuple[str, ...]
    recipient: tuple[str, ...]
    nouns: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Entries and light verbs by lemma, most specific first, and the classes of nouns that conditions name."""

    entries: Mapping[str, tuple[TriggerEntry, ...]]
    light_verbs: Mapping[str, tuple[LightVerb, ...]]
    classes: Mapping[str, frozenset[str]]


def read_lexicon(pack: LanguagePack, grammar: Grammar) -> Lexicon:
    """ConfigurationError `trigger-lexicon` names the file and row that is wrong."""
    classes = {name: frozenset(words) for name, words in pack.settings(NOUN_CLASSES).items()}
    read = [_entry(row, pack, classes) for row in pack.table(TRIGGERS)]
    entries = [replace(entry, is_mutual=_is_mutual(entry, grammar)) for entry in read]
    _unique((entry.id for entry in entries), pack, TRIGGERS)
    light = tuple(_light_verb(row, pack) for row in pack.table(LIGHT_VERBS))
    _unique((verb.id for verb in light), pack, LIGHT_VERBS)
    by_lemma: dict[str, list[TriggerEntry]] = {}
    for entry in sorted(entries, key=lambda e: -e.specificity):
        for lemma in entry.lemmas:
            by_lemma.setdefault(lemma, []).append(entry)
    verbs_by_lemma: dict[str, list[LightVerb]] = {}
    for verb in light:
        for lemma in verb.lemmas:
            verbs_by_lemma.setdefault(lemma, []).append(verb)
    return Lexicon(
        entries={lemma: tuple(found) for lemma, found in by_lemma.items()},
        light_verbs={lemma: tuple(found) for lemma, found in verbs_by_lemma.items()},
        classes=classes,
    )


def parse_conditions(text: str) -> tuple[Condition, ...]:
    """ "obj=санкция|@restriction; gov=*" as conditions; ValueError when a part is no condition."""
    return tuple(_condition(part.strip()) for part in text.split(";") if part.strip())


def _condition(text: str) -> Condition:
    slot, equals, values = text.partition("=")
    if not equals or not slot or not values:
        raise ValueError(f"{text!r} is not slot=value|value")
    words = [value.strip() for value in values.split("|")]
    return Condition(
        slot=slot.strip(),
        lemmas=frozenset(word for word in words if word != "*" and not word.startswith("@")),
        classes=frozenset(word[1:] for word in words if word.startswith("@")),
        anything="*" in words,
    )


def _entry(row: Mapping[str, str], pack: LanguagePack, classes: Mapping[str, frozenset[str]]) -> TriggerEntry:
    try:
        entry = TriggerEntry(
            id=row["id"],
            lemmas=tuple(row["lemmas"].split("|")),
            pos=row["pos"],
            type=EventType(row["type"]),
            mode=row["mode"],
            actor=tuple(row["actor"].split()),
            recipient=tuple(row["recipient"].split()),
            demands=parse_conditions(row["demands"]),
            blocks=parse_conditions(row["blocks"]),
            example=row["example"],
        )
    except (KeyError, ValueError) as error:
        raise _wrong(pack, TRIGGERS, row, str(error)) from error
    if entry.pos not in POS:
        raise _wrong(pack, TRIGGERS, row, f"pos {entry.pos!r} is none of {sorted(POS)}")
    if entry.mode and entry.mode not in TYPES[entry.type].modes:
        raise _wrong(pack, TRIGGERS, row, f"{entry.type} has no mode {entry.mode!r}")
    used = {name for condition in (*entry.demands, *entry.blocks) for name in condition.classes}
    if unknown := used - classes.keys() - {"party", "outlet", "place", "human"}:
        raise _wrong(pack, TRIGGERS, row, f"no class of nouns named {sorted(unknown)}")
    return entry


def _is_mutual(entry: TriggerEntry, grammar: Grammar) -> bool:
    together = {grammar.between, grammar.company}
    return not entry.recipient and (TYPES[entry.type].mutual or bool(together & set(entry.actor)))


def _light_verb(row: Mapping[str, str], pack: LanguagePack) -> LightVerb:
    verb = LightVerb(
        id=row["id"],
        lemmas=tuple(row["lemmas"].split("|")),
        noun=tuple(row["noun"].split()),
        subject=row["subject"],
        actor=tuple(row["actor"].split()),
        recipient=tuple(row["recipient"].split()),
        nouns=frozenset(row["nouns"].split("|")) if row["nouns"] else frozenset(),
    )
    if verb.subject not in LIGHT_ROLES:
        raise _wrong(pack, LIGHT_VERBS, row, f"subject {verb.subject!r} is none of {sorted(LIGHT_ROLES)}")
    return verb


def _unique(ids: Iterable[str], pack: LanguagePack, file: str) -> None:
    seen: set[str] = set()
    for entry_id in ids:
        if entry_id in seen:
            raise _wrong(pack, file, {"id": entry_id}, "the id is used twice")
        seen.add(entry_id)


def _wrong(pack: LanguagePack, file: str, row: Mapping[str, str], reason: str) -> ConfigurationError:
    return ConfigurationError(
        "trigger-lexicon",
        f"{file} of language pack {pack.code!r}, row {row.get('id', '?')!r}: {reason}",
        cure="Mend the row; the comment at the top of the file says what each column holds.",
    )
