"""What the morphological dictionary of a language knows of a word: its readings, best first.

A reading is a tag and a lemma. Words that no dictionary should be asked about (without letters, endless, or chains of
hyphens that make the guesser try every split) have no readings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pymorphy3

MAX_LETTERS = 48
MAX_HYPHENS = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a word: tag as the dictionary writes it, its grammemes, and the lemma in lower case."""

    tag: str
    grammemes: frozenset[str]
    lemma: str


@dataclass(frozen=True, slots=True)
class Entry:
    """The readings of a word, and whether the dictionary holds it or they were guessed from its ending."""

    readings: tuple[Reading, ...] = ()
    known: bool = False


UNREADABLE = Entry()


class Dictionary:
    """The dictionary of one language. Loading takes a tenth of a second and 17 MiB."""

    def __init__(self, language: str) -> None:
        self._analyzer: Any = pymorphy3.MorphAnalyzer(lang=language, result_type=None)
        self._tags: dict[Any, tuple[str, frozenset[str]]] = {}

    def look_up(self, word: str) -> Entry:
        """The entry of a word that `spelling.spell` has spelt; capitals tell an abbreviation from a word."""
        if len(word) > MAX_LETTERS or word.count("-") > MAX_HYPHENS or not any(map(str.isalpha, word)):
            return UNREADABLE
        form = word if word.isupper() else word.lower()
        parses = self._analyzer.parse(form)
        readings = tuple(Reading(*self._tag(parse[1]), parse[2]) for parse in parses)
        return Entry(readings, bool(self._analyzer.word_is_known(form)))

    def _tag(self, tag: Any) -> tuple[str, frozenset[str]]:
        """Text and grammemes of a tag. Asking `"Geox" in tag` would fail as soon as a second language is loaded."""
        found = self._tags.get(tag)
        if found is None:
            found = self._tags[tag] = (str(tag), frozenset(tag.grammemes))
        return found
