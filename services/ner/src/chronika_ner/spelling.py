"""How a token is spelt for the model and the dictionary, whatever a web page made of it.

Only the token is normalised, one at a time; the text and its offsets stay as they were given. Stress marks, soft
hyphens and zero-width characters go, every apostrophe is the ASCII one that the dictionaries know, and a word that
mixes Cyrillic with Latin letters of the same look is put into the alphabet that the other letters belong to.
"""

from __future__ import annotations

import re
import unicodedata

APOSTROPHES = "'’‘ʼ`\u00b4\u02b9′"
HIDDEN = "\u00ad\u200b-\u200f\u2060\ufeff"
MARKS = "\u0300-\u036f\u0483-\u0487"
HYPHENS = "-\u2010\u2011"

_PLAIN = re.compile(r"[А-ЯЁІЇЄҐа-яёіїєґ]+|[\d!-/:-@«»—–…№]+")
_SUPERFLUOUS = re.compile(f"[{HIDDEN}\u0300\u0301\u0483-\u0487]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[A-Za-zÏïËë]")
_VARIANTS = str.maketrans(
    dict.fromkeys(APOSTROPHES[1:], "'") | dict.fromkeys("\u2010\u2011", "-") | {"ѐ": "е", "ѝ": "и"}
)

_LATIN_TWINS = "ABCEHIKMOPTXYaceiopxykmïÏëË"
_CYRILLIC_TWINS = "АВСЕНІКМОРТХУасеіорхукмїЇёЁ"
_TO_CYRILLIC = str.maketrans(_LATIN_TWINS, _CYRILLIC_TWINS)
_TO_LATIN = str.maketrans(_CYRILLIC_TWINS, _LATIN_TWINS)
_LONE_LETTERS = {"a": "а", "c": "с", "i": "і", "k": "к", "o": "о", "y": "у"}


def spell(token: str) -> str:
    """The token as a dictionary would spell it, case kept."""
    if _PLAIN.fullmatch(token):
        return token
    spelt = unicodedata.normalize("NFC", token).translate(_VARIANTS)
    return _one_alphabet(_SUPERFLUOUS.sub("", spelt))


def _one_alphabet(word: str) -> str:
    """«Мiнiстр» becomes Cyrillic, «Gооgle» Latin; «COVIDом» is Latin with a Cyrillic ending and stays."""
    if word in _LONE_LETTERS:
        return _LONE_LETTERS[word]
    if not (_CYRILLIC.search(word) and _LATIN.search(word)):
        return word
    cyrillic = word.translate(_TO_CYRILLIC)
    if not _LATIN.search(cyrillic):
        return cyrillic
    latin = word.translate(_TO_LATIN)
    inflected = _CYRILLIC.match(word[-1])
    return word if inflected or _CYRILLIC.search(latin) else latin
