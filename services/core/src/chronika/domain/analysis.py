"""Sentences, tokens, trees and mentions, by columns.

Entry `i` of each token column belongs to token `i` of the document. Columns keep a document of a thousand tokens cheap
to build, to send and to walk; `AnalysisLayer.token` gives one token as an object where that reads better.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from chronika.domain.span import Span

ROOT = -1
"""The head of a sentence's root."""


class MentionKind(StrEnum):
    """The kind of a name."""

    PERSON = "person"
    LOCATION = "location"
    ORGANIZATION = "organization"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name in the text: `name` in the nominative, `entity_id` the same in both languages, empty when not linked.

    `code` and `sector` follow codebook 2.6 and are empty when the name alone does not give them.
    """

    span: Span
    kind: MentionKind
    name: str
    entity_id: str = ""
    code: str = ""
    sector: str = ""
    rule_ids: tuple[str, ...] = ()


class Token(NamedTuple):
    """One token, gathered from the columns."""

    number: int
    span: Span
    lemma: str
    part_of_speech: str
    features: str
    head: int
    relation: str


@lru_cache(maxsize=4096)
def parse_features(features: str) -> Mapping[str, str]:
    """Morphological features in CoNLL-U form ("Case=Gen|Number=Sing") as a mapping; "" and "_" are empty."""
    if features in ("", "_"):
        return MappingProxyType({})
    return MappingProxyType(dict(pair.split("=", 1) for pair in features.split("|")))


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisLayer:
    """The columns. All token columns have one length; `heads` are token indices of the document, `ROOT` for a root.

    `sentence_starts` holds the first token of each sentence, ascending; `sentence_languages` one language code a
    sentence; `cut_sentences` the indices of those that were too long for the parser and were read in pieces.
    """

    model: str = ""
    sentence_starts: tuple[int, ...] = ()
    sentence_languages: tuple[str, ...] = ()
    cut_sentences: tuple[int, ...] = ()
    token_starts: tuple[int, ...] = ()
    token_ends: tuple[int, ...] = ()
    lemmas: tuple[str, ...] = ()
    parts_of_speech: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    heads: tuple[int, ...] = ()
    relations: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = ()

    def __post_init__(self) -> None:
        columns = (self.token_ends, self.lemmas, self.parts_of_speech, self.features, self.heads, self.relations)
        if any(len(column) != len(self.token_starts) for column in columns):
            raise ValueError("token columns differ in length")
        if len(self.sentence_languages) != len(self.sentence_starts):
            raise ValueError("sentence columns differ in length")

    def __len__(self) -> int:
        return len(self.token_starts)

    def sentence(self, index: int) -> range:
        """Token indices of a sentence."""
        following = index + 1
        last = self.sentence_starts[following] if following < len(self.sentence_starts) else len(self)
        return range(self.sentence_starts[index], last)

    def sentence_of(self, token: int) -> int:
        """Index of the sentence that holds a token."""
        return bisect_right(self.sentence_starts, token) - 1

    def sentence_span(self, index: int) -> Span:
        """From the first character of the sentence's first token to the last of its last."""
        tokens = self.sentence(index)
        return Span(self.token_starts[tokens[0]], self.token_ends[tokens[-1]])

    def token_span(self, token: int) -> Span:
        """Where a token stands."""
        return Span(self.token_starts[token], self.token_ends[token])

    def token(self, index: int) -> Token:
        """One token as an object."""
        return Token(
            index,
            self.token_span(index),
            self.lemmas[index],
            self.parts_of_speech[index],
            self.features[index],
            self.heads[index],
            self.relations[index],
        )

    def feature(self, token: int, name: str) -> str:
        """A morphological feature of a token ("Case" -> "Gen"), empty when it has none."""
        return parse_features(self.features[token]).get(name, "")
