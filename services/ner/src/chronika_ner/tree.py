"""Heads from arc scores: the best tree with exactly one root.

For most sentences the best head of every token is such a tree already, and one look at the whole batch finds those. The
others are solved exactly by the algorithm of Chu, Liu and Edmonds. Where the best tree has several roots, a price is
put on root arcs: the best tree under any price that leaves one root is the best of all trees with one root.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.floating[Any]]
Heads = NDArray[np.int64]


def decode(arcs: Scores, lengths: NDArray[np.int32]) -> Heads:
    """Heads [sentences, tokens] from arc scores [sentences, tokens, 1 + tokens]; 0 is the root, padding gets 0.

    `arcs` is overwritten: heads that lie beyond the end of a sentence are ruled out.
    """
    size = arcs.shape[1]
    beyond = np.arange(size)[None, :] >= lengths[:, None]
    if beyond.any():
        arcs[:, :, 1:][np.broadcast_to(beyond[:, None, :], (len(arcs), size, size))] = -np.inf
    heads: Heads = arcs.argmax(axis=2)
    heads[beyond] = 0
    for sentence in np.flatnonzero(~are_trees(heads, lengths)):
        length = int(lengths[sentence])
        heads[sentence, :length] = best_tree(arcs[sentence, :length, : length + 1])
    return heads


def are_trees(heads: Heads, lengths: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Which rows of heads have one root and no cycle."""
    size = heads.shape[1]
    inside = np.arange(size)[None, :] < lengths[:, None]
    one_root = ((heads == 0) & inside).sum(axis=1) == 1
    ancestors = np.concatenate([np.zeros((len(heads), 1), heads.dtype), heads], axis=1)
    for _ in range(size.bit_length()):
        ancestors = np.take_along_axis(ancestors, ancestors, axis=1)
    return np.asarray(one_root & (ancestors == 0).all(axis=1))


def best_tree(arcs: Scores) -> Heads:
    """Heads of the best tree with one root, from scores [tokens, 1 + tokens]."""
    size = len(arcs)
    scores = np.full((size + 1, size + 1), -np.inf)
    scores[1:] = arcs
    np.fill_diagonal(scores, -np.inf)
    roots = scores[1:, 0].copy()
    heads = _arborescence(scores)[1:]
    for price in _prices(scores):
        if np.count_nonzero(heads == 0) == 1:
            break
        scores[1:, 0] = roots - price
        heads = _arborescence(scores)[1:]
    return heads


def _prices(scores: NDArray[np.float64]) -> tuple[float, float]:
    """Prices of a root arc: one at which one token still wants to be the root, and one that no second root is worth."""
    if len(scores) < 3:
        return 0.0, 0.0
    gains = np.sort(scores[1:, 0] - scores[1:, 1:].max(axis=1))
    finite = scores[np.isfinite(scores)]
    return float(gains[-2:].mean()), (float(np.ptp(finite)) + 1.0) * len(scores)


def _arborescence(scores: NDArray[np.float64]) -> Heads:
    """Best heads of nodes 1.. under node 0, from scores [dependent, head]; entry 0 of the result means nothing."""
    heads: Heads = scores.argmax(axis=1)
    heads[0] = 0
    cycle = _cycle(heads)
    if not cycle.any():
        return heads
    contraction = _Contraction.of(scores, heads, cycle)
    return contraction.undo(heads, _arborescence(contraction.scores))


@dataclass(frozen=True, slots=True)
class _Contraction:
    """A graph in which one node, the last, stands for a cycle.

    `entering` is what a head outside adds when it takes over a node of the cycle, `leaving` the scores of dependents
    outside under heads inside.
    """

    inside: NDArray[np.intp]
    outside: NDArray[np.intp]
    entering: NDArray[np.float64]
    leaving: NDArray[np.float64]
    scores: NDArray[np.float64]

    @classmethod
    def of(cls, scores: NDArray[np.float64], heads: Heads, cycle: NDArray[np.bool_]) -> Self:
        inside, outside = np.flatnonzero(cycle), np.flatnonzero(~cycle)
        entering = scores[inside][:, outside] - scores[inside, heads[inside]][:, None]
        leaving = scores[outside][:, inside]
        smaller = np.full((len(outside) + 1, len(outside) + 1), -np.inf)
        smaller[:-1, :-1] = scores[outside][:, outside]
        smaller[:-1, -1] = leaving.max(axis=1)
        smaller[-1, :-1] = entering.max(axis=0)
        return cls(inside, outside, entering, leaving, smaller)

    def undo(self, heads: Heads, smaller: Heads) -> Heads:
        """Heads of the whole graph: the cycle is broken where the best arc enters it."""
        last = len(self.outside)
        result = heads.copy()
        for position in range(1, last):
            head = int(smaller[position])
            under_cycle = head == last
            result[self.outside[position]] = (
                self.inside[self.leaving[position].argmax()] if under_cycle else self.outside[head]
            )
        entry = int(smaller[last])
        result[self.inside[self.entering[:, entry].argmax()]] = self.outside[entry]
        return result


def _cycle(heads: Heads) -> NDArray[np.bool_]:
    """The nodes of one cycle, none if there is no cycle."""
    members = np.zeros(len(heads), np.bool_)
    seen = [0] * len(heads)
    pointers = heads.tolist()
    for start in range(1, len(heads)):
        node = start
        while node and not seen[node]:
            seen[node] = start
            node = pointers[node]
        if node and seen[node] == start:
            while not members[node]:
                members[node] = True
                node = pointers[node]
            return members
    return members
