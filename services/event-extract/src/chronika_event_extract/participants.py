"""Who takes part: fills the roles of a trigger's frame with the parties of its phrases (codebook 2.5 and 2.6).

The frame names functions in the order of preference. The first that gives a party fills a role; of a mutual event all
sides are collected as actors. A noun under a light verb takes the verb's subject in the role that the light verb gives.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from chronika.domain.event import Participant
from chronika_event_extract.parties import Parties
from chronika_event_extract.pronouns import Pronouns
from chronika_event_extract.subjects import read_roles
from chronika_event_extract.trace import SILENT, Trace
from chronika_event_extract.tree import Argument, Tree
from chronika_event_extract.triggers import Match, function_fits

SIDES = "sides"


class Filled(NamedTuple):
    """The parties of both roles and the rules that found them."""

    actors: tuple[Participant, ...]
    recipients: tuple[Participant, ...]
    rules: tuple[str, ...]


class Cast:
    """Fills roles in one document."""

    def __init__(
        self, tree: Tree, parties: Parties, pronouns: Pronouns, bystanders: Collection[str], trace: Trace = SILENT
    ) -> None:
        self.tree = tree
        self.bystanders = bystanders
        self.parties = parties
        self.pronouns = pronouns
        self.trace = trace

    def fill(self, match: Match, speaker: int | None) -> Filled:
        """Actors and recipients of a trigger; `speaker` is the token of who is quoted, for "мы" and for `speaker`."""
        rules: list[str] = []
        if match.entry.is_mutual:
            return Filled(tuple(_distinct(self._all_sides(match, speaker, rules))), (), tuple(rules))
        actors = self._first(match, "actor", match.entry.actor, speaker, rules)
        recipients = self._first(match, "recipient", match.entry.recipient, speaker, rules)
        taken = {(party.span, party.code) for party in actors}
        others = [party for party in recipients if (party.span, party.code) not in taken]
        return Filled(tuple(_distinct(actors)), tuple(_distinct(others)), tuple(rules))

    def _all_sides(self, match: Match, speaker: int | None, rules: list[str]) -> Iterator[Participant]:
        light = self._light_role(match, "actor", speaker, rules)
        yield from light
        for function in match.entry.actor:
            for token, rule in self._phrases(match, function, speaker):
                found = self._parties(token, speaker, rule, match.token, "actor", rules)
                # "его" beside a subject is the same person again.
                yield from (party for party in found if not light or function != "poss")

    def _first(
        self, match: Match, role: str, functions: Sequence[str], speaker: int | None, rules: list[str]
    ) -> list[Participant]:
        found = self._light_role(match, role, speaker, rules)
        for function in functions:
            if found:
                break
            for token, rule in self._phrases(match, function, speaker):
                found += self._parties(token, speaker, rule, match.token, role, rules)
        if not found and role == "actor":
            token = self._doer_above(match)
            if token is not None:
                found = self._parties(token, speaker, "role.subject-of-governor", match.token, role, rules)
        return found

    def _doer_above(self, match: Match) -> int | None:
        """The subject of the verb whose object an event noun is: "усилит удары", "отложили введение санкций".

        Verbs that are triggers themselves or say something of the event ("осудил удары") do not do it.
        """
        if match.entry.pos != "N" or match.light is not None:
            return None
        top = self.tree.outer(match.token)
        verb = self.tree.heads[top]
        if verb < 0 or self.tree.relations[top] != "obj" or not self.tree.is_verbal(verb):
            return None
        if self.tree.lemmas[verb] in self.bystanders:
            return None
        return read_roles(self.tree, verb).subject

    def _parties(
        self, token: int, speaker: int | None, rule: str, trigger: int, role: str, rules: list[str]
    ) -> list[Participant]:
        found = [
            party
            for member in self.tree.coordinated(token)
            for party in (self.pronouns.parties(member, speaker) or self._named(member))
        ]
        if found:
            rules.append(rule)
            self.trace.chose(trigger, role, self.parties.phrase(token).of(self.tree.text), rule)
        return found

    def _named(self, member: int) -> list[Participant]:
        return [
            Participant(
                span=self.parties.phrase(member),
                name=side.name or self.parties.phrase(member).of(self.tree.text),
                code=side.code,
                sector=side.sector,
                entity_id=side.entity_id,
            )
            for side in self.parties.sides(member)
        ]

    # -- phrases in a function ----------------------------------------------------------------------------------------

    def _phrases(self, match: Match, function: str, speaker: int | None) -> Iterator[tuple[int, str]]:
        """Tokens of the phrases that stand in a function of the trigger, with the rule that says so."""
        if function in {"subj", "obj"} and self._is_clausal(match):
            roles = read_roles(self.tree, match.token, passive=match.passive)
            token = roles.subject if function == "subj" else roles.object
            if token is not None:
                yield token, roles.rule if function == "subj" else "role.object"
            elif function == "subj" and not self.tree.is_passive(match.token):
                yield from self._body(match)
            return
        if function == "speaker":
            if speaker is not None:
                yield speaker, "role.speaker"
            return
        if function == "anti":
            yield from self._opposed(match.token)
            return
        outer, dot, inner = function.partition(".")
        if dot:
            yield from self._nested(match, outer, inner)
            return
        yield from self._plain(match, function)

    def _body(self, match: Match) -> Iterator[tuple[int, str]]:
        """The body in which something is said or done by nobody else: "в Берлине возмутились"."""
        if self.tree.feature(match.token, "Number") != "Plur":
            return
        for argument in match.arguments:
            preposition, _, case = argument.function.partition("+")
            if argument.direct and case in {"Loc", ""} and preposition in self.tree.grammar.place_prepositions:
                if self.parties.is_party(argument.token):
                    yield argument.token, "role.in-body"
                    return

    def _is_clausal(self, match: Match) -> bool:
        return self.tree.is_verbal(match.token) or match.entry.pos in {"V", "A"}

    def _plain(self, match: Match, function: str) -> Iterator[tuple[int, str]]:
        direct = [a for a in self._reachable(match) if function_fits(function, a.function) and a.direct]
        found = direct or [
            a for a in self._reachable(match) if function_fits(function, a.function) and "+" in a.function
        ]
        for argument in found:
            yield argument.token, f"role.{function}"

    def _reachable(self, match: Match) -> Iterator[Argument]:
        """The trigger's own phrases, then those of the verb that its noun belongs to."""
        yield from match.arguments
        verb = match.light.verb if match.light is not None else self._verb_above(match.token)
        if verb is not None:
            for argument in self.tree.arguments(verb):
                if "+" in argument.function and not self.tree.below(match.token, argument.token):
                    yield argument

    def _verb_above(self, token: int) -> int | None:
        """The verb of an event noun that is its subject or object, for phrases that were attached to the verb."""
        if self.tree.is_verbal(token):
            return None
        top = self.tree.coordination_head(token)
        above = self.tree.heads[top]
        if above >= 0 and self.tree.relations[top] in {"nsubj", "obj"} and self.tree.is_verbal(above):
            return above
        return None

    def _nested(self, match: Match, outer: str, inner: str) -> Iterator[tuple[int, str]]:
        rule = f"role.{outer}.{inner}"
        if outer in {"inf", "comp"}:
            for clause in self._clauses(match.token, infinitive=outer == "inf"):
                subject = read_roles(self.tree, clause).subject
                if subject is not None and self.tree.below(subject, clause):
                    yield subject, rule
            return
        for argument in match.arguments:
            if argument.direct and function_fits(outer, argument.function):
                for below in self.tree.arguments(argument.token):
                    if below.direct and function_fits(inner, below.function):
                        yield below.token, rule

    def _clauses(self, token: int, *, infinitive: bool) -> Iterator[int]:
        for child in self.tree.children[token]:
            if self.tree.is_verbal(child) and self.tree.relations[child] in {"ccomp", "xcomp", "advcl"}:
                if (self.tree.feature(child, "VerbForm") == "Inf") == infinitive:
                    yield child

    def _opposed(self, token: int) -> Iterator[tuple[int, str]]:
        for child in self.tree.children[token]:
            if self.parties.words.opposed(self.tree.lemmas[child], self.tree.grammar):
                yield child, "role.anti"

    # -- light verbs --------------------------------------------------------------------------------------------------

    def _light_role(self, match: Match, role: str, speaker: int | None, rules: list[str]) -> list[Participant]:
        if match.light is None:
            return []
        verb, entry = match.light.verb, match.light.entry
        if entry.subject == role:
            subject = read_roles(self.tree, verb).subject
            if subject is not None and not self.tree.below(match.token, subject):
                found = self._parties(subject, speaker, f"light.{entry.id}.subject", match.token, role, rules)
                if found:
                    return found
        for function in entry.actor if role == "actor" else entry.recipient:
            for argument in self.tree.arguments(verb):
                fits = argument.direct and function_fits(function, argument.function)
                if fits and not self.tree.below(match.token, argument.token):
                    found = self._parties(
                        argument.token, speaker, f"light.{entry.id}.{function}", match.token, role, rules
                    )
                    if found:
                        return found
        return []


def _distinct(parties: Iterator[Participant] | list[Participant]) -> Iterator[Participant]:
    """Each code and sector once, the first phrase that named it."""
    seen: set[tuple[str, str, str]] = set()
    for party in parties:
        key = (party.code, party.sector, party.entity_id or party.name)
        if key not in seen:
            seen.add(key)
            yield party
