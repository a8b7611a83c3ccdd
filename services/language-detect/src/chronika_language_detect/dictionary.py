"""Which words a language has: the dictionaries that the pymorphy3 packages hold.

A headline of two words may hold no telling letter and no frequent word; that one language knows both and its neighbour
none of them still decides.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pymorphy3

from chronika.domain.errors import ConfigurationError

_REMEMBERED = 20_000


class WordList:
    """The words of one dictionary. Loading takes a twentieth of a second and 17 MiB."""

    __slots__ = ("has",)

    def __init__(self, analyzer: Any) -> None:
        self.has = lru_cache(maxsize=_REMEMBERED)(analyzer.word_is_known)
        """Whether a form in lower case is one of the language's, whatever its case or person."""


def load_words(dictionary: str) -> WordList:
    """The words of a dictionary that is installed ("ru"). ConfigurationError `language-dictionary-missing`."""
    try:
        analyzer = pymorphy3.MorphAnalyzer(lang=dictionary)
    except ValueError as error:
        raise ConfigurationError(
            "language-dictionary-missing",
            f"no dictionary {dictionary!r} is installed for pymorphy3",
            cure="Install its package, or leave `dictionary` out of the pack's language.toml.",
        ) from error
    return WordList(analyzer)
