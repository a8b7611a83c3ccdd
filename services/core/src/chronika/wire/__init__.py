"""Between the frozen values of `domain` and the protobuf of chronika.v1: the only place that knows both.

A layer is encoded as a `Document` that holds nothing else, so that appending it to a document's bytes adds the layer.
"""

from chronika.wire.documents import (
    append_layer,
    check_spans,
    decode_document,
    decode_identity,
    encode_document,
    encode_layer,
    strip_layers,
)
from chronika.wire.events import decode_event, encode_event
from chronika.wire.feed import decode_change, decode_dead_letter, encode_change, encode_dead_letter

__all__ = [
    "append_layer",
    "check_spans",
    "decode_change",
    "decode_dead_letter",
    "decode_document",
    "decode_event",
    "decode_identity",
    "encode_change",
    "encode_dead_letter",
    "encode_document",
    "encode_event",
    "encode_layer",
    "strip_layers",
]
