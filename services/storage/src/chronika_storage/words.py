"""Words as the full-text index knows them, and what a search asks for. No linguistics: lemmas come with the document.

A word is folded so that each way to write it is one: composed letters (NFC), case (in every script), stress marks, soft
hyphens and zero-width characters gone, the apostrophes one letter, ё as е. Hyphens part words.
"""

from __future__ import annotations

import re
import unicodedata

from chronika.domain.document import Document
from chronika.domain.errors import StoreError

MAX_QUERY_WORDS = 1000
"""Words with their alternatives that one search may hold."""

_APOSTROPHE = "\u02bc"
_INVISIBLE = (0x00AD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF)
_FOLDED = {
    **dict.fromkeys(range(0x0300, 0x0370), None),  # marks that NFC left alone: stress, not the breve of й
    **dict.fromkeys(_INVISIBLE, None),
    **dict.fromkeys(map(ord, "'\u2019\u2018\u02b9`\u00b4\u2032\uff07"), _APOSTROPHE),
    ord("ё"): "е",
}
_WORD = re.compile(r"[^\W_]+")

Alternative = tuple[str, ...]
"""Words that must all be there: the parts of one word with hyphens."""
Group = tuple[Alternative, ...]
"""Alternatives of which one must be there: the forms of one word."""


def fold(text: str) -> str:
    """A text in which each way to write a word is the same."""
    return unicodedata.normalize("NFC", text).casefold().translate(_FOLDED)


def folded_words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return [word for raw in _WORD.findall(fold(text)) if (word := raw.strip(_APOSTROPHE))]


def searchable_words(document: Document) -> list[str]:
    """All words by which a document is found, each once: those of title and text as written, and the lemmas."""
    # A word is folded once, however often it stands there: folding is the costly part.
    written = dict.fromkeys(f"{document.source.title}\n{document.text}".split())
    if document.analysis is not None:
        written |= dict.fromkeys(document.analysis.lemmas)
    return list(dict.fromkeys(folded_words("\n".join(written))))


def parse_query(text: str) -> tuple[Group, ...]:
    """What a search asks for: words parted by spaces, all of which must be there, each with alternatives parted by `|`
    ("санкции|санкция против|против"). What holds no word (punctuation) asks for nothing.

    StoreError `query-too-long` above `MAX_QUERY_WORDS`.
    """
    groups = tuple(group for token in text.split() if (group := _group(token)))
    if sum(len(alternative) for group in groups for alternative in group) > MAX_QUERY_WORDS:
        raise StoreError(
            "query-too-long", f"a search holds more than {MAX_QUERY_WORDS} words", cure="Search for fewer words."
        )
    return groups


def _group(token: str) -> Group:
    return tuple(dict.fromkeys(parts for text in token.split("|") if (parts := tuple(folded_words(text)))))
