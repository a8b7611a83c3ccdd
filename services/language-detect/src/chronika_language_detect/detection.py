"""The language of a document and of its paragraphs.

Each paragraph is scored on its own words; the document is what most of its letters are written in, where quoted words
count little, since the one who writes decides and not the one who is quoted. Then a paragraph that says little by
itself leans on the document.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chronika.domain.document import OTHER_LANGUAGE, Document, LanguageLayer, ParagraphLanguage
from chronika_language_detect.lettering import read_letters
from chronika_language_detect.passages import Passage, passages
from chronika_language_detect.scoring import UNDETERMINED, Scorer, Verdict

_QUOTED = 0.25
"""What a quoted letter counts beside one of the author's own."""

_LEAST_SHARE = 0.03
"""What the document's language leaves to a paragraph that speaks against it: 3.5 nats."""

_READS = 240
"""Characters of a paragraph that are looked at; the rest of a long one is taken to be in the same language."""

_FEW_LETTERS = 4.0
"""A text of so many letters is given half the confidence that its signs would allow."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A paragraph with the verdicts over what decides for it and what is quoted in it."""

    passage: Passage
    telling: Verdict
    quoted: Verdict


_NOTHING = Verdict({}, 0)


class LanguageDetector:
    """Detects languages. `readable` are the codes of the installed language packs."""

    def __init__(self, scorer: Scorer, readable: Sequence[str]) -> None:
        self._scorer = scorer
        self._readable = frozenset(readable)

    def detect(self, document: Document) -> LanguageLayer:
        """The language layer of a document."""
        source = document.source
        title = self._score(source.title) if source.title and source.title_span is None else None
        reads = self._read_all(passages(source.text, source.furniture), title)
        whole = _mixture(reads, title)
        if not whole:
            return LanguageLayer(language=OTHER_LANGUAGE, confidence=0.0, guess=UNDETERMINED)
        guess = max(whole, key=whole.__getitem__)
        letters = sum(read.telling.letters for read in reads) + (title.letters if title else 0)
        return LanguageLayer(
            language=self._named(guess),
            confidence=self._confidence(whole, guess, letters),
            guess=guess,
            paragraphs=tuple(self._paragraph(read, whole) for read in reads),
        )

    def _read_all(self, paragraphs: Iterable[Passage], title: Verdict | None) -> list[_Read]:
        reads: list[_Read] = []
        expected = title.best if title else ""
        for passage in paragraphs:
            telling = self._score(passage.telling, expected)
            apart = passage.quoted and passage.telling == passage.frame
            reads.append(_Read(passage, telling, self._score(passage.quoted, telling.best) if apart else _NOTHING))
            expected = telling.best if telling.probabilities else expected
        return reads

    def _score(self, text: str, expected: str = "") -> Verdict:
        verdict = self._scorer.score(read_letters(text[:_READS]), expected=expected)
        if len(text) <= _READS:
            return verdict
        return Verdict(verdict.probabilities, verdict.letters * len(text) // _READS)

    def _paragraph(self, read: _Read, whole: Mapping[str, float]) -> ParagraphLanguage:
        own = read.telling.probabilities
        if not own:
            return ParagraphLanguage(read.passage.span, self._named(max(whole, key=whole.__getitem__)), 0.0)
        leaning = {code: value * max(whole.get(code, 0.0), _LEAST_SHARE) for code, value in own.items()}
        total = sum(leaning.values())
        shares = {code: value / total for code, value in leaning.items()}
        best = max(shares, key=shares.__getitem__)
        return ParagraphLanguage(
            read.passage.span, self._named(best), self._confidence(shares, best, read.telling.letters)
        )

    def _named(self, code: str) -> str:
        return code if code in self._readable else OTHER_LANGUAGE

    def _confidence(self, shares: Mapping[str, float], best: str, letters: int) -> float:
        """Confidence in the language as documents carry it: that it is Belarusian or Bulgarian is both "other"."""
        if best in self._readable:
            share = shares[best]
        else:
            share = sum(value for code, value in shares.items() if code not in self._readable)
        return min(1.0, share * letters / (letters + _FEW_LETTERS))


def _mixture(reads: Sequence[_Read], title: Verdict | None) -> dict[str, float]:
    """Shares of languages over all letters; quoted letters count `_QUOTED`. Empty when there is no letter."""
    weights: defaultdict[str, float] = defaultdict(float)
    weighed = [(read.telling, _QUOTED if _all_quoted(read.passage) else 1.0) for read in reads]
    weighed += [(read.quoted, _QUOTED) for read in reads]
    if title is not None:
        weighed.append((title, 1.0))
    for verdict, weight in weighed:
        for code, value in verdict.probabilities.items():
            weights[code] += weight * verdict.letters * value
    total = sum(weights.values())
    return {code: value / total for code, value in weights.items()} if total else {}


def _all_quoted(passage: Passage) -> bool:
    return bool(passage.quoted) and passage.telling != passage.frame
