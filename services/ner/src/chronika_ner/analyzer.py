"""Analysis of a text: sentences, tokens, parts of speech, features, lemmas, trees and names.

First the outline, then one call of the network over the pieces of all its sentences, then columns. Texts are read one
by one: the network works in eight bits at a scale that it takes from all that it is given at once, so that what another
text holds would change the reading of this one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from itertools import chain

import numpy as np

from chronika.domain.analysis import AnalysisLayer, MentionKind
from chronika.ports.language_pack import LanguagePack
from chronika_ner.dictionary import load_dictionary
from chronika_ner.features import WordTable
from chronika_ner.lemmas import lemma, read_exceptions
from chronika_ner.network import Ints, Labels, Network, relation_names
from chronika_ner.outline import Outline, Text, outline
from chronika_ner.pieces import JOINING_RELATION, join_trees, token_heads
from chronika_ner.segmentation import Abbreviations
from chronika_ner.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Name:
    """A name by its tokens `[start, end)` of the text."""

    start: int
    end: int
    kind: MentionKind


@dataclass(frozen=True, slots=True)
class Analysis:
    """The columns of a text, without mentions, and the names that mentions are to be made from."""

    layer: AnalysisLayer
    names: tuple[Name, ...]


class Analyzer:
    """The loaded analysis: one model, and the dictionaries and tables of its languages. Not for several threads."""

    def __init__(self, models: Traversable, packs: Mapping[str, LanguagePack]) -> None:
        self.vocabulary = Vocabulary.read(models / "joint.json")
        self._numbers = _model_languages(self.vocabulary, packs)
        codes = list(self._numbers)
        self._abbreviations = {code: Abbreviations.from_table(packs[code].table("abbreviations.tsv")) for code in codes}
        self._exceptions = {code: read_exceptions(packs[code].table("lemmas.tsv")) for code in codes}
        self.dictionaries = {code: load_dictionary(packs[code]) for code in codes}
        self._table = WordTable(self.vocabulary, self.dictionaries)
        self._network = Network(models, self.vocabulary)
        self._relations = relation_names(self.vocabulary)
        self._features: dict[int, str] = {}
        self._lemmas: dict[int, str] = {}

    @property
    def languages(self) -> frozenset[str]:
        """Codes of the languages that can be read."""
        return frozenset(self._abbreviations)

    def analyze(self, texts: Sequence[Text]) -> list[Analysis]:
        """The analyses of some texts, in order. A text without a token, or in another language, has empty columns."""
        return [self._analysis(outline(text, self._abbreviations)) for text in texts]

    def _analysis(self, found: Outline) -> Analysis:
        if self._table.make_room():
            self._lemmas.clear()
        rows = np.array(list(self._rows(found)), np.int64)
        lengths = np.array(found.piece_lengths, np.int64)
        languages = np.array(self._piece_languages(found), np.int64)
        labels = self._network.label(self._table, rows, lengths, languages)
        heads, relations = token_heads(labels.heads, lengths), labels.relations
        join_trees(heads, relations, lengths, found.continues(), self._relations.index(JOINING_RELATION))
        layer = AnalysisLayer(
            model=self.vocabulary.version,
            sentence_starts=tuple(found.sentence_starts),
            sentence_languages=tuple(found.sentence_languages),
            cut_sentences=found.cut_sentences(),
            token_starts=tuple(found.token_starts),
            token_ends=tuple(found.token_ends),
            lemmas=tuple(self._lemma_column(rows, labels)),
            parts_of_speech=tuple(
                [self.vocabulary.parts_of_speech[number] for number in labels.parts_of_speech.tolist()]
            ),
            features=tuple([self._feature_string(number) for number in labels.features.tolist()]),
            heads=tuple(heads.tolist()),
            relations=tuple([self._relations[number] for number in relations.tolist()]),
        )
        return Analysis(layer, tuple(Name(*name) for name in self._network.grammar.spans(labels.entity_tags)))

    def _rows(self, found: Outline) -> chain[int]:
        return chain.from_iterable(self._table.rows(words, language) for words, language in found.sentences())

    def _piece_languages(self, found: Outline) -> list[int]:
        return [self._numbers[found.sentence_languages[sentence]] for sentence in found.piece_sentences]

    def _feature_string(self, number: int) -> str:
        known = self._features.get(number)
        if known is None:
            known = self._features[number] = self.vocabulary.features(number)
        return known

    def _lemma_column(self, rows: Ints, labels: Labels) -> list[str]:
        """Lemmas, remembered by word, part of speech and features, which one number stands for."""
        classes, features = len(self.vocabulary.parts_of_speech), self.vocabulary.feature_count
        keys = (rows * classes + labels.parts_of_speech) * features + labels.features
        known = self._lemmas
        return [known.get(key) or self._lemma(key) for key in keys.tolist()]

    def _lemma(self, key: int) -> str:
        rest, features = divmod(key, self.vocabulary.feature_count)
        row, part_of_speech = divmod(rest, len(self.vocabulary.parts_of_speech))
        found = lemma(
            self._table.words[row],
            self._table.entries[row],
            self.vocabulary.parts_of_speech[part_of_speech],
            self._feature_string(features),
            self._exceptions[self._table.languages[row]],
        )
        self._lemmas[key] = found
        return found


def _model_languages(vocabulary: Vocabulary, packs: Mapping[str, LanguagePack]) -> dict[str, int]:
    """The model's number of the language that each pack asks to be read as; packs that the model cannot read are left
    out, and their documents have an empty analysis."""
    asked = {code: pack.settings("language.toml").get("model_language", "") for code, pack in packs.items()}
    return {code: vocabulary.languages.index(name) for code, name in asked.items() if name in vocabulary.languages}
