"""Nominatives by the morphological dictionary of a language: the readings of a form, and the form that is asked for.

Capitals stay those of the word, and so does ё: most newspapers do not write it, and a dictionary that does must not
bring it in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

CASES = ("nomn", "gent", "datv", "accs", "ablt", "loct", "voct")
_GENDERS = ("masc", "femn", "neut", "ms-f")
_NOMINAL = frozenset({"NOUN", "ADJF", "PRTF", "NPRO", "NUMR"})
_ADJECTIVAL = frozenset({"ADJF", "PRTF"})
_PERSONAL = frozenset({"Name", "Surn", "Patr"})
_VARIANTS = {"gen1": "gent", "gen2": "gent", "acc2": "accs", "loc1": "loct", "loc2": "loct"}
_REMEMBERED = 50_000


class Lexicon(Protocol):
    """What a dictionary must know to inflect: the readings of a form."""

    def parse(self, word: str) -> Iterable[Any]:
        """Readings of a form: tuples of form, tag, lemma, score and the units that read it, as pymorphy3 makes them."""
        ...

    def word_is_known(self, word: str) -> bool:
        """Whether the dictionary holds the form."""
        ...


@dataclass(frozen=True, slots=True)
class Declension:
    """A nominal reading: case and gender as the dictionary names them, and what kind of word it is."""

    case: str
    gender: str
    plural: bool
    adjectival: bool
    personal: bool
    given: bool
    grammemes: frozenset[str]
    parse: Any

    @property
    def lemma(self) -> str:
        """The dictionary's lemma, in lower case."""
        return str(self.parse[2])

    @property
    def fixed(self) -> bool:
        """Whether no case changes the word."""
        return "Fixd" in self.grammemes

    def fits(self, gender: str) -> bool:
        """Whether it may be of a person or thing of this gender; one without a gender fits all."""
        return not self.gender or not gender or self.gender in (gender, "ms-f")


@dataclass(frozen=True, slots=True)
class Declensions:
    """The nominal readings of a form; `known` when the dictionary holds it, else they are guessed from its ending."""

    readings: tuple[Declension, ...]
    known: bool

    @property
    def only_adjectival(self) -> bool:
        """Whether the form can be nothing but an adjective or participle."""
        return bool(self.readings) and all(reading.adjectival for reading in self.readings)

    @property
    def only_plural(self) -> bool:
        """Whether the dictionary holds the form, and as a noun in the plural alone ("Ковальчуків")."""
        nouns = [reading for reading in self.readings if not reading.adjectival]
        return self.known and bool(nouns) and all(reading.plural for reading in nouns)


class Inflector:
    """Puts words of one language into the nominative; remembers what it was asked."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self.declensions = lru_cache(maxsize=_REMEMBERED)(self._declensions)
        """`declensions(word)`: the nominal readings of a form."""
        self._nominatives: dict[tuple[str, frozenset[str], str, str, bool], str] = {}

    def nominative(self, word: str, reading: Declension, *, gender: str = "", plural: bool | None = None) -> str:
        """The nominative of a word so read, in the number of the reading and its gender unless told otherwise."""
        plural = reading.plural if plural is None else plural
        wanted = gender or reading.gender
        key = (word, reading.grammemes, reading.lemma, wanted, plural)
        known = self._nominatives.get(key)
        if known is None:
            if len(self._nominatives) >= _REMEMBERED:
                self._nominatives.clear()
            known = self._nominatives[key] = self._nominative(word, reading, wanted, plural=plural)
        return known

    def _nominative(self, word: str, reading: Declension, wanted: str, *, plural: bool) -> str:
        closest, form = -1, ""
        for candidate in reading.parse[4][-1][0].get_lexeme(reading.parse):
            grammemes = candidate[1].grammemes
            if "nomn" not in grammemes or plural != ("plur" in grammemes):
                continue
            own = _gender(grammemes)
            if not plural and wanted and own and own not in (wanted, "ms-f"):
                continue
            shared = len(reading.grammemes & grammemes)
            if shared > closest:
                closest, form = shared, str(candidate[0])
        if not form and not plural and not reading.adjectival:
            form = reading.lemma
        return like(form, word) if form else word

    def _declensions(self, word: str) -> Declensions:
        low = word.lower()
        readings = [_declension(parse) for parse in self._lexicon.parse(low)]
        nominal = [reading for reading in readings if reading is not None]
        declined = {reading.gender for reading in nominal if not reading.fixed}
        kept = tuple(reading for reading in nominal if not reading.fixed or reading.gender not in declined)
        return Declensions(kept, bool(self._lexicon.word_is_known(low)))


def _declension(parse: Any) -> Declension | None:
    grammemes: frozenset[str] = frozenset(parse[1].grammemes)
    if _NOMINAL.isdisjoint(grammemes):
        return None
    case = next((grammeme for grammeme in CASES if grammeme in grammemes), "")
    case = case or next((plain for variant, plain in _VARIANTS.items() if variant in grammemes), "")
    return Declension(
        case=case,
        gender=_gender(grammemes),
        plural="plur" in grammemes,
        adjectival=not _ADJECTIVAL.isdisjoint(grammemes),
        personal=not _PERSONAL.isdisjoint(grammemes),
        given=bool({"Name", "Patr"} & grammemes),
        grammemes=grammemes,
        parse=parse,
    )


def _gender(grammemes: Iterable[str]) -> str:
    return next((gender for gender in _GENDERS if gender in grammemes), "")


def like(form: str, word: str) -> str:
    """The form with the capitals of the word, and with ё only where the word has one."""
    low = word.lower()
    form = "".join(
        "е" if letter == "ё" and low[place : place + 1] != "ё" else letter for place, letter in enumerate(form)
    )
    if word.isupper() and len(word) > 1:
        return form.upper()
    parts, models = form.split("-"), word.split("-")
    if len(parts) != len(models):
        return form[:1].upper() + form[1:] if word[:1].isupper() else form
    return "-".join(_capital(part, model) for part, model in zip(parts, models, strict=True))


def _yo(letter: str, model: str) -> str:
    return "е" if letter == "ё" and model.lower() != "ё" else letter


def _capital(part: str, model: str) -> str:
    if len(model) > 1 and model.isupper():
        return part.upper()
    return part[:1].upper() + part[1:] if model[:1].isupper() else part
