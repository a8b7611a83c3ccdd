"""Who says it, through whom (codebook 2.7): for every word of a document the chain of its sources, innermost first.

Each source has a scope, the tokens that it vouches for: what a verb of saying governs, the sentence around "сообщает
Reuters" and "по словам министра", the quotation beside the verb or running up to it over several sentences, and the
sentence before "об этом сообщил". The chain of a trigger is every source whose scope holds it, narrow scopes first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chronika.domain.analysis import MentionKind
from chronika.domain.errors import ConfigurationError
from chronika.domain.event import Attribution, AttributionKind
from chronika.ports.language_pack import LanguagePack
from chronika_event_extract.parties import Parties
from chronika_event_extract.pronouns import Pronouns
from chronika_event_extract.quotes import quotations
from chronika_event_extract.subjects import read_roles
from chronika_event_extract.tree import Tree

FILE = "attribution.tsv"
KINDS = frozenset({"speech", "according", "link", "paper", "outlet", "anonymous", "this"})
_MEDIA_SECTOR = "JRN"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechWords:
    """attribution.tsv: lemma to row id, by kind."""

    speech: Mapping[str, str]
    according: Mapping[str, str]
    link: Mapping[str, str]
    paper: Mapping[str, str]
    outlet: Mapping[str, str]
    anonymous: Mapping[str, str]
    this: Mapping[str, str]


def read_speech_words(pack: LanguagePack) -> SpeechWords:
    """ConfigurationError `attribution-words` names a row of an unknown kind."""
    words: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    for row in pack.table(FILE):
        if row["kind"] not in KINDS:
            raise ConfigurationError(
                "attribution-words",
                f"{FILE} of language pack {pack.code!r}, row {row['id']!r}: no kind {row['kind']!r}",
                cure="Mend the row; the comment at the top of the file lists the kinds.",
            )
        words[row["kind"]][row["lemma"]] = row["id"]
    return SpeechWords(**words)


@dataclass(frozen=True, slots=True)
class Source:
    """Who vouches for which tokens; `cue` is the word that says so, `token` the head of the source's phrase."""

    token: int
    cue: int
    kind: AttributionKind
    scope: frozenset[int]
    rule: str
    anonymous: bool = False


class Sources:
    """The sources of one document."""

    def __init__(self, tree: Tree, words: SpeechWords, parties: Parties, pronouns: Pronouns) -> None:
        self.tree = tree
        self.words = words
        self.parties = parties
        self.pronouns = pronouns
        self._quotations = quotations(tree)
        self._sources = list(self._find())

    def chain(self, trigger: int) -> tuple[Source, ...]:
        """The sources of a trigger, innermost first; none whose verb of saying is the trigger itself."""
        found = [source for source in self._sources if trigger in source.scope and source.cue != trigger]
        found.sort(key=lambda source: (source.kind is AttributionKind.OUTLET, len(source.scope)))
        seen: set[int] = set()
        chain = []
        for source in found:
            if source.token not in seen and not self.tree.below(trigger, source.token):
                seen.add(source.token)
                chain.append(source)
        speakers = [source for source in chain if source.kind is AttributionKind.SPEAKER]
        return tuple(source for source in chain if source.kind is AttributionKind.OUTLET or source in speakers[:2])

    def attributions(self, chain: tuple[Source, ...]) -> tuple[Attribution, ...]:
        """The chain as it is stored."""
        return tuple(self._attribution(source) for source in chain)

    def _attribution(self, source: Source) -> Attribution:
        span = self.parties.phrase(source.token)
        meant = self.pronouns.meant(source.token, None)
        named = source.token if meant is None else meant
        sides = self.parties.sides(named)
        mention = self.parties.mention_at.get(named)
        name = mention.name if mention is not None else self.parties.phrase(named).of(self.tree.text)
        return Attribution(
            span=span,
            name=name,
            kind=source.kind,
            entity_id=mention.entity_id if mention is not None else (sides[0].entity_id if sides else ""),
            anonymous=source.anonymous,
            cue=self.tree.span(source.cue),
        )

    def speaker_of(self, chain: tuple[Source, ...]) -> int | None:
        """The token of the innermost speaker, for the first person."""
        return next((source.token for source in chain if source.kind is AttributionKind.SPEAKER), None)

    # -- finding ------------------------------------------------------------------------------------------------------

    def _find(self) -> Iterator[Source]:
        for token, lemma in enumerate(self.tree.lemmas):
            if lemma in self.words.speech and self.tree.pos[token] in {"VERB", "ADJ", "AUX"}:
                yield from self._spoken(token, self.words.speech[lemma])
            elif self.tree.pos[token] in {"NOUN", "PROPN", "ADJ", "VERB"}:
                preposition = self.tree.preposition(token)
                row = self.words.according.get(f"{preposition} {lemma}") if preposition else None
                if row is not None:
                    yield from self._according(token, row)

    def _spoken(self, verb: int, rule: str) -> Iterator[Source]:
        scope = self._scope(verb)
        if not scope:
            return
        for speaker in self._speakers(verb):
            yield from self._source(speaker, verb, scope - frozenset(self.tree.subtree(speaker)), rule)
        yield from self._linked(verb, scope)

    def _source(self, token: int, cue: int, scope: frozenset[int], rule: str) -> Iterator[Source]:
        for member in self.tree.coordinated(token):
            lemma = self.tree.lemmas[member]
            yield Source(member, cue, self._kind(member), scope, rule, lemma in self.words.anonymous)

    def _kind(self, token: int) -> AttributionKind:
        mention = self.parties.mention_at.get(token)
        names = [self.tree.lemmas[token], self.tree.forms[token]]
        if mention is not None and mention.kind is not MentionKind.PERSON:
            names += mention.name.lower().split()
            names += mention.span.of(self.tree.text).lower().split()
            if mention.sector == _MEDIA_SECTOR:
                return AttributionKind.OUTLET
        is_outlet = any(name.strip("«»\"'“”") in self.words.outlet for name in names)
        return AttributionKind.OUTLET if is_outlet else AttributionKind.SPEAKER

    # -- speakers -----------------------------------------------------------------------------------------------------

    def _speakers(self, verb: int) -> list[int]:
        """The subject of a verb of saying; with none, the body or paper that it is said in."""
        subject = read_roles(self.tree, verb).subject
        if subject is not None and not self.tree.is_passive(verb):
            lemma = self.tree.lemmas[subject]
            if lemma in self.words.paper and not self.parties.is_party(subject):
                return self._behind_paper(subject)
            if self._can_speak(subject):
                return [subject]
            return []
        found: list[int] = []
        for argument in self.tree.arguments(verb):
            if not argument.direct:
                continue
            if argument.function == "subj":
                found.append(argument.token)
            elif argument.function.partition("+")[0] in self.tree.grammar.place_prepositions:
                found += self._behind_paper(argument.token)
        return found[:1]

    def _can_speak(self, token: int) -> bool:
        lemma = self.tree.lemmas[token]
        if (
            self.parties.mention_at.get(token) is not None
            or lemma in self.words.outlet
            or lemma in self.words.anonymous
        ):
            return True
        return (
            self.tree.pos[token] in {"PRON", "PROPN"}
            or lemma in self.parties.words.roles
            or self.tree.feature(token, "Animacy") == "Anim"
        )

    def _behind_paper(self, token: int) -> list[int]:
        """Who published a paper ("в заявлении МИД"), or the body itself ("в МИД сообщили")."""
        if self.tree.lemmas[token] in self.words.paper:
            for child in self.tree.children[token]:
                named = self.tree.relations[child] in {"nmod", "flat", "appos"} and not self.tree.preposition(child)
                if named and self._can_speak(child):
                    return [child]
            return []
        return [token] if self.parties.is_party(token) or token in self.parties.mention_at else []

    def _according(self, noun: int, rule: str) -> Iterator[Source]:
        sentence = frozenset(self.tree.sentence_range(noun)) - frozenset(self.tree.subtree(noun))
        for child in self.tree.children[noun]:
            if (
                self.tree.relations[child] in {"nmod", "det", "flat", "obl", "appos"}
                and self.tree.relations[child] != "case"
            ):
                if (
                    self.tree.relations[child] == "det"
                    and self.tree.forms[child] not in self.tree.grammar.possessive_third
                ):
                    continue
                yield from self._source(child, noun, sentence, rule)
                return

    def _linked(self, verb: int, scope: frozenset[int]) -> Iterator[Source]:
        """The source behind an outlet: "сообщает Reuters со ссылкой на министра"."""
        for argument in self.tree.arguments(verb):
            candidates = [argument.token, *self.tree.children[argument.token]]
            for token in candidates:
                rule = self.words.link.get(self.tree.lemmas[token])
                if rule is None:
                    continue
                for child in self.tree.children[token]:
                    if self.tree.relations[child] in {"nmod", "obl"} and self.tree.preposition(child):
                        behind = self._behind_paper(child) if self.tree.lemmas[child] in self.words.paper else [child]
                        for source in behind or [child]:
                            yield from self._source(source, verb, scope - frozenset(self.tree.subtree(token)), rule)
                return

    # -- scopes -------------------------------------------------------------------------------------------------------

    def _scope(self, verb: int) -> frozenset[int]:
        """The tokens that are said: below the verb, beside it, quoted, or in the sentence before."""
        tree = self.tree
        own = frozenset(tree.subtree(verb))
        sentence = tree.layer.sentence_of(verb)
        tokens = tree.layer.sentence(sentence)
        if self._points_back(verb):
            return frozenset(tree.layer.sentence(sentence - 1)) if sentence else frozenset()
        scope: set[int] = set()
        for child in tree.children[verb]:
            if tree.relations[child] in {"ccomp", "parataxis", "csubj"} or self._is_content(child):
                scope.update(tree.subtree(child))
        if tree.relations[verb] in {"parataxis", "advcl"} or self._is_inserted(verb):
            scope.update(set(tokens) - own)
            scope.update(
                t for child in tree.children[verb] if tree.relations[child] == "ccomp" for t in tree.subtree(child)
            )
        for first, last in self._quotations:
            if any(first <= token <= last for token in tokens) and not first <= verb <= last:
                scope.update(range(first, last + 1))
        if tree.forms[tokens[0]] in {"-", "–", "—"} and sentence and verb - tokens[0] <= 2:
            scope.update(tree.layer.sentence(sentence - 1))
        return frozenset(scope)

    def _is_content(self, child: int) -> bool:
        """A clause that was attached to the verb under another name, but begins with "что"."""
        return (
            self.tree.is_verbal(child)
            and self.tree.relations[child] in {"advcl", "acl", "xcomp"}
            and bool(self.tree.marks(child))
        )

    def _is_inserted(self, verb: int) -> bool:
        """A verb of saying that was attached as the content of what it reports: ", сообщает Reuters"."""
        above = self.tree.heads[verb]
        if above < 0 or self.tree.relations[verb] not in {"ccomp", "conj"} or self.tree.marks(verb):
            return False
        return verb > above and not any(self.tree.relations[c] == "ccomp" for c in self.tree.children[verb])

    def _points_back(self, verb: int) -> bool:
        sentence = self.tree.sentence_range(verb)
        for child in self.tree.children[verb]:
            if self.tree.lemmas[child] in self.words.this and self.tree.preposition(child) and child - sentence[0] <= 3:
                return True
        return False
