"""How sure the coder is of an event: a plain sum over what was found, fixed before any figure was looked at.

It starts at 0.5; a trigger with conditions or a light verb adds 0.1, known actors 0.15, known recipients where the
type wants them 0.1 (their lack costs as much). Parties that take the state of the document
cost 0.1, and so does an event that is only possible.
"""

from __future__ import annotations

from collections.abc import Sequence

from chronika.domain.codebook import TYPES
from chronika.domain.event import UNKNOWN_PARTY, Participant, RealisValue
from chronika_event_extract.triggers import Match

_START = 0.5


def confidence_of(
    match: Match,
    actors: Sequence[Participant],
    recipients: Sequence[Participant],
    realis: RealisValue,
    *,
    guessed: bool,
) -> float:
    """In [0, 1]."""
    sure = _START
    if match.entry.demands or match.light is not None:
        sure += 0.1
    if any(party.code != UNKNOWN_PARTY for party in actors):
        sure += 0.15
    if any(party.code != UNKNOWN_PARTY for party in recipients) or (match.entry.is_mutual and len(actors) > 1):
        sure += 0.1
    elif TYPES[match.entry.type].needs_recipient:
        sure -= 0.1
    if guessed:
        sure -= 0.1
    if realis is RealisValue.POSSIBLE:
        sure -= 0.1
    return round(min(1.0, max(0.0, sure)), 3)
