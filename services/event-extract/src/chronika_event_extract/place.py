"""Where an event happened: a name of a place in a local phrase of the trigger (codebook 2.8), not whom it concerns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from chronika.domain.analysis import Mention, MentionKind
from chronika.domain.event import Coordinates, EventType, Participant, Place, PlacePrecision
from chronika.ports.language_pack import LanguagePack
from chronika_event_extract.parties import Parties
from chronika_event_extract.tree import Argument, Tree
from chronika_event_extract.triggers import Match, function_fits
from chronika_languages.entities import EntityTable

FILE = "places.toml"
_COUNTRY_CODE_LENGTH = 3
_STEPS_UP = 3
_SPREADING = frozenset({EventType.PROTEST, EventType.COERCE, EventType.MOBILIZE})
_NAMESAKES = "link.namesakes"
"""The rule of a mention that one of several settlements may be meant by: it has no coordinates."""
_AIMED = frozenset({EventType.ASSAULT, EventType.MOBILIZE})
"""Types whose target or destination is where they happen; visits too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceWords:
    """places.toml of a pack, and the table that says where places lie."""

    types: frozenset[EventType]
    modes: frozenset[str]
    functions: tuple[str, ...]
    need_case: frozenset[str]
    spread_functions: tuple[str, ...]
    home_nouns: frozenset[str]
    target_functions: tuple[str, ...]
    introducers: frozenset[str]
    lie_in: Mapping[str, str]
    entities: EntityTable


def read_place_words(pack: LanguagePack, entities: EntityTable) -> PlaceWords:
    """The table of a pack with that of all entities."""
    table = pack.settings(FILE)
    return PlaceWords(
        types=frozenset(EventType(name) for name in table["types"]),
        modes=frozenset(table["modes"]),
        functions=tuple(table["functions"]),
        need_case=frozenset(table["need_case"]),
        spread_functions=tuple(table["spread_functions"]),
        home_nouns=frozenset(table["home_nouns"]),
        target_functions=tuple(table["target_functions"]),
        introducers=frozenset(table["introducers"]),
        lie_in=table["lie_in"],
        entities=entities,
    )


class Atlas:
    """Finds the places of the triggers of one document."""

    def __init__(self, tree: Tree, words: PlaceWords, parties: Parties) -> None:
        self.tree = tree
        self.words = words
        self.parties = parties

    def read(self, match: Match, actors: Sequence[Participant]) -> tuple[Place | None, tuple[str, ...]]:
        """The place of a trigger and the rule that found it; who acts is not where it happens."""
        if match.entry.type not in self.words.types and match.entry.mode not in self.words.modes:
            return None, ()
        for argument, rule in self._local_phrases(match):
            place = self._place(argument.token, is_target=rule == "place.target")
            if place is not None and not any(actor.span.overlaps(place.span) for actor in actors):
                return place, (rule,)
        return None, ()

    def _local_phrases(self, match: Match) -> Iterator[tuple[Argument, str]]:
        functions = self.words.functions
        if match.entry.type in _SPREADING:
            functions = (*functions, *self.words.spread_functions)
        for argument in match.arguments:
            if self._is_local(argument, functions):
                yield argument, "place.local"
        if match.entry.type in _AIMED or match.entry.mode == "visit":
            at_verb = self.tree.arguments(match.light.verb) if match.light is not None else ()
            for argument in (*match.arguments, *(a for a in at_verb if "+" in a.function)):
                if argument.direct and any(function_fits(f, argument.function) for f in self.words.target_functions):
                    yield argument, "place.target"
        for verb in self._verbs(match):
            for argument in self.tree.arguments(verb):
                if argument.direct and self._is_local(argument, functions):
                    yield argument, "place.clause"

    def _is_local(self, argument: Argument, functions: tuple[str, ...]) -> bool:
        preposition, _, case = argument.function.partition("+")
        if not case and preposition in self.words.need_case:
            return False
        return any(function_fits(function, argument.function) for function in functions)

    def _verbs(self, match: Match) -> Iterator[int]:
        """The light verb, and the verbs above inside the same clause."""
        if match.light is not None:
            yield match.light.verb
        below = match.token
        for steps, ancestor in enumerate(self.tree.ancestors(match.token)):
            if self.tree.relations[below] in {"ccomp", "parataxis", "acl", "advcl"} or steps == _STEPS_UP:
                return
            yield ancestor
            below = ancestor

    def _name(self, token: int, *, is_target: bool) -> Mention | None:
        """The name at a token, or the one that a noun introduces; whatever thing is a target introduces one."""
        mention = self.parties.mention_at.get(token)
        if mention is not None:
            return mention if mention.kind is MentionKind.LOCATION else None
        is_thing = is_target and self.tree.feature(token, "Animacy") == "Inan"
        if self.tree.lemmas[token] not in self.words.introducers and not is_thing:
            return None
        for child in self.tree.children[token]:
            if self.tree.relations[child] in {"nmod", "flat", "appos"}:
                below = self.parties.mention_at.get(child)
                if below is not None and below.kind is MentionKind.LOCATION:
                    return below
        return None

    def _place(self, token: int, *, is_target: bool) -> Place | None:
        mention = self._name(token, is_target=is_target)
        if mention is None:
            if self.tree.lemmas[token] not in self.words.home_nouns or self.tree.feature(token, "Number") == "Plur":
                return None
            span = self.tree.span(token)
            return Place(span=span, name=span.of(self.tree.text), country=self.parties.home)
        code = self.words.lie_in.get(mention.entity_id, mention.code)
        country = code if len(code) == _COUNTRY_CODE_LENGTH and code.isalpha() else ""
        coordinates, precision = self._located(mention)
        return Place(
            span=mention.span,
            name=mention.name,
            country=country,
            coordinates=coordinates,
            precision=precision,
            entity_id=mention.entity_id,
        )

    def _located(self, mention: Mention) -> tuple[Coordinates | None, PlacePrecision | None]:
        """Where a name lies, and what that stands for: a state or a region is no point."""
        entity = self.words.entities.get(mention.entity_id) if mention.entity_id else None
        if entity is None:
            return None, PlacePrecision.SETTLEMENT if _NAMESAKES in mention.rule_ids else None
        coordinates = Coordinates(*entity.coordinates) if entity.coordinates is not None else None
        return coordinates, PlacePrecision(entity.extent) if entity.extent else None
