"""Where an event happened: a name of a place in a local phrase of the trigger (codebook 2.8), not whom it concerns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chronika.domain.analysis import Mention, MentionKind
from chronika.domain.event import EventType, Place
from chronika.ports.language_pack import LanguagePack
from chronika_event_extract.parties import Parties
from chronika_event_extract.tree import Argument, Tree
from chronika_event_extract.triggers import Match, function_fits

FILE = "places.toml"
_COUNTRY_CODE_LENGTH = 3
_STEPS_UP = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceWords:
    """places.toml of a pack."""

    functions: tuple[str, ...]
    target_functions: tuple[str, ...]
    introducers: frozenset[str]


def read_place_words(pack: LanguagePack) -> PlaceWords:
    """The table of a pack."""
    table = pack.settings(FILE)
    return PlaceWords(
        functions=tuple(table["functions"]),
        target_functions=tuple(table["target_functions"]),
        introducers=frozenset(table["introducers"]),
    )


class Atlas:
    """Finds the places of the triggers of one document."""

    def __init__(self, tree: Tree, words: PlaceWords, parties: Parties) -> None:
        self.tree = tree
        self.words = words
        self.parties = parties

    def read(self, match: Match) -> tuple[Place | None, tuple[str, ...]]:
        """The place of a trigger and the rule that found it."""
        for argument, rule in self._local_phrases(match):
            mention = self._name(argument.token)
            if mention is not None:
                return self._place(mention), (rule,)
        return None, ()

    def _local_phrases(self, match: Match) -> Iterator[tuple[Argument, str]]:
        for argument in match.arguments:
            if self._is_local(argument):
                yield argument, "place.local"
        if match.entry.type is EventType.ASSAULT:
            for argument in match.arguments:
                if argument.direct and any(function_fits(f, argument.function) for f in self.words.target_functions):
                    yield argument, "place.target"
        for verb in self._verbs(match):
            for argument in self.tree.arguments(verb):
                if argument.direct and self._is_local(argument):
                    yield argument, "place.clause"

    def _is_local(self, argument: Argument) -> bool:
        return any(function_fits(function, argument.function) for function in self.words.functions)

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

    def _name(self, token: int) -> Mention | None:
        mention = self.parties.mention_at.get(token)
        if mention is not None:
            return mention if mention.kind is MentionKind.LOCATION else None
        if self.tree.lemmas[token] not in self.words.introducers:
            return None
        for child in self.tree.children[token]:
            if self.tree.relations[child] in {"nmod", "flat", "appos"}:
                below = self.parties.mention_at.get(child)
                if below is not None and below.kind is MentionKind.LOCATION:
                    return below
        return None

    def _place(self, mention: Mention) -> Place:
        country = mention.code if len(mention.code) == _COUNTRY_CODE_LENGTH and mention.code.isalpha() else ""
        return Place(span=mention.span, name=mention.name, country=country, entity_id=mention.entity_id)
