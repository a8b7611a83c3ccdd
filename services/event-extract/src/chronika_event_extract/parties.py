"""Phrases as parties: who "пресс-секретарь президента РФ Дмитрий Песков" acts for (codebook 2.6).

The state comes, in this order, from the name itself, from an adjective ("российские войска"), from the genitive
("власти Германии"), from the name in apposition, from the place ("суд в Швейцарии"), from an earlier mention of the
same office or person in the document, and for offices and bodies that the document leaves unnamed ("министр", "суд")
from the state that the document speaks of most.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from chronika.domain.analysis import Mention, MentionKind
from chronika.domain.codebook import SECTORS
from chronika.domain.event import UNKNOWN_PARTY
from chronika.domain.span import Span
from chronika_event_extract.party_words import PartyWords
from chronika_event_extract.tree import Tree

_STATE_CODE_LENGTH = 3
_INHABITANTS = "CVL"
_PEOPLE = "CVL"
_OUTLETS = "JRN"
_NAMED_BY = frozenset({"appos", "flat"})
_INSIDE = frozenset({"nmod", "amod", "flat", "appos", "det", "compound", "nummod", "fixed", "list"})


class Side(NamedTuple):
    """What is known of a party: `certain` is false where the state is only that of the document."""

    code: str
    sector: str
    entity_id: str
    name: str
    certain: bool
    rule: str


class Parties:
    """Reads the parties of one document."""

    def __init__(self, tree: Tree, words: PartyWords, diplomats: frozenset[str]) -> None:
        self.tree = tree
        self.words = words
        self._diplomats = diplomats
        self.mention_at = _mentions_by_token(tree)
        self._people: dict[str, Side] = {}
        self._offices: dict[str, list[tuple[int, Side]]] = {}
        self._known: dict[int, tuple[Side, ...]] = {}
        self._states = self._count_states()
        self._home = self._most_spoken_of()
        self._remember_people()
        self._remember_offices()

    # -- the document -------------------------------------------------------------------------------------------------

    @property
    def home(self) -> str:
        """The state that the document speaks of most."""
        return self._home

    def _most_spoken_of(self) -> str:
        """The state that is named most; news at home need not name its own, so it is named once for certain."""
        counts = self._states + Counter({self.tree.grammar.home_state: 1})
        return counts.most_common(1)[0][0]

    def opponent(self, state: str) -> str:
        """The other state that the document speaks of most, "" when it speaks of no other."""
        return next((code for code, _ in self._states.most_common() if code != state), "")

    def _count_states(self) -> Counter[str]:
        counts: Counter[str] = Counter()
        for mention in self.tree.layer.mentions:
            if len(mention.code) == _STATE_CODE_LENGTH and mention.sector not in {"IGO", _OUTLETS}:
                counts[mention.code] += 2
        for token, mention in self.mention_at.items():
            if len(mention.code) == _STATE_CODE_LENGTH and self._is_scene(token):
                counts[mention.code] += 2
        for token, pos in enumerate(self.tree.pos):
            if pos == "ADJ" and (code := self.words.demonyms.get(self.tree.lemmas[token])) and code.isalpha():
                counts[code] += 1
        return counts

    def _is_scene(self, token: int) -> bool:
        """Whether a name says where something takes place: "в Пакистане"."""
        preposition = self.tree.preposition(token)
        return preposition in self.tree.grammar.place_prepositions and self.tree.case(token) == "Loc"

    def _remember_offices(self) -> None:
        for token, lemma in enumerate(self.tree.lemmas):
            if lemma in self.words.roles and self.tree.pos[token] == "NOUN":
                side = next((s for s in self._read(token) if s.certain), None)
                if side is not None:
                    self._offices.setdefault(lemma, []).append((token, side))

    def _same_office(self, token: int) -> Side | None:
        """The nearest earlier phrase with the same noun and a state of its own, else the first later one."""
        met = self._offices.get(self.tree.lemmas[token], [])
        earlier = [side for where, side in met if where < token]
        return earlier[-1] if earlier else met[0][1] if met else None

    def _remember_people(self) -> None:
        for token, mention in self.mention_at.items():
            if mention.kind is not MentionKind.PERSON:
                continue
            head = token
            while self.tree.relations[head] in {"flat", "appos", "nmod"} and self.tree.heads[head] >= 0:
                parent = self.tree.heads[head]
                if self.tree.lemmas[parent] not in self.words.roles and self.mention_at.get(parent) is not mention:
                    break
                head = parent
            side = next((s for s in self._read(head) if s.certain and s.code != UNKNOWN_PARTY), None)
            if side:
                self._people.setdefault(_surname(mention), side)

    # -- phrases ------------------------------------------------------------------------------------------------------

    def phrase(self, token: int) -> Span:
        """The phrase of a party: its head with adjectives, genitives and names, without clauses and what trails it."""
        tokens, waiting = [token], [token]
        while waiting and len(tokens) < len(self.tree.heads):
            current = waiting.pop()
            for child in self.tree.children[current]:
                outside = self.tree.relations[child] not in _INSIDE or self._trails(child)
                if outside or (self.tree.relations[child] == "appos" and child in self.listed(current)):
                    continue
                tokens.append(child)
                waiting.append(child)
        mention = self.mention_at.get(token)
        span = self.tree.phrase_span(tokens)
        return Span(min(span.start, mention.span.start), max(span.end, mention.span.end)) if mention else span

    def listed(self, token: int) -> Iterator[int]:
        """Parties that stand beside this one in a list though a parser hung them below it.

        Several persons are no apposition to the name of one ("Зеленского, лидеров ЕС"), and a person is not
        coordinated with the union of another ("лидеров ЕС и генсека НАТО").
        """
        tree = self.tree
        is_one = tree.pos[token] == "PROPN" and tree.feature(token, "Number") == "Sing"
        for child in tree.children[token]:
            if is_one and tree.relations[child] == "appos" and tree.feature(child, "Number") == "Plur":
                yield child
            elif tree.relations[child] == "nmod" and tree.feature(token, "Animacy") == "Anim":
                yield from (member for member in tree.coordinated(child) if self._is_apart(child, member))

    def _is_apart(self, body: int, member: int) -> bool:
        is_body = self.tree.pos[body] == "PROPN" and self.tree.feature(body, "Animacy") == "Inan"
        return is_body and self.tree.pos[member] == "NOUN" and self.tree.feature(member, "Animacy") == "Anim"

    def _trails(self, child: int) -> bool:
        return self.tree.relations[child] == "nmod" and self.tree.preposition(child) != ""

    def is_party(self, token: int) -> bool:
        """Whether a phrase names a party whose state or sector is known."""
        return any(side.code != UNKNOWN_PARTY or side.sector for side in self.sides(token))

    def is_body(self, token: int) -> bool:
        """Whether a phrase names somebody that can act: a party that is not just a thing of its state."""
        if self.tree.lemmas[token] in self.tree.grammar.all_sides:
            return True
        if self.tree.lemmas[token] in self.words.roles or token in self.mention_at:
            return self.is_party(token)
        return any(side.rule != "party.adjective" for side in self.sides(token))

    def sides(self, token: int) -> tuple[Side, ...]:
        """The parties that a phrase names; several for "министры Латвии и Польши"."""
        known = self._known.get(token)
        if known is None:
            measured = self.tree.measured(token)
            known = tuple(self._resolved(token)) if measured == token else self.sides(measured)
            self._known[token] = known
        return known

    def _resolved(self, token: int) -> list[Side]:
        """What the phrase itself tells, else what the document tells of its person or office."""
        found = self._read(token)
        if found or self.tree.lemmas[token] in self.tree.grammar.all_sides:
            return found  # "стороны": whoever they are, they are not the state of the document
        enemy = self._enemy(token)
        if enemy is not None:
            return [enemy]
        mention = self._name(token)
        if mention is not None and mention.kind is MentionKind.PERSON:
            known = self._people.get(_surname(mention))
            return [known._replace(name=mention.name) if known else self._unnamed("", mention.name)]
        if self.tree.lemmas[token] in self.words.roles:
            return [self._office(token)]
        if mention is not None:
            is_body = mention.kind is MentionKind.ORGANIZATION
            return [self._unnamed(mention.sector, mention.name)] if is_body else []
        people = _PEOPLE if self.tree.is_participle(token) else ""
        return [self._unnamed(people, "")] if self._is_somebody(token) else []

    def _enemy(self, token: int) -> Side | None:
        """Who is fought against, "противник", is the state that the document's own side is not."""
        grammar = self.tree.grammar
        words = {self.tree.lemmas[token], *(self.tree.lemmas[child] for child in self.tree.children[token])}
        if not words & grammar.enemies:
            return None
        own = grammar.home_state if self._states[grammar.home_state] else self._home
        other = self.opponent(own)
        sector = self.words.roles.get(self.tree.lemmas[token], "")
        return Side(other, sector, "", "", False, "party.enemy") if other else None

    def _office(self, token: int) -> Side:
        """An office or body whose phrase names no state."""
        remembered = None if self._has_own_name(token) else self._same_office(token)
        if remembered is not None:
            return remembered._replace(name="", entity_id="", rule="party.same-office")
        return self._unnamed(self.words.roles[self.tree.lemmas[token]], "")

    def _has_own_name(self, office: int) -> bool:
        """Whether an office is given to somebody by name, so that another's state is not his: "министр Лийметс"."""
        for child in self.tree.children[office]:
            mention = self.mention_at.get(child)
            if mention is not None and mention.kind is MentionKind.PERSON and self.tree.relations[child] in _NAMED_BY:
                return True
        return False

    def _name(self, token: int) -> Mention | None:
        """The name at a token; a word for an office that was taken for an unknown name is none."""
        mention = self.mention_at.get(token)
        if mention is not None and not mention.entity_id and self.tree.lemmas[token] in self.words.roles:
            return None if mention.kind is MentionKind.PERSON else mention
        return mention

    def _is_somebody(self, token: int) -> bool:
        """A common noun for a person, or a participle that stands for people: "протестующие"."""
        if self.tree.span(token).of(self.tree.text)[:1].isupper() and not self._begins_sentence(token):
            return False
        if self.tree.is_participle(token):
            return self.tree.feature(token, "Number") == "Plur"
        return self.tree.pos[token] == "NOUN" and self.tree.feature(token, "Animacy") == "Anim"

    def _begins_sentence(self, token: int) -> bool:
        return token in self.tree.layer.sentence_starts

    def _unnamed(self, sector: str, name: str) -> Side:
        return Side(self._home, sector, "", name, False, "party.state-of-document")

    def _read(self, token: int) -> list[Side]:
        """The parties that the phrase itself tells, without the rest of the document."""
        tree = self.tree
        role = self.words.roles.get(tree.lemmas[token])
        mention = self._name(token)
        if mention is not None and mention.entity_id in self.words.groups:
            codes = self.words.groups[mention.entity_id]
            return [Side(code, role or "", "", "", True, "party.group") for code in codes]
        if mention is not None and mention.code:
            return [Side(mention.code, role or mention.sector, mention.entity_id, mention.name, True, "party.name")]
        if mention is None:
            if state := self._unrecognised_state(token):
                return [Side(state, role or "", f"country:{state}", "", True, "party.name")]
            if state := self.words.inhabitants.get(tree.lemmas[token], ""):
                return [Side(state, role or _INHABITANTS, "", "", True, "party.inhabitant")]
        sides = list(self._by_adjective(token, role or ""))
        if not sides:
            sides = list(self._by_genitive(token, role))
        if not sides:
            sides = list(self._by_apposition(token, role or ""))
        if not sides and (role is not None or tree.pos[token] in {"NOUN", "PROPN"}):
            sides = list(self._by_place(token, role))
        return sides or list(self._by_shared_adjective(token, role or ""))

    def _is_office(self, token: int) -> bool:
        return self.tree.feature(token, "Animacy") == "Anim" or self.tree.lemmas[token] in self.words.roles

    def _by_shared_adjective(self, token: int, sector: str) -> Iterator[Side]:
        """The state that the first of coordinated persons is given for all: "европейские чиновники и дипломаты"."""
        tree = self.tree
        first = tree.coordination_head(token)
        bare = all(tree.relations[child] in {"cc", "punct", "conj"} for child in tree.children[token])
        if first == token or not bare or token in self.mention_at:
            return
        if all(tree.feature(member, "Number") == "Plur" and self._is_office(member) for member in (first, token)):
            yield from self._by_adjective(first, sector)

    def _by_adjective(self, token: int, sector: str) -> Iterator[Side]:
        for child in self.tree.children[token]:
            if self.tree.relations[child] not in {"amod", "conj"} or self.tree.pos[child] not in {
                "ADJ",
                "DET",
                "PROPN",
            }:
                continue
            for member in self.tree.coordinated(child):
                for code in self.words.states(self.tree.lemmas[member], self.tree.grammar):
                    yield Side(code, sector, "", "", True, "party.adjective")

    def _by_genitive(self, token: int, role: str | None) -> Iterator[Side]:
        for child in self.tree.children[token]:
            if self.tree.relations[child] not in {"nmod", "flat", "compound", "obl"} or self.tree.preposition(child):
                continue
            if self.tree.case(child) not in {"Gen", "", "Nom"}:
                continue
            for member in self.tree.coordinated(child):
                if self._is_apart(child, member):
                    continue
                for side in self._read(member):
                    yield Side(side.code, self._sector(role, side), "", "", side.certain, "party.genitive")

    def _unrecognised_state(self, token: int) -> str:
        """The code of a state whose name was not recognised as one: a capitalised word that has its form or lemma."""
        if not self.tree.span(token).of(self.tree.text)[:1].isupper() or self.tree.pos[token] not in {"PROPN", "NOUN"}:
            return ""
        by_lemma = self.words.states_by_name.get(self.tree.lemmas[token], "")
        if by_lemma or self._begins_sentence(token):
            return by_lemma
        return self.words.states_by_name.get(self.tree.forms[token], "")

    @staticmethod
    def _sector(role: str | None, side: Side) -> str:
        return role or (side.sector if side.sector in SECTORS else "")

    def _by_apposition(self, token: int, sector: str) -> Iterator[Side]:
        for child in self.tree.children[token]:
            if self.tree.relations[child] not in {"appos", "flat", "nmod"} or self.tree.preposition(child):
                continue
            mention = self.mention_at.get(child)
            if mention is not None and mention.kind is MentionKind.PERSON:
                known = self._people.get(_surname(mention))
                if mention.code:
                    yield Side(
                        mention.code, sector or mention.sector, mention.entity_id, mention.name, True, "party.name"
                    )
                    return
                if known:
                    yield known._replace(sector=sector or known.sector, name=mention.name)
                    return
            elif self.tree.relations[child] == "appos":
                for side in self._read(child):
                    yield side._replace(sector=sector or side.sector)
                return

    def _by_place(self, token: int, role: str | None) -> Iterator[Side]:
        """A body where it sits ("суд в Швейцарии"), a person where he comes from ("коллега из Чехии")."""
        if self.tree.lemmas[token] in self._diplomats:
            return
        grammar = self.tree.grammar
        is_person = self.tree.feature(token, "Animacy") == "Anim"
        for child in self.tree.children[token]:
            preposition = self.tree.preposition(child)
            if self.tree.relations[child] not in {"nmod", "obl"} or preposition not in grammar.place_prepositions:
                continue
            mention = self.mention_at.get(child)
            if mention is not None and mention.code and (is_person or preposition not in grammar.origin_prepositions):
                yield Side(mention.code, role or "", "", "", True, "party.place")
                return


def _surname(mention: Mention) -> str:
    return mention.name.rsplit(" ", 1)[-1].lower()


def _mentions_by_token(tree: Tree) -> dict[int, Mention]:
    """The mention at the head token of each name and at its other tokens."""
    by_token: dict[int, Mention] = {}
    token = 0
    starts, ends = tree.layer.token_starts, tree.layer.token_ends
    for mention in sorted(tree.layer.mentions, key=lambda m: m.span):
        while token < len(starts) and ends[token] <= mention.span.start:
            token += 1
        inside = token
        while inside < len(starts) and starts[inside] < mention.span.end:
            by_token[inside] = mention
            inside += 1
    return by_token
