"""Spans, instants and enums: what every message is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Generic, TypeVar

from google.protobuf.timestamp_pb2 import Timestamp

from chronika.domain.errors import ContractError
from chronika.domain.span import Span
from chronika.v1 import span_pb2

E = TypeVar("E", bound=StrEnum)


def encode_span(span: Span | None) -> span_pb2.Span | None:
    """A span; None stays absent."""
    return None if span is None else span_pb2.Span(start=span.start, end=span.end)


def decode_span(message: span_pb2.Span) -> Span:
    """A span. ContractError `bad-span` when it ends before it starts."""
    if message.end < message.start:
        raise ContractError("bad-span", f"a span ends before it starts: [{message.start}, {message.end})")
    return Span(message.start, message.end)


def encode_instant(instant: datetime | None) -> Timestamp | None:
    """An aware instant; None stays absent. Naive times are a mistake of the caller: ValueError."""
    if instant is None:
        return None
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    message = Timestamp()
    message.FromDatetime(instant)
    return message


def decode_instant(message: Timestamp) -> datetime:
    """An aware instant in UTC. ContractError `bad-instant` when it lies outside the calendar."""
    try:
        return message.ToDatetime(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise ContractError("bad-instant", f"not an instant: {error}") from None


@dataclass(frozen=True, slots=True)
class EnumCodec(Generic[E]):
    """Translates an enum of the domain to the numbers of a protobuf enum and back; 0 is `_UNSPECIFIED`."""

    numbers: Mapping[E, int]
    members: Mapping[int, E]

    @classmethod
    def of(cls, members: type[E], numbers: Mapping[str, int], prefix: str) -> EnumCodec[E]:
        """Pairs members with the protobuf names that their values spell: "date-line" is `<prefix>_DATE_LINE`."""
        pairs = {member: numbers[f"{prefix}_{member.value.upper().replace('-', '_')}"] for member in members}
        return cls(pairs, {number: member for member, number in pairs.items()})

    def encode(self, member: E | None) -> int:
        """The number of a member; 0 for None."""
        return 0 if member is None else self.numbers[member]

    def decode(self, number: int) -> E | None:
        """The member; None for 0. ContractError `unknown-value` for a number of a newer schema."""
        if number == 0:
            return None
        member = self.members.get(number)
        if member is None:
            raise ContractError(
                "unknown-value",
                f"value {number} is not known to this version",
                cure="The document was made by a newer version; upgrade this service first.",
            )
        return member

    def require(self, number: int) -> E:
        """The member of a field that must be set. ContractError `missing-value` for 0."""
        member = self.decode(number)
        if member is None:
            raise ContractError("missing-value", "a value that every message holds is missing")
        return member
