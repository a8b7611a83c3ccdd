"""What stands around a name in its sentence, and what it says of the name.

"Округ Колумбия" is no state, «Киев» in quotation marks is a firm or a ship, and of a word that everybody uses
("Батьківщина") only quotation marks or a word such as "партія" make the name of a party.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from chronika.domain.analysis import AnalysisLayer
from chronika.ports.language_pack import LanguagePack

HOMONYMS = "homonyms.tsv"
_OPENING, _CLOSING = frozenset("«„“”\"'"), frozenset("»“”\"'")
_BEHIND = 3


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Lemmas of the word before a name and of the three behind it, and whether quotation marks close it in."""

    before: str = ""
    behind: tuple[str, ...] = ()
    quoted: bool = False


NOWHERE = Surroundings()


def around(text: str, layer: AnalysisLayer, start: int, end: int) -> Surroundings:
    """What stands around the tokens `[start, end)` of a text."""
    sentence = layer.sentence(layer.sentence_of(start))
    first, last = layer.token_starts[start], layer.token_ends[end - 1]
    before = start - 1
    while before >= sentence.start and text[layer.token_starts[before]] in _OPENING:
        before -= 1
    return Surroundings(
        before=layer.lemmas[before].lower() if before >= sentence.start else "",
        behind=tuple(layer.lemmas[token].lower() for token in range(end, min(sentence.stop, end + _BEHIND))),
        quoted=_is_quoted(text, first - 1, last) or _is_quoted(text, first, last - 1),
    )


def _is_quoted(text: str, opening: int, closing: int) -> bool:
    return text[max(opening, 0)] in _OPENING and text[closing : closing + 1] in _CLOSING


@dataclass(frozen=True, slots=True)
class _Homonym:
    """What a name means beside a word."""

    before: frozenset[str]
    behind: tuple[str, ...]
    entity: str


class Homonyms:
    """Names that mean something else beside certain words: the pack's `homonyms.tsv`."""

    def __init__(self, pack: LanguagePack) -> None:
        self._by_name: Mapping[str, list[_Homonym]] = defaultdict(list)
        for row in pack.table(HOMONYMS):
            one = _Homonym(frozenset(row["before"].split()), tuple(row["behind"].split()), row["entity"])
            self._by_name[row["name"].lower()].append(one)

    def meaning(self, name: str, place: Surroundings) -> str | None:
        """The id of what a name in the nominative means here, empty for nothing that is known; None: as always."""
        for one in self._by_name.get(name.lower(), ()):
            if place.before in one.before or (one.behind and place.behind[: len(one.behind)] == one.behind):
                return one.entity
        return None
