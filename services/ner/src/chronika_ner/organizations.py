"""Places and organisations by name: as the tables have them, and organs that a state beside them completes.

An organ takes its state from an adjective before it ("польский МИД"), from the genitive behind it ("МИД Польши"), or
from what stands beside the name. An organisation that no table knows still has the code of the state whose adjective it
begins with, and the sector of the noun that heads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from chronika.domain.analysis import MentionKind
from chronika.ports.language_pack import LanguagePack
from chronika_languages.entities import Entity, EntityKind, EntityTable, Organ, name_key
from chronika_ner.link import BY_NAME, NO_LINK, Link, to_entity
from chronika_ner.names import Namer, Word, join
from chronika_ner.surroundings import NOWHERE, Homonyms, Surroundings

_PLACES = (EntityKind.COUNTRY, EntityKind.CAPITAL, EntityKind.PLACE, EntityKind.REGION, EntityKind.DEFACTO)
_BODIES = (EntityKind.ORGANIZATION, EntityKind.SEAT, EntityKind.FIRM, EntityKind.OUTLET)
_PREFERENCES: Mapping[MentionKind, tuple[EntityKind, ...]] = {
    MentionKind.LOCATION: (*_PLACES, EntityKind.SEAT, EntityKind.ORGANIZATION, EntityKind.OUTLET),
    MentionKind.ORGANIZATION: (*_BODIES, *_PLACES),
    MentionKind.PERSON: (),
}
_STATES = frozenset({EntityKind.COUNTRY, EntityKind.DEFACTO})
_UNQUOTED = frozenset({EntityKind.COUNTRY, EntityKind.CAPITAL, EntityKind.PLACE})
"""What quotation marks make a firm, a ship or a club of."""
_SITE = "site"
_ORGAN_ID = "organ:"
_GOVERNMENT, _PRIVATE = "GOV", frozenset({"", "JRN", "NGO"})
_LONGEST_OWNER = 3
_SHORT_ABBREVIATION = 4


@dataclass(frozen=True, slots=True)
class Owner:
    """The state that an organ belongs to. `is_state` is false for the code of a city: "полиция Лондона"."""

    code: str
    is_state: bool

    def __bool__(self) -> bool:
        return bool(self.code)


NOBODY = Owner("", is_state=False)


class OrganizationLinker:
    """Links names of places and organisations in one language."""

    def __init__(self, table: EntityTable, pack: LanguagePack, namer: Namer) -> None:
        self._table = table
        self._language = pack.code
        self._namer = namer
        self._states = {entity.code for entity in table if entity.kind is EntityKind.COUNTRY}
        self._demonyms = {row["lemma"]: row["code"] for row in pack.table("demonyms.tsv")}
        self._roles = {row["lemma"]: row["sector"] for row in pack.table("roles.tsv")}
        self._homonyms = Homonyms(pack)

    def link(
        self,
        words: Sequence[Word],
        kind: MentionKind,
        normal: str,
        beside: Owner = NOBODY,
        place: Surroundings = NOWHERE,
    ) -> Link:
        """The entity of a name; `beside` is the state that stands next to it in the text, `place` what else does."""
        surface = join(words, [word.form for word in words])
        other = self._homonyms.meaning(normal, place)
        if other is not None:
            entity = self._table.get(other)
            return to_entity(entity, "link.homonym") if entity is not None else NO_LINK
        for name, rule in self._spellings(words, normal, surface):
            entity = self._named(name, kind, surface)
            if entity is not None and self._is_meant(entity, name, place):
                return self._of_others(entity, normal, beside, place) or to_entity(
                    entity, rule, name="" if rule == BY_NAME else self._as_listed(entity, name)
                )
        if kind is not MentionKind.ORGANIZATION:
            return NO_LINK
        return self._organ(words, normal, beside) or self._by_state(words)

    def state(self, adjective: Word) -> Owner:
        """The state whose adjective a word is."""
        code = self._demonyms.get(adjective.lemma.lower(), "")
        if not code or adjective.part_of_speech not in ("ADJ", "PROPN", "DET"):
            return NOBODY
        return Owner(code, is_state=code in self._states)

    def owner(self, words: Sequence[Word]) -> Owner:
        """The state or the place's state that words name, "Великой Британии" or "РФ"."""
        normal = self._namer.normal_form(words, MentionKind.LOCATION)
        surface = join(words, [word.form for word in words])
        entity = self._named(normal, MentionKind.LOCATION, surface) or self._named(
            surface, MentionKind.LOCATION, surface
        )
        if entity is None or not entity.code:
            return NOBODY
        return Owner(entity.code, is_state=entity.kind in _STATES)

    def _spellings(self, words: Sequence[Word], normal: str, surface: str) -> Iterator[tuple[str, str]]:
        yield normal, BY_NAME
        short = self._without_type(normal)
        if short:
            yield short, BY_NAME
        lemmas = join(words, [word.lemma for word in words])
        if len(words) == 1 and lemmas != normal and words[0].part_of_speech in ("NOUN", "PROPN"):
            yield lemmas, "link.lemma"
        if surface != normal:
            yield surface, "link.surface"
        yield self._namer.as_genitive(words), "link.genitive"

    def _as_listed(self, entity: Entity, name: str) -> str:
        """The form of an entity's name that a spelling found."""
        forms = entity.names.get(self._language, ())
        return next((form for form in forms if name_key(form) == name_key(name)), name)

    def _without_type(self, name: str) -> str:
        """A name without the word for what it is: "телеканал «Дождь»" is «Дождь»."""
        first, _, rest = name.partition(" ")
        return rest if rest and first.lower().strip('«»"') in self._namer.words.type_words else ""

    def _named(self, name: str, kind: MentionKind, surface: str) -> Entity | None:
        fitting = [one for one in self._table.named(name, self._language) if self._is_written(one, name, surface)]
        preferences = _PREFERENCES[kind]
        ranked = sorted(
            (one for one in fitting if one.kind in preferences), key=lambda one: preferences.index(one.kind)
        )
        return ranked[0] if ranked else None

    def _is_written(self, entity: Entity, name: str, surface: str) -> bool:
        """Whether capitals allow it: a common noun is no name, and a short abbreviation is written in capitals."""
        if surface.islower():
            lowered = any(form[:1].islower() for form in entity.names.get(self._language, ()))
            return lowered or entity.kind is EntityKind.COUNTRY
        letters = name.strip("«»\"„“”'")
        if 1 < len(letters) <= _SHORT_ABBREVIATION and letters.isalpha():
            forms = entity.names.get(self._language, ())
            abbreviated = any(form.isupper() and form.lower() == letters.lower() for form in forms)
            return not abbreviated or sum(map(str.isupper, surface)) > 1 or surface.islower()
        return True

    def _is_meant(self, entity: Entity, name: str, place: Surroundings) -> bool:
        """Whether quotation marks allow it: a place stands without; a form that the table quotes with them, or behind a
        word for what it is."""
        forms = [form for form in entity.names.get(self._language, ()) if name_key(form) == name_key(name)]
        quotes = [form.startswith("«") for form in forms]
        if place.quoted:
            return entity.kind not in _UNQUOTED or entity.extent == _SITE or any(quotes)
        return not quotes or not all(quotes) or place.before in self._namer.words.type_words

    def _of_others(self, entity: Entity, normal: str, beside: Owner, place: Surroundings) -> Link | None:
        """What a name that by itself is an organ of one state is beside another ("китайські ВМС"), or in a town."""
        if not entity.id.startswith(_ORGAN_ID):
            return None
        if place.before in self._namer.words.local:
            return Link(code=entity.code, sector=entity.sector, rule="link.local")
        organ = self._kind_of_organ(normal)
        if organ is not None and beside.is_state and beside.code != entity.code:
            return self._of(organ, beside)
        return None

    # -- organs of states ---------------------------------------------------------------------------------------------

    def _organ(self, words: Sequence[Word], normal: str, beside: Owner) -> Link | None:
        organ = self._kind_of_organ(normal)
        if organ is not None:
            return self._of(organ, beside)
        before = self.state(words[0])
        if before.code and len(words) > 1:
            organ = self._kind_of_organ(self._normal(words[1:]))
            if organ is not None:
                return self._of(organ, before)
        for border in range(len(words) - 1, 0, -1):
            organ = self._kind_of_organ(self._normal(words[:border]))
            if organ is not None:
                owner = self._owner_behind(words[border:]) or self._state_inside(words)[0]
                return self._of(organ, replace(owner, is_state=owner.is_state and not self._is_local(words)))
        return None

    def _kind_of_organ(self, name: str) -> Organ | None:
        return self._table.organ(name, self._language)

    def _normal(self, words: Sequence[Word]) -> str:
        return self._namer.normal_form(_relative(words), MentionKind.ORGANIZATION)

    def _owner_behind(self, words: Sequence[Word]) -> Owner:
        for length in range(min(_LONGEST_OWNER, len(words)), 0, -1):
            owner = self.owner(_relative(words[:length]))
            if owner.code:
                return owner
        return NOBODY

    def _of(self, organ: Organ, owner: Owner) -> Link:
        if owner.is_state:
            return to_entity(self._table.organ_of(organ, owner.code), "link.organ-of-state")
        return Link(code=owner.code, sector=organ.sector, rule="link.organ")

    def _is_local(self, words: Sequence[Word]) -> bool:
        """Whether a name names a part of a state: "суд швейцарского кантона Цуг"."""
        return any(word.lemma.lower() in self._namer.words.parts for word in words)

    def _by_state(self, words: Sequence[Word]) -> Link:
        """The code of an organisation that names a state by its adjective, or in the genitive at its end."""
        if self._is_no_party(words):
            return NO_LINK
        owner, rule = self._state_inside(words)
        if not owner.code:
            return NO_LINK
        return Link(code=owner.code, sector=self._sector(words), rule=rule)

    def _sector(self, words: Sequence[Word]) -> str:
        """The sector of the first noun that tells one; an agency or a fund of the state is part of its government."""
        sectors = (self._roles.get(word.lemma.lower(), "") for word in words)
        sector = next((sector for sector in sectors if sector), "")
        public = any(word.lemma.lower() in self._namer.words.public for word in words)
        return _GOVERNMENT if public and sector in _PRIVATE else sector

    def _state_inside(self, words: Sequence[Word]) -> tuple[Owner, str]:
        adjectives = (self.state(word) for place, word in enumerate(words) if not self._is_no_party(words[place:]))
        owner = next((found for found in adjectives if found.code in self._states), NOBODY)
        if owner.code or len(words) == 1 or words[-1].case not in ("gent", "") or self._is_no_party(words[-2:]):
            return owner, "link.state-adjective"
        last = self.owner(_relative(words[-1:]))
        return (last if last.is_state else NOBODY), "link.state-genitive"

    def _is_no_party(self, words: Sequence[Word]) -> bool:
        """Whether the first noun is of something that does not act: a treaty, or what a body deals with."""
        head = next((word for word in words if word.part_of_speech in ("NOUN", "PROPN")), None)
        return head is not None and head.lemma.lower() in self._namer.words.no_parties


def _relative(words: Sequence[Word]) -> tuple[Word, ...]:
    """Part of a name as a name of its own: heads no longer count in the whole."""
    return tuple(replace(word, head=None, glued=word.glued if place else True) for place, word in enumerate(words))
