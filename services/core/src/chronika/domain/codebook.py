"""The codebook's tables: types, modes, scores and contexts (PLOVER 2.0, CC BY-SA 4.0, with our decisions).

docs/codebook.md tells what each means; this module is what code may rely on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from chronika.domain.event import EventType

CODEBOOK_VERSION = "plover-2.0+1"
"""PLOVER's version and the number of our decisions' edition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeEntry:
    """A row of codebook 1: `score` -10..+10, `quad` 1..4 (0 for STATE), `cameo` root code, `modes` with scores."""

    score: float
    quad: int
    cameo: str
    needs_recipient: bool = False
    mutual: bool = False
    modes: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


def _modes(**scores: float) -> Mapping[str, float]:
    return MappingProxyType({name.replace("_", "-"): score for name, score in scores.items()})


TYPES: Mapping[EventType, TypeEntry] = MappingProxyType(
    {
        EventType.AGREE: TypeEntry(score=2.5, quad=1, cameo="03", mutual=True),
        EventType.CONSULT: TypeEntry(
            score=2.5, quad=1, cameo="04", mutual=True, modes=_modes(visit=4, third_party=1, multilateral=4, phone=1.5)
        ),
        EventType.SUPPORT: TypeEntry(score=5, quad=1, cameo="05"),
        EventType.CONCEDE: TypeEntry(score=4.5, quad=1, cameo="08"),
        EventType.COOPERATE: TypeEntry(score=9.5, quad=2, cameo="06", needs_recipient=True, mutual=True),
        EventType.AID: TypeEntry(score=10, quad=2, cameo="07", needs_recipient=True),
        EventType.RETREAT: TypeEntry(
            score=6.5,
            quad=2,
            cameo="08",
            modes=_modes(withdraw=8, release=6.5, disarm=10, ceasefire=7.5, access=6.5, resign=4.5),
        ),
        EventType.REQUEST: TypeEntry(
            score=0, quad=3, cameo="10", modes=MappingProxyType({"assist": 0.5, "change": -1, "yield": -1, "meet": 0})
        ),
        EventType.ACCUSE: TypeEntry(
            score=-3, quad=3, cameo="11", modes=_modes(disapprove=-2, investigate=-3.5, allege=-3.5)
        ),
        EventType.REJECT: TypeEntry(
            score=-2,
            quad=3,
            cameo="12",
            modes=MappingProxyType({"assist": -1.5, "change": -2, "yield": -2, "meet": -2}),
        ),
        EventType.THREATEN: TypeEntry(
            score=-3.5,
            quad=3,
            cameo="13",
            modes=_modes(restrict=-3, arrest=-3.5, relations=-3.5, expel=-3.5, territory=-4, violence=-3.5),
        ),
        EventType.PROTEST: TypeEntry(
            score=-5,
            quad=4,
            cameo="14",
            modes=_modes(demo=-5, riot=-7, strike=-5, hunger=-4.5, boycott=-4.5, obstruct=-4.5, vandalize=-5),
        ),
        EventType.SANCTION: TypeEntry(
            score=-6,
            quad=4,
            cameo="16",
            needs_recipient=True,
            modes=_modes(convict=-6, expel=-5.5, withdraw=-6, discontinue=-6),
        ),
        EventType.MOBILIZE: TypeEntry(
            score=-5.5, quad=4, cameo="15", modes=_modes(troops=-6.5, weapons=-6.5, police=-5.5, militia=-6)
        ),
        EventType.COERCE: TypeEntry(
            score=-7,
            quad=4,
            cameo="17",
            modes=_modes(
                seize=-7,
                restrict=-7,
                censor=-6.5,
                curfew=-6.5,
                martial_law=-7.5,
                arrest=-7,
                deport=-7,
                withhold=-7,
                misinformation=-6.5,
                cyber=-7,
            ),
        ),
        EventType.ASSAULT: TypeEntry(
            score=-9,
            quad=4,
            cameo="18",
            modes=_modes(
                abduct=-8.5,
                beat=-7.5,
                torture=-8.5,
                sexual=-8.5,
                targeted=-9.5,
                destroy=-8.5,
                primitive=-8,
                firearms=-9,
                explosives=-9,
                suicide_attack=-9.5,
                aerial=-9.5,
                drone=-9.5,
                heavy_weapons=-9.5,
                crowd_control=-7.5,
                unconventional=-10,
            ),
        ),
        EventType.STATE: TypeEntry(score=0, quad=0, cameo="01"),
    }
)

CONTEXTS: tuple[str, ...] = (
    "military",
    "intelligence",
    "executive",
    "legislative",
    "election",
    "political_institutions",
    "pro_democracy",
    "pro_autocracy",
    "economic",
    "legal",
    "reparations",
    "human_rights",
    "rights_freedoms",
    "repression",
    "human_security",
    "gender",
    "lgbt",
    "religion_ethnicity",
    "inequality",
    "diplomatic",
    "territory",
    "peacekeeping",
    "health",
    "asylum",
    "migration",
    "disasters",
    "natural_resource",
    "environment",
    "technology",
    "terrorism",
    "cbrn",
    "cyber",
    "misinformation",
    "crime",
    "corruption",
    "illegal_drugs",
    "trafficking",
)

SECTORS: frozenset[str] = frozenset(
    {"GOV", "MIL", "LEG", "JUD", "SPY", "UAF", "OPP", "PTY", "BUS", "MED", "JRN", "EDU", "CVL", "IGO", "NGO", "ELI"}
    | {"PRE"}
)
"""Sectors of codebook 2.6 and 2.6's PRE for de facto entities."""


def score(event_type: EventType, mode: str) -> float:
    """The conflict/cooperation score of a type and mode; the type's own when it has no such mode."""
    entry = TYPES[event_type]
    return entry.modes.get(mode, entry.score)
