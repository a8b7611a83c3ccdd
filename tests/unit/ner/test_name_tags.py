"""The best allowed sequence of name tags, beside all sequences, and the spans in it."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np

from chronika.domain.analysis import MentionKind
from chronika_ner.mentions import TagGrammar

TAGS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG")
GRAMMAR = TagGrammar(TAGS)


def allowed(sequence: tuple[int, ...]) -> bool:
    names = ["O", *(TAGS[number] for number in sequence)]
    return all(not after.startswith("I-") or before[1:] == after[1:] for before, after in pairwise(names))


def test_decoding_finds_the_best_allowed_sequence() -> None:
    random = np.random.default_rng(3)
    sequences = [sequence for sequence in product(range(len(TAGS)), repeat=4) if allowed(sequence)]
    for _ in range(40):
        scores = random.normal(size=(1, 5, len(TAGS)))
        best = max(sequences, key=lambda sequence: sum(scores[0, place, tag] for place, tag in enumerate(sequence)))
        decoded = GRAMMAR.decode(scores, np.array([4], np.int32))
        assert tuple(decoded[0, :4]) == best
        assert decoded[0, 4] == 0


def test_spans_of_neighbouring_names() -> None:
    tags = np.array([TAGS.index(tag) for tag in ("B-PER", "I-PER", "B-PER", "O", "B-ORG", "I-ORG", "I-ORG", "B-LOC")])
    assert list(GRAMMAR.spans(tags)) == [
        (0, 2, MentionKind.PERSON),
        (2, 3, MentionKind.PERSON),
        (4, 7, MentionKind.ORGANIZATION),
        (7, 8, MentionKind.LOCATION),
    ]
    assert list(GRAMMAR.spans(np.zeros(3, np.int64))) == []
