"""How likely a run of text is in each language: letters, frequent words, endings, dictionaries and the fastText model.

Every sign adds log-odds to the languages that it speaks for; a letter that a language does not have takes some away.
The signs are added up and turned into probabilities. Endings and the model are asked only where letters and frequent
words leave doubt, and dictionaries only where the model does too: nearly always in a headline, seldom in a paragraph.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chronika_language_detect.dictionary import WordList
from chronika_language_detect.fasttext_model import FastTextModel
from chronika_language_detect.lettering import Lettering
from chronika_language_detect.profiles import LanguageProfile

UNDETERMINED = "und"
"""BCP 47 code of a text that gives no hint of its language."""

_FOREIGN_LETTER = -2.5
_FREQUENT_WORD = 1.8
_ENDING = 0.7
_MODEL = 1.0
_LEAST_PROBABILITY = 0.002
_UNKNOWN_LANGUAGE = -1.0
_SURE = 6.0
_SURE_AS_EXPECTED = 3.0
_NEGLIGIBLE = 7.0
_ENDING_LENGTHS = (5, 4, 3, 2)
_MODEL_READS = 160
_LEAST_CYRILLIC_SHARE = 0.3
_KNOWN = 0.6
_UNKNOWN = -2.0
_INDEPENDENT = 4
_LOOKED_UP = 12
_SHORTEST_LOOKED_UP = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """Probabilities of languages by BCP 47 code, and the letters that they rest on."""

    probabilities: Mapping[str, float]
    letters: int

    @property
    def best(self) -> str:
        """The likeliest language."""
        return max(self.probabilities, key=self.probabilities.__getitem__, default=UNDETERMINED)


class Scorer:
    """Scores runs of text against profiles; `dictionaries` are by language code. Holds no text."""

    def __init__(
        self, profiles: Sequence[LanguageProfile], model: FastTextModel, dictionaries: Mapping[str, WordList]
    ) -> None:
        self._profiles = tuple(profiles)
        self._model = model
        self._dictionaries = dict(dictionaries)
        self._code_of_label = {label: profile.code for profile in self._profiles for label in profile.labels}
        self._lacking = _lacking(self._profiles)
        self._words = _signs((profile.code, profile.words) for profile in self._profiles)
        self._endings = _signs((profile.code, profile.endings) for profile in self._profiles)

    def score(self, lettering: Lettering, *, expected: str = "") -> Verdict:
        """The languages of a run of text; none when it holds no letter.

        `expected` is the language of what came before: where it comes out ahead, less is needed to be sure.
        """
        if lettering.letters == 0:
            return Verdict({}, 0)
        if lettering.cyrillic < _LEAST_CYRILLIC_SHARE * lettering.letters:
            return Verdict(self._by_model(lettering), lettering.letters)
        return Verdict(_softmax(self._log_odds(lettering, expected)), lettering.letters)

    def _log_odds(self, lettering: Lettering, expected: str) -> dict[str, float]:
        odds = {profile.code: profile.prior for profile in self._profiles}
        self._add_letters(lettering, odds)
        self._add_words(lettering, odds)
        best, lead = _lead(odds)
        if lead < (_SURE_AS_EXPECTED if best == expected else _SURE):
            self._add_endings(lettering, odds)
            self._add_model(lettering, odds)
            if _lead(odds)[1] < _SURE:
                self._add_dictionaries(lettering, odds)
        return odds

    def _add_letters(self, lettering: Lettering, odds: dict[str, float]) -> None:
        for letter in self._lacking.keys() & set(lettering.text):
            cost = _FOREIGN_LETTER * lettering.text.count(letter)
            for code in self._lacking[letter]:
                odds[code] += cost

    def _add_words(self, lettering: Lettering, odds: dict[str, float]) -> None:
        known = self._words.keys()
        for word in lettering.words:
            if word in known:
                for code in self._words[word]:
                    odds[code] += _FREQUENT_WORD

    def _add_endings(self, lettering: Lettering, odds: dict[str, float]) -> None:
        for word in lettering.words:
            for code in self._codes_of_ending(word) if word not in self._words else ():
                odds[code] += _ENDING

    def _codes_of_ending(self, word: str) -> frozenset[str]:
        """The languages that know the longest of their endings that the word has."""
        codes: frozenset[str] = frozenset()
        for length in _ENDING_LENGTHS:
            if len(word) > length:
                codes |= self._endings.get(word[-length:], frozenset())
        return codes

    def _add_model(self, lettering: Lettering, odds: dict[str, float]) -> None:
        guesses: defaultdict[str, float] = defaultdict(float)
        for label, probability in self._model.probabilities(lettering.text[:_MODEL_READS]).items():
            guesses[self._code_of_label.get(label, label)] += probability
        for code in odds:
            odds[code] += _MODEL * math.log(max(guesses.pop(code, 0.0), _LEAST_PROBABILITY))
        for code, probability in guesses.items():
            odds[code] = _UNKNOWN_LANGUAGE + _MODEL * math.log(max(probability, _LEAST_PROBABILITY))

    def _add_dictionaries(self, lettering: Lettering, odds: dict[str, float]) -> None:
        """Words beyond the fourth add no more than an average one: they are not independent."""
        words = [word for word in lettering.words[:_LOOKED_UP] if len(word) > _SHORTEST_LOOKED_UP]
        weight = min(1.0, _INDEPENDENT / len(words)) if words else 0.0
        for code, dictionary in self._dictionaries.items():
            odds[code] += weight * sum(_KNOWN if dictionary.has(word) else _UNKNOWN for word in words)

    def _by_model(self, lettering: Lettering) -> dict[str, float]:
        """Another script: only the model knows. No language that a pack reads is written so."""
        guesses = self._model.probabilities(lettering.text[:_MODEL_READS])
        readable = {label for profile in self._profiles if profile.readable for label in profile.labels}
        return {label: value for label, value in guesses.items() if label not in readable} or {UNDETERMINED: 1.0}


def _lacking(profiles: Sequence[LanguageProfile]) -> dict[str, tuple[str, ...]]:
    """For each letter that tells languages apart: the languages that lack it."""
    every = frozenset[str]().union(*(profile.letters for profile in profiles))
    lacking = {letter: tuple(p.code for p in profiles if letter not in p.letters) for letter in sorted(every)}
    return {letter: codes for letter, codes in lacking.items() if codes}


def _signs(entries: Iterable[tuple[str, frozenset[str]]]) -> dict[str, frozenset[str]]:
    """From form to the languages that have it."""
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for code, forms in entries:
        for form in forms:
            codes[form].add(code)
    return {form: frozenset(found) for form, found in codes.items()}


def _lead(odds: Mapping[str, float]) -> tuple[str, float]:
    """The likeliest language and how far it is ahead of the next, in natural log-odds."""
    best = max(odds, key=odds.__getitem__)
    return best, odds[best] - max((value for code, value in odds.items() if code != best), default=-math.inf)


def _softmax(odds: Mapping[str, float]) -> dict[str, float]:
    top = max(odds.values())
    weights = {code: math.exp(value - top) for code, value in odds.items() if value > top - _NEGLIGIBLE}
    total = sum(weights.values())
    return {code: weight / total for code, weight in weights.items()}
