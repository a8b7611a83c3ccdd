"""Which reading of an article counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from chronika.ports.store import StoreOutcome
from chronika_storage.guards import Reading, coder_order, decide, reads_as_well

START = datetime(2025, 8, 22, tzinfo=UTC)


def reading(revision: str, coder: str, minute: int) -> Reading:
    return Reading(revision=revision, coder_version=coder, ingested=START + timedelta(minutes=minute))


def test_coder_versions_sort_by_their_numbers() -> None:
    versions = ["", "rules-a", "rules-b", "0.9.2", "0.10.0.dev1", "0.10.0rc1", "0.10.0", "0.10.0+lexicon.2", "1"]
    assert all(coder_order(older) < coder_order(newer) for older, newer in pairwise(versions))


def test_spellings_of_one_version_read_equally_well() -> None:
    assert reads_as_well("1.0", "1.0.0")
    assert reads_as_well("1.0.0", "1.0")
    assert not reads_as_well("0.9.9", "1.0")


@pytest.mark.parametrize(
    ("known", "incoming", "outcome", "keep", "current"),
    [
        ([], reading("a", "1", 0), StoreOutcome.STORED, True, "a"),
        ([reading("a", "1", 0)], reading("a", "1", 5), StoreOutcome.UNCHANGED, False, "a"),
        ([reading("a", "1", 0)], reading("a", "2", 5), StoreOutcome.STORED, True, "a"),
        ([reading("a", "2", 0)], reading("a", "1", 5), StoreOutcome.SUPERSEDED, False, "a"),
        ([reading("a", "1", 0)], reading("b", "1", 5), StoreOutcome.STORED, True, "b"),
        ([reading("a", "1", 5)], reading("b", "1", 0), StoreOutcome.SUPERSEDED, True, "a"),
        ([reading("a", "2", 0)], reading("b", "1", 5), StoreOutcome.STORED, True, "b"),
        ([reading("a", "1", 5)], reading("b", "1", 5), StoreOutcome.STORED, True, "b"),  # the greater hash
        ([reading("b", "1", 5)], reading("a", "1", 5), StoreOutcome.SUPERSEDED, True, "b"),
        # An outdated text read by a newer coder is kept as history, and stays outdated.
        ([reading("a", "1", 0), reading("b", "1", 5)], reading("a", "2", 9), StoreOutcome.SUPERSEDED, True, "b"),
        # An earlier sighting of what was current makes the other one the latest.
        ([reading("a", "1", 3), reading("b", "1", 5)], reading("b", "1", 1), StoreOutcome.UNCHANGED, False, "a"),
    ],
)
def test_decisions(known: list[Reading], incoming: Reading, outcome: StoreOutcome, keep: bool, current: str) -> None:
    decision = decide(known, incoming)
    assert (decision.outcome, decision.keep, decision.current) == (outcome, keep, current)


def test_a_revision_is_as_old_as_its_first_sighting() -> None:
    assert decide([reading("a", "1", 5)], reading("a", "2", 9)).ingested == START + timedelta(minutes=5)
    assert decide([reading("a", "1", 5)], reading("a", "1", 2)).ingested == START + timedelta(minutes=2)
