"""Short names of organisations mean what the text introduced by a long one.

"Національне агентство … (НАЗК)" says what the abbreviation stands for, and after "Рада Європейського Союзу" a bare
"Рада" is not the parliament that the word means by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from chronika.domain.analysis import MentionKind
from chronika_ner.link import BY_NAME, NO_LINK, Link

_BODIES = ("org:", "organ:")


@dataclass(frozen=True, slots=True)
class Written:
    """A name of a text: what kind it is, its normal form, and its first and last character."""

    kind: MentionKind
    normal: str
    start: int
    end: int

    @property
    def is_body(self) -> bool:
        """Whether it is taken for an organisation."""
        return self.kind is MentionKind.ORGANIZATION

    @property
    def is_short(self) -> bool:
        """Whether it is a single word."""
        return " " not in self.normal


def as_introduced(text: str, names: Sequence[Written], links: Sequence[Link]) -> list[Link]:
    """The links of the names, those of short names as long ones in the same text have it."""
    found = list(links)
    stands_for = _abbreviations(text, names, found)
    long_names = _LongNames()
    for place, name in enumerate(names):
        link = found[place]
        if name.is_body and not name.is_short:
            long_names.add(name, link)
        elif name.is_short and link.entity_id.startswith(_BODIES):
            if name.normal.isupper():
                found[place] = stands_for.get(name.normal, link)
            elif link.rule == BY_NAME:
                found[place] = long_names.meaning(name, link)
    return found


class _LongNames:
    """The long names that a text has had so far, by their words."""

    def __init__(self) -> None:
        self._last: dict[str, Link] = {}
        self._all: dict[str, set[str]] = defaultdict(set)

    def add(self, name: Written, link: Link) -> None:
        """Remembers a long name."""
        for word in name.normal.lower().split():
            self._last[word] = link
            self._all[word].add(link.entity_id)

    def meaning(self, name: Written, link: Link) -> Link:
        """The last long name that holds the word, unless one of them is what the word means anyway."""
        word = name.normal.lower()
        if word not in self._last or link.entity_id in self._all[word]:
            return link
        return self._last[word] if self._last[word].entity_id else NO_LINK


def _abbreviations(text: str, names: Sequence[Written], links: list[Link]) -> dict[str, Link]:
    """What abbreviations in brackets behind a long name stand for; a long name that no table knows learns from them."""
    stands_for: dict[str, Link] = {}
    for place, (long, short) in enumerate(pairwise(names)):
        brackets = text[long.end : short.start].strip() == "(" and text[short.end : short.end + 1] == ")"
        if not (brackets and long.is_body and short.is_body and short.normal.isupper()) or long.is_short:
            continue
        if links[place].entity_id:
            stands_for[short.normal] = links[place]
        elif _may_be(links[place], links[place + 1]):
            links[place] = links[place + 1]
        else:
            stands_for[short.normal] = links[place]
    return stands_for


def _may_be(long: Link, short: Link) -> bool:
    return short.entity_id.startswith(_BODIES) and long.code in ("", short.code)
