"""Walking a document's dependency trees: children, phrases, coordination, voice, and who is the subject of what.

Functions of arguments are named the way the trigger lexicon names them: `subj`, `obj`, a bare case (`gen`, `dat`),
`poss` for possessive words and adjectives, or preposition and case (`по+Dat`). The analyzers of both languages follow
Universal Dependencies, but not to the letter, so every question here accepts the attachments that were met in practice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from chronika.domain.analysis import AnalysisLayer, parse_features
from chronika.domain.span import Span
from chronika_event_extract.grammar import Grammar

CLAUSE_RELATIONS = frozenset({"root", "ccomp", "xcomp", "advcl", "acl", "parataxis", "csubj", "conj"})
_NOMINAL_POS = frozenset({"NOUN", "PROPN", "PRON", "NUM", "DET", "X", "SYM"})
_NAME_RELATIONS = frozenset({"flat", "appos", "compound", "fixed", "goeswith"})
_ARGUMENT_RELATIONS = frozenset(
    {
        "nsubj",
        "obj",
        "iobj",
        "obl",
        "nmod",
        "advmod",
        "dep",
        "orphan",
        "advcl",
        "parataxis",
        "flat",
        "appos",
        "xcomp",
        "ccomp",
    }
)
_GENDERS = frozenset({"Masc", "Fem", "Neut"})
_DEPTH = 2
"""How many nouns down a prepositional phrase is still looked for."""
_OBLIQUE_OBJECTS = {"Dat": "dat", "Ins": "ins"}
_CASES = {
    "Gen": "gen",
    "Dat": "dat",
    "Ins": "ins",
    "Acc": "acc",
    "Loc": "loc",
    "Nom": "nom",
    "Voc": "nom",
    "Par": "gen",
}


@lru_cache(maxsize=256)
def _base(relation: str) -> str:
    """A relation without its subtype: nsubj of nsubj:pass."""
    return relation.split(":", 1)[0]


class Roles(NamedTuple):
    """Grammatical subject and object after control and agreement, with the rule that found the subject."""

    subject: int | None
    object: int | None
    rule: str


class Argument(NamedTuple):
    """A phrase in its function; `function` may hold alternatives where the case is not to be trusted."""

    token: int
    function: str
    direct: bool = True


class Tree:
    """Questions about the trees of one document; everything is by token index."""

    __slots__ = (
        "_arguments",
        "_prepositions",
        "children",
        "forms",
        "grammar",
        "heads",
        "layer",
        "lemmas",
        "pos",
        "relations",
        "roles",
        "text",
    )

    def __init__(self, layer: AnalysisLayer, text: str, grammar: Grammar) -> None:
        self.layer = layer
        self.text = text
        self.grammar = grammar
        self.lemmas = tuple(lemma.lower() for lemma in layer.lemmas)
        self.pos = layer.parts_of_speech
        self.heads = layer.heads
        self.relations = tuple(map(_base, layer.relations))
        self.forms = tuple(text[s:e].lower() for s, e in zip(layer.token_starts, layer.token_ends, strict=True))
        self.children: list[list[int]] = [[] for _ in range(len(layer))]
        self._prepositions: dict[int, str | None] = {}
        for token, head in enumerate(layer.heads):
            if head >= 0:
                self.children[head].append(token)
                if self.relations[token] == "case":
                    self._prepositions[head] = None
        self._arguments: dict[int, tuple[Argument, ...]] = {}
        self.roles: dict[tuple[int, bool | None], Roles] = {}

    # -- phrases ------------------------------------------------------------------------------------------------------

    def feature(self, token: int, name: str) -> str:
        """A morphological feature, "" when the token has none."""
        return parse_features(self.layer.features[token]).get(name, "")

    def span(self, token: int) -> Span:
        """Where a token stands."""
        return self.layer.token_span(token)

    def sentence_range(self, token: int) -> range:
        """The tokens of the sentence that holds a token."""
        return self.layer.sentence(self.layer.sentence_of(token))

    def subtree(self, token: int) -> list[int]:
        """A token and all below it, in the order of the text; ends even where heads run in a circle."""
        found: list[int] = []
        waiting = [token]
        while waiting and len(found) < len(self.heads):
            current = waiting.pop()
            found.append(current)
            waiting.extend(self.children[current])
        return sorted(found)

    def ancestors(self, token: int) -> Iterator[int]:
        """The governors of a token, nearest first; ends even where heads run in a circle."""
        for _ in range(len(self.heads)):
            token = self.heads[token]
            if token < 0:
                return
            yield token

    def below(self, token: int, ancestor: int) -> bool:
        """Whether a token is the ancestor or hangs below it."""
        return token == ancestor or ancestor in self.ancestors(token)

    def phrase_span(self, tokens: Sequence[int]) -> Span:
        """From the first to the last of some tokens."""
        return Span(self.layer.token_starts[min(tokens)], self.layer.token_ends[max(tokens)])

    def is_nominal(self, token: int) -> bool:
        """Nouns, names, pronouns, and adjectives or participles that stand for a noun."""
        pos = self.pos[token]
        if pos in _NOMINAL_POS:
            return True
        stands = {"nsubj", "obj", "obl", "iobj", "nmod"}
        return (pos == "ADJ" or self.is_participle(token)) and self.relations[token] in stands

    def is_participle(self, token: int) -> bool:
        """A participle, by its form."""
        return self.feature(token, "VerbForm") == "Part"

    def is_verbal(self, token: int) -> bool:
        """A verb form that can head a clause, predicative participles among them."""
        return self.pos[token] in {"VERB", "AUX"} or self.is_participle(token)

    # -- coordination -------------------------------------------------------------------------------------------------

    def coordination_head(self, token: int) -> int:
        """The first member of the coordination that a token is in; itself when it is in none."""
        for _ in range(len(self.heads)):
            if self.relations[token] != "conj" or self.heads[token] < 0:
                break
            token = self.heads[token]
        return token

    def coordinated(self, token: int) -> tuple[int, ...]:
        """A token and what is coordinated below it, in order: "А, Б и В" from А."""
        members: list[int] = []
        waiting = [token]
        while waiting and len(members) < len(self.heads):
            current = waiting.pop(0)
            members.append(current)
            waiting.extend(c for c in self.children[current] if self.relations[c] == "conj")
        return tuple(sorted(members))

    def measured(self, token: int) -> int:
        """What a measure counts: студентов of "тысячи студентов"; other words themselves."""
        if self.lemmas[token] in self.grammar.measure_nouns:
            for child in self.children[token]:
                if self.relations[child] == "nmod" and self.case(child) in {"Gen", ""} and not self.preposition(child):
                    return child
        return token

    def antecedent(self, pronoun: int) -> int | None:
        """The noun that a relative pronoun means: the one its clause hangs on, or one above that agrees better."""
        clause = next((a for a in self.ancestors(pronoun) if self.relations[a] == "acl"), None)
        if clause is None or self.heads[clause] < 0:
            return None
        nearest = self.heads[clause]
        for noun in (nearest, *self.ancestors(nearest)):
            if self.is_verbal(noun):
                break
            if self._can_mean(pronoun, noun):
                return noun
        return nearest

    def _can_mean(self, pronoun: int, noun: int) -> bool:
        number, gender = self.feature(pronoun, "Number"), self.feature(pronoun, "Gender")
        several = len(self.coordinated(noun)) > 1
        if self.pos[noun] not in {"NOUN", "PROPN", "PRON"} or not (several or self.feature(noun, "Number") == number):
            return False
        return not gender or number == "Plur" or self.feature(noun, "Gender") in {"", gender}

    def verb_over(self, noun: int) -> int | None:
        """The verb whose subject or object a noun is, with what is coordinated; None for other words."""
        if self.is_verbal(noun):
            return None
        top = self.coordination_head(noun)
        above = self.heads[top]
        if above >= 0 and self.relations[top] in {"nsubj", "obj"} and self.is_verbal(above):
            return above
        return None

    def outer(self, noun: int) -> int:
        """The noun that stands for an event noun in the clause: its coordination, or "раунд" of "раунд переговоров"."""
        current = self.coordination_head(noun)
        for _ in range(3):
            framing = self._framing(current)
            if framing is None:
                break
            current = self.coordination_head(framing)
        return current

    def _framing(self, noun: int) -> int | None:
        """The transparent noun over a bare noun, also where a date stands between: "проведение в пятницу митинга"."""
        above = self.heads[noun]
        if above < 0 or self.relations[noun] not in {"nmod", "obl"} or self.preposition(noun):
            return None
        if self.lemmas[above] in self.grammar.transparent_nouns:
            return above
        further = self.heads[above]
        return further if further >= 0 and self.lemmas[further] in self.grammar.transparent_nouns else None

    # -- functions ----------------------------------------------------------------------------------------------------

    def preposition(self, token: int) -> str:
        """The preposition of a phrase, its parts joined by a space ("в отношении"); "" when it has none."""
        known = self._prepositions.get(token, "")
        if known is None:  # it has one that was not asked for yet
            known = self._prepositions[token] = self._find_preposition(token)
        return known

    def _find_preposition(self, token: int) -> str:
        for child in self.children[token]:
            if self.relations[child] == "case" and child < token and not self._approximates(token, child):
                parts = [child, *(c for c in self.children[child] if self.relations[c] == "fixed")]
                if len(parts) == 1:
                    return self.grammar.preposition(self.lemmas[child])
                return " ".join(self.grammar.preposition(self.forms[part]) for part in sorted(parts))
        return ""

    def _approximates(self, noun: int, word: int) -> bool:
        """Whether what looks like a preposition only rounds a number: "около 300 человек"."""
        if self.lemmas[word] not in self.grammar.approximators:
            return False
        return any(self.relations[child] == "nummod" for child in self.children[noun])

    def is_adjunct(self, phrase: int) -> bool:
        """A phrase that tells the cause, the time or the place of what stands above it: "отменили из-за забастовки"."""
        preposition = self.preposition(phrase)
        if not preposition or self.relations[phrase] not in {"obl", "nmod"}:
            return False
        adjuncts = self.grammar.adjunct_prepositions
        if preposition in adjuncts or f"{preposition} {self.lemmas[phrase]}" in adjuncts:
            return True
        return preposition in self.grammar.place_prepositions and self._is_locative(phrase)

    def _is_locative(self, phrase: int) -> bool:
        """Whether a phrase or, where its own form does not tell, its preposition shows the locative."""
        if self.case(phrase) == "Loc":
            return True
        return any(self.relations[c] == "case" and self.feature(c, "Case") == "Loc" for c in self.children[phrase])

    def case(self, token: int) -> str:
        """The case of a phrase's head, "" where the word shows none: indeclinable names, abbreviations, digits."""
        case = self.feature(token, "Case")
        if not case:
            return ""
        surface = self.span(token).of(self.text)
        if surface.isupper() and len(surface) > 1 and self.pos[token] in {"PROPN", "NOUN"}:
            return ""
        return case

    def arguments(self, token: int, *, passive: bool | None = None) -> tuple[Argument, ...]:
        """Phrases that depend on a token with their functions, in the order of the text.

        Voice is undone: the grammatical subject of a passive is `obj`, its agent `subj`; `passive` says the voice where
        the form does not ("обсуждается" under its active lemma). The noun that a participle stands beside is its
        `subj` or `obj`. A phrase one step further down whose preposition stands out is given as not `direct`, since
        the attachment of prepositional phrases is what parsers err in most.
        """
        if passive is not None:
            return self._one_of_each(token, sorted(self._find_arguments(token, passive=passive)))
        known = self._arguments.get(token)
        if known is None:
            found = self._find_arguments(token, passive=self.is_passive(token))
            known = self._arguments[token] = self._one_of_each(token, sorted(found))
        return known

    def _one_of_each(self, token: int, arguments: list[Argument]) -> tuple[Argument, ...]:
        """One subject and one object, where forms that look alike were taken for the same function."""
        objects = [argument for argument in arguments if argument.function == "obj" and argument.direct]
        if len(objects) == 2 and {self.case(argument.token) for argument in objects} in (
            {"Gen", "Acc"},
            {"Gen", "Nom"},
        ):
            receiver = next(argument for argument in objects if self.case(argument.token) == "Gen")
            if self._is_counted(receiver.token):
                # "выразили несколько членов": what is counted is the subject, whatever its case.
                arguments = [a._replace(function="subj") if a is receiver else a for a in arguments]
            elif receiver.token > token and self.is_negated(token) is None:
                # The dative of a feminine looks like its genitive: "передать Молдавии генераторы".
                arguments = [a._replace(function="dat") if a is receiver else a for a in arguments]
        return self._one_subject(token, arguments)

    def _is_counted(self, noun: int) -> bool:
        return any(self.lemmas[child] in self.grammar.quantifiers for child in self.children[noun])

    def _one_subject(self, token: int, arguments: list[Argument]) -> tuple[Argument, ...]:
        """Two subjects are a subject and an object whose case shows nothing: "армия окружила город"."""
        subjects = [argument for argument in arguments if argument.function == "subj" and argument.direct]
        if len(subjects) < 2 or any(argument.function == "obj" for argument in arguments):
            return tuple(arguments)
        agreeing = [argument for argument in subjects if self.agrees(token, argument.token)] or subjects[:1]
        subject = next((argument for argument in agreeing if self.case(argument.token) == "Nom"), agreeing[0])
        return tuple(
            argument._replace(function="obj") if argument in subjects and argument is not subject else argument
            for argument in arguments
        )

    def agrees(self, verb: int, noun: int) -> bool:
        """Whether a noun can be the subject by number, and by gender in the past; what is not told agrees."""
        features = parse_features(self.layer.features[self.finite(verb)])
        number, gender = features.get("Number"), features.get("Gender")
        if any(self.relations[child] == "nummod" for child in self.children[noun]):
            return True  # "два министра покинули", "пять министров покинуло"
        plural = len(self.coordinated(noun)) > 1
        noun_number = "Plur" if plural else self.feature(noun, "Number")
        if number == "Plur" and noun_number == "Sing":
            return False
        if number == "Sing" and noun_number == "Plur" and not plural:
            return False
        noun_gender = self.feature(noun, "Gender")
        if number == "Sing" and gender in _GENDERS and noun_gender in _GENDERS:
            # Offices keep their masculine form for women: "премьер заявила".
            return gender == noun_gender or (gender == "Fem" and self.feature(noun, "Animacy") == "Anim")
        return True

    def _find_arguments(self, token: int, *, passive: bool) -> Iterator[Argument]:
        for child in self.children[token]:
            relation = self.relations[child]
            if relation in {"det", "amod"}:
                yield Argument(child, "poss")
            elif relation in _ARGUMENT_RELATIONS and (self.is_nominal(child) or self.preposition(child)):
                function = self._function(child, relation, passive=passive)
                if function:
                    yield Argument(child, function)
                yield from self._deeper(child)
        yield from self._modified(token, passive=passive)

    def _function(self, child: int, relation: str, *, passive: bool) -> str:
        preposition, case = self.preposition(child), self.case(child)
        if preposition:
            return f"{preposition}+{self._prepositional_case(child, preposition)}"
        if relation == "nsubj":
            is_base = self.forms[child] == self.lemmas[child]
            oblique = case in {"Ins", "Dat"} or (
                case == "Acc" and self.feature(child, "Animacy") == "Anim" and not is_base
            )
            return "obj" if passive or oblique else "subj"
        if relation == "obj":
            return _OBLIQUE_OBJECTS.get(case, "obj")
        if self.layer.relations[child] == "obl:agent" or (passive and case == "Ins"):
            return "subj"
        if relation in {"iobj", "obl", "nmod", "flat", "xcomp"}:
            return _CASES.get(case, "gen" if relation == "nmod" else "")
        return ""

    def _deeper(self, phrase: int, depth: int = _DEPTH) -> Iterator[Argument]:
        for child in self.children[phrase]:
            if self.relations[child] in {"nmod", "obl"} and self.is_nominal(child):
                preposition = self.preposition(child)
                if preposition:
                    yield Argument(child, f"{preposition}+{self._prepositional_case(child, preposition)}", direct=False)
                elif self.case(child) == "Ins" and self.relations[child] == "nmod":
                    yield Argument(child, "ins")
                if depth:
                    yield from self._deeper(child, depth - 1)

    def _prepositional_case(self, token: int, preposition: str) -> str:
        """The case after a preposition; the accusative of animate and counted nouns looks like a genitive."""
        case = self.case(token)
        if case == "Gen" and preposition in self.grammar.accusative_prepositions:
            return "Acc"
        return case

    def _modified(self, token: int, *, passive: bool) -> Iterator[Argument]:
        relation = self.relations[token]
        if relation in {"amod", "acl"} and self.is_participle(token) and self.heads[token] >= 0:
            yield Argument(self.heads[token], "obj" if passive else "subj")

    def is_passive(self, token: int) -> bool:
        """Passive participles and clauses, and forms in -но, -то, whose subject can only be the thing done to."""
        features = parse_features(self.layer.features[token])
        if features.get("Voice") == "Pass" or features.get("Person") == "0":
            return True
        return any(self.layer.relations[c] in {"nsubj:pass", "aux:pass"} for c in self.children[token])

    # -- clauses ------------------------------------------------------------------------------------------------------

    def clause(self, token: int) -> int:
        """The head of the clause that a token is in: itself or the nearest verb, or the root."""
        for current in (token, *self.ancestors(token)):
            if self.is_verbal(current) and self.relations[current] not in {"amod", "nsubj", "obj", "obl", "iobj"}:
                return current
            if self.heads[current] < 0 or self.relations[current] in {"root", "parataxis"}:
                return current
        return token

    def marks(self, token: int) -> tuple[str, ...]:
        """The subordinating words of a clause: что, если, чтобы."""
        return tuple(
            self.lemmas[c] for c in self.children[token] if self.relations[c] == "mark" or self.pos[c] == "SCONJ"
        )

    def finite(self, verb: int) -> int:
        """The word that shows person and number: the auxiliary of a future, else the verb itself."""
        if self.feature(verb, "VerbForm") != "Inf":
            return verb
        return next((c for c in self.children[verb] if self.forms[c] in self.grammar.future_auxiliaries), verb)

    def is_negated(self, token: int) -> int | None:
        """The negative particle on a word or on its auxiliary, None when there is none."""
        for child in self.children[token]:
            if self.forms[child] in self.grammar.negations and child < token:
                return child
            if self.relations[child] in {"aux", "cop"}:
                for grandchild in self.children[child]:
                    if self.forms[grandchild] in self.grammar.negations:
                        return grandchild
        return None

    def is_future(self, verb: int) -> bool:
        """A finite verb in the future, with an auxiliary or without."""
        features = parse_features(self.layer.features[verb])
        if features.get("Tense") == "Fut" and features.get("VerbForm", "Fin") == "Fin":
            return True
        return any(
            self.relations[child] in {"aux", "cop"} and self.forms[child] in self.grammar.future_auxiliaries
            for child in self.children[verb]
        )
