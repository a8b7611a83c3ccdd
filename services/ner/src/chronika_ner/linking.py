"""From the names of a text to mentions: normal form, identity, code and sector of each (codebook 2.6).

The names of one text are linked together: a surname alone is the person whose full name stands in the same text, and an
organ without a state ("МИД") takes the state that stands beside it. What no table knows keeps its name and has no id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chronika.domain.analysis import AnalysisLayer, Mention, MentionKind
from chronika.domain.span import Span
from chronika.ports.language_pack import LanguagePack
from chronika_languages.entities import EntityKind, EntityTable
from chronika_ner.analyzer import Analysis, Name
from chronika_ner.dictionary import Dictionary
from chronika_ner.inflection import Inflector
from chronika_ner.introductions import Written, as_introduced
from chronika_ner.link import NO_LINK, Link
from chronika_ner.names import Namer, NameWords, Word
from chronika_ner.organizations import NOBODY, OrganizationLinker, Owner
from chronika_ner.persons import PERSON_RULES, PersonLinker, skeleton, surnames_of
from chronika_ner.settlements import SettlementLinker
from chronika_ner.spelling import spell
from chronika_ner.surroundings import around

_PLACES = frozenset({EntityKind.COUNTRY, EntityKind.CAPITAL, EntityKind.PLACE, EntityKind.SEAT})


@dataclass(frozen=True, slots=True)
class _Language:
    """What links names in one language."""

    namer: Namer
    persons: PersonLinker
    things: OrganizationLinker
    settlements: SettlementLinker


@dataclass(frozen=True, slots=True)
class _Named:
    """A name with its words and its language."""

    name: Name
    words: tuple[Word, ...]
    language: _Language


class Linker:
    """Makes the mentions of analysed texts. Loaded once; remembers forms, never texts."""

    def __init__(
        self, packs: Mapping[str, LanguagePack], dictionaries: Mapping[str, Dictionary], table: EntityTable
    ) -> None:
        self._languages = {
            code: _language(packs[code], Inflector(dictionary.lexicon), table)
            for code, dictionary in dictionaries.items()
        }

    def mentions(self, text: str, analysis: Analysis, *, day: str = "") -> tuple[Mention, ...]:
        """The mentions of a text in order. `day` is that of publication ("2022-02-24"): who held which office then."""
        named = self._named(text, analysis)
        normal = _normal_forms(named)
        links = [self._link(text, analysis.layer, one, form, day) for one, form in zip(named, normal, strict=True)]
        links = _surnames_as_introduced(named, normal, links)
        links = as_introduced(text, _written(analysis.layer, named, normal), links)
        links = _settlements(text, analysis.layer, named, normal, links)
        return tuple(
            _mention(analysis.layer, one, form, link) for one, form, link in zip(named, normal, links, strict=True)
        )

    def _named(self, text: str, analysis: Analysis) -> list[_Named]:
        layer = analysis.layer
        languages = (layer.sentence_languages[layer.sentence_of(name.start)] for name in analysis.names)
        return [
            _Named(name, words_of(text, layer, name.start, name.end), self._languages[language])
            for name, language in zip(analysis.names, languages, strict=True)
        ]

    def _link(self, text: str, layer: AnalysisLayer, one: _Named, normal: str, day: str) -> Link:
        if one.name.kind is MentionKind.PERSON:
            return one.language.persons.link(normal, day)
        beside = _beside(text, layer, one) if one.name.kind is MentionKind.ORGANIZATION else NOBODY
        place = around(text, layer, one.name.start, one.name.end)
        thing = one.language.things.link(one.words, one.name.kind, normal, beside, place)
        return thing or one.language.persons.link(normal, day)


def _language(pack: LanguagePack, inflector: Inflector, table: EntityTable) -> _Language:
    words = NameWords.read(pack)
    persons = [entity for entity in table if entity.kind is EntityKind.PERSON]
    known = {word.lower() for person in persons for name in person.names.get(pack.code, ()) for word in name.split()}
    things = (entity for entity in table if entity.kind in _PLACES)
    places = {name.lower() for entity in things for name in entity.names.get(pack.code, ()) if " " not in name}
    namer = Namer(inflector, words, known=known | {word.replace("ё", "е") for word in known}, places=places)
    return _Language(
        namer=namer,
        persons=PersonLinker(table, words, pack.code),
        things=OrganizationLinker(table, pack, namer),
        settlements=SettlementLinker(table, pack, namer),
    )


def words_of(text: str, layer: AnalysisLayer, start: int, end: int) -> tuple[Word, ...]:
    """The tokens `[start, end)` as words of a name."""
    return tuple(
        Word(
            form=spell(layer.token_span(token).of(text)),
            lemma=layer.lemmas[token],
            part_of_speech=layer.parts_of_speech[token],
            features=layer.features[token],
            relation=layer.relations[token],
            head=layer.heads[token] - start if start <= layer.heads[token] < end else None,
            glued=token == start or layer.token_starts[token] == layer.token_ends[token - 1],
        )
        for token in range(start, end)
    )


def _normal_forms(named: Sequence[_Named]) -> list[str]:
    """Normal forms of all names; full names of persons first, since they tell how a surname alone is to be read."""
    persons = [one for one in named if one.name.kind is MentionKind.PERSON]
    attested = {word.form.lower() for one in persons for word in one.words}
    forms = [""] * len(named)
    order = sorted(range(len(named)), key=lambda place: (len(named[place].words) == 1, place))
    for place in order:
        one = named[place]
        forms[place] = one.language.namer.normal_form(one.words, one.name.kind, attested=attested)
        if one.name.kind is MentionKind.PERSON and len(one.words) > 1:
            attested.update(forms[place].lower().split())
    return forms


def _surnames_as_introduced(named: Sequence[_Named], normal: Sequence[str], links: Sequence[Link]) -> list[Link]:
    """A surname alone is whoever the text introduced by full name, be he known or not."""
    introduced: dict[str, Link] = {}
    found = list(links)
    for place, one in enumerate(named):
        if one.name.kind is not MentionKind.PERSON:
            continue
        for surname, _ in surnames_of([normal[place]], one.language.persons):
            introduced.setdefault(surname, links[place])
        parts = one.language.persons.parts(normal[place])
        if len(parts) == 1 and not one.language.persons.is_leader(links[place]):
            found[place] = introduced.get(skeleton(parts[0]), links[place])
    return found


def _settlements(
    text: str, layer: AnalysisLayer, named: Sequence[_Named], normal: Sequence[str], links: Sequence[Link]
) -> list[Link]:
    """Places that no table knows, by what all other names of the text say."""
    sentences = [layer.sentence_of(one.name.start) for one in named]
    found = list(links)
    for place, one in enumerate(named):
        if one.name.kind is not MentionKind.LOCATION or links[place] != NO_LINK:
            continue
        if not around(text, layer, one.name.start, one.name.end).quoted:
            linker = one.language.settlements
            evidence = linker.evidence(links, sentences, sentences[place])
            found[place] = linker.link(one.words, normal[place], evidence, _governing(layer, one.name))
    return found


def _governing(layer: AnalysisLayer, name: Name) -> set[str]:
    """Lemmas of the two tokens before a name and of the word that it depends on, over names that it is joined to."""
    inside = range(name.start, name.end)
    top = next((token for token in inside if layer.heads[token] not in inside), name.start)
    while layer.relations[top] == "conj" and layer.heads[top] >= 0:
        top = layer.heads[top]
    sentence = layer.sentence(layer.sentence_of(name.start))
    tokens = {
        *range(max(sentence.start, name.start - 2), name.start),
        *(token for token in [layer.heads[top]] if token >= 0),
    }
    return {layer.lemmas[token].lower().rstrip(".") for token in tokens}


def _written(layer: AnalysisLayer, named: Sequence[_Named], normal: Sequence[str]) -> list[Written]:
    return [
        Written(one.name.kind, form, layer.token_starts[one.name.start], layer.token_ends[one.name.end - 1])
        for one, form in zip(named, normal, strict=True)
    ]


def _beside(text: str, layer: AnalysisLayer, one: _Named) -> Owner:
    """The state that stands beside a name in its sentence: an adjective before it or a genitive right behind it."""
    sentence = layer.sentence(layer.sentence_of(one.name.start))
    if one.name.start - 1 in sentence:
        owner = one.language.things.state(words_of(text, layer, one.name.start - 1, one.name.start)[0])
        if owner.code:
            return owner
    longest = min(one.name.end + 2, sentence.stop)
    for end in range(longest, one.name.end, -1):
        if layer.feature(one.name.end, "Case") in ("Gen", "") and layer.parts_of_speech[one.name.end] != "PUNCT":
            owner = one.language.things.owner(words_of(text, layer, one.name.end, end))
            if owner.code:
                return owner
    return NOBODY


def _mention(layer: AnalysisLayer, one: _Named, normal: str, link: Link) -> Mention:
    kind = MentionKind.PERSON if link.rule in PERSON_RULES else one.name.kind
    rules = ("name.person" if kind is MentionKind.PERSON else "name.thing", *((link.rule,) if link != NO_LINK else ()))
    return Mention(
        span=Span(layer.token_starts[one.name.start], layer.token_ends[one.name.end - 1]),
        kind=kind,
        name=link.name or normal,
        entity_id=link.entity_id,
        code=link.code,
        sector=link.sector,
        rule_ids=rules,
    )
