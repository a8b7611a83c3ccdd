"""Persons by name: full names, names with initials or a patronymic, and surnames alone.

Names are compared by a skeleton, in which the spellings that transliteration wavers between are one ("Хэйвуд",
"Хейвуд"; "Бербок", "Бэрбок"). A first name must fit: "Меланья Трамп" is not the president.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from chronika_languages.entities import Entity, EntityKind, EntityTable
from chronika_ner.link import NO_LINK, Link, to_entity
from chronika_ner.names import NameWords

_WAVERING = str.maketrans("эёєіїйґ", "еееиииг")
_SILENT = re.compile("[ьъ'’ʼ-]")
_DOUBLED = re.compile(r"(.)\1+")
_INITIALS = re.compile(r"(?:[А-ЯЁІЇЄҐA-Z]\.?[\s-]?)+\.?")
_GLUED_INITIAL = re.compile(r"\.(?=\w)")
_SHORTEST_SURNAME = 3
PERSON_RULES = frozenset({"link.full-name", "link.surname", "link.initials"})
_HEADS = ("president", "prime minister", "premier", "chancellor", "supreme leader", "king", "leader", "pope")


class PersonLinker:
    """Links names of persons in one language."""

    def __init__(self, table: EntityTable, words: NameWords, language: str) -> None:
        self._words = words
        self._table = table
        self._full: dict[str, list[Entity]] = defaultdict(list)
        self._by_surname: dict[str, list[Entity]] = defaultdict(list)
        self._first_names: dict[str, set[str]] = defaultdict(set)
        self._given: set[str] = set()
        for entity in table:
            if entity.kind is EntityKind.PERSON:
                for name in entity.names.get(language, ()):
                    self._add(entity, name)

    def _add(self, entity: Entity, name: str) -> None:
        parts = self.parts(name)
        if len(parts) == 1 < len(name.split()):
            parts = name.split()  # "патриарх Кирилл": not every Кирилл
        self._full[skeleton(" ".join(parts))].append(entity)
        first, surname = self.split(parts)
        if len(surname) >= _SHORTEST_SURNAME:
            self._by_surname[skeleton(surname)].append(entity)
            self._first_names[entity.id].add(skeleton(first))
        self._given.update(skeleton(word) for word in first.split())

    def parts(self, name: str) -> list[str]:
        """The words of a name without titles and patronymic, initials first: "Путин В. В." is "В. В. Путин"."""
        words = _GLUED_INITIAL.sub(". ", name).split() or [""]
        while len(words) > 1 and words[0].lower() in self._words.titles:
            words = words[1:]
        initials = [word for word in words if _is_initial(word)]
        first, *others = [*initials, *(word for word in words if word not in initials)]
        return [first, *(word for word in others if len(words) <= 2 or not self._is_patronymic(word))]

    def split(self, parts: Sequence[str]) -> tuple[str, str]:
        """First names and surname; particles begin the surname: "Урсула", "фон дер Ляйен"."""
        border = len(parts) - 1
        while border > 1 and parts[border - 1].lower() in self._words.particles:
            border -= 1
        return " ".join(parts[:border]), " ".join(parts[border:])

    def link(self, name: str, day: str) -> Link:
        """The person of a name in the nominative on a day ("2022-02-24", or empty)."""
        parts = self.parts(name)
        whole = self._full.get(skeleton(" ".join(parts))) or self._full.get(skeleton(name), [])
        if whole:
            return self._choose(whole, "link.full-name", day)
        first, surname = self.split(parts)
        candidates = self._by_surname.get(skeleton(surname), [])
        if not first:
            is_given = skeleton(surname) in self._given
            return NO_LINK if is_given else self._choose(candidates, "link.surname", day)
        if _INITIALS.fullmatch(first):
            initial = skeleton(first[0])
            fitting = [one for one in candidates if any(n.startswith(initial) for n in self._first_names[one.id])]
            return self._choose(fitting, "link.initials", day)
        return NO_LINK

    def is_leader(self, link: Link) -> bool:
        """Whether a link is to somebody who led a state: the one whom a bare surname means, whoever else bears it."""
        entity = self._table.get(link.entity_id)
        return entity is not None and _led_a_state(entity)

    def _choose(self, candidates: Sequence[Entity], rule: str, day: str) -> Link:
        """The only candidate, else the only one in office that day, else the only one who led a state."""
        for fits in (lambda one: True, lambda one: _in_office(one, day), _led_a_state):
            fitting = [one for one in dict.fromkeys(candidates) if fits(one)]
            if len(fitting) == 1:
                return to_entity(fitting[0], rule, day=day)
        return NO_LINK

    def _is_patronymic(self, word: str) -> bool:
        return word.lower().endswith(self._words.patronymic_endings)


def _is_initial(word: str) -> bool:
    return word[:1].isupper() and word[1:] in ("", ".")


def _in_office(entity: Entity, day: str) -> bool:
    return bool(day) and any(term.holds_on(day) for term in entity.terms)


def _led_a_state(entity: Entity) -> bool:
    return any(term.office in _HEADS for term in entity.terms)


def skeleton(name: str) -> str:
    """A name without what its spellings differ in; "Джеймс Хэйвуд" and "Джеймс Хейвуд" have the same."""
    return _DOUBLED.sub(r"\1", _SILENT.sub("", name.lower().translate(_WAVERING)))


def surnames_of(names: Sequence[str], linker: PersonLinker) -> Iterator[tuple[str, int]]:
    """Surname skeletons of the full names in a text, each with the place of the name."""
    for place, name in enumerate(names):
        parts = linker.parts(name)
        first, surname = linker.split(parts)
        if first:
            yield skeleton(surname), place
