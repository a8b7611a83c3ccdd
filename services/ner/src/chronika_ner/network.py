"""The joint model at run time: rows of word features in, labels and trees of many sentences out.

The model is two ONNX graphs, since trees are decoded between them: the first scores everything but relations, the
second names the relation of each pair of dependent and head. Sentences of one length share a batch, so that little is
padding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any, Self

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from chronika_ner import tree
from chronika_ner.features import PADDING, WordTable
from chronika_ner.mentions import TagGrammar
from chronika_ner.vocabulary import Vocabulary

MAX_CELLS = 1024
"""Tokens of a batch, padding included. More leave the processor's cache."""

MAX_SENTENCES = 128
ROOT_RELATION = "root"

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Labels:
    """What the network says, an entry a token over all sentences in their order.

    Numbers index the vocabulary; `heads` are positions in the sentence plus one, 0 for its root; the entry of a root in
    `relations` is the number of relations.
    """

    parts_of_speech: Ints
    features: Ints
    heads: Ints
    relations: Ints
    entity_tags: Ints


@dataclass(frozen=True, slots=True)
class Places:
    """Where a batch's tokens stand: `inside` marks them in the padded rows, `tokens` are their places among all."""

    lengths: NDArray[np.int32]
    inside: NDArray[np.bool_]
    tokens: Ints

    @classmethod
    def of(cls, starts: Ints, lengths: Ints) -> Self:
        """Places of sentences by their first token and length."""
        positions = np.arange(lengths.max())[None, :]
        inside = positions < lengths[:, None]
        return cls(lengths.astype(np.int32), inside, (starts[:, None] + positions)[inside])


class Network:
    """The loaded model. It runs on one core; a service scales by processes."""

    def __init__(self, folder: Traversable, vocabulary: Vocabulary) -> None:
        self._encoder = _session(folder / "joint.onnx")
        self._relations = _session(folder / "relations.onnx")
        self.grammar = TagGrammar(vocabulary.entity_tags)
        self._outputs = [output.name for output in self._encoder.get_outputs()]
        self._root = len(vocabulary.relations)

    def label(self, table: WordTable, rows: Ints, lengths: Ints, languages: Ints) -> Labels:
        """Label sentences given as rows of the table, one after the other; `languages` has a number a sentence."""
        labels = Labels(*(np.zeros(len(rows), np.int64) for _ in range(5)))
        starts = np.cumsum(lengths) - lengths
        for batch in batches(lengths):
            places = Places.of(starts[batch], lengths[batch])
            words = np.full(places.inside.shape, PADDING, np.int64)
            words[places.inside] = rows[places.tokens]
            self._label_batch(labels, places, self._encode(table, words.T, places.lengths, languages[batch]))
        return labels

    def _encode(self, table: WordTable, words: Ints, lengths: NDArray[np.int32], languages: Ints) -> dict[str, Any]:
        """Scores of a batch; words are [tokens, sentences], since the network reads token by token."""
        inputs = {
            "hashes": table.hashes[words],
            "grammemes": table.grammemes[words],
            "languages": np.repeat(languages.astype(np.int32)[None, :], len(words), axis=0),
            "lengths": lengths,
        }
        return dict(zip(self._outputs, self._encoder.run(self._outputs, inputs), strict=True))

    def _label_batch(self, labels: Labels, places: Places, scores: dict[str, Any]) -> None:
        tokens, inside = places.tokens, places.inside
        heads = tree.decode(scores["arcs"], places.lengths)
        tags = self.grammar.decode(scores["names"].transpose(1, 0, 2), places.lengths)
        labels.parts_of_speech[tokens] = scores["parts_of_speech"].T[inside]
        labels.features[tokens] = scores["features"].T[inside]
        labels.entity_tags[tokens] = tags[inside]
        labels.heads[tokens] = heads[inside]
        labels.relations[tokens] = self._relate(scores, heads, inside)

    def _relate(self, scores: dict[str, Any], heads: Ints, inside: NDArray[np.bool_]) -> Ints:
        sentence, _ = np.nonzero(inside)
        chosen = heads[inside]
        inputs = {"dependents": scores["as_dependent"][inside], "heads": scores["as_head"][sentence, chosen]}
        relations: Ints = self._relations.run(["relations"], inputs)[0]
        return np.where(chosen == 0, self._root, relations)


def batches(lengths: Ints, *, max_cells: int = MAX_CELLS, max_sentences: int = MAX_SENTENCES) -> Iterator[Ints]:
    """Indices of sentences that are read together, shortest first; every sentence is in one batch."""
    order = np.argsort(lengths, kind="stable")
    start = 0
    while start < len(order):
        end = start + 1
        while end < len(order) and end - start < max_sentences and (end - start + 1) * lengths[order[end]] <= max_cells:
            end += 1
        yield order[start:end]
        start = end


def relation_names(vocabulary: Vocabulary) -> Sequence[str]:
    """Names of the numbers in `Labels.relations`."""
    return (*vocabulary.relations, ROOT_RELATION)


def _session(file: Traversable) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(file.read_bytes(), options, providers=["CPUExecutionProvider"])
