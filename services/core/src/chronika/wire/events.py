"""Events to bytes and back."""

from __future__ import annotations

from google.protobuf.message import DecodeError

from chronika.domain.errors import ContractError
from chronika.domain.event import (
    Attribution,
    AttributionKind,
    Coordinates,
    Event,
    EventLayer,
    EventTime,
    EventType,
    Participant,
    Place,
    PlacePrecision,
    Quantity,
    QuantityKind,
    Realis,
    RealisValue,
    TimeBasis,
    TimeGranularity,
)
from chronika.v1 import document_pb2, event_pb2
from chronika.wire.primitives import EnumCodec, decode_span, encode_span

EVENT_TYPES = EnumCodec.of(EventType, dict(event_pb2.EventType.items()), "EVENT_TYPE")
REALIS_VALUES = EnumCodec.of(RealisValue, dict(event_pb2.RealisValue.items()), "REALIS_VALUE")
_PRECISIONS = EnumCodec.of(PlacePrecision, dict(event_pb2.PlacePrecision.items()), "PLACE_PRECISION")
_GRANULARITIES = EnumCodec.of(TimeGranularity, dict(event_pb2.TimeGranularity.items()), "TIME_GRANULARITY")
_BASES = EnumCodec.of(TimeBasis, dict(event_pb2.TimeBasis.items()), "TIME_BASIS")
_ATTRIBUTIONS = EnumCodec.of(AttributionKind, dict(event_pb2.AttributionKind.items()), "ATTRIBUTION_KIND")
_QUANTITIES = EnumCodec.of(QuantityKind, dict(event_pb2.QuantityKind.items()), "QUANTITY_KIND")


def encode_event(event: Event) -> bytes:
    """An event as `chronika.v1.Event`."""
    return event_message(event).SerializeToString(deterministic=True)


def decode_event(data: bytes) -> Event:
    """The event of some bytes. ContractError when they are none."""
    try:
        return event_value(event_pb2.Event.FromString(data))
    except DecodeError as error:
        raise ContractError("undecodable", f"not a chronika.v1.Event: {error}") from None


def event_layer_message(layer: EventLayer) -> document_pb2.EventLayer:
    """The layer as a message."""
    return document_pb2.EventLayer(
        coder_version=layer.coder_version,
        codebook_version=layer.codebook_version,
        events=[event_message(event) for event in layer.events],
    )


def event_layer_value(message: document_pb2.EventLayer) -> EventLayer:
    """The layer of a message."""
    return EventLayer(
        coder_version=message.coder_version,
        codebook_version=message.codebook_version,
        events=tuple(event_value(event) for event in message.events),
    )


def event_message(event: Event) -> event_pb2.Event:
    """An event as a message."""
    return event_pb2.Event(
        id=event.id,
        type=event_pb2.EventType.ValueType(EVENT_TYPES.encode(event.type)),
        mode=event.mode,
        contexts=event.contexts,
        trigger=encode_span(event.trigger),
        actors=[_participant_message(party) for party in event.actors],
        recipients=[_participant_message(party) for party in event.recipients],
        place=None if event.place is None else _place_message(event.place),
        time=None if event.time is None else _time_message(event.time),
        realis=_realis_message(event.realis),
        attribution=[_attribution_message(link) for link in event.attribution],
        quantities=[_quantity_message(quantity) for quantity in event.quantities],
        background=event.background,
        evidence=encode_span(event.evidence),
        sentence=event.sentence,
        rule_ids=event.rule_ids,
        confidence=event.confidence,
        incident_id=event.incident_id,
        coder_version=event.coder_version,
        codebook_version=event.codebook_version,
    )


def event_value(message: event_pb2.Event) -> Event:
    """The event of a message."""
    return Event(
        id=message.id,
        type=EVENT_TYPES.require(message.type),
        mode=message.mode,
        contexts=tuple(message.contexts),
        trigger=decode_span(message.trigger),
        actors=tuple(_participant_value(party) for party in message.actors),
        recipients=tuple(_participant_value(party) for party in message.recipients),
        place=_place_value(message.place) if message.HasField("place") else None,
        time=_time_value(message.time) if message.HasField("time") else None,
        realis=_realis_value(message.realis),
        attribution=tuple(_attribution_value(link) for link in message.attribution),
        quantities=tuple(_quantity_value(quantity) for quantity in message.quantities),
        background=message.background,
        evidence=decode_span(message.evidence),
        sentence=message.sentence,
        rule_ids=tuple(message.rule_ids),
        confidence=message.confidence,
        incident_id=message.incident_id,
        coder_version=message.coder_version,
        codebook_version=message.codebook_version,
    )


def _participant_message(party: Participant) -> event_pb2.Participant:
    return event_pb2.Participant(
        span=encode_span(party.span),
        entity_id=party.entity_id,
        name=party.name,
        code=party.code,
        sector=party.sector,
    )


def _participant_value(message: event_pb2.Participant) -> Participant:
    return Participant(
        span=decode_span(message.span),
        entity_id=message.entity_id,
        name=message.name,
        code=message.code,
        sector=message.sector,
    )


def _place_message(place: Place) -> event_pb2.Place:
    coordinates = place.coordinates
    return event_pb2.Place(
        span=encode_span(place.span),
        name=place.name,
        country=place.country,
        coordinates=None
        if coordinates is None
        else event_pb2.Coordinates(latitude=coordinates.latitude, longitude=coordinates.longitude),
        precision=event_pb2.PlacePrecision.ValueType(_PRECISIONS.encode(place.precision)),
        entity_id=place.entity_id,
    )


def _place_value(message: event_pb2.Place) -> Place:
    coordinates = None
    if message.HasField("coordinates"):
        coordinates = Coordinates(message.coordinates.latitude, message.coordinates.longitude)
    return Place(
        span=decode_span(message.span),
        name=message.name,
        country=message.country,
        coordinates=coordinates,
        precision=_PRECISIONS.decode(message.precision),
        entity_id=message.entity_id,
    )


def _time_message(time: EventTime) -> event_pb2.EventTime:
    return event_pb2.EventTime(
        start=time.start,
        end=time.end,
        granularity=event_pb2.TimeGranularity.ValueType(_GRANULARITIES.encode(time.granularity)),
        basis=event_pb2.TimeBasis.ValueType(_BASES.encode(time.basis)),
        span=encode_span(time.span),
    )


def _time_value(message: event_pb2.EventTime) -> EventTime:
    return EventTime(
        start=message.start,
        end=message.end,
        granularity=_GRANULARITIES.require(message.granularity),
        basis=_BASES.require(message.basis),
        span=decode_span(message.span),
    )


def _realis_message(realis: Realis) -> event_pb2.Realis:
    return event_pb2.Realis(
        value=event_pb2.RealisValue.ValueType(REALIS_VALUES.encode(realis.value)),
        cues=[span for cue in realis.cues if (span := encode_span(cue))],
        condition=encode_span(realis.condition),
    )


def _realis_value(message: event_pb2.Realis) -> Realis:
    return Realis(
        value=REALIS_VALUES.require(message.value),
        cues=tuple(decode_span(cue) for cue in message.cues),
        condition=decode_span(message.condition) if message.HasField("condition") else None,
    )


def _attribution_message(link: Attribution) -> event_pb2.Attribution:
    return event_pb2.Attribution(
        span=encode_span(link.span),
        name=link.name,
        kind=event_pb2.AttributionKind.ValueType(_ATTRIBUTIONS.encode(link.kind)),
        entity_id=link.entity_id,
        anonymous=link.anonymous,
        cue=encode_span(link.cue),
    )


def _attribution_value(message: event_pb2.Attribution) -> Attribution:
    return Attribution(
        span=decode_span(message.span),
        name=message.name,
        kind=_ATTRIBUTIONS.require(message.kind),
        entity_id=message.entity_id,
        anonymous=message.anonymous,
        cue=decode_span(message.cue) if message.HasField("cue") else None,
    )


def _quantity_message(quantity: Quantity) -> event_pb2.Quantity:
    return event_pb2.Quantity(
        span=encode_span(quantity.span),
        kind=event_pb2.QuantityKind.ValueType(_QUANTITIES.encode(quantity.kind)),
        value=quantity.value,
        upper=quantity.upper,
        unit=quantity.unit,
    )


def _quantity_value(message: event_pb2.Quantity) -> Quantity:
    return Quantity(
        span=decode_span(message.span),
        kind=_QUANTITIES.require(message.kind),
        value=message.value,
        upper=message.upper if message.HasField("upper") else None,
        unit=message.unit,
    )
