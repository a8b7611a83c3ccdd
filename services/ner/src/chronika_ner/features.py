"""What the network is told of a word: hashes of its form, and every grammeme that the dictionary thinks possible.

Most of the cost of a cold start is asking the dictionary, so a word is asked once: `WordTable` gives each distinct
word a row, and a batch gathers rows. The table is emptied when it is full, between two calls, never inside one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from chronika_ner.dictionary import UNREADABLE, Dictionary, Entry
from chronika_ner.spelling import spell
from chronika_ner.vocabulary import Vocabulary

PADDING = 0
"""The row of no word: all zeros."""

CAPACITY = 65_536
_SHAPE_LENGTH = 8
_NO_TAG = "_"


def shape(word: str) -> str:
    """The look of a word: "Мінобороні" -> "Xxx", "С-300" -> "X-dd"; a run keeps two characters, the shape eight."""
    signs: list[str] = []
    for letter in word:
        sign = "X" if letter.isupper() else "x" if letter.islower() else "d" if letter.isdigit() else letter
        if signs[-2:] != [sign, sign]:
            signs.append(sign)
            if len(signs) == _SHAPE_LENGTH:
                break
    return "".join(signs)


def bucket(key: str, size: int) -> int:
    """The row of an embedding table that a string falls into; 0 is kept for padding."""
    return 1 + crc32(key.encode("utf-8", "replace")) % (size - 1)


class WordTable:
    """Features of the words seen so far, a row each.

    `hashes` is int32 [rows, 7], `grammemes` uint8 [rows, grammemes + 1] whose last column says that the word is known,
    `words`, `languages` and `entries` hold the spelling, the language and the dictionary's readings of each row.
    """

    def __init__(
        self, vocabulary: Vocabulary, dictionaries: Mapping[str, Dictionary], *, capacity: int = CAPACITY
    ) -> None:
        self._sizes = vocabulary.hash_sizes
        self._columns = {grammeme: column for column, grammeme in enumerate(vocabulary.grammemes)}
        self._dictionaries = dictionaries
        self._capacity = capacity
        self._marks: dict[frozenset[str], tuple[int, ...]] = {}
        self._rows: dict[str, dict[str, int]] = {}
        self._entries: dict[tuple[str, str], Entry] = {}
        self.words: list[str] = []
        self.languages: list[str] = []
        self.entries: list[Entry] = []
        self.hashes: NDArray[np.int32] = np.zeros((1024, len(self._sizes)), np.int32)
        self.grammemes: NDArray[np.uint8] = np.zeros((1024, len(self._columns) + 1), np.uint8)
        self.empty()

    def __len__(self) -> int:
        return len(self.words)

    def empty(self) -> None:
        """Forget every word; rows handed out before mean nothing any more."""
        self._rows = {language: {} for language in self._dictionaries}
        self._entries.clear()
        self.words = [""]
        self.languages = [""]
        self.entries = [UNREADABLE]

    def make_room(self) -> bool:
        """Empty the table if it is full; call it when no rows are in use. Whether it was emptied."""
        full = len(self.words) >= self._capacity
        if full:
            self.empty()
        return full

    def rows(self, tokens: Iterable[str], language: str) -> list[int]:
        """The rows of some tokens."""
        known = self._rows[language]
        return [known.get(token) or self._add(token, language) for token in tokens]

    def _add(self, token: str, language: str) -> int:
        row = len(self.words)
        if row == len(self.hashes):
            self.hashes = np.concatenate([self.hashes, np.zeros_like(self.hashes)])
            self.grammemes = np.concatenate([self.grammemes, np.zeros_like(self.grammemes)])
        word = spell(token)
        entry = self._entry(word, language)
        self.hashes[row] = self._hashes(word, entry)
        self.grammemes[row] = 0
        self.grammemes[row, self._possible(entry)] = 1
        self.words.append(word)
        self.languages.append(language)
        self.entries.append(entry)
        self._rows[language][token] = row
        return row

    def _entry(self, word: str, language: str) -> Entry:
        key = (word if word.isupper() else word.lower(), language)
        entry = self._entries.get(key)
        if entry is None:
            entry = self._entries[key] = self._dictionaries[language].look_up(word)
        return entry

    def _hashes(self, word: str, entry: Entry) -> tuple[int, ...]:
        low = word.lower()
        tag = entry.readings[0].tag if entry.readings else _NO_TAG
        keys = ("w" + low, low[-2:], low[-3:], low[-4:], low[:3], shape(word), tag)
        return tuple(bucket(key, size) for key, size in zip(keys, self._sizes.values(), strict=True))

    def _possible(self, entry: Entry) -> list[int]:
        columns = [column for reading in entry.readings for column in self._mark(reading.grammemes)]
        return [*columns, len(self._columns)] if entry.known else columns

    def _mark(self, grammemes: frozenset[str]) -> tuple[int, ...]:
        marks = self._marks.get(grammemes)
        if marks is None:
            marks = tuple(self._columns[grammeme] for grammeme in grammemes if grammeme in self._columns)
            self._marks[grammemes] = marks
        return marks
