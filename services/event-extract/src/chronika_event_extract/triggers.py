"""Which words of a document are triggers, and by which entry of the lexicon.

For every word that the lexicon knows the entries are tried from the most specific; the first whose demands hold and
that nothing blocks is taken. A light verb gives way to its noun (codebook 2.4). What was seen and gave nothing is told
to the trace, with the condition that failed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from chronika.domain.analysis import Mention, MentionKind
from chronika.domain.event import EventType
from chronika_event_extract.lexicon import Condition, Lexicon, LightVerb, TriggerEntry
from chronika_event_extract.parties import Parties
from chronika_event_extract.subjects import read_roles
from chronika_event_extract.trace import SILENT, Trace
from chronika_event_extract.tree import Argument, Tree

_POS_OF = {"VERB": "V", "AUX": "V", "NOUN": "N", "PROPN": "N", "ADJ": "A", "ADV": "A", "DET": "A"}
_BARE = frozenset({"subj", "obj", "gen", "dat", "ins", "acc", "loc", "nom", "poss"})
_MEDIA = "JRN"
_BARE_CHILDREN = frozenset({"advmod", "punct", "conj", "cc"})
_THINGS_THAT_ACT = ("force", "weapon", "bill", "document", "rally")


@dataclass(frozen=True, slots=True)
class LightUse:
    """The light verb over an event noun, and the entry that makes it light."""

    verb: int
    entry: LightVerb


@dataclass(slots=True)
class Candidate:
    """A word of the lexicon in its surroundings, as conditions see it."""

    token: int
    passive: bool | None
    arguments: tuple[Argument, ...]
    light: LightUse | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A trigger: its token, the entry that it fired, and the light verb if there is one."""

    token: int
    entry: TriggerEntry
    passive: bool | None
    arguments: tuple[Argument, ...]
    light: LightUse | None


@dataclass(slots=True)
class Finder:
    """Finds the triggers of one document."""

    tree: Tree
    lexicon: Lexicon
    parties: Parties
    trace: Trace = SILENT
    _consumed: dict[int, int] = field(default_factory=dict)
    _sports: dict[int, str] = field(default_factory=dict)

    def find(self) -> list[Match]:
        """The triggers in the order of the text. Nouns come first, since they decide which verbs are light."""
        found: list[Match] = []
        known = [token for token, lemma in enumerate(self.tree.lemmas) if self._entries(token, lemma)]
        for token in sorted(known, key=lambda t: self.tree.pos[t] not in {"NOUN", "PROPN"}):
            match = self._match(token)
            if match is not None:
                found.append(match)
                if match.light is not None:
                    self._consumed[match.light.verb] = match.token
        by_token = {match.token: match for match in found}
        kept = [match for match in found if not self._is_part_of_another(match, by_token)]
        return sorted(kept, key=lambda match: match.token)

    def _is_part_of_another(self, match: Match, found: Mapping[int, Match]) -> bool:
        """Whether a noun is what another trigger demands: "арест" of "ордер на арест"."""
        other = found.get(self.tree.heads[match.token])
        if other is None:
            return False
        for condition in other.entry.demands:
            if condition.slot not in _SLOTS and self._is(condition, match.token):
                self.trace.refused(match.token, match.entry, f"part of {other.entry.id}")
                return True
        return False

    def _entries(self, token: int, lemma: str) -> tuple[TriggerEntry, ...]:
        entries = self.lexicon.entries.get(lemma)
        if entries is None and self.tree.pos[token] == "VERB":
            active = self.tree.grammar.active(lemma)
            if active and self._is_reflexive_passive(token):
                entries = self.lexicon.entries.get(active)
        return entries or ()

    def _is_reflexive_passive(self, token: int) -> bool:
        """Reflexive passives are imperfective ("обсуждается"); perfective ones mean something else ("задержался")."""
        return self.tree.feature(token, "Aspect") == "Imp" or self.tree.feature(token, "Voice") == "Pass"

    def _match(self, token: int) -> Match | None:
        lemma = self.tree.lemmas[token]
        reason = self._no_event(token)
        if reason:
            self.trace.refused(token, None, reason)
            return None
        passive = True if lemma not in self.lexicon.entries else None
        arguments = self.tree.arguments(token, passive=passive) if passive else self.tree.arguments(token)
        if self.tree.pos[token] in {"NOUN", "PROPN", "X"}:
            arguments = (*arguments, *self._beside_noun(token))
        candidate = Candidate(token, passive, arguments)
        if self.tree.pos[token] in {"NOUN", "PROPN", "X"}:
            candidate.light = self._light_use(token)
        for entry in self._entries(token, lemma):
            if not self._right_pos(entry, token):
                continue
            failed = (
                self._failed(entry, candidate) or self._cannot_act(entry, candidate) or self._is_sport(entry, token)
            )
            if failed:
                self.trace.refused(token, entry, failed)
                continue
            return Match(token, entry, passive, candidate.arguments, candidate.light)
        return None

    def _right_pos(self, entry: TriggerEntry, token: int) -> bool:
        if entry.pos == "X":
            return True
        if entry.pos == "V" and (self.tree.is_participle(token) or self.tree.pos[token] == "ADJ"):
            return True
        return _POS_OF.get(self.tree.pos[token]) == entry.pos

    def _no_event(self, token: int) -> str:
        """Why a word of the lexicon names no event here, whatever its entries say; "" when it may."""
        if token in self._consumed:
            return "light verb of " + self.tree.lemmas[self._consumed[token]]
        mention = self.parties.mention_at.get(token)
        if mention is not None and mention.kind is not MentionKind.LOCATION and self._is_part_of_name(token, mention):
            return "inside the name " + mention.name
        if self._heads_list(token):
            return "the heading of a tally"
        return self._only_tells_which(token)

    def _only_tells_which(self, token: int) -> str:
        """A participle or noun that says who or what is meant, not that something happened."""
        if self.tree.is_participle(token):
            if self._stands_for_noun(token):
                return "a participant named by what he did"
            return "a property of what it stands by" if self._is_property(token) else ""
        return "a topic of " + self.tree.lemmas[self.tree.heads[token]] if self._is_topic(token) else ""

    def _heads_list(self, token: int) -> bool:
        """A passive word and a colon at the beginning count what was lost: "Уничтожено: 11 складов"."""
        behind = token + 1
        opens = token in self.tree.layer.sentence_starts and behind < len(self.tree.pos)
        return opens and self.tree.forms[behind] == ":" and self.tree.is_passive(token)

    def _is_part_of_name(self, token: int, mention: Mention) -> bool:
        """A word inside a name names no event; the head of what only looks like a name may: "Нарада міністрів"."""
        above = self.tree.heads[token]
        inside = above >= 0 and self.parties.mention_at.get(above) is mention
        return inside or bool(mention.entity_id)

    def _is_property(self, participle: int) -> bool:
        """A bare participle before its noun tells which one is meant: "оккупированные территории"."""
        if self.tree.relations[participle] != "amod":
            return False
        return all(self.tree.relations[child] in _BARE_CHILDREN for child in self.tree.children[participle])

    def _is_topic(self, noun: int) -> bool:
        """An event noun that only says what a paper, a question or a time is about: "вопрос выхода из союза"."""
        above = self.tree.heads[noun]
        if (
            above < 0
            or self.tree.relations[noun] not in {"nmod", "obl"}
            or self.tree.pos[noun] not in {"NOUN", "PROPN"}
        ):
            return False
        return self.tree.lemmas[above] in self.lexicon.classes["topic"] and self.tree.pos[above] == "NOUN"

    def _stands_for_noun(self, token: int) -> bool:
        relation = self.tree.relations[token]
        if relation in {"nsubj", "obj", "iobj"}:
            return True
        return relation in {"obl", "nmod"} and self.tree.feature(token, "Case") not in {"", "Nom"}

    # -- light verbs --------------------------------------------------------------------------------------------------

    def _light_use(self, noun: int) -> LightUse | None:
        top = self.tree.outer(noun)
        for verb, function, between in self._governors(top):
            lemma = self.tree.lemmas[verb]
            for entry in self.lexicon.light_verbs.get(lemma, ()):
                if self._fits(entry, noun, verb, function, between):
                    return LightUse(verb, entry)
            active = self.tree.grammar.active(lemma)
            if active and function == "subj":
                for entry in self.lexicon.light_verbs.get(active, ()):
                    if self._fits(entry, noun, verb, "obj", between):
                        return LightUse(verb, entry)
        return None

    def _fits(self, entry: LightVerb, noun: int, verb: int, function: str, between: str) -> bool:
        if entry.nouns and self.tree.lemmas[noun] not in entry.nouns:
            return False
        for wanted in entry.noun:
            middle, _, inner = wanted.rpartition(":")
            if not function_fits(inner, function):
                continue
            if middle == between or (middle and any(self.tree.lemmas[c] == middle for c in self.tree.children[verb])):
                return True
        return False

    def _beside_noun(self, noun: int) -> Iterator[Argument]:
        """Phrases that a parser gave to what stands over an event noun.

        That is the noun that only frames it ("введение санкций против России"), and the verb whose subject or object
        it is ("продажа угля выросла в Японию", "осудил приговор журналисту").
        """
        top = self.tree.outer(noun)
        if top != noun and self.tree.lemmas[top] in self.tree.grammar.transparent_nouns:
            yield from (a for a in self.tree.arguments(top) if not self.tree.below(noun, a.token))
        verb = self.tree.verb_over(noun)
        if verb is None:
            return
        last = self.tree.subtree(noun)[-1]
        for argument in self.tree.arguments(verb):
            if "+" in argument.function and not self.tree.below(noun, argument.token):
                yield argument._replace(direct=False)
            elif argument.function == "dat" and self.tree.subtree(argument.token)[0] == last + 1:
                yield argument

    def _governors(self, noun: int) -> Iterator[tuple[int, str, str]]:
        """Verbs that an event noun depends on or that stand by it as participles.

        Gives the verb, the noun's function, and the lemma of the noun between: "принять участие в переговорах".
        """
        above = self.tree.heads[noun]
        if above >= 0:
            for argument in self.tree.arguments(above):
                if argument.token == noun and argument.direct:
                    if self.tree.is_verbal(above):
                        yield above, argument.function, ""
                    elif self.tree.heads[above] >= 0:
                        yield self.tree.heads[above], argument.function, self.tree.lemmas[above]
        for child in self.tree.children[noun]:
            if self.tree.relations[child] in {"acl", "amod"} and self.tree.is_verbal(child):
                if self.tree.is_participle(child):
                    yield child, "obj" if self.tree.is_passive(child) else "subj", ""
                else:
                    yield from self._through_relative(child)

    def _through_relative(self, verb: int) -> Iterator[tuple[int, str, str]]:
        for argument in self.tree.arguments(verb):
            if argument.direct and self.tree.lemmas[argument.token] in self.tree.grammar.relative_pronouns:
                yield verb, argument.function, ""

    # -- conditions ---------------------------------------------------------------------------------------------------

    def _failed(self, entry: TriggerEntry, candidate: Candidate) -> str:
        for condition in entry.demands:
            if not self._holds(condition, candidate) and not self._is_empty(condition, candidate):
                return f"wants {condition}"
        for condition in entry.blocks:
            if self._holds(condition, candidate):
                return f"blocked by {condition}"
        return ""

    def _holds(self, condition: Condition, candidate: Candidate) -> bool:
        slot = condition.slot.removeprefix("?")
        if slot == "form":
            return any(form in condition.lemmas for form in self._form(candidate))
        return any(self._is(condition, token) for token in self._in_slot(slot, candidate))

    def _cannot_act(self, entry: TriggerEntry, candidate: Candidate) -> str:
        """A verb whose subject is a thing or a fact is nobody's deed: "цитирование требует разрешения"."""
        if entry.pos != "V" or "subj" not in entry.actor:
            return ""
        for subject in self._subject(candidate):
            actor = self._antecedent(subject)
            lemma = self.tree.lemmas[actor]
            if lemma in self.tree.grammar.impersonal_pronouns:
                return f"{lemma} does not act"
            if self._is_generic(candidate.token, subject):
                return f"said of every {lemma}"
            return "" if self._may_act(actor) else f"{lemma} does not act"
        return ""

    def _is_generic(self, verb: int, subject: int) -> bool:
        """What everybody of a kind does is a rule and no event: "каждый гражданин избирает президента"."""
        if self.tree.feature(verb, "Tense") != "Pres" or self.tree.feature(verb, "VerbForm") != "Fin":
            return False
        words = {self.tree.lemmas[child] for child in self.tree.children[subject]} | {self.tree.lemmas[subject]}
        return not words.isdisjoint(self.lexicon.classes["everybody"])

    def _is_sport(self, entry: TriggerEntry, token: int) -> str:
        """Blows and meetings of a match."""
        if entry.type not in {EventType.ASSAULT, EventType.CONSULT}:
            return ""
        sentence = self.tree.layer.sentence_of(token)
        if sentence not in self._sports:
            lemmas = (self.tree.lemmas[other] for other in self.tree.layer.sentence(sentence))
            self._sports[sentence] = next((lemma for lemma in lemmas if lemma in self.lexicon.classes["sport"]), "")
        word = self._sports[sentence]
        return f"sport: {word}" if word else ""

    def _may_act(self, actor: int) -> bool:
        """Persons, names, parties, and the things by which they act: forces, weapons, laws, crowds."""
        if self.tree.pos[actor] != "NOUN" or self.tree.feature(actor, "Animacy") != "Inan":
            return True
        if self._may_be_name(actor) or self.parties.is_body(actor):
            return True
        return any(self.tree.lemmas[actor] in self.lexicon.classes[name] for name in _THINGS_THAT_ACT)

    def _may_be_name(self, noun: int) -> bool:
        """A bare capitalised word: a name that was not recognised, at the beginning of a sentence too."""
        return self.tree.span(noun).of(self.tree.text)[:1].isupper() and all(
            self.tree.relations[child] in {"conj", "punct"} for child in self.tree.children[noun]
        )

    def _antecedent(self, token: int) -> int:
        """The noun that a relative pronoun means or a measure counts ("тысячи студентов"); others mean themselves."""
        token = self.tree.measured(token)
        if self.tree.lemmas[token] in self.tree.grammar.relative_pronouns and self.tree.pos[token] in {"PRON", "DET"}:
            meant = self.tree.antecedent(token)
            return meant if meant is not None else token
        return token

    def _is_empty(self, condition: Condition, candidate: Candidate) -> bool:
        """Whether a slot that need not be filled is not."""
        if not condition.slot.startswith("?"):
            return False
        return next(iter(self._in_slot(condition.slot[1:], candidate)), None) is None

    def _is(self, condition: Condition, token: int) -> bool:
        if condition.anything:
            return True
        lemma = self.tree.lemmas[token]
        if lemma in condition.lemmas:
            return True
        return any(self._is_of(name, token, lemma) for name in condition.classes)

    def _is_of(self, name: str, token: int, lemma: str) -> bool:
        """Whether a phrase is of a class: party, outlet, human and place are told by the document, others listed."""
        if name == "party":
            return self.parties.is_party(token) or self._is_personal(token)
        if name == "outlet":
            return any(side.sector == _MEDIA for side in self.parties.sides(token))
        if name in {"human", "place"}:
            mention = self.parties.mention_at.get(token)
            kind = MentionKind.PERSON if name == "human" else MentionKind.LOCATION
            return mention is not None and mention.kind is kind
        return lemma in self.lexicon.classes[name]

    def _is_personal(self, token: int) -> bool:
        """A personal pronoun: it stands for a party whose name was told."""
        grammar = self.tree.grammar
        lemma = self.tree.lemmas[token]
        return self.tree.pos[token] == "PRON" and (
            lemma in grammar.third_person
            or lemma in grammar.first_person_plural
            or lemma in grammar.first_person_singular
        )

    def _in_slot(self, slot: str, candidate: Candidate) -> Iterator[int]:
        finder = _SLOTS.get(slot)
        if finder is not None:
            yield from finder(self, candidate)
            return
        if "/" in slot:
            for alternative in slot.split("/"):
                yield from self._in_slot(alternative, candidate)
            return
        tokens = [
            argument.token
            for argument in candidate.arguments
            if function_fits(slot, argument.function) and (argument.direct or slot not in _BARE)
        ]
        if slot == "obj" and self.tree.is_verbal(candidate.token):
            object_ = read_roles(self.tree, candidate.token, passive=candidate.passive).object
            if object_ is not None and object_ not in tokens:
                tokens.append(object_)
        for token in tokens:
            yield from (self._antecedent(member) for member in self.tree.coordinated(token))

    def _modifiers(self, candidate: Candidate) -> Iterator[int]:
        for child in self.tree.children[candidate.token]:
            if self.tree.relations[child] in {"amod", "advmod", "det", "nummod"}:
                yield from self.tree.coordinated(child)

    def _governor(self, candidate: Candidate) -> Iterator[int]:
        above = self.tree.heads[candidate.token]
        if above >= 0:
            yield above

    def _light(self, candidate: Candidate) -> Iterator[int]:
        if candidate.light is not None:
            yield candidate.light.verb

    def _infinitive(self, candidate: Candidate) -> Iterator[int]:
        """Infinitives below the word, below its object, or right behind its phrase where the parser cut it off."""
        for child in self.tree.children[candidate.token]:
            if self._is_infinitive(child):
                yield from self.tree.coordinated(child)
            elif self.tree.relations[child] == "obj":
                yield from (below for below in self.tree.children[child] if self._is_infinitive(below))
        if candidate.light is None and self.tree.pos[candidate.token] == "NOUN":
            behind = self.tree.subtree(candidate.token)[-1] + 1
            if behind < len(self.tree.pos) and self._is_infinitive(behind):
                yield behind

    def _is_infinitive(self, token: int) -> bool:
        return self.tree.feature(token, "VerbForm") == "Inf" and self.tree.relations[token] not in {"conj", "parataxis"}

    def _complement(self, candidate: Candidate) -> Iterator[int]:
        """What somebody is called or made: an adjective or a noun in the instrumental, wherever it was attached."""
        for child in self.tree.children[candidate.token]:
            if self._is_predicate(child):
                yield child
            elif self.tree.relations[child] == "obj":
                yield from (below for below in self.tree.children[child] if self._is_predicate(below))

    def _is_predicate(self, token: int) -> bool:
        relation = self.tree.relations[token]
        if relation == "xcomp":
            return True
        return relation in {"obl", "obj", "nmod", "advcl", "ccomp", "amod"} and (
            self.tree.feature(token, "Case") == "Ins" or self.tree.pos[token] in {"ADJ", "ADV"}
        )

    def _clause(self, candidate: Candidate) -> Iterator[int]:
        for child in self.tree.children[candidate.token]:
            if self.tree.relations[child] == "ccomp" or (self.tree.is_verbal(child) and self.tree.marks(child)):
                yield child

    def _negation(self, candidate: Candidate) -> Iterator[int]:
        negation = self.tree.is_negated(candidate.token)
        if negation is not None:
            yield negation

    def _form(self, candidate: Candidate) -> Iterator[str]:
        """What the form says: "pass" of a passive, "attribute" of an adjective beside its noun, "plural" of a noun."""
        if self.tree.is_passive(candidate.token):
            yield "pass"
        if self.tree.relations[candidate.token] == "amod":
            yield "attribute"
        if self.tree.feature(candidate.token, "Number") in {"Plur", "Ptan"}:
            yield "plural"

    def _own_preposition(self, candidate: Candidate) -> Iterator[int]:
        for child in self.tree.children[candidate.token]:
            if self.tree.relations[child] == "case":
                yield child

    def _subject(self, candidate: Candidate) -> Iterator[int]:
        if self.tree.is_verbal(candidate.token) or self.tree.pos[candidate.token] == "ADJ":
            subject = read_roles(self.tree, candidate.token, passive=candidate.passive).subject
            if subject is not None:
                yield from self.tree.coordinated(subject)


_SLOTS = {
    "mod": Finder._modifiers,
    "gov": Finder._governor,
    "light": Finder._light,
    "inf": Finder._infinitive,
    "xcomp": Finder._complement,
    "comp": Finder._clause,
    "neg": Finder._negation,
    "prep": Finder._own_preposition,
    "subj": Finder._subject,
}


@lru_cache(maxsize=1 << 16)
def function_fits(wanted: str, function: str) -> bool:
    """Whether a phrase's function is the wanted one; a bare preposition is it in any case, and no case in any."""
    wanted = wanted.replace("_", " ")
    if wanted == function:
        return True
    preposition, plus, case = wanted.partition("+")
    met, met_plus, met_case = function.partition("+")
    if not met_plus or preposition != met or wanted in _BARE:
        return False
    return not plus or not met_case or case == met_case
