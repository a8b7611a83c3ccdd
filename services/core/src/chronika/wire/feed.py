"""Dead letters and rows of the change feed to bytes and back."""

from __future__ import annotations

from google.protobuf.message import DecodeError

from chronika.domain.change import EventChange, EventChangeKind
from chronika.domain.dead_letter import DeadLetter
from chronika.domain.errors import ContractError
from chronika.v1 import change_pb2, dead_letter_pb2
from chronika.wire.events import event_message, event_value
from chronika.wire.primitives import EnumCodec, decode_instant, encode_instant

_CHANGES = EnumCodec.of(EventChangeKind, dict(change_pb2.EventChangeKind.items()), "EVENT_CHANGE_KIND")


def encode_change(change: EventChange) -> bytes:
    """A row of the feed as `chronika.v1.EventChange`."""
    message = change_pb2.EventChange(
        sequence=change.sequence,
        kind=change_pb2.EventChangeKind.ValueType(_CHANGES.encode(change.kind)),
        event_id=change.event_id,
        document_id=change.document_id,
        revision=change.revision,
        event=None if change.event is None else event_message(change.event),
        changed=encode_instant(change.changed),
    )
    return message.SerializeToString(deterministic=True)


def decode_change(data: bytes) -> EventChange:
    """The row of some bytes. ContractError when they are none."""
    try:
        message = change_pb2.EventChange.FromString(data)
    except DecodeError as error:
        raise ContractError("undecodable", f"not a chronika.v1.EventChange: {error}") from None
    return EventChange(
        sequence=message.sequence,
        kind=_CHANGES.require(message.kind),
        event_id=message.event_id,
        document_id=message.document_id,
        revision=message.revision,
        event=event_value(message.event) if message.HasField("event") else None,
        changed=decode_instant(message.changed),
    )


def encode_dead_letter(letter: DeadLetter) -> bytes:
    """A dead letter as `chronika.v1.DeadLetter`."""
    message = dead_letter_pb2.DeadLetter(
        id=letter.id,
        document_id=letter.document_id,
        stage=letter.stage,
        code=letter.code,
        message=letter.message,
        retryable=letter.retryable,
        attempts=letter.attempts,
        payload=letter.payload,
        payload_size=letter.payload_size,
        payload_sha256=letter.payload_sha256,
        position=letter.position,
        failed=encode_instant(letter.failed),
        traceparent=letter.traceparent,
    )
    return message.SerializeToString(deterministic=True)


def decode_dead_letter(data: bytes) -> DeadLetter:
    """The dead letter of some bytes. ContractError when they are none."""
    try:
        message = dead_letter_pb2.DeadLetter.FromString(data)
    except DecodeError as error:
        raise ContractError("undecodable", f"not a chronika.v1.DeadLetter: {error}") from None
    return DeadLetter(
        id=message.id,
        document_id=message.document_id,
        stage=message.stage,
        code=message.code,
        message=message.message,
        retryable=message.retryable,
        attempts=message.attempts,
        payload=message.payload,
        payload_size=message.payload_size,
        payload_sha256=message.payload_sha256,
        position=message.position,
        failed=decode_instant(message.failed),
        traceparent=message.traceparent,
    )
