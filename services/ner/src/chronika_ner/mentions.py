"""Names from tag scores: the best sequence of O, B- and I- tags in which no I- stands without its beginning.

A sentence whose best tags are such a sequence already needs no search, and that is nearly every one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chronika.domain.analysis import MentionKind

KINDS = {"PER": MentionKind.PERSON, "LOC": MentionKind.LOCATION, "ORG": MentionKind.ORGANIZATION}
_FORBIDDEN = -1e9


class TagGrammar:
    """Which tag may follow which."""

    def __init__(self, tags: Sequence[str]) -> None:
        self.tags = tuple(tags)
        self._inner: NDArray[np.bool_] = np.array([tag.startswith("I-") for tag in tags])
        self._begins: NDArray[np.bool_] = np.array([tag.startswith("B-") for tag in tags])
        continues = np.array([[before[1:] == tag[1:] for tag in tags] for before in tags])
        self._allowed: NDArray[np.bool_] = continues | ~self._inner[None, :]

    def decode(self, scores: NDArray[np.floating[Any]], lengths: NDArray[np.int32]) -> NDArray[np.int64]:
        """Tag numbers [sentences, tokens] from scores [sentences, tokens, tags]; padding gets 0."""
        best: NDArray[np.int64] = scores.argmax(axis=2)
        best[np.arange(best.shape[1])[None, :] >= lengths[:, None]] = 0
        sound = ~self._inner[best[:, 0]] & self._allowed[best[:, :-1], best[:, 1:]].all(axis=1)
        for sentence in np.flatnonzero(~sound):
            length = int(lengths[sentence])
            best[sentence, :length] = self.search(scores[sentence, :length])
        return best

    def search(self, scores: NDArray[np.floating[Any]]) -> NDArray[np.int64]:
        """The best allowed sequence for one sentence, by the algorithm of Viterbi."""
        steps = np.where(self._allowed, 0.0, _FORBIDDEN)
        total = scores[0] + np.where(self._inner, _FORBIDDEN, 0.0)
        back = np.zeros(scores.shape, np.int64)
        for position in range(1, len(scores)):
            candidates = total[:, None] + steps
            back[position] = candidates.argmax(axis=0)
            total = candidates.max(axis=0) + scores[position]
        path = np.zeros(len(scores), np.int64)
        path[-1] = total.argmax()
        for position in range(len(scores) - 1, 0, -1):
            path[position - 1] = back[position, path[position]]
        return path

    def spans(self, tags: NDArray[np.int64]) -> Iterator[tuple[int, int, MentionKind]]:
        """First token, token after the last, and kind of each name in a decoded sequence."""
        for start in np.flatnonzero(self._begins[tags]).tolist():
            end = start + 1
            while end < len(tags) and self._inner[tags[end]]:
                end += 1
            yield start, end, KINDS[self.tags[tags[start]][2:]]
