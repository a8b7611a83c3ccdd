"""Trees as they are drawn."""

from __future__ import annotations

import pytest

from chronika.cli.formats.dependency_tree import TreeStyle, dependency_tree
from chronika.domain.analysis import AnalysisLayer


def analysis(words: list[str], heads: list[int]) -> AnalysisLayer:
    text = " ".join(words)
    starts = [sum(len(word) + 1 for word in words[:number]) for number in range(len(words))]
    count = len(words)
    assert text
    return AnalysisLayer(
        sentence_starts=(0,),
        sentence_languages=("uk",),
        token_starts=tuple(starts),
        token_ends=tuple(start + len(word) for start, word in zip(starts, words, strict=True)),
        lemmas=("_",) * count,
        parts_of_speech=("X",) * count,
        features=("_",) * count,
        heads=tuple(heads),
        relations=("rel",) * count,
    )


@pytest.mark.parametrize(
    ("heads", "drawn"),
    [
        ([1, -1, 1, 4, 1], [" ╭─╼", "─┼╼", " ├─╼", " │ ╭─╼", " ╰─┴╼"]),
        ([-1], ["─╼"]),
        ([1, -1, 3, 1, 3, 6, 4, 1], [" ╭─╼", "─┼╼", " │ ╭─╼", " ├─┼╼", " │ ╰─┬╼", " │   │ ╭─╼", " │   ╰─┴╼", " ╰─╼"]),
        ([2, 3, -1, 2], [" ╭─╼", " │ ╭─╼", "─┼─│╼", " ╰─┴╼"]),
    ],
    ids=["flat", "alone", "deep", "crossing"],
)
def test_lines_lead_from_heads_to_dependents(heads: list[int], drawn: list[str]) -> None:
    words = [f"w{number}" for number in range(len(heads))]
    tree = dependency_tree(analysis(words, heads), " ".join(words), 0, TreeStyle(roles={}))
    assert [line.partition(" w")[0] for line in tree.plain.splitlines()] == drawn


def test_roles_stand_beside_their_words_and_lines_can_be_ascii() -> None:
    layer = analysis(["Мінск", "відхилив"], [1, -1])
    tree = dependency_tree(layer, "Мінск відхилив", 0, TreeStyle(drawn=False, roles={1: "trigger"}))
    first, second = tree.plain.splitlines()
    assert first.startswith(" +-> Мінск")
    assert second.startswith("-+> відхилив")
    assert second.endswith("trigger")
