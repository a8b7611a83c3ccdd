"""Settlements that only the gazetteer knows: which of the namesakes a text means, or that it does not tell.

The nearest evidence decides: a region named in the sentence, then one named in the text, then the states that the text
names, then those that texts of its language speak of without naming them. Elsewhere only a city is looked for: "Шерман"
is likelier a tank than a town in Texas. Among the namesakes that the evidence leaves, a town is meant when it has five
times the people of the next. Else none is picked: the name keeps the state that all of them share, and no id.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from chronika.ports.language_pack import LanguagePack
from chronika_languages.entities import Entity, EntityTable
from chronika_ner.link import NO_LINK, Link, to_entity
from chronika_ner.names import Namer, Word, join

FILE = "settlements.toml"
ONE, SEVERAL = "link.settlement", "link.namesakes"
"""Rules: a settlement was found, or several of which the text does not tell which is meant."""
_CLEARLY_LARGER = 5
_TOWN = 15_000
"""People of a place that may be meant by a name without further words; the gazetteer lists few namesakes below 500."""
_UNCOUNTED = 500
"""People that a namesake counts for whose number is not known."""
_VILLAGE = 2_000
"""People of a place that may be meant when the list knows no namesake: below, the list knows too few of them."""
_CITY = 100_000
_SHORT = 4
"""Letters of a name that is likelier a word of another language than a city of a state that nobody mentions."""
_STATE_CODE_LENGTH = 3
_REGION = "region"
_ADJECTIVAL = ("ий", "ый", "ой", "ій")
"""Ends of lemmas of adjectives, which have lost the gender that tells the towns Центральна and Центральний apart."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a text names around a settlement: ids of regions in the sentence and in the text, codes of states."""

    near: Collection[str] = ()
    regions: Collection[str] = ()
    states: Collection[str] = ()


class SettlementLinker:
    """Links names of settlements in one language."""

    def __init__(self, table: EntityTable, pack: LanguagePack, namer: Namer) -> None:
        self._table = table
        self._namer = namer
        settings = pack.settings(FILE)
        self._homes = frozenset(settings["homes"])
        self._others = frozenset(settings["others"])
        self._endings = tuple((form, nominative) for form, nominative in settings["endings"])
        self._introducers = frozenset(settings["introducers"])
        self._streets = frozenset(settings["streets"])

    def evidence(self, links: Sequence[Link], sentences: Sequence[int], sentence: int) -> Evidence:
        """What links say to a name in a sentence; `sentences` are the numbers of their own."""
        regions = [(link.entity_id, at) for link, at in zip(links, sentences, strict=True) if self._is_region(link)]
        return Evidence(
            near={region for region, at in regions if at == sentence},
            regions={region for region, _ in regions},
            states={link.code for link in links if _is_state(link.code)},
        )

    def link(self, words: Sequence[Word], normal: str, evidence: Evidence, before: Collection[str] = ()) -> Link:
        """The settlement of a name by its normal form, or what all its namesakes have in common.

        `before` are lemmas that the name stands behind or depends on: "село" introduces it, "улица" makes it a street.
        """
        introduced = not self._introducers.isdisjoint(before)
        if not introduced and (not self._streets.isdisjoint(before) or _is_adjective(words)):
            return NO_LINK
        is_common = not introduced and self._is_common(words)
        for name in self._spellings(words, normal, introduced=introduced):
            if not introduced and name.lower() in self._others:
                return NO_LINK
            found = self._table.places(name)
            places = [place for place in found if place.region in evidence.near] if is_common else found
            if places:
                link = self._among(name, places, evidence)
                return replace(link, name=name) if link != NO_LINK and name != normal else link
        return NO_LINK

    def _is_common(self, words: Sequence[Word]) -> bool:
        """Whether it is a word of the language rather than a name ("до Пекла"), unless its region stands beside it."""
        return len(words) == 1 and words[0].part_of_speech == "NOUN" and self._namer.is_word(words[0].form)

    def _spellings(self, words: Sequence[Word], normal: str, *, introduced: bool) -> Iterator[str]:
        """What to look up: behind a word for what it is a name may keep its form, "у селі Лісники"."""
        surface = join(words, [word.form for word in words])
        if introduced:
            yield surface
        yield normal
        first, _, rest = normal.partition(" ")
        if rest and first.lower().rstrip(".") in self._namer.words.type_words:
            yield rest
        if len(words) == 1 and not words[0].lemma.endswith(_ADJECTIVAL):
            yield words[0].lemma
        yield surface
        if words[-1].case != "nomn":
            yield from (surface.removesuffix(form) + end for form, end in self._endings if surface.endswith(form))

    def _among(self, name: str, places: Sequence[Entity], evidence: Evidence) -> Link:
        for regions in (evidence.near, evidence.regions):
            inside = [place for place in places if place.region in regions]
            if inside and (regions is evidence.near or _only_region(inside[0], regions)):
                return _one_of(inside, alone=0, least=0)
        named = {*evidence.states, *(self._homes if len(self._homes) == 1 else ())}
        for states in (named, self._homes):
            inside = [place for place in places if place.code in states]
            if inside:
                return _one_of(inside, alone=_TOWN if evidence.near else _VILLAGE, least=_TOWN)
        cities = [place for place in places if place.population >= _CITY and len(name) > _SHORT]
        return _one_of(cities, alone=_CITY, least=_CITY)

    def _is_region(self, link: Link) -> bool:
        entity = self._table.get(link.entity_id) if link.entity_id.startswith("place:") else None
        return entity is not None and entity.extent == _REGION


def _is_adjective(words: Sequence[Word]) -> bool:
    """Whether it is no name by itself: "в Кировском районе"."""
    return len(words) == 1 and words[0].part_of_speech == "ADJ"


def _only_region(place: Entity, regions: Collection[str]) -> bool:
    """Whether no other region of the place's state is named."""
    return sum(region.startswith(f"place:{place.code}:") for region in regions) == 1


def _is_state(code: str) -> bool:
    return len(code) == _STATE_CODE_LENGTH and code.isupper()


def _one_of(places: Sequence[Entity], *, alone: int, least: int) -> Link:
    """The one that is meant, or the state that all share.

    A place without namesakes is meant when it has at least `alone` people, one with namesakes when it has at least
    `least` and is clearly larger.
    """
    if not places:
        return NO_LINK
    first = places[0]
    next_people = max([_UNCOUNTED, *(place.population for place in places[1:])])
    needed = alone if len(places) == 1 else max(least, _CLEARLY_LARGER * next_people)
    if first.population >= needed:
        return to_entity(first, ONE)
    codes = {place.code for place in places}
    return Link(code=codes.pop() if len(codes) == 1 else "", rule=SEVERAL)
