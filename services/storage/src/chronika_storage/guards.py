"""Which reading of an article counts: decides over revisions and coder versions, and touches nothing.

An article is kept in all its revisions, each as its newest coder read it; one revision is current, and only that one
has mentions and events in the store. The rules, which give the same end whatever the order of arrival:

1. A revision is as old as the first time that ingest saw it (`source.ingested`; the clock of the store where that is
   missing). The revision that was first seen last is current; of two seen in the same microsecond, the one with the
   greater hash. The time of publication does not decide: corrected articles keep or lose theirs, and one that was read
   wrongly would lock an article for ever.
2. Within a revision a newer coder replaces an older one, and never the other way round. Between revisions the coder
   does not decide: an outdated text is outdated however well it was read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from packaging.version import InvalidVersion, Version

from chronika.ports.store import StoreOutcome


@lru_cache(maxsize=256)
def coder_order(version: str) -> tuple[int, Version, str]:
    """A key by which coder versions sort as PEP 440 says ("0.9.2" < "0.10.0rc1" < "0.10.0"); what is no such version
    comes before all that are, by its letters, the empty one first."""
    try:
        return (1, Version(version), "")
    except InvalidVersion:
        return (0, Version("0"), version)


def reads_as_well(coder: str, other: str) -> bool:
    """Whether a coder is the other one or a newer one."""
    return coder_order(coder) >= coder_order(other)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A revision of an article as one coder read it; `ingested` is the first time that ingest saw the revision."""

    revision: str
    coder_version: str
    ingested: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is to be done with a reading that comes in.

    `keep`: it is written, in the place of an older reading of its revision if there is one. `ingested` is when its
    revision was first seen, as is known now. `current` is the revision that counts from now on.
    """

    outcome: StoreOutcome
    keep: bool
    ingested: datetime
    current: str


def decide(known: Sequence[Reading], incoming: Reading) -> Decision:
    """What to do with a reading, beside all readings of the same article that are kept."""
    held = next((reading for reading in known if reading.revision == incoming.revision), None)
    seen = replace(incoming, ingested=min(held.ingested, incoming.ingested)) if held else incoming
    others = [reading for reading in known if reading.revision != incoming.revision]
    current = max([*others, seen], key=lambda reading: (reading.ingested, reading.revision)).revision
    keep = held is None or not reads_as_well(held.coder_version, incoming.coder_version)
    return Decision(outcome=_outcome(held, incoming, keep, current), keep=keep, ingested=seen.ingested, current=current)


def _outcome(held: Reading | None, incoming: Reading, keep: bool, current: str) -> StoreOutcome:
    if keep:
        return StoreOutcome.STORED if incoming.revision == current else StoreOutcome.SUPERSEDED
    if held is not None and reads_as_well(incoming.coder_version, held.coder_version):
        return StoreOutcome.UNCHANGED
    return StoreOutcome.SUPERSEDED
