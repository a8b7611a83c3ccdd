"""The letters and words of a text as a language would spell them, whatever a web page made of them.

Only copies are changed: stress marks, soft hyphens and zero-width characters go, every apostrophe between letters is
the ASCII one, Latin letters that stand for Cyrillic ones of the same look are put back, and what is no prose
(addresses, mail, mentions, hashtags) is left out.
"""

from __future__ import annotations

import re
import string
import unicodedata
from dataclasses import dataclass

_HIDDEN = frozenset(map(chr, (0xAD, *range(0x200B, 0x2010), 0x2060, 0xFEFF, 0x300, 0x301, *range(0x483, 0x488))))
_COMBINING = frozenset(map(chr, range(0x302, 0x370)))
_HIDDEN_MARKS = str.maketrans(dict.fromkeys(_HIDDEN))
_NO_PROSE = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]*@[\w.-]+|#[\w-]+")
_MAY_BE_NO_PROSE = re.compile(r"[@#]|://|www\.")
_APOSTROPHES = "’‘ʼ`\u00b4\u02b9′"
_APOSTROPHE = re.compile(rf"(?<=[^\W\d_])[{_APOSTROPHES}](?=[^\W\d_])")
_LATIN = "A-Za-zÏïËë"
_LATIN_LETTERS = frozenset(string.ascii_letters + "ÏïËë")
_BORDER = re.compile(f"[{_LATIN}][\u0400-\u052f]|[\u0400-\u052f][{_LATIN}]")
_LETTERS = re.compile(r"[^\W\d_]+")
_LONE_LATIN = re.compile(r"(?<![\w'-])[acikoyIACOY](?![\w'-])")
_CYRILLIC = re.compile("[\u0400-\u052f]+")
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")

_TWINS = str.maketrans("ABCEHIKMOPTXYaceiopxykmïÏëË", "АВСЕНІКМОРТХУасеіорхукмїЇёЁ")
_LONE = str.maketrans("acikoyIACOY", "асікоуІАСОУ")


@dataclass(frozen=True, slots=True)
class Lettering:
    """A text in lower case, its words, and how many of its letters are Cyrillic and how many are not."""

    text: str
    words: tuple[str, ...]
    cyrillic: int
    foreign: int

    @property
    def letters(self) -> int:
        """All letters."""
        return self.cyrillic + self.foreign


def read_letters(text: str) -> Lettering:
    """Read the letters of a text; the text itself stays as it is."""
    plain = _plain(text)
    cyrillic = _count_cyrillic(plain)
    if cyrillic and not _LATIN_LETTERS.isdisjoint(plain):
        plain = _one_alphabet(plain, mostly_cyrillic=2 * cyrillic > len(plain))
    lowered = plain.lower()
    words = tuple(_WORD.findall(lowered))
    return Lettering(text=lowered, words=words, cyrillic=cyrillic, foreign=max(0, sum(map(len, words)) - cyrillic))


def _plain(text: str) -> str:
    characters = set(text)
    if not _HIDDEN.isdisjoint(characters):
        text = text.translate(_HIDDEN_MARKS)
    if not _COMBINING.isdisjoint(characters):
        text = unicodedata.normalize("NFC", text)
    if _MAY_BE_NO_PROSE.search(text):
        text = _NO_PROSE.sub(" ", text)
    return text if characters.isdisjoint(_APOSTROPHES) else _APOSTROPHE.sub("'", text)


def _one_alphabet(text: str, *, mostly_cyrillic: bool) -> str:
    """Put Latin twins inside Cyrillic words, and lone ones in a Cyrillic text, into Cyrillic."""
    if _BORDER.search(text):
        text = _LETTERS.sub(_into_cyrillic, text)
    if mostly_cyrillic:
        text = _LONE_LATIN.sub(lambda found: found.group().translate(_LONE), text)
    return text


def _count_cyrillic(text: str) -> int:
    return sum(map(len, _CYRILLIC.findall(text)))


def _into_cyrillic(found: re.Match[str]) -> str:
    word = found.group()
    return word.translate(_TWINS) if _BORDER.search(word) else word
