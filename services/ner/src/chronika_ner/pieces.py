"""Sentences that are too long for the parser: cut into pieces at punctuation, their trees joined again.

The time and memory of a tree grow with the square of its length, and a "sentence" of a thousand tokens is a table or a
list that nobody punctuated. Each piece gets a tree of its own; the roots of later pieces hang from the root of the
first as parataxis, so that the sentence still has one tree.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from chronika.domain.analysis import ROOT
from chronika_ner.network import Ints

MAX_PIECE = 200
"""Tokens that are parsed together."""

JOINING_RELATION = "parataxis"
_MIN_PIECE = 100
_STRONG_BORDERS = frozenset({";", ".", "!", "?", "…", "...", "|", "•"})
_WEAK_BORDERS = frozenset({",", ":", "—", "–", "-", ")", "»", '"', "/"})


def piece_lengths(words: Sequence[str]) -> list[int]:
    """Lengths of the pieces of a sentence: one, unless it is longer than `MAX_PIECE`."""
    lengths: list[int] = []
    start = 0
    while len(words) - start > MAX_PIECE:
        end = _border(words, start)
        lengths.append(end - start)
        start = end
    return [*lengths, len(words) - start]


def _border(words: Sequence[str], start: int) -> int:
    """Where a piece ends: after the last strong mark in reach, else the last weak one, else as far as it may go."""
    reach = range(start + MAX_PIECE, start + _MIN_PIECE, -1)
    for marks in (_STRONG_BORDERS, _WEAK_BORDERS):
        for end in reach:
            if words[end - 1] in marks:
                return end
    return start + MAX_PIECE


def token_heads(heads: Ints, lengths: Ints) -> Ints:
    """Heads as tokens counted over all pieces, `ROOT` for roots, from positions in each piece plus one."""
    starts = np.repeat(np.cumsum(lengths) - lengths, lengths)
    return np.where(heads == 0, ROOT, starts + heads - 1)


def join_trees(heads: Ints, relations: Ints, lengths: Ints, continues: Sequence[bool], joining: int) -> None:
    """Hang, in place, the root of each piece that continues a sentence from the root of the sentence's first piece.

    `heads` are those of `token_heads`; `joining` is the number of the relation.
    """
    starts = np.cumsum(lengths) - lengths
    for piece in np.flatnonzero(continues).tolist():
        first = piece
        while continues[first]:
            first -= 1
        top = _root(heads, int(starts[first]), int(lengths[first]))
        own = _root(heads, int(starts[piece]), int(lengths[piece]))
        heads[own] = top
        relations[own] = joining


def _root(heads: Ints, start: int, length: int) -> int:
    return start + int(np.flatnonzero(heads[start : start + length] == ROOT)[0])
