"""Sentences and tokens of a text, as offsets into the text as it was given.

A text is first cut into blocks: a newline ends a sentence, and furniture is left out. In a block, every full stop,
question or exclamation mark and ellipsis that a space follows is a place where a sentence may end, and ordered rules
decide; the first that answers wins. Abbreviations come from the language pack (`abbreviations.tsv`). Then one
expression finds the tokens of each sentence.

What counts as a token follows the treebanks that the model was trained on: apostrophes and hyphens inside words join
them, and so do stress marks, soft hyphens and zero-width characters; the full stop of an abbreviation is a token of its
own; numbers with commas, points or colons, addresses of pages and mail, and runs of emoji are one token.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from chronika_ner.spelling import APOSTROPHES, HIDDEN, HYPHENS, MARKS

Bounds = tuple[int, int]

_LETTER = r"[^\W\d_]"
_RUN = rf"[^\W_]++(?:[{MARKS}]++[^\W_]*+)*+"
_JOINT = rf"[{HIDDEN}]*+(?:[{HYPHENS}]|(?<={_LETTER})[{APOSTROPHES}](?={_LETTER}))?+[{HIDDEN}]*+"
_WORD = rf"{_RUN}(?:{_JOINT}{_RUN})*+"
_NUMBER = rf"\d++(?:[.,:]\d++)++(?:[{HYPHENS}]{_RUN})*+"
_ZONES = "ru|ua|com|org|net|info|gov|edu|tv|me|su|by|kz|eu|uk|de|укр|рф|ру"
_PATH = r"[^\s<>«»\"]*[^\s<>«»\".,;:!?)\]}]"
_HOST = r"\w[\w-]{0,62}+(?:\.\w[\w-]{0,62}+){0,5}"
_ADDRESS = rf"(?:https?://|www\.){_PATH}|[\w.+-]{{1,64}}+@{_HOST}|{_HOST}\.(?i:{_ZONES})(?!\w)(?:/{_PATH})?"
_PICTURE = "[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"
_PICTURES = rf"(?:{_PICTURE}[\u200d\ufe0f\u20e3\U0001f3fb-\U0001f3ff]*+)++"
_MARKS = r"[.!?…]{2,}+|-{2,}+|``|''|<<|>>"
_TOKEN = re.compile(
    rf"(?=\S{{1,80}}?[.@:][\w/])(?:{_ADDRESS})|{_NUMBER}|{_WORD}|{_MARKS}|{_PICTURES}|[^\s{HIDDEN}{MARKS}\ufe00-\ufe0f]"
)

_BREAK = re.compile("[\n\r\v\f\x85\u2028\u2029]+")
_STOP = re.compile(r"(?<![.!?…])[.!?…]++[\"»”“’'\)\]]*+(?=\s)|(?<=[а-яёіїєґ]{3})[.!?…](?=[А-ЯЁІЇЄҐ][а-яёіїєґ])")
_NEXT = re.compile(r"\s*(?P<dash>[—–-]\s*)?[\"«„“”'(\[]*(?P<word>\w+|.?)", re.DOTALL)
_ROMAN_OR_DIGITS = re.compile(r"[\dIVXLCІХ]+(?:-[\dIVXLCІХ]+)*")
_WINDOW = 40
_SOON = 4


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """Abbreviations in lower case without full stops ("г", "т д"), by what follows them.

    `leading` ones stand before what they belong to and never end a sentence; `trailing` ones may end it; `currencies`
    may end it but not before capitals ("долл. США"); `after_number` are those that trail when a number precedes them,
    whatever they are elsewhere; `initials` shorten a first name.
    """

    leading: frozenset[str] = frozenset()
    trailing: frozenset[str] = frozenset()
    currencies: frozenset[str] = frozenset()
    after_number: frozenset[str] = frozenset()
    initials: frozenset[str] = frozenset()

    @classmethod
    def from_table(cls, rows: Sequence[Mapping[str, str]]) -> Self:
        """Read the rows of `abbreviations.tsv`: columns `form` and `kind`."""
        names = ("leading", "trailing", "currency", "after-number", "initial")
        kinds: dict[str, set[str]] = {name: set() for name in names}
        for row in rows:
            kinds[row["kind"]].add(row["form"])
        return cls(
            leading=frozenset(kinds["leading"]),
            trailing=frozenset(kinds["trailing"]),
            currencies=frozenset(kinds["currency"]),
            after_number=frozenset(kinds["after-number"]),
            initials=frozenset(kinds["initial"]),
        )


@dataclass(frozen=True, slots=True)
class _Place:
    """A place where a sentence may end.

    `last` is the word before the mark, `before` what stands before that, `words` how many the sentence has before
    `last`; `following` is the word or sign after the mark, behind opening quotes and a dash; `glued` says that no
    space follows.
    """

    mark: str
    before: str
    last: str
    following: str
    dash: bool
    words: int
    glued: bool

    @property
    def pair(self) -> str:
        """The last two words as an abbreviation of two parts: "т. д." -> "т д"."""
        return f"{self.before} {self.last}".lower()


Rule = Callable[[_Place, Abbreviations], bool | None]


def _nothing_follows(place: _Place, _: Abbreviations) -> bool | None:
    return None if place.following else True


def _lower_case_follows(place: _Place, _: Abbreviations) -> bool | None:
    return False if place.following[0].islower() else None


def _punctuation_follows(place: _Place, _: Abbreviations) -> bool | None:
    return False if place.following in ",;:)]}»" else None


def _speaker_follows(place: _Place, _: Abbreviations) -> bool | None:
    """«Так и будет!» — Путин."""
    return False if place.dash and place.mark[-1] in '"»”“' else None


def _no_abbreviation(place: _Place, _: Abbreviations) -> bool | None:
    return True if place.mark[0] != "." or place.mark.startswith("..") else None


def _list_number(place: _Place, _: Abbreviations) -> bool | None:
    return False if place.words == 0 and len(place.last) <= 3 and _ROMAN_OR_DIGITS.fullmatch(place.last) else None


def _initial(place: _Place, abbreviations: Abbreviations) -> bool | None:
    shortened = len(place.last) == 1 or place.last.lower() in abbreviations.initials
    return False if shortened and place.last[:1].isupper() and place.mark == "." else None


def _pair(place: _Place, abbreviations: Abbreviations) -> bool | None:
    if place.pair in abbreviations.leading:
        return False
    return True if place.pair in abbreviations.trailing else None


def _unit(place: _Place, abbreviations: Abbreviations) -> bool | None:
    """«в 2014 г. Россия», «сказал в 2014 г. Россия»: an early one belongs to an adverbial, a late one ends."""
    numbered = place.last.lower() in abbreviations.after_number and _ROMAN_OR_DIGITS.fullmatch(place.before)
    return place.words >= _SOON if numbered else None


def _leading(place: _Place, abbreviations: Abbreviations) -> bool | None:
    return False if place.last.lower() in abbreviations.leading else None


def _trailing(place: _Place, abbreviations: Abbreviations) -> bool | None:
    return True if place.last.lower() in abbreviations.trailing else None


def _currency(place: _Place, abbreviations: Abbreviations) -> bool | None:
    capitals = len(place.following) > 1 and place.following.isupper()
    return not capitals if place.last.lower() in abbreviations.currencies else None


def _glued(place: _Place, _: Abbreviations) -> bool | None:
    """A forgotten space is a border after a word in lower case; «Яндекс.Такси» is a name."""
    return place.last.islower() if place.glued else None


RULES: tuple[Rule, ...] = (
    _nothing_follows,
    _lower_case_follows,
    _punctuation_follows,
    _speaker_follows,
    _no_abbreviation,
    _list_number,
    _pair,
    _unit,
    _leading,
    _trailing,
    _currency,
    _initial,
    _glued,
)


def blocks(text: str, furniture: Sequence[Bounds] = ()) -> Iterator[Bounds]:
    """Runs of the text between newlines and furniture, blank ones left out."""
    start = 0
    for begin, end in sorted(furniture):
        yield from _lines(text, start, begin)
        start = max(start, end)
    yield from _lines(text, start, len(text))


def _lines(text: str, start: int, end: int) -> Iterator[Bounds]:
    while start < end:
        found = _BREAK.search(text, start, end)
        stop = found.start() if found else end
        if stop > start and not text[start:stop].isspace():
            yield start, stop
        start = found.end() if found else end


def sentences(text: str, block: Bounds, abbreviations: Abbreviations) -> Iterator[Bounds]:
    """Sentences of a block, in order; together they cover it."""
    start, end = block
    for found in _STOP.finditer(text, start, end):
        if _ends_here(text, start, found, end, abbreviations):
            yield start, found.end()
            start = found.end()
    if start < end:
        yield start, end


def _ends_here(text: str, start: int, found: re.Match[str], end: int, abbreviations: Abbreviations) -> bool:
    place = _place(text, start, found, end)
    for rule in RULES:
        answer = rule(place, abbreviations)
        if answer is not None:
            return answer
    return True


def _place(text: str, start: int, found: re.Match[str], end: int) -> _Place:
    following = _NEXT.match(text, found.end(), end)
    assert following is not None
    floor = max(start, found.start() - _WINDOW)
    last = _word_start(text, floor, found.start())
    gap = floor + len(text[floor:last].rstrip().removesuffix("."))
    return _Place(
        mark=found.group(),
        before=text[_word_start(text, floor, gap) : gap],
        last=text[last : found.start()],
        following=following["word"],
        dash=bool(following["dash"]),
        words=len(text[max(start, last - 8 * _WINDOW) : last].split()),
        glued=found.end() < end and not text[found.end()].isspace(),
    )


def _word_start(text: str, floor: int, end: int) -> int:
    """Where the word begins that ends at `end`, not before `floor`."""
    while end > floor and (text[end - 1].isalnum() or text[end - 1] == "-"):
        end -= 1
    return end


def tokens(text: str, sentence: Bounds) -> list[Bounds]:
    """Bounds of the tokens of a sentence."""
    return [found.span() for found in _TOKEN.finditer(text, *sentence)]
