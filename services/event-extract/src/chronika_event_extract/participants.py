"""Who takes part: fills the roles of a trigger's frame with the parties of its phrases (codebook 2.5 and 2.6).

The frame names functions in the order of preference. The first that gives a party fills a role; of a mutual event all
sides are collected as actors. A noun under a light verb takes the verb's subject in the role that the light verb gives.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from chronika.domain.analysis import MentionKind
from chronika.domain.event import EventType, Participant
from chronika.domain.span import Span
from chronika_event_extract.doers import Doers
from chronika_event_extract.parties import Parties, Side
from chronika_event_extract.pronouns import Pronouns
from chronika_event_extract.subjects import read_roles
from chronika_event_extract.trace import SILENT, Trace
from chronika_event_extract.tree import Argument, Tree
from chronika_event_extract.triggers import Match, function_fits

_ACTS_OF_WORDS = frozenset(
    {
        EventType.AGREE,
        EventType.SUPPORT,
        EventType.CONCEDE,
        EventType.REQUEST,
        EventType.ACCUSE,
        EventType.REJECT,
        EventType.THREATEN,
        EventType.STATE,
    }
)
_CLAUSES = frozenset({"ccomp", "xcomp", "advcl"})
_BOTH = 2


class Filled(NamedTuple):
    """The parties of both roles and the rules that found them."""

    actors: tuple[Participant, ...]
    recipients: tuple[Participant, ...]
    rules: tuple[str, ...]


class Phrase(NamedTuple):
    """A phrase that may fill a role, and the rule that offers it."""

    token: int
    rule: str


class Cast:
    """What is known of a document when roles are filled; `bystanders` are verbs that do not do their event noun."""

    def __init__(
        self,
        tree: Tree,
        parties: Parties,
        pronouns: Pronouns,
        *,
        bystanders: Collection[str],
        trace: Trace = SILENT,
    ) -> None:
        self.tree = tree
        self.parties = parties
        self.pronouns = pronouns
        self.bystanders = bystanders
        self.doers = Doers(tree, bystanders)
        self.trace = trace

    def fill(self, match: Match, speaker: int | None) -> Filled:
        """Actors and recipients of a trigger; `speaker` is the token of who is quoted, for "мы" and for `speaker`."""
        return _Casting(self, match, speaker).fill()


class _Casting:
    """Fills the roles of one event."""

    def __init__(self, cast: Cast, match: Match, speaker: int | None) -> None:
        self.cast = cast
        self.tree = cast.tree
        self.match = match
        self.speaker = speaker
        self.rules: list[str] = []

    def fill(self) -> Filled:
        entry = self.match.entry
        if entry.is_mutual:
            return Filled(tuple(_distinct(self._all_sides())), (), tuple(self.rules))
        actors = self._first("actor", entry.actor)
        recipients = self._first("recipient", entry.recipient) or self._attacked(actors)
        taken = {(party.span, party.code) for party in actors}
        others = [party for party in recipients if (party.span, party.code) not in taken]
        return Filled(tuple(_distinct(actors)), tuple(_distinct(others)), tuple(self.rules))

    def _all_sides(self) -> list[Participant]:
        light = self._light_role("actor")
        sides = list(light)
        for function in self.match.entry.actor:
            if light and function == "poss":
                continue  # "его" beside a subject is the same person again
            for phrase in self._phrases(function):
                sides += self._parties(phrase, "actor")
        if not light and len({side.code for side in sides}) < _BOTH:
            sides += self._done_by("actor")
        return sides

    def _first(self, role: str, functions: Sequence[str]) -> list[Participant]:
        found = self._light_role(role)
        for function in functions:
            if found:
                return found
            for phrase in self._phrases(function):
                found += self._parties(phrase, role)
        return found or (self._done_by(role) if role == "actor" else [])

    def _done_by(self, role: str) -> list[Participant]:
        doer = self.cast.doers.of(self.match)
        return self._parties(Phrase(*doer), role) if doer is not None else []

    def _attacked(self, actors: Sequence[Participant]) -> list[Participant]:
        """Whose the target of an attack is when nothing tells: the other side's ("россияне ударили по складам")."""
        attackers = {actor.code for actor in actors}
        if self.match.entry.type is not EventType.ASSAULT or len(attackers) != 1:
            return []
        other = self.cast.parties.opponent(*attackers)
        target = next(self._targets(), None) if other else None
        if target is None:
            return []
        self.rules.append("party.opponent")
        self.cast.trace.chose(self.match.token, "recipient", target, "party.opponent")
        span = self.cast.parties.phrase(target)
        return [Participant(span=span, name=span.of(self.tree.text), code=other)]

    def _targets(self) -> Iterator[int]:
        for function in self.match.entry.recipient:
            yield from (phrase.token for phrase in self._phrases(function))
        if self.match.light is not None:
            for argument in self.tree.arguments(self.match.light.verb):
                if argument.direct and any(
                    function_fits(f, argument.function) for f in self.match.light.entry.recipient
                ):
                    yield argument.token

    def _parties(self, phrase: Phrase, role: str) -> list[Participant]:
        """The parties of a phrase and of what is coordinated with it; notes the rules when there are any."""
        found: list[Participant] = []
        used = [phrase.rule]
        for member in self._members(phrase.token):
            against = phrase.rule == "role.anti"
            pronouns = self.cast.pronouns
            meant = pronouns.opposed(member) if against else pronouns.parties(member, self.speaker)
            if meant:
                found += meant
                used.append("party.pronoun")
                continue
            span = self.cast.parties.phrase(member)
            for side in self.cast.parties.sides(member):
                found.append(_participant(side, span, self.tree.text))
                used.append(side.rule)
        if found:
            self.rules += used
            for rule in dict.fromkeys(used):
                self.cast.trace.chose(self.match.token, role, phrase.token, rule)
        return found

    def _members(self, token: int) -> Iterator[int]:
        """What is coordinated, each by itself; a noun that frames a party gives way to it: "с участием Макрона"."""
        for member in self.tree.coordinated(token):
            waiting = list(self._framed(member)) or [member]
            while waiting:
                party = waiting.pop(0)
                yield party
                waiting.extend(self.cast.parties.listed(party))
                if party != member:
                    waiting.extend(c for c in self.tree.children[party] if self.tree.relations[c] == "conj")

    def _framed(self, noun: int) -> tuple[int, ...]:
        if self.tree.lemmas[noun] not in self.tree.grammar.party_frames:
            return ()
        return tuple(a.token for a in self.tree.arguments(noun) if a.direct and a.function == "gen")

    # -- phrases in a function ----------------------------------------------------------------------------------------

    def _phrases(self, function: str) -> Iterator[Phrase]:
        """The phrases that stand in a function of the trigger."""
        outer, dot, inner = function.partition(".")
        if function in {"subj", "obj"} and self._is_clausal():
            yield from self._clausal(function)
        elif function == "speaker":
            if self.speaker is not None:
                yield Phrase(self.speaker, "role.speaker")
        elif function == "anti":
            yield from self._opposed()
        elif function == "inf.obj":
            yield from self._inner_objects()
        elif function in {"inf.subj", "comp.subj"}:
            yield from self._inner_subjects(outer)
        elif outer == "inf":
            yield from self._inner_phrases(inner)
        elif dot:
            yield from self._nested(outer, inner)
        else:
            yield from self._plain(function)

    def _is_clausal(self) -> bool:
        return self.tree.is_verbal(self.match.token) or self.match.entry.pos in {"V", "A"}

    def _clausal(self, function: str) -> Iterator[Phrase]:
        roles = read_roles(self.tree, self.match.token, passive=self.match.passive)
        if function == "obj":
            if roles.object is not None:
                yield Phrase(roles.object, "role.object")
        elif roles.subject is not None:
            yield Phrase(roles.subject, roles.rule)
        elif not self.tree.is_passive(self.match.token):
            yield from self._body()

    def _body(self) -> Iterator[Phrase]:
        """The body in which something is said or done by nobody else: "в Берлине возмутились"."""
        if self.tree.feature(self.match.token, "Number") != "Plur":
            return
        for argument in self.match.arguments:
            preposition, _, case = argument.function.partition("+")
            inside = case in {"Loc", ""} and preposition in self.tree.grammar.place_prepositions
            if argument.direct and inside and self._is_body(argument.token):
                yield Phrase(argument.token, "role.in-body")
                return

    def _is_body(self, token: int) -> bool:
        """What words may come from: any party; deeds only from an organisation or an office, not from a place."""
        if not self.cast.parties.is_party(token):
            return False
        mention = self.cast.parties.mention_at.get(token)
        is_place = mention is not None and mention.kind is MentionKind.LOCATION
        return not is_place or self.match.entry.type in _ACTS_OF_WORDS

    def _plain(self, function: str) -> Iterator[Phrase]:
        fitting = [argument for argument in self._reachable() if function_fits(function, argument.function)]
        direct = [argument for argument in fitting if argument.direct]
        for argument in direct or [argument for argument in fitting if self._may_belong(argument)]:
            yield Phrase(argument.token, f"role.{function}")

    def _may_belong(self, argument: Argument) -> bool:
        """Whether a phrase further down may be the trigger's: not that of another event beside it."""
        above = self.tree.heads[argument.token]
        if above == self.match.token or self._is_wanted(above):
            return "+" in argument.function
        another = self.tree.lemmas[above] in self.cast.bystanders and self.tree.relations[above] != "obj"
        return "+" in argument.function and not another

    def _is_wanted(self, noun: int) -> bool:
        """Whether a noun is the one that the entry demands beside it: санкций of "снятие санкций с Ирана"."""
        slots = {slot for condition in self.match.entry.demands for slot in condition.slot.split("/")}
        return any(a.token == noun and a.direct and a.function in slots for a in self.match.arguments)

    def _reachable(self) -> Iterator[Argument]:
        """The trigger's own phrases, then those of its light verb."""
        yield from self.match.arguments
        if self.match.light is not None:
            for argument in self.tree.arguments(self.match.light.verb):
                if "+" in argument.function and not self.tree.below(self.match.token, argument.token):
                    yield argument

    def _nested(self, outer: str, inner: str) -> Iterator[Phrase]:
        for argument in self.match.arguments:
            if argument.direct and function_fits(outer, argument.function):
                for below in self.tree.arguments(argument.token):
                    if below.direct and function_fits(inner, below.function):
                        yield Phrase(below.token, f"role.{outer}.{inner}")

    def _inner_subjects(self, outer: str) -> Iterator[Phrase]:
        """Who is to act in the infinitive or the clause below: "потребовал, чтобы Россия вывела войска"."""
        for child in self.tree.children[self.match.token]:
            if not self.tree.is_verbal(child) or self.tree.relations[child] not in _CLAUSES:
                continue
            if (self.tree.feature(child, "VerbForm") == "Inf") == (outer == "inf"):
                subject = read_roles(self.tree, child).subject
                if subject is not None and self.tree.below(subject, child):
                    yield Phrase(subject, f"role.{outer}.subj")

    def _inner_objects(self) -> Iterator[Phrase]:
        """Whom the infinitive below is about: "отказался выдать банкира"."""
        for child in self.tree.children[self.match.token]:
            if self.tree.feature(child, "VerbForm") == "Inf" and self.tree.relations[child] in _CLAUSES:
                object_ = read_roles(self.tree, child).object
                if object_ is not None:
                    yield Phrase(object_, "role.inf.obj")
                    for argument in self.tree.arguments(object_):
                        if argument.direct and argument.function == "gen":
                            yield Phrase(argument.token, "role.inf.obj")

    def _inner_phrases(self, function: str) -> Iterator[Phrase]:
        """Phrases of the infinitive below: "отказалась дать оружие Судану", "грозит ввести санкции против Чада"."""
        for child in self.tree.children[self.match.token]:
            if self.tree.feature(child, "VerbForm") == "Inf" and self.tree.relations[child] in _CLAUSES:
                for argument in self.tree.arguments(child):
                    if function_fits(function, argument.function) and (argument.direct or "+" in argument.function):
                        yield Phrase(argument.token, f"role.inf.{function}")

    def _opposed(self) -> Iterator[Phrase]:
        for child in self.tree.children[self.match.token]:
            if self.cast.parties.words.opposed(self.tree.lemmas[child], self.tree.grammar):
                yield Phrase(child, "role.anti")

    # -- light verbs --------------------------------------------------------------------------------------------------

    def _light_role(self, role: str) -> list[Participant]:
        if self.match.light is None:
            return []
        verb, entry = self.match.light.verb, self.match.light.entry
        if entry.subject == role:
            subject = read_roles(self.tree, verb).subject
            if subject is not None and not self.tree.below(self.match.token, subject):
                found = self._parties(Phrase(subject, f"light.{entry.id}.subject"), role)
                if found:
                    return found
        for function in entry.actor if role == "actor" else entry.recipient:
            for argument in self.tree.arguments(verb):
                fits = argument.direct and function_fits(function, argument.function)
                if fits and not self.tree.below(self.match.token, argument.token):
                    found = self._parties(Phrase(argument.token, f"light.{entry.id}.{function}"), role)
                    if found:
                        return found
        return []


def _participant(side: Side, span: Span, text: str) -> Participant:
    return Participant(
        span=span, name=side.name or span.of(text), code=side.code, sector=side.sector, entity_id=side.entity_id
    )


def _distinct(parties: Iterable[Participant]) -> Iterator[Participant]:
    """Each party once, the first phrase that named it."""
    kept: list[Participant] = []
    for party in parties:
        if not any(_same(party, other) for other in kept):
            kept.append(party)
            yield party


def _same(party: Participant, other: Participant) -> bool:
    if party.code != other.code:
        return False
    identity = (party.sector, party.entity_id or party.name)
    return identity == (other.sector, other.entity_id or other.name) or party.span.overlaps(other.span)
