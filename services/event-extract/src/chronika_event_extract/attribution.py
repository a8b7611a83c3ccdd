"""Who says it, through whom (codebook 2.7): for every word of a document the chain of its sources, innermost first.

Each source has a scope, the tokens that it vouches for (scopes.py). The chain of a trigger is every source whose scope
holds it: speakers before outlets, narrow scopes before wide ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chronika.domain.analysis import Mention, MentionKind
from chronika.domain.errors import ConfigurationError
from chronika.domain.event import Attribution, AttributionKind
from chronika.ports.language_pack import LanguagePack
from chronika_event_extract.headlines import headline_sources
from chronika_event_extract.parties import Parties
from chronika_event_extract.pronouns import Pronouns
from chronika_event_extract.scopes import Scopes, Tokens
from chronika_event_extract.subjects import read_roles
from chronika_event_extract.tree import Tree

FILE = "attribution.tsv"
KINDS = frozenset({"speech", "report", "according", "link", "paper", "outlet", "anonymous", "this"})
_MEDIA_SECTOR = "JRN"
_MOST_SPEAKERS = 2
_NAME_RELATIONS = frozenset({"nmod", "flat", "appos"})
_QUOTES = "«»\"'“”„"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechWords:
    """attribution.tsv: lemma to row id, by kind."""

    speech: Mapping[str, str]
    report: Mapping[str, str]
    according: Mapping[str, str]
    link: Mapping[str, str]
    paper: Mapping[str, str]
    outlet: Mapping[str, str]
    anonymous: Mapping[str, str]
    this: Mapping[str, str]
    according_nouns: frozenset[str]


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
    return SpeechWords(**words, according_nouns=frozenset(phrase.rsplit(" ", 1)[-1] for phrase in words["according"]))


@dataclass(frozen=True, slots=True)
class Source:
    """Who vouches for which tokens; `cue` is the word that says so, `token` the head of the source's phrase."""

    token: int
    cue: int
    kind: AttributionKind
    scope: Tokens
    rule: str
    anonymous: bool = False


class Sources:
    """The sources of one document."""

    def __init__(self, tree: Tree, words: SpeechWords, parties: Parties, pronouns: Pronouns) -> None:
        self.tree = tree
        self.words = words
        self.parties = parties
        self.pronouns = pronouns
        self.scopes = Scopes(tree)
        self._sources = list(self._find())

    def chain(self, trigger: int) -> tuple[Source, ...]:
        """The sources of a trigger, innermost first; none whose word of saying is the trigger itself."""
        found = [source for source in self._sources if trigger in source.scope and source.cue != trigger]
        found.sort(key=lambda source: (source.kind is AttributionKind.OUTLET, len(source.scope)))
        seen: set[int | str] = set()
        chain: list[Source] = []
        for source in found:
            speakers = sum(link.kind is AttributionKind.SPEAKER for link in chain)
            if source.kind is AttributionKind.SPEAKER and speakers == _MOST_SPEAKERS:
                continue
            identity = self._identity(source.token)
            if identity not in seen and not self.tree.below(trigger, source.token):
                seen.add(identity)
                chain.append(source)
        return tuple(chain)

    def _identity(self, token: int) -> int | str:
        """What makes two mentions of a source one: the name, after pronouns; else the word itself."""
        meant = self.pronouns.meant(token, None)
        named = token if meant is None else meant
        mention = self._name_of(named)
        return mention.name.rsplit(" ", 1)[-1] if mention is not None else named

    def attributions(self, chain: tuple[Source, ...]) -> tuple[Attribution, ...]:
        """The chain as it is stored."""
        return tuple(self._attribution(source) for source in chain)

    def speaker_of(self, chain: tuple[Source, ...]) -> int | None:
        """The token of the innermost speaker, for the first person."""
        return next((source.token for source in chain if source.kind is AttributionKind.SPEAKER), None)

    def _attribution(self, source: Source) -> Attribution:
        meant = self.pronouns.meant(source.token, None)
        named = source.token if meant is None else meant
        mention = self._name_of(named)
        sides = self.parties.sides(named)
        identity = mention.entity_id if mention is not None else ""
        return Attribution(
            span=self.parties.phrase(source.token),
            name=mention.name if mention is not None else self.parties.phrase(named).of(self.tree.text),
            kind=source.kind,
            entity_id=identity or (sides[0].entity_id if sides else ""),
            anonymous=source.anonymous,
            cue=self.tree.span(source.cue),
        )

    def _name_of(self, token: int) -> Mention | None:
        """The name at a token, or the person that an office is given to: "адвокат Рустам Алиев"."""
        for candidate in (token, *self.tree.children[token]):
            mention = self.parties.mention_at.get(candidate)
            if mention is not None and (candidate == token or self._is_person_named(candidate, mention)):
                return mention
        return None

    def _is_person_named(self, child: int, mention: Mention) -> bool:
        return mention.kind is MentionKind.PERSON and self.tree.relations[child] in {"flat", "appos", "nmod"}

    # -- finding ------------------------------------------------------------------------------------------------------

    def _find(self) -> Iterator[Source]:
        for token, lemma in enumerate(self.tree.lemmas):
            if lemma in self.words.speech and self.tree.pos[token] in {"VERB", "ADJ", "AUX"}:
                yield from self._spoken(token, self.words.speech[lemma])
                continue
            if lemma in self.words.according_nouns:
                row = self.words.according.get(f"{self.tree.preposition(token)} {lemma}")
                if row is not None:
                    yield from self._according(token, row)
        for named in headline_sources(self.tree, self.scopes, self._introduces):
            for token in self._behind_paper(named.token) or [named.token]:
                yield from self._source(token, named.mark, named.scope, named.rule)

    def _spoken(self, verb: int, rule: str) -> Iterator[Source]:
        scope = self.scopes.said_by(verb, points_back=self._points_back(verb))
        if not scope:
            return
        for speaker in self._speakers(verb):
            yield from self._source(speaker, verb, scope - frozenset(self.tree.subtree(speaker)), rule)
        yield from self._linked(verb, scope)

    def _points_back(self, verb: int) -> bool:
        """Whether a sentence begins with "об этом"."""
        first = self.tree.sentence_range(verb)[0]
        return any(
            self.tree.lemmas[child] in self.words.this and self.tree.preposition(child) and child - first <= 3
            for child in self.tree.children[verb]
        )

    def _source(self, token: int, cue: int, scope: Tokens, rule: str) -> Iterator[Source]:
        for member in self.tree.coordinated(token):
            anonymous = self.tree.lemmas[member] in self.words.anonymous
            yield Source(member, cue, self._kind(member, cue), scope, rule, anonymous)

    def _kind(self, token: int, cue: int) -> AttributionKind:
        """Media are outlets, and so is an organisation that nothing more is known of and that only reports."""
        if self._is_media(token) or (self.tree.lemmas[cue] in self.words.report and self._is_just_a_name(token)):
            return AttributionKind.OUTLET
        return AttributionKind.SPEAKER

    def _is_just_a_name(self, token: int) -> bool:
        mention = self.parties.mention_at.get(token)
        if mention is None:
            return self.tree.pos[token] in {"PROPN", "X"} and not self.tree.feature(token, "Case")
        unknown = not mention.entity_id and not mention.code and not mention.sector
        return mention.kind is MentionKind.ORGANIZATION and unknown and self._is_unmodified(token)

    def _is_unmodified(self, token: int) -> bool:
        return self.tree.lemmas[token] not in self.parties.words.roles and not any(
            self.tree.relations[child] in {"amod", "nmod"} for child in self.tree.children[token]
        )

    def _is_media(self, token: int) -> bool:
        mention = self.parties.mention_at.get(token)
        names = [self.tree.lemmas[token], self.tree.forms[token]]
        if mention is not None and mention.kind is not MentionKind.PERSON:
            if mention.sector == _MEDIA_SECTOR:
                return True
            names += f"{mention.name} {mention.span.of(self.tree.text)}".lower().split()
        return any(name.strip(_QUOTES) in self.words.outlet for name in names)

    # -- speakers -----------------------------------------------------------------------------------------------------

    def _speakers(self, verb: int) -> list[int]:
        """The subject of a verb of saying; with none, the body or paper that it is said in."""
        subject = read_roles(self.tree, verb).subject
        if subject is not None and not self.tree.is_passive(verb):
            if self.tree.lemmas[subject] in self.words.paper and not self.parties.is_party(subject):
                return self._behind_paper(subject)
            return [subject] if self._can_speak(subject) else []
        for argument in self.tree.arguments(verb):
            preposition = argument.function.partition("+")[0]
            if argument.direct and argument.function == "subj":
                return [argument.token]
            if argument.direct and preposition in self.tree.grammar.place_prepositions:
                found = self._behind_paper(argument.token)
                if found:
                    return found
        return []

    def _can_speak(self, token: int) -> bool:
        if self._introduces(token) or self.tree.pos[token] in {"PRON", "PROPN"}:
            return True
        counted = any(self.tree.relations[child] == "nmod" for child in self.tree.children[token])
        return self.tree.feature(token, "Animacy") == "Anim" or (self.tree.pos[token] == "NUM" and counted)

    def _introduces(self, token: int) -> bool:
        """A name, an office, an outlet or an anonymous source: what may stand as a source without a verb."""
        lemma = self.tree.lemmas[token]
        return (
            token in self.parties.mention_at
            or lemma in self.words.outlet
            or lemma in self.words.anonymous
            or lemma in self.parties.words.roles
        )

    def _behind_paper(self, token: int) -> list[int]:
        """Who published a paper ("в заявлении МИД"), the paper when nobody did, the body itself ("в МИД сообщили")."""
        if self.tree.lemmas[token] not in self.words.paper:
            return [token] if self.parties.is_party(token) or token in self.parties.mention_at else []
        for child in self.tree.children[token]:
            named = self.tree.relations[child] in _NAME_RELATIONS and not self.tree.preposition(child)
            if named and self._can_speak(child):
                return [child]
        return [token]

    def _according(self, noun: int, rule: str) -> Iterator[Source]:
        for child in self.tree.children[noun]:
            relation = self.tree.relations[child]
            owner = relation == "det" and self.tree.forms[child] in self.tree.grammar.possessive_third
            if relation in _NAME_RELATIONS | {"obl"} or owner:
                yield from self._source(child, noun, self.scopes.around(noun), rule)
                return

    def _linked(self, verb: int, scope: Tokens) -> Iterator[Source]:
        """The source behind an outlet: "сообщает Reuters со ссылкой на министра"."""
        for argument in self.tree.arguments(verb):
            for token in (argument.token, *self.tree.children[argument.token]):
                rule = self.words.link.get(self.tree.lemmas[token])
                if rule is None:
                    continue
                rest = scope - frozenset(self.tree.subtree(token))
                for child in self.tree.children[token]:
                    if self.tree.relations[child] in {"nmod", "obl"} and self.tree.preposition(child):
                        for source in self._behind_paper(child) or [child]:
                            yield from self._source(source, verb, rest, rule)
                        return
                return
