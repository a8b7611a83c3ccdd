"""The lemma of a token: the reading of the dictionary that agrees best with what the tagger says of it.

Readings are compared by weights: the part of speech decides first, then case, number, and the rest. Among equals the
dictionary's first wins; Russian ones are ordered by frequency, Ukrainian ones are not, so a pack's `lemmas.tsv` names
the lemma of frequent words where that goes wrong. A word that does not inflect here ("можна" as an adverb) is its own
lemma when the dictionary only knows an inflected one of the same form.

Lemmas are in lower case except those of proper names, and without ё, which most newspapers do not write.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chronika.domain.analysis import parse_features
from chronika_ner.dictionary import Entry, Reading

Exceptions = Mapping[tuple[str, str], str]
"""Lemmas by word in lower case and part of speech; the part of speech "*" means any."""

_WORD_CLASSES: Mapping[str, tuple[str, ...]] = {
    "ADJ": ("ADJF", "ADJS", "PRTF", "PRTS", "COMP"),
    "ADP": ("PREP",),
    "ADV": ("ADVB", "PRED", "COMP"),
    "AUX": ("VERB", "INFN", "GRND", "PRCL"),
    "CCONJ": ("CONJ",),
    "DET": ("ADJF", "NPRO"),
    "INTJ": ("INTJ",),
    "NOUN": ("NOUN",),
    "NUM": ("NUMR", "ADJF", "NOUN"),
    "PART": ("PRCL", "CONJ", "ADVB"),
    "PRON": ("NPRO", "ADJF"),
    "PROPN": ("NOUN", "ADJF"),
    "SCONJ": ("CONJ",),
    "VERB": ("VERB", "INFN", "GRND", "PRTF", "PRTS", "PRED"),
}
_GRAMMEMES: Mapping[tuple[str, str], frozenset[str]] = {
    (name, value): frozenset(grammemes.split())
    for name, value, grammemes in (
        ("Case", "Nom", "nomn"),
        ("Case", "Gen", "gent gen1 gen2"),
        ("Case", "Dat", "datv"),
        ("Case", "Acc", "accs acc2"),
        ("Case", "Ins", "ablt"),
        ("Case", "Loc", "loct loc1 loc2"),
        ("Case", "Voc", "voct"),
        ("Case", "Par", "gen2 gent"),
        ("Number", "Plur", "plur"),
        ("Number", "Ptan", "plur"),
        ("Gender", "Masc", "masc ms-f"),
        ("Gender", "Fem", "femn ms-f"),
        ("Gender", "Neut", "neut"),
        ("Animacy", "Anim", "anim"),
        ("Animacy", "Inan", "inan"),
        ("VerbForm", "Fin", "VERB"),
        ("VerbForm", "Inf", "INFN infn"),
        ("VerbForm", "Conv", "GRND"),
        ("VerbForm", "Part", "PRTF PRTS"),
        ("Aspect", "Imp", "impf"),
        ("Aspect", "Perf", "perf"),
        ("Tense", "Past", "past"),
        ("Tense", "Pres", "pres"),
        ("Tense", "Fut", "futr"),
        ("Degree", "Cmp", "COMP"),
    )
}
_WEIGHTS: Mapping[str, int] = {"Case": 8, "Number": 4, "VerbForm": 4, "Degree": 4, "Animacy": 3, "Gender": 2}
_CLASS_WEIGHT = 32
_NAME_WEIGHT = 1
_UNINFLECTED = frozenset({"ADP", "ADV", "CCONJ", "INTJ", "PART", "SCONJ"})
_NAMES = frozenset({"Name", "Surn", "Patr", "Geox", "Orgn", "Abbr"})
_PROPER = "PROPN"


def read_exceptions(rows: Sequence[Mapping[str, str]]) -> Exceptions:
    """The rows of `lemmas.tsv`: columns `form`, `part_of_speech` and `lemma`."""
    return {(row["form"], row["part_of_speech"]): row["lemma"] for row in rows}


def lemma(word: str, entry: Entry, part_of_speech: str, features: str, exceptions: Exceptions) -> str:
    """The lemma of a word that `spelling.spell` has spelt."""
    low = word.lower()
    exception = exceptions.get((low, part_of_speech)) or exceptions.get((low, "*"))
    if exception:
        return exception
    if not entry.readings or _is_its_own(entry, part_of_speech, features):
        return word if part_of_speech == _PROPER else low.replace("ё", "е")
    best = choose(entry.readings, word, part_of_speech, features)
    found = best.lemma.replace("ё", "е")
    return _capitalise(found, word, entry) if part_of_speech == _PROPER else found


def _is_its_own(entry: Entry, part_of_speech: str, features: str) -> bool:
    if part_of_speech in _UNINFLECTED:
        return all(reading.grammemes.isdisjoint(_WORD_CLASSES[part_of_speech]) for reading in entry.readings)
    nominative = "Case=Nom" in features and "Number=Sing" in features
    return part_of_speech == _PROPER and nominative and not entry.known


def choose(readings: Sequence[Reading], word: str, part_of_speech: str, features: str) -> Reading:
    """The reading that agrees best; among equals one that brings no ґ into a word written with г, then the first."""

    def rank(reading: Reading) -> tuple[int, bool]:
        return agreement(reading, part_of_speech, features), "ґ" in word.lower() or "ґ" not in reading.lemma

    return readings[0] if len(readings) == 1 else max(readings, key=rank)


def agreement(reading: Reading, part_of_speech: str, features: str) -> int:
    """How well a reading agrees with the tagger; only differences mean something."""
    classes = _WORD_CLASSES.get(part_of_speech, ())
    total = 0
    for preference, word_class in enumerate(classes):
        if word_class in reading.grammemes:
            total += _CLASS_WEIGHT - preference
            break
    for name, value in parse_features(features).items():
        wanted = _GRAMMEMES.get((name, value))
        if wanted is not None and not wanted.isdisjoint(reading.grammemes):
            total += _WEIGHTS.get(name, 1)
        elif name == "Number" and value == "Sing" and "plur" not in reading.grammemes:
            total += _WEIGHTS[name]
    if part_of_speech == _PROPER and not _NAMES.isdisjoint(reading.grammemes):
        total += _NAME_WEIGHT
    return total


def _capitalise(found: str, word: str, entry: Entry) -> str:
    """Capitals of a name's lemma: those of the word, a part between hyphens at a time; a shouted name is no acronym."""
    parts, models = found.split("-"), word.split("-")
    if word.isupper() and len(word) > 1:
        return found.upper() if _is_acronym(word, entry) else "-".join(map(str.capitalize, parts))
    if len(parts) != len(models):
        return found[:1].upper() + found[1:] if word[:1].isupper() else found
    return "-".join(_like(part, model) for part, model in zip(parts, models, strict=True))


def _is_acronym(word: str, entry: Entry) -> bool:
    grammemes = frozenset[str]().union(*(reading.grammemes for reading in entry.readings))
    return not entry.known or "Abbr" in grammemes or (len(word) <= 3 and "Fixd" in grammemes)


def _like(part: str, model: str) -> str:
    if len(model) > 1 and model.isupper():
        return part.upper()
    return part[:1].upper() + part[1:] if model[:1].isupper() else part
