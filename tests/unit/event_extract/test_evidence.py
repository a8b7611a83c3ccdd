"""Evidence is a sentence, but for those that hardly end: of these it is what stands around the trigger."""

from __future__ import annotations

from collections.abc import Callable

from chronika_event_extract.evidence import AROUND, LONGEST_SENTENCE, evidence_of
from chronika_event_extract.tree import Tree

SHORT = """
Вот вот PART 2 advmod
началось начаться VERB 0 root

Чад Чад PROPN 2 nsubj
атаковал атаковать VERB 0 root
Судан Судан PROPN 2 obj
"""


def long_sentence(before: int, after: int) -> str:
    """A sentence with so many words of five letters around its verb."""
    verb = before + 1
    filler = f"слово слово NOUN {verb} obl\n"
    return filler * before + "атаковал атаковать VERB 0 root\n" + filler * after


def test_it_is_the_sentence_of_the_trigger(tree: Callable[..., Tree]) -> None:
    short = tree(SHORT)

    assert evidence_of(short, 3).of(short.text) == "Чад атаковал Судан"


def test_a_sentence_of_the_usual_lengths_is_shown_whole(tree: Callable[..., Tree]) -> None:
    usual = tree(long_sentence(160, 160))
    assert len(usual.text) <= LONGEST_SENTENCE

    assert evidence_of(usual, 160).of(usual.text) == usual.text


def test_of_a_sentence_that_hardly_ends_it_is_the_words_around_the_trigger(tree: Callable[..., Tree]) -> None:
    endless = tree(long_sentence(1_000, 1_000))

    shown = evidence_of(endless, 1_000).of(endless.text)

    before, verb, after = shown.partition("атаковал")
    assert verb
    for side in (before.strip(), after.strip()):
        assert AROUND - 6 < len(side) <= AROUND
        assert set(side.split()) == {"слово"}, "words are shown whole"


def test_it_ends_where_the_sentence_does(tree: Callable[..., Tree]) -> None:
    endless = tree(f"{long_sentence(0, 1_000)}\n{long_sentence(1_000, 0)}")

    first, last = evidence_of(endless, 0), evidence_of(endless, 2_001)

    assert first.start == 0
    assert last.end == len(endless.text)
    assert len(first.of(endless.text)) == len("атаковал") + AROUND - 4
