"""Who does what an event noun names, where the noun's own phrases do not tell.

The subject of the verb whose object it is ("усилит удары"), who is blamed for it ("обвинил Чад в нападении"), and for
talks who is there ("на встрече с послами министр сказал").
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from chronika.domain.event import EventType
from chronika_event_extract.subjects import read_roles
from chronika_event_extract.tree import Tree
from chronika_event_extract.triggers import Match

_ROUND_TABLES = "multilateral"
"""A mode of meetings at which who speaks need not sit."""


class Doer(NamedTuple):
    """The head of the phrase that names who does it, and the rule that says so."""

    token: int
    rule: str


class Doers:
    """Finds doers in one document; `bystanders` are verbs whose subject does not do the event in their object."""

    def __init__(self, tree: Tree, bystanders: Collection[str]) -> None:
        self.tree = tree
        self.bystanders = bystanders

    def of(self, match: Match) -> Doer | None:
        """The doer of an event noun without a light verb, by the first rule that finds one."""
        if match.entry.pos != "N" or match.light is not None:
            return None
        top = self.tree.outer(match.token)
        return self._over(top) or self._blamed(top) or self._present(match, top)

    def _over(self, top: int) -> Doer | None:
        """The subject of the verb whose object the noun is: "усилит удары", "отложили введение санкций".

        Verbs that are triggers themselves or say something of the event ("осудил удары") do not do it.
        """
        verb = self.tree.heads[top]
        if verb < 0 or self.tree.relations[top] != "obj" or not self.tree.is_verbal(verb):
            return None
        if self.tree.lemmas[verb] in self.bystanders:
            return None
        subject = read_roles(self.tree, verb).subject
        return Doer(subject, "role.subject-of-governor") if subject is not None else None

    def _blamed(self, top: int) -> Doer | None:
        """Who is accused, suspected or punished for it: "обвинил Чад в нападении", "причастность властей к взлому"."""
        word = self.tree.heads[top]
        if word < 0 or self.tree.preposition(top) not in self.tree.grammar.blame_prepositions:
            return None
        if self.tree.lemmas[word] not in self.tree.grammar.blaming:
            return None
        blamed = self._accused_by(word) if self.tree.is_verbal(word) else self._guilty_of(word)
        return Doer(blamed, "role.accused") if blamed is not None else None

    def _accused_by(self, verb: int) -> int | None:
        roles = read_roles(self.tree, verb)
        if roles.object is None and self.tree.grammar.active(self.tree.lemmas[verb]):
            return roles.subject  # "обвиняется в нападении"
        return roles.object

    def _guilty_of(self, word: int) -> int | None:
        """Whose guilt an adjective or a noun tells: its subject, its genitive or dative, or who denies or takes it."""
        if self.tree.pos[word] == "ADJ":
            if self.tree.relations[word] == "amod":
                return self.tree.heads[word]
            return read_roles(self.tree, word).subject
        for argument in self.tree.arguments(word):
            if argument.direct and argument.function in {"gen", "dat"}:
                return argument.token
        verb = self.tree.verb_over(word)
        if verb is None:
            return None
        told = next((a.token for a in self.tree.arguments(verb) if a.direct and a.function == "dat"), None)
        return told if told is not None else read_roles(self.tree, verb).subject

    def _present(self, match: Match, top: int) -> Doer | None:
        """Who acts on the occasion of talks takes part in them."""
        if match.entry.type is not EventType.CONSULT or match.entry.mode == _ROUND_TABLES:
            return None
        above = self.tree.heads[top]
        phrase = above if above >= 0 and self._names_occasion(above) else top
        if not (phrase == above or self._is_occasion(top)):
            return None
        verb = self.tree.heads[phrase]
        subject = read_roles(self.tree, verb).subject if verb >= 0 and self.tree.is_verbal(verb) else None
        return Doer(subject, "role.present") if subject is not None else None

    def _is_occasion(self, phrase: int) -> bool:
        preposition = self.tree.preposition(phrase)
        if not preposition or self.tree.relations[phrase] != "obl":
            return False
        at = self.tree.is_adjunct(phrase) and preposition in self.tree.grammar.place_prepositions
        return at or preposition in self.tree.grammar.occasions

    def _names_occasion(self, noun: int) -> bool:
        """ "Ход" of "в ходе переговоров", where it was read as a noun."""
        return f"{self.tree.preposition(noun)} {self.tree.lemmas[noun]}" in self.tree.grammar.occasions
