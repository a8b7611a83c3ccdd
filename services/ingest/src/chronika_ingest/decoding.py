"""Bytes to text: UTF-8, UTF-16 with a byte order mark, windows-1251, KOI8-R and KOI8-U.

The order: byte order mark, UTF-8, UTF-8 with a few invalid bytes, what the page declares (when it reads like language),
the better of the Cyrillic code pages by how much it reads like Russian or Ukrainian. Anything else is refused rather
than stored as rows of wrong letters.

windows-1251 and KOI8 hold the same letters in other places, with the cases exchanged, so that a wrong choice gives
words such as "рТЙЧЕФ". The score of a choice is the mean logarithm of how usual each letter is after the one before
it (letter_pairs.txt), and how usual its case is there.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import log, sqrt

from chronika_ingest.refusals import refused

_SAMPLE = 40_000
"""Bytes that are scored: more change no decision."""
_READABLE = -3.4
"""Mean logarithm of a letter after the one before it from which a long text passes for language; news: -2.7."""
_DOUBT = 4.0
"""How much lower a short text may lie: this by the square root of its length."""
_ODD_SHARE = 0.01
"""Signs of a wrong reading (a capital after a small letter, a strange character) up to which a text is believed."""
_REPLACED_SHARE = 0.05
"""Invalid runs, by valid letters, up to which a text still counts as UTF-8."""
_PROOF = 3
"""Valid letters of two bytes from which that is believed."""
_FEW = 3
"""Invalid bytes that a text in ASCII may hold."""

_BORDER = "_"
_PUNCTUATION = "«»—–„“”’‘…№°§©•\u00a0\u00ad·®™€±"
_PUNCTUATION_LOG = log(0.02)
_STRANGE_LOG = log(0.00001)
_UNSEEN_COUNT = 0.3
_CASE_LOG = {"ll": log(0.95), "ul": log(0.9), "uu": log(0.3), "lu": log(0.001)}
_BESIDE_LATIN_LOG = log(0.001)
_LATIN_IN_CYRILLIC = "iI"
"""Typed for the Ukrainian letter so often that it counts as one."""

_CANDIDATES = ("cp1251", "koi8-u")
_UKRAINIAN_KOI8 = re.compile(rb"[\xa4\xa6\xa7\xad\xb4\xb6\xb7\xbd]")
"""Bytes that are letters in KOI8-U and parts of frames in KOI8-R."""
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DECLARABLE = frozenset({"cp1251", "koi8-r", "koi8-u", "iso8859-5", "cp866", "mac-cyrillic"})
"""Code pages that are read when a page names them; their names as Python's codecs give them."""
_IANA = {
    "cp1251": "windows-1251",
    "iso8859-5": "iso-8859-5",
    "cp866": "ibm866",
    "mac-cyrillic": "x-mac-cyrillic",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """How bytes read in an encoding: `score` compares encodings, higher is better; `is_language` judges it alone."""

    encoding: str
    score: float
    is_language: bool


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the IANA name of the encoding it was read with, and warnings."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes, *, name: str, declared: str = "") -> Decoded:
    """The text of the bytes; a byte order mark is taken off. `unknown-encoding` when no reading makes sense."""
    mark = byte_order_mark(data)
    decoded: Decoded | None
    if mark:
        decoded = _marked(data, mark)
    else:
        try:
            return Decoded(data.decode("utf-8"), "utf-8")
        except UnicodeDecodeError:
            decoded = _repaired(data) or _declared(data, declared) or _scored(data) or _mostly_ascii(data)
    if decoded is None:
        raise refused("unknown-encoding", f"{name} is written in no encoding that is known here")
    return decoded


def byte_order_mark(beginning: bytes) -> str:
    """The encoding that a byte order mark names, or an empty string."""
    return next((encoding for mark, encoding in _MARKS if beginning.startswith(mark)), "")


def read_as(data: bytes, encoding: str) -> Reading:
    """How the bytes read in a one-byte encoding."""
    pairs = cases = 0.0
    counted = odd = 0
    before = " "
    for character in _window(data).decode(encoding, errors="replace"):
        if character > "\x7f" or before > "\x7f":
            pairs += _after(before, character)
            cases += _case(before, character)
            counted += 1
            odd += _is_odd(before, character)
        before = character
    if not counted:
        return Reading(encoding, _STRANGE_LOG, False)
    believed = odd <= max(3, _ODD_SHARE * counted) and pairs / counted > _READABLE - _DOUBT / sqrt(counted)
    return Reading(encoding, (pairs + cases) / counted, believed)


def _marked(data: bytes, encoding: str) -> Decoded | None:
    """What a byte order mark names; None when it is wrong for too much of what follows."""
    if encoding == "utf-8":
        body = data.removeprefix(codecs.BOM_UTF8)
        try:
            return Decoded(body.decode("utf-8"), encoding)
        except UnicodeDecodeError:
            return _repaired(body)
    text = data.decode(encoding, errors="replace")
    replaced = text.count("\ufffd")
    if replaced > max(_FEW, _REPLACED_SHARE * len(text)):
        return None
    return Decoded(text, encoding, ("replaced-invalid-utf16",) if replaced else ())


def _declared(data: bytes, declared: str) -> Decoded | None:
    """What a page says of itself, when it is a Cyrillic code page and the text reads like language in it."""
    try:
        encoding = codecs.lookup(declared or "utf-8").name
        text = data.decode(encoding) if encoding in _DECLARABLE else ""
    except (LookupError, UnicodeError):
        return None
    if not text or not read_as(data, encoding).is_language:
        return None
    return Decoded(text, _IANA.get(encoding, encoding))


def _scored(data: bytes) -> Decoded | None:
    best = max((read_as(data, encoding) for encoding in _CANDIDATES), key=lambda reading: reading.score)
    if not best.is_language:
        return None
    text = data.decode(best.encoding, errors="replace")
    encoding = best.encoding
    if encoding == "koi8-u" and not _UKRAINIAN_KOI8.search(data):
        encoding = "koi8-r"
    warnings = ("replaced-undefined-bytes",) if "\ufffd" in text else ()
    return Decoded(text, _IANA.get(encoding, encoding), warnings)


def _repaired(data: bytes) -> Decoded | None:
    """UTF-8 with a few invalid bytes, each run of them replaced by U+FFFD.

    Letters in two bytes are proof enough: by chance, text in another encoding holds next to none.
    """
    text = data.decode("utf-8", errors="replace")
    replaced = text.count("\ufffd") - data.count("\ufffd".encode())
    valid = sum(character > "\x7f" for character in text) - text.count("\ufffd")
    if valid < _PROOF or replaced > max(1, _REPLACED_SHARE * valid):
        return None
    return Decoded(text, "utf-8", ("replaced-invalid-utf8",))


def _mostly_ascii(data: bytes) -> Decoded | None:
    """A text with next to nothing above 127, where that little is in no encoding."""
    text = data.decode("utf-8", errors="replace")
    if text.count("\ufffd") > min(_FEW, len(data) / 20):
        return None
    return Decoded(text, "utf-8", ("replaced-invalid-utf8",))


def _window(data: bytes) -> bytes:
    """The beginning of the data that holds enough bytes above 127."""
    return data if len(data) <= _SAMPLE else data[:_SAMPLE] + data[-_SAMPLE:]


@lru_cache(maxsize=65536)
def _after(before: str, character: str) -> float:
    """Logarithm of how usual a character is after another; one of the two lies above 127."""
    if not character.isalpha():
        if character > "\x7f":
            return _PUNCTUATION_LOG if character in _PUNCTUATION else _STRANGE_LOG
        return _pair(before, _BORDER) if before.isalpha() else 0.0
    if not before.isalpha():
        return _pair(_BORDER, character) if character > "\x7f" else 0.0
    if (before > "\x7f") != (character > "\x7f"):
        if before in _LATIN_IN_CYRILLIC or character in _LATIN_IN_CYRILLIC:
            return _pair(before.lower().replace("i", "і"), character.lower().replace("i", "і"))
        return _BESIDE_LATIN_LOG
    return _pair(before, character)


def _case(before: str, character: str) -> float:
    """Logarithm of how usual the case of a letter is after another; 0 where one is no letter."""
    if not (before.isalpha() and character.isalpha()):
        return 0.0
    return _CASE_LOG["lu"[before.isupper()] + "lu"[character.isupper()]]


def _is_odd(before: str, character: str) -> bool:
    """A sign of a wrong reading: a capital right after a small letter, or a character that news does not hold."""
    if character.isalpha():
        return before.islower() and before > "\x7f" and character.isupper() and character > "\x7f"
    return character > "\x7f" and character not in _PUNCTUATION


def _pair(first: str, second: str) -> float:
    pairs = _letter_pairs()
    row = pairs.get(first.lower())
    if row is None or second.lower() not in pairs:
        return _STRANGE_LOG / 2
    total = sum(row.values()) + _UNSEEN_COUNT * len(pairs)
    return log((row.get(second.lower(), 0) + _UNSEEN_COUNT) / total)


@lru_cache(maxsize=1)
def _letter_pairs() -> Mapping[str, Mapping[str, int]]:
    lines = (files(__package__) / "letter_pairs.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {first: {entry[0]: int(entry[1:]) for entry in following.split()} for first, following in rows}
