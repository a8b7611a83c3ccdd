"""The best tree with one root, beside all trees of small sentences."""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

from chronika_ner.tree import are_trees, best_tree, decode


def is_tree(heads: tuple[int, ...]) -> bool:
    reached = {0}
    for _ in heads:
        reached |= {node for node, head in enumerate(heads, start=1) if head in reached}
    return heads.count(0) == 1 and len(reached) == len(heads) + 1


@cache
def all_trees(size: int) -> NDArray[np.int64]:
    return np.array([heads for heads in product(range(size + 1), repeat=size) if is_tree(heads)])


def best_by_trying(arcs: NDArray[np.float64]) -> list[int]:
    trees = all_trees(len(arcs))
    best: list[int] = trees[arcs[np.arange(len(arcs)), trees].sum(axis=1).argmax()].tolist()
    return best


@pytest.mark.parametrize("root_gain", [-4.0, 0.0, 4.0, 40.0], ids=lambda gain: f"root{gain:+.0f}")
@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_best_tree_is_the_best_of_all(size: int, root_gain: float) -> None:
    random = np.random.default_rng(size)
    for _ in range(60):
        arcs = random.normal(scale=3.0, size=(size, size + 1))
        arcs[:, 0] += root_gain
        assert best_tree(arcs).tolist() == best_by_trying(arcs)


def test_scores_of_a_token_as_its_own_head_do_not_count() -> None:
    arcs = np.array([[1.0, 99.0, 0.0], [0.0, 2.0, 99.0]])
    assert best_tree(arcs).tolist() == [0, 1]


def test_rows_are_trees_with_one_root_and_no_cycle() -> None:
    heads = np.array([[0, 1, 2, 3], [0, 0, 1, 1], [2, 1, 0, 3], [2, 0, 0, 0], [3, 4, 4, 0]])
    lengths = np.array([4, 4, 4, 2, 4], np.int32)
    assert are_trees(heads, lengths).tolist() == [True, False, False, True, True]


def test_decoding_a_batch_gives_trees_within_each_sentence() -> None:
    random = np.random.default_rng(7)
    lengths = np.array([1, 3, 8, 20, 20], np.int32)
    arcs = random.normal(scale=2.0, size=(5, 20, 21))
    single = [best_tree(arcs[row, :length, : length + 1]).tolist() for row, length in enumerate(lengths)]
    heads = decode(arcs, lengths)
    assert [heads[row, :length].tolist() for row, length in enumerate(lengths)] == single
    assert all(is_tree(tuple(tree)) for tree in single)


def test_a_long_sentence_of_equal_scores_has_a_tree() -> None:
    assert is_tree(tuple(best_tree(np.zeros((150, 151))).tolist()))
