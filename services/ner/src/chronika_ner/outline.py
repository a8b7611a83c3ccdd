"""The outline of a text: its sentences and tokens, each sentence in its language, before the network reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from chronika_ner import segmentation
from chronika_ner.pieces import piece_lengths
from chronika_ner.segmentation import Abbreviations, Bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text to analyse. `language` is that of the whole, `passages` are runs in another one; `furniture` is skipped.

    A passage in a language that cannot be read is read as the text is; a text in such a language is not read.
    """

    text: str
    language: str
    passages: Sequence[tuple[Bounds, str]] = ()
    furniture: Sequence[Bounds] = ()


@dataclass(slots=True)
class Outline:
    """Columns that grow while a text is read: a token, a sentence, and a piece that the parser reads at once.

    Sentence and piece columns count in tokens of this text; `piece_sentences` is the sentence that a piece belongs to.
    """

    words: list[str] = field(default_factory=list)
    token_starts: list[int] = field(default_factory=list)
    token_ends: list[int] = field(default_factory=list)
    sentence_starts: list[int] = field(default_factory=list)
    sentence_languages: list[str] = field(default_factory=list)
    piece_lengths: list[int] = field(default_factory=list)
    piece_sentences: list[int] = field(default_factory=list)

    def add(self, text: str, bounds: Sequence[Bounds], language: str) -> None:
        """Add a sentence of at least one token."""
        words = [text[start:end] for start, end in bounds]
        lengths = piece_lengths(words)
        self.piece_lengths += lengths
        self.piece_sentences += [len(self.sentence_starts)] * len(lengths)
        self.sentence_starts.append(len(self.words))
        self.sentence_languages.append(language)
        self.words += words
        self.token_starts += [start for start, _ in bounds]
        self.token_ends += [end for _, end in bounds]

    def sentences(self) -> Iterator[tuple[list[str], str]]:
        """Words and language of each sentence."""
        ends = [*self.sentence_starts[1:], len(self.words)]
        for start, end, language in zip(self.sentence_starts, ends, self.sentence_languages, strict=False):
            yield self.words[start:end], language

    def continues(self) -> list[bool]:
        """Whether a piece continues the sentence of the piece before it."""
        before = [-1, *self.piece_sentences]
        return [sentence == last for last, sentence in zip(before, self.piece_sentences, strict=False)]

    def cut_sentences(self) -> tuple[int, ...]:
        """Sentences of more than one piece."""
        pairs = zip(self.piece_sentences, self.continues(), strict=True)
        return tuple(dict.fromkeys(sentence for sentence, continued in pairs if continued))


def outline(text: Text, abbreviations: Mapping[str, Abbreviations]) -> Outline:
    """Find the sentences and tokens of a text; `abbreviations` holds the languages that can be read."""
    result = Outline()
    if text.language not in abbreviations:
        return result
    for block in segmentation.blocks(text.text, text.furniture):
        language = _language(text, block, abbreviations)
        for sentence in segmentation.sentences(text.text, block, abbreviations[language]):
            bounds = segmentation.tokens(text.text, sentence)
            if bounds:
                result.add(text.text, bounds, language)
    return result


def _language(text: Text, block: Bounds, abbreviations: Mapping[str, Abbreviations]) -> str:
    for (start, end), language in text.passages:
        if start <= block[0] < end and language in abbreviations:
            return language
    return text.language
