"""An event: who did what to whom, when, where, who says so, and whether it happened (codebook 1 to 5)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chronika.domain.span import Span

UNKNOWN_PARTY = "UNK"
"""Code of a party whose state neither the text nor common knowledge gives."""


class EventType(StrEnum):
    """The 16 types of PLOVER 2.0 and the platform's own STATE (codebook 1)."""

    AGREE = "AGREE"
    CONSULT = "CONSULT"
    SUPPORT = "SUPPORT"
    CONCEDE = "CONCEDE"
    COOPERATE = "COOPERATE"
    AID = "AID"
    RETREAT = "RETREAT"
    REQUEST = "REQUEST"
    ACCUSE = "ACCUSE"
    REJECT = "REJECT"
    THREATEN = "THREATEN"
    PROTEST = "PROTEST"
    SANCTION = "SANCTION"
    MOBILIZE = "MOBILIZE"
    COERCE = "COERCE"
    ASSAULT = "ASSAULT"
    STATE = "STATE"


class RealisValue(StrEnum):
    """Whether the event happened (codebook 2.2)."""

    ACTUAL = "actual"
    PLANNED = "planned"
    POSSIBLE = "possible"
    CONDITIONAL = "conditional"
    DENIED = "denied"


class PlacePrecision(StrEnum):
    """What a place's name and coordinates stand for."""

    COUNTRY = "country"
    REGION = "region"
    SETTLEMENT = "settlement"
    SITE = "site"


class TimeGranularity(StrEnum):
    """Size of an event's time."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    RANGE = "range"


class TimeBasis(StrEnum):
    """What an event's time was resolved against."""

    EXPLICIT = "explicit"
    PUBLICATION = "publication"
    CONTEXT = "context"


class AttributionKind(StrEnum):
    """Who speaks, as against who publishes."""

    SPEAKER = "speaker"
    OUTLET = "outlet"


class QuantityKind(StrEnum):
    """What a number counts."""

    KILLED = "killed"
    WOUNDED = "wounded"
    DETAINED = "detained"
    PARTICIPANTS = "participants"
    MONEY = "money"
    WEAPONS = "weapons"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """A party in a role; `span` is the pronoun's own where a pronoun names it. `sector` is empty when there is none."""

    span: Span
    name: str
    code: str = UNKNOWN_PARTY
    sector: str = ""
    entity_id: str = ""


@dataclass(frozen=True, slots=True)
class Coordinates:
    """Degrees in WGS 84."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the event happened; `country` is ISO 3166-1 alpha-3 or empty."""

    span: Span
    name: str
    country: str = ""
    coordinates: Coordinates | None = None
    precision: PlacePrecision | None = None
    entity_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTime:
    """A civil date or interval in the source's zone: "2025-08-22", "2025-08" or "2025"; `end` may be empty."""

    start: str
    end: str = ""
    granularity: TimeGranularity
    basis: TimeBasis
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Realis:
    """Whether it happened, the words that say so, and the condition's clause when it is conditional."""

    value: RealisValue
    cues: tuple[Span, ...] = ()
    condition: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """One link of the chain of sources (codebook 2.7)."""

    span: Span
    name: str
    kind: AttributionKind
    entity_id: str = ""
    anonymous: bool = False
    cue: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number that belongs to the event; `upper` only for a range; `unit` is an ISO 4217 code or a lemma."""

    span: Span
    kind: QuantityKind
    value: float
    upper: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One coded event with the evidence for every field. A field that the text does not fill is empty.

    `actors` holds all sides of a mutual event. `attribution` is innermost first, empty in the article's own voice.
    `evidence` is the sentence that holds the trigger (of a very long one the words around it), `sentence` its index.
    `confidence` lies in [0, 1].
    """

    id: str
    type: EventType
    mode: str = ""
    contexts: tuple[str, ...] = ()
    trigger: Span
    actors: tuple[Participant, ...] = ()
    recipients: tuple[Participant, ...] = ()
    place: Place | None = None
    time: EventTime | None = None
    realis: Realis
    attribution: tuple[Attribution, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    background: bool = False
    evidence: Span
    sentence: int
    rule_ids: tuple[str, ...] = ()
    confidence: float
    incident_id: str = ""
    coder_version: str
    codebook_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLayer:
    """The events of a document in the order of their triggers."""

    coder_version: str
    codebook_version: str
    events: tuple[Event, ...] = ()
