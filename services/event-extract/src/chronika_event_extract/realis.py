"""Whether an event happened (codebook 2.2 and 5): cues over the trigger, beside it, before its clause, in its own form.

From the trigger upwards every word that governs it is asked for its effect ("планирует", "отказались", "возможность").
A cue of kind `actual` ends the climb: what is stopped or begun is there. Of several effects the strongest counts:
conditional, denied, possible, planned.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from chronika.domain.errors import ConfigurationError
from chronika.domain.event import EventTime, EventType, Realis, RealisValue
from chronika.domain.span import Span
from chronika.ports.language_pack import LanguagePack
from chronika_event_extract.tree import Tree
from chronika_event_extract.triggers import Match

FILE = "realis.tsv"
PLACES = frozenset({"over", "inf", "beside", "mark", "phrase", "mod"})
_STRENGTH = {
    RealisValue.ACTUAL: 0,
    RealisValue.PLANNED: 1,
    RealisValue.POSSIBLE: 2,
    RealisValue.DENIED: 3,
    RealisValue.CONDITIONAL: 4,
}
_SPEECH_ACTS = frozenset({EventType.AGREE, EventType.REQUEST, EventType.ACCUSE, EventType.REJECT, EventType.THREATEN})
_CLAUSE_ENDS = frozenset({"parataxis", "root"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A row of realis.tsv; `negated` is the effect of the negated word."""

    id: str
    place: str
    effect: RealisValue | None
    negated: RealisValue | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RealisCues:
    """Cues by lemma for each place."""

    over: Mapping[str, tuple[Cue, ...]]
    beside: Mapping[str, Cue]
    mark: Mapping[str, Cue]
    phrase: Mapping[str, Cue]
    mod: Mapping[str, Cue]

    @property
    def bystanders(self) -> frozenset[str]:
        """Verbs that speak of an event without doing it: those that call it possible or deny it."""
        doubtful = {RealisValue.POSSIBLE, RealisValue.DENIED}
        return frozenset(lemma for lemma, cues in self.over.items() if any(cue.effect in doubtful for cue in cues))


def read_realis_cues(pack: LanguagePack) -> RealisCues:
    """ConfigurationError `realis-cues` names the row that is wrong."""
    over: dict[str, list[Cue]] = {}
    others: dict[str, dict[str, Cue]] = {"beside": {}, "mark": {}, "phrase": {}, "mod": {}}
    for row in pack.table(FILE):
        try:
            cue = _cue(row)
        except ValueError as error:
            raise ConfigurationError(
                "realis-cues",
                f"{FILE} of language pack {pack.code!r}, row {row.get('id', '?')!r}: {error}",
                cure="Mend the row; the comment at the top of the file says what each column holds.",
            ) from error
        for lemma in row["lemmas"].split("|"):
            if cue.place in {"over", "inf"}:
                over.setdefault(lemma, []).append(cue)
            else:
                others[cue.place][lemma] = cue
    return RealisCues(over={lemma: tuple(cues) for lemma, cues in over.items()}, **others)


def _cue(row: Mapping[str, str]) -> Cue:
    if row["place"] not in PLACES:
        raise ValueError(f"place {row['place']!r} is none of {sorted(PLACES)}")
    effect = None if row["effect"] == "none" else RealisValue(row["effect"])
    negated = RealisValue(row["negated"]) if row["negated"] else RealisValue.DENIED
    return Cue(id=row["id"], place=row["place"], effect=effect, negated=negated)


@dataclass(frozen=True, slots=True)
class _Finding:
    value: RealisValue
    cue: Span
    rule: str
    condition: Span | None = None


class RealisReader:
    """Reads the realis of triggers in one document."""

    def __init__(self, tree: Tree, cues: RealisCues) -> None:
        self.tree = tree
        self.cues = cues

    def read(self, match: Match) -> tuple[Realis, tuple[str, ...]]:
        """The realis of a trigger and the rules that gave it."""
        found = [finding for finding in self._findings(match) if finding.value is not RealisValue.ACTUAL]
        if not found:
            return Realis(value=RealisValue.ACTUAL), ()
        value = max((finding.value for finding in found), key=lambda v: _STRENGTH[v])
        deciding = [finding for finding in found if finding.value is value]
        condition = next((finding.condition for finding in deciding if finding.condition is not None), None)
        cues = tuple(sorted({finding.cue for finding in deciding}))
        rules = tuple(dict.fromkeys(finding.rule for finding in deciding))
        return Realis(value=value, cues=cues, condition=condition), rules

    def _findings(self, match: Match) -> Iterator[_Finding]:
        start = match.light.verb if match.light is not None else match.token
        if not _negation_is_the_event(match):
            yield from self._own_negation(match)
        yield from self._own_form(start, match)
        yield from self._modifiers(match.token)
        yield from self._phrases_that_hold(match.token)
        if not self._is_named_speech(match):
            yield from self._above(match, start)
        yield from self._question(match.token)

    def _is_named_speech(self, match: Match) -> bool:
        """A noun for words that were said: what is denied or asked of them leaves them said ("отверг обвинения")."""
        return match.entry.pos == "N" and match.light is None and match.entry.type in _SPEECH_ACTS

    # -- the trigger itself -------------------------------------------------------------------------------------------

    def _own_negation(self, match: Match) -> Iterator[_Finding]:
        tokens = [match.token]
        if match.light is not None:
            tokens.append(match.light.verb)
        elif match.entry.pos == "N":
            tokens.append(self._existing_verb(match.token, only_existence=True))
        for token in tokens:
            negation = self._negation(token)
            if negation is not None and not (token != match.token and self._stops(token)):
                yield _Finding(RealisValue.DENIED, self.tree.span(negation), "realis.negation")

    def _stops(self, verb: int) -> bool:
        """Whether a light verb says of itself what its negation means: "не прекратил удары"."""
        return any(cue.negated is RealisValue.ACTUAL for cue in self.cues.over.get(self.tree.lemmas[verb], ()))

    def _negation(self, token: int) -> int | None:
        """The particle that negates a word, unless what follows it takes it back: "не только", "не раз"."""
        negation = self.tree.is_negated(token)
        if negation is None:
            return None
        following = negation + 1
        if following >= len(self.tree.forms) or following == token:
            return negation
        words = {self.tree.forms[following], self.tree.lemmas[following]}
        return None if words & self.tree.grammar.no_negation_before else negation

    def _own_form(self, verb: int, match: Match) -> Iterator[_Finding]:
        if match.light is not None:
            finding = self._over(verb, match.token, "obj")
            if finding is not None:
                yield finding
        elif self.tree.pos[verb] in {"NOUN", "PROPN"}:
            setting = self._setting(verb)
            verb = self._existing_verb(verb)
            if setting is not None and self.tree.is_future(setting):
                yield _Finding(RealisValue.PLANNED, self.tree.span(setting), "realis.future-setting")
        if self.tree.is_future(verb):
            yield _Finding(RealisValue.PLANNED, self.tree.span(verb), "realis.future")
        if self.tree.feature(verb, "Mood") == "Imp":
            yield _Finding(RealisValue.POSSIBLE, self.tree.span(verb), "realis.imperative")

    def _modifiers(self, noun: int) -> Iterator[_Finding]:
        """Adjectives and participles of an event noun: "предстоящая встреча", "возможное наступление"."""
        for child in self.tree.children[noun]:
            cue = self.cues.mod.get(self.tree.lemmas[child]) if self.tree.relations[child] in {"amod", "acl"} else None
            if cue is not None and cue.effect is not None:
                yield _Finding(cue.effect, self.tree.span(child), cue.id)

    def _existing_verb(self, noun: int, *, only_existence: bool = False) -> int:
        """The verb that says whether an event noun exists ("встречи не было"); the noun itself when there is none.

        Any verb without an object will do for its tense ("удары усилятся"), but "не привели ни к чему" denies nothing.
        """
        top = self.tree.coordination_head(noun)
        above = self.tree.heads[top]
        if above < 0 or not self.tree.is_verbal(above) or self.tree.relations[top] not in {"nsubj", "obj"}:
            return noun
        exists = self.tree.lemmas[above] in self.tree.grammar.existence_verbs
        if exists or (self.tree.relations[top] == "nsubj" and not only_existence and not self._has_object(above)):
            return above
        return noun

    def _has_object(self, verb: int) -> bool:
        return any(self.tree.relations[child] == "obj" for child in self.tree.children[verb])

    def _setting(self, noun: int) -> int | None:
        """The verb of which an event noun is the occasion: "объявит на саммите"."""
        above = self.tree.heads[noun]
        if above < 0 or self.tree.relations[noun] != "obl" or not self.tree.is_verbal(above):
            return None
        return above if self.tree.preposition(noun) in self.tree.grammar.place_prepositions else None

    def _phrases_that_hold(self, token: int) -> Iterator[_Finding]:
        """Prepositions that say how the phrase of the trigger is meant: "без согласия", "в случае нападения"."""
        current = token
        for ancestor in (token, *self.tree.ancestors(token)):
            if self.tree.is_verbal(ancestor) and ancestor != token:
                return
            current = ancestor
            preposition = self.tree.preposition(current)
            cue = self._phrase_cue(current, preposition)
            if cue is not None and cue.effect is not None:
                span = self.tree.phrase_span([*self.tree.children[current], current][:2])
                condition = self._subtree_span(current) if cue.effect is RealisValue.CONDITIONAL else None
                yield _Finding(cue.effect, span, cue.id, condition)

    def _phrase_cue(self, phrase: int, preposition: str) -> Cue | None:
        """A preposition alone, or with the lemma or the form of its noun: "у разі" is no "у раз"."""
        if not preposition:
            return None
        words = (preposition, f"{preposition} {self.tree.lemmas[phrase]}", f"{preposition} {self.tree.forms[phrase]}")
        return next((cue for word in words if (cue := self.cues.phrase.get(word)) is not None), None)

    def _question(self, token: int) -> Iterator[_Finding]:
        last = self.tree.sentence_range(token)[-1]
        for end in (last, last - 1):
            if end >= 0 and self.tree.forms[end] == "?":
                yield _Finding(RealisValue.POSSIBLE, self.tree.span(end), "realis.question")
                return

    # -- what stands above --------------------------------------------------------------------------------------------

    def _above(self, match: Match, start: int) -> Iterator[_Finding]:
        below = match.token
        conditions = not self._is_uttered(match)
        yield from self._in_clause(below, conditions=conditions)
        for ancestor in self.tree.ancestors(match.token):
            relation = self.tree.relations[below]
            if relation in _CLAUSE_ENDS or (relation == "acl" and self._is_relative(below)):
                return
            if self.tree.is_adjunct(below):
                return
            if relation == "conj":
                below = ancestor
                continue
            if ancestor != start:
                finding = self._over(ancestor, below, relation)
                if finding is not None:
                    yield finding
                    if finding.value is RealisValue.ACTUAL:
                        return
                if relation == "xcomp" and self.tree.is_future(ancestor):
                    yield _Finding(RealisValue.PLANNED, self.tree.span(ancestor), "realis.future")
            yield from self._in_clause(ancestor, conditions=conditions)
            if relation in {"ccomp", "csubj"}:
                return
            below = ancestor

    def _is_uttered(self, match: Match) -> bool:
        """A promise or threat that was made: the condition beside it is that of its content."""
        if match.entry.type not in _SPEECH_ACTS or match.entry.pos == "N" or match.light is not None:
            return False
        return not self.tree.is_future(match.token) and self.tree.feature(match.token, "VerbForm") != "Inf"

    def _is_relative(self, token: int) -> bool:
        return self.tree.layer.relations[token] == "acl:relcl" or self.tree.feature(token, "VerbForm") != "Inf"

    def _over(self, ancestor: int, below: int, relation: str) -> _Finding | None:
        if relation in {"nsubj", "case", "advcl"} and not self._is_noun_cue(ancestor, relation):
            return None
        past = self.tree.feature(below, "Tense") == "Past" and self.tree.feature(below, "VerbForm") == "Fin"
        for cue in self.cues.over.get(self.tree.lemmas[ancestor], ()):
            if cue.place == "inf" and not self._is_clause(below):
                continue
            negation = self._negation(ancestor)
            if negation is None and self.tree.pos[ancestor] == "NOUN" and self.tree.relations[ancestor] == "obj":
                negation = self._negation(self.tree.heads[ancestor])
            if negation is not None:
                if cue.negated is not None:
                    return _Finding(cue.negated, self.tree.span(negation), cue.id)
            elif cue.effect is not None and not (past and cue.effect is RealisValue.PLANNED):
                return _Finding(cue.effect, self.tree.span(ancestor), cue.id)
        return None

    def _is_noun_cue(self, ancestor: int, relation: str) -> bool:
        """A subject is governed by what is said of it ("визит запланирован"), not by the verb that it moves."""
        return relation == "nsubj" and (
            self.tree.is_passive(ancestor)
            or self.tree.pos[ancestor] in {"ADJ", "ADV"}
            or self.tree.grammar.active(self.tree.lemmas[ancestor]) != ""
            or self.tree.lemmas[ancestor] in self.tree.grammar.existential_negations
            or any(self.tree.feature(c, "VerbForm") == "Inf" for c in self.tree.children[ancestor])
        )

    def _is_clause(self, token: int) -> bool:
        return self.tree.is_verbal(token)

    # -- clauses ------------------------------------------------------------------------------------------------------

    def _in_clause(self, token: int, *, conditions: bool) -> Iterator[_Finding]:
        """Cues among the dependents of one word: its conjunction, its adverbs, conditions that hang on it."""
        for child in self.tree.children[token]:
            lemma, relation = self.tree.lemmas[child], self.tree.relations[child]
            if relation == "mark" or self.tree.pos[child] == "SCONJ":
                yield from self._marked(token, child)
            elif lemma in self.cues.beside and relation in {
                "advmod",
                "aux",
                "discourse",
                "parataxis",
                "mark",
                "cc",
                "expl",
                "case",
            }:
                cue = self.cues.beside[lemma]
                if cue.effect is not None:
                    yield _Finding(cue.effect, self.tree.span(child), cue.id)
            elif relation == "advcl" and conditions:
                yield from self._condition(child)
            elif relation in {"obl", "nmod", "parataxis", "obj"} and conditions:
                for phrase in (child, *(c for c in self.tree.children[child] if self.tree.relations[c] == "nmod")):
                    yield from self._conditional_phrase(phrase)

    def _marked(self, clause: int, mark: int) -> Iterator[_Finding]:
        lemma = self.tree.lemmas[mark]
        following = [c for c in self.tree.children[mark] if self.tree.relations[c] == "fixed"]
        cue = self.cues.mark.get(" ".join([lemma, *(self.tree.lemmas[c] for c in following)])) or self.cues.mark.get(
            lemma
        )
        if cue is None or cue.effect is None:
            return
        condition = self._subtree_span(clause) if cue.effect is RealisValue.CONDITIONAL else None
        yield _Finding(cue.effect, self.tree.span(mark), cue.id, condition)

    def _condition(self, clause: int) -> Iterator[_Finding]:
        """A conditional clause below the trigger's own clause."""
        for child in self.tree.children[clause]:
            if self.tree.relations[child] == "mark" or self.tree.pos[child] == "SCONJ":
                for finding in self._marked(clause, child):
                    if finding.value is RealisValue.CONDITIONAL:
                        yield finding

    def _conditional_phrase(self, phrase: int) -> Iterator[_Finding]:
        cue = self._phrase_cue(phrase, self.tree.preposition(phrase))
        if cue is not None and cue.effect is RealisValue.CONDITIONAL:
            span = self._subtree_span(phrase)
            yield _Finding(RealisValue.CONDITIONAL, self.tree.span(phrase), cue.id, span)

    def _subtree_span(self, token: int) -> Span:
        return self.tree.phrase_span(self.tree.subtree(token))


def still_to_come(
    realis: Realis, rules: tuple[str, ...], event_type: EventType, when: EventTime | None, published: date | None
) -> tuple[Realis, tuple[str, ...]]:
    """What is told as a fact but dated after the publication is planned: "объявили забастовку на пятницу".

    A speech act is dated with what it speaks of, and stays.
    """
    if realis.value is not RealisValue.ACTUAL or event_type in _SPEECH_ACTS or when is None or published is None:
        return realis, rules
    if when.start <= published.isoformat()[: len(when.start)]:
        return realis, rules
    return Realis(value=RealisValue.PLANNED, cues=(when.span,)), (*rules, "realis.later-date")


def _negation_is_the_event(match: Match) -> bool:
    """A refusal that is said by negation ("не признал результаты") happened."""
    return match.entry.type is EventType.REJECT and any(condition.slot == "neg" for condition in match.entry.demands)
