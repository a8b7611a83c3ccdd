"""Whom pronouns and possessives mean where it is plain: "он", "который", "мы", "его".

Relative pronouns mean the noun before their clause; the first person means who is quoted; the third person the nearest
earlier subject that agrees, in the sentence or the two before it.
"""

from __future__ import annotations

from collections.abc import Iterator

from chronika.domain.event import Participant
from chronika_event_extract.parties import Parties
from chronika_event_extract.tree import Tree

_SENTENCES_BACK = 2


class Pronouns:
    """Resolves the pronouns of one document."""

    def __init__(self, tree: Tree, parties: Parties) -> None:
        self.tree = tree
        self.readings = parties

    def meant(self, token: int, speaker: int | None) -> int | None:
        """The token of the phrase that a pronoun means, None when it is no pronoun or its antecedent is not plain."""
        lemma, form, grammar = self.tree.lemmas[token], self.tree.forms[token], self.tree.grammar
        if (
            lemma in grammar.first_person_singular
            or lemma in grammar.first_person_plural
            or lemma in grammar.possessive_first
        ):
            return speaker
        if lemma in grammar.relative_pronouns and self.tree.pos[token] in {"PRON", "DET"}:
            return self.tree.antecedent(token)
        if lemma in grammar.reflexive_possessive:
            return self._own_subject(token)
        if form in grammar.possessive_third or (
            lemma in grammar.third_person and self.tree.pos[token] in {"PRON", "DET"}
        ):
            return self._antecedent(token)
        return None

    def parties(self, token: int, speaker: int | None) -> list[Participant]:
        """The parties that a pronoun or a possessive word means, with its own span; [] for other words."""
        if self.tree.relations[token] in {"amod", "det"}:
            states = self.readings.words.states(self.tree.lemmas[token], self.tree.grammar)
            if states:
                return self._states(token, states)
        meant = self.meant(token, speaker)
        if meant is None or meant == token:
            return []
        span = self.tree.span(token)
        return [
            Participant(
                span=span,
                name=side.name or span.of(self.tree.text),
                code=side.code,
                sector=side.sector,
                entity_id=side.entity_id,
            )
            for member in self.tree.coordinated(meant)
            for side in self.readings.sides(member)
        ]

    def opposed(self, adjective: int) -> list[Participant]:
        """The state that an adjective is directed against, with its own span."""
        code = self.readings.words.opposed(self.tree.lemmas[adjective], self.tree.grammar)
        return self._states(adjective, (code,)) if code else []

    def _states(self, adjective: int, codes: tuple[str, ...]) -> list[Participant]:
        span = self.tree.span(adjective)
        return [Participant(span=span, name=span.of(self.tree.text), code=code) for code in codes]

    def _own_subject(self, token: int) -> int | None:
        for ancestor in self.tree.ancestors(token):
            for argument in self.tree.arguments(ancestor):
                if argument.function == "subj" and argument.token != token:
                    return argument.token
        return None

    def _antecedent(self, token: int) -> int | None:
        plural = self._is_plural(token)
        gender = self.tree.feature(token, "Gender")
        best: int | None = None
        for candidate in self._earlier_phrases(token):
            if self._is_plural(candidate) != plural or not self.readings.is_party(candidate):
                continue
            met = self.tree.feature(candidate, "Gender")
            if not plural and gender and met and gender != met and self.tree.feature(candidate, "Animacy") != "Anim":
                continue
            if self.tree.relations[candidate] == "nsubj":
                return candidate
            best = best if best is not None else candidate
        return best

    def _is_plural(self, token: int) -> bool:
        if self.tree.forms[token] in self.tree.grammar.possessive_plural or len(self.tree.coordinated(token)) > 1:
            return True
        return self.tree.feature(token, "Number") == "Plur"

    def _earlier_phrases(self, token: int) -> Iterator[int]:
        """Nominal phrases before a token, nearest sentence first, its subjects before its other phrases."""
        sentence = self.tree.layer.sentence_of(token)
        for index in range(sentence, max(-1, sentence - _SENTENCES_BACK - 1), -1):
            tokens = [t for t in self.tree.layer.sentence(index) if t < token and self._is_phrase(t)]
            yield from (t for t in reversed(tokens) if self.tree.relations[t] == "nsubj")
            yield from (t for t in reversed(tokens) if self.tree.relations[t] != "nsubj")

    def _is_phrase(self, token: int) -> bool:
        return self.tree.pos[token] in {"NOUN", "PROPN"} and self.tree.relations[token] in {
            "nsubj",
            "obj",
            "iobj",
            "obl",
            "nmod",
            "root",
            "conj",
        }
