"""The part of the text that shows an event to a reader."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from chronika.domain.span import Span
from chronika_event_extract.tree import Tree

LONGEST_SENTENCE = 2_000
"""Characters of a sentence that is shown whole. A text without full stops is one sentence, and each of its hundreds of
events would carry all of it."""
AROUND = 1_000
"""Characters before and after the trigger that are shown of a longer one."""


def evidence_of(tree: Tree, trigger: int) -> Span:
    """The sentence of a trigger; of a very long one the whole tokens around it."""
    layer = tree.layer
    number = layer.sentence_of(trigger)
    sentence = layer.sentence_span(number)
    if sentence.end - sentence.start <= LONGEST_SENTENCE:
        return sentence
    tokens = layer.sentence(number)
    start, end = layer.token_starts[trigger], layer.token_ends[trigger]
    first = bisect_left(layer.token_starts, start - AROUND, lo=tokens.start, hi=trigger)
    last = bisect_right(layer.token_ends, end + AROUND, lo=trigger + 1, hi=tokens.stop) - 1
    return Span(layer.token_starts[first], layer.token_ends[last])
