"""What the morphological dictionary of a language knows of a word: its readings, best first.

A reading is a tag and a lemma. Where a dictionary makes a lemma of its own of every converb, the verb is found again by
the endings in the pack's `converbs.tsv`. Words that no dictionary should be asked about (without letters, endless, or
chains of hyphens that make the guesser try every split) have no readings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pymorphy3

from chronika.ports.language_pack import LanguagePack

MAX_LETTERS = 48
MAX_HYPHENS = 4
_CONVERB = "GRND"
_VERB = "VERB"


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
    """The dictionary of one language. Loading takes a tenth of a second and 17 MiB.

    `converb_endings` are pairs of a converb's ending and the infinitive's, tried in order.
    """

    def __init__(self, language: str, converb_endings: Sequence[tuple[str, str]] = ()) -> None:
        self._converb_endings = tuple(converb_endings)
        self._analyzer: Any = pymorphy3.MorphAnalyzer(lang=language, result_type=None)
        self._tags: dict[Any, tuple[str, frozenset[str]]] = {}

    @property
    def lexicon(self) -> Any:
        """The dictionary itself, for `inflection.Inflector`: one copy of it serves both."""
        return self._analyzer

    def look_up(self, word: str) -> Entry:
        """The entry of a word that `spelling.spell` has spelt; capitals tell an abbreviation from a word."""
        if len(word) > MAX_LETTERS or word.count("-") > MAX_HYPHENS or not any(map(str.isalpha, word)):
            return UNREADABLE
        form = word if word.isupper() else word.lower()
        parses = self._analyzer.parse(form)
        readings = tuple(self._reading(*self._tag(parse[1]), parse[2]) for parse in parses)
        return Entry(readings, bool(self._analyzer.word_is_known(form)))

    def _reading(self, tag: str, grammemes: frozenset[str], lemma: str) -> Reading:
        if _CONVERB in grammemes and self._converb_endings:
            return Reading(tag, grammemes, self._infinitive(lemma))
        return Reading(tag, grammemes, lemma)

    def _infinitive(self, converb: str) -> str:
        for ending, replacement in self._converb_endings:
            candidate = converb.removesuffix(ending) + replacement
            if converb.endswith(ending) and self._is_infinitive(candidate):
                return candidate
        return converb

    def _is_infinitive(self, word: str) -> bool:
        return self._analyzer.word_is_known(word) and any(
            _VERB in parse[1].grammemes and parse[2] == word for parse in self._analyzer.parse(word)
        )

    def _tag(self, tag: Any) -> tuple[str, frozenset[str]]:
        """Text and grammemes of a tag. Asking `"Geox" in tag` would fail as soon as a second language is loaded."""
        found = self._tags.get(tag)
        if found is None:
            found = self._tags[tag] = (str(tag), frozenset(tag.grammemes))
        return found


def load_dictionary(pack: LanguagePack) -> Dictionary:
    """The dictionary that a pack's `language.toml` names, with the endings of its `converbs.tsv`."""
    endings = [(row["ending"], row["infinitive"]) for row in pack.table("converbs.tsv")]
    return Dictionary(pack.settings("language.toml")["dictionary"], endings)
