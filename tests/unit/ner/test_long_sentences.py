"""Sentences that are too long for the parser."""

from __future__ import annotations

import numpy as np
import pytest

from chronika.domain.analysis import ROOT
from chronika_ner.analyzer import Analyzer
from chronika_ner.outline import Text
from chronika_ner.pieces import MAX_PIECE, join_trees, piece_lengths, token_heads


def test_a_sentence_within_the_limit_is_one_piece() -> None:
    assert piece_lengths(["слово"] * MAX_PIECE) == [MAX_PIECE]


@pytest.mark.parametrize(
    ("marks", "first"),
    [
        ({}, MAX_PIECE),
        ({150: ","}, 151),
        ({150: ",", 180: ","}, 181),
        ({120: ";", 180: ","}, 121),
        ({50: ";"}, MAX_PIECE),
    ],
    ids=["no mark", "a comma", "the last comma", "a semicolon before a comma", "a mark too near"],
)
def test_pieces_end_at_punctuation(marks: dict[int, str], first: int) -> None:
    words = [marks.get(place, "слово") for place in range(MAX_PIECE + 50)]
    assert piece_lengths(words) == [first, len(words) - first]


def test_roots_of_later_pieces_hang_from_the_first() -> None:
    lengths = np.array([2, 2, 3, 1], np.int64)
    heads = token_heads(np.array([2, 0, 0, 1, 0, 1, 1, 0], np.int64), lengths)
    relations = np.zeros(8, np.int64)
    join_trees(heads, relations, lengths, [False, False, True, True], joining=9)
    assert heads.tolist() == [1, ROOT, ROOT, 2, 2, 4, 4, 2]
    assert relations.tolist() == [0, 0, 0, 0, 9, 0, 0, 9]


def test_a_long_sentence_is_cut_and_keeps_one_tree(analyzer: Analyzer) -> None:
    text = "Короткая фраза. В списке " + ", ".join(f"посёлок номер {number}" for number in range(300)) + "."
    layer = analyzer.analyze([Text(text=text, language="ru")])[0].layer
    assert layer.cut_sentences == (1,)
    assert len(layer.sentence(1)) > 2 * MAX_PIECE
    assert [layer.heads[token] for token in layer.sentence(1)].count(ROOT) == 1
    assert "parataxis" in layer.relations
