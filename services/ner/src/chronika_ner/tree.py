"""Heads from arc scores: the best tree with exactly one root.

For most sentences the best head of every token is such a tree already, and one look at the whole batch finds those. The
others are solved exactly by the algorithm of Chu, Liu and Edmonds. Where the best tree has several roots, a price is
put on root arcs: the best tree under any price that leaves one root is the best of all trees with one root.
"""

from __future__ import annotations

from typing import Any

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
    """Best heads of nodes 1.. under node 0, from scores [dependent, head]; entry 0 of the result means nothing.

    Every node takes its best head; each cycle that comes of it is shrunk to one node, whose arcs count what they gain
    over the arc of the cycle that they replace; the smaller graph is solved, and every cycle broken where it is
    entered.
    """
    heads: Heads = scores.argmax(axis=1)
    heads[0] = 0
    groups = _groups(heads)
    count = int(groups.max()) + 1
    if count == len(heads):
        return heads
    in_cycle = np.bincount(groups)[groups] > 1
    replaced = np.where(in_cycle, scores[np.arange(len(heads)), heads], 0.0)
    gains = scores - replaced[:, None]
    chosen = _arborescence(_shrink(gains, groups))
    allowed = groups[None, :] == chosen[groups][:, None]
    candidates = np.where(allowed, gains, -np.inf)
    best = candidates.argmax(axis=1)
    by_gain = np.lexsort((candidates.max(axis=1), groups))
    entered = by_gain[np.append(np.flatnonzero(np.diff(groups[by_gain])), len(heads) - 1)][1:]
    heads[entered] = best[entered]
    return heads


def _shrink(gains: NDArray[np.float64], groups: Heads) -> NDArray[np.float64]:
    """The best gain between each two groups, -inf within one."""
    order = np.argsort(groups, kind="stable")
    starts = np.searchsorted(groups[order], np.arange(groups.max() + 1))
    rows = np.maximum.reduceat(gains[order][:, order], starts, axis=0)
    smaller: NDArray[np.float64] = np.maximum.reduceat(rows, starts, axis=1)
    np.fill_diagonal(smaller, -np.inf)
    return smaller


def _groups(heads: Heads) -> Heads:
    """A group number for each node: one for all nodes of a cycle, one of its own for every other; node 0 is group 0."""
    pointers = heads.tolist()
    seen = [-1] * len(pointers)
    groups = [-1] * len(pointers)
    count = 0
    for start in range(len(pointers)):
        node = start
        while seen[node] < 0:
            seen[node] = start
            node = pointers[node]
        if seen[node] == start and groups[node] < 0 and node:
            while groups[node] < 0:
                groups[node] = count
                node = pointers[node]
            count += 1
        if groups[start] < 0:
            groups[start] = count
            count += 1
    return np.array(groups, np.int64)
