"""The last line of a run adds up and names the reasons."""

from __future__ import annotations

from collections import Counter

import pytest

from chronika.cli.balance import balance
from chronika.runtime.run_report import RunSummary


@pytest.mark.parametrize(
    ("summary", "line"),
    [
        (
            RunSummary(
                inputs=12,
                stored=8,
                refused=Counter({"binary": 1, "empty": 2}),
                dead_letters=Counter({("ner", "stage-timeout"): 1}),
            ),
            "inputs 12 = stored 8 + unchanged 0 + refused 3 (empty 2, binary 1) + dead letters 1 (stage-timeout 1)",
        ),
        (RunSummary(), "inputs 0 = stored 0 + unchanged 0 + refused 0 + dead letters 0"),
        (
            RunSummary(
                inputs=5,
                resumed=4,
                stored=2,
                unchanged=1,
                superseded=3,
                dead_letters=Counter({("ner", "stage-failed"): 1, ("storage", "stage-failed"): 1}),
                waiting=1,
            ),
            "inputs 5 + left by an earlier run 4 = stored 2 + unchanged 1 + superseded 3 + refused 0"
            " + dead letters 2 (stage-failed 2) + waiting 1",
        ),
    ],
)
def test_the_line_names_every_term(summary: RunSummary, line: str) -> None:
    assert summary.balances
    assert balance(summary) == line
