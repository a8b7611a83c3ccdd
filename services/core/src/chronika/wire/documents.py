"""Documents and their layers to bytes and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from google.protobuf.message import DecodeError

from chronika.domain.analysis import AnalysisLayer
from chronika.domain.document import (
    Document,
    Furniture,
    FurnitureKind,
    LanguageLayer,
    Layer,
    LayerValue,
    OpaqueLayer,
    ParagraphLanguage,
    PublishedPrecision,
    SourceLayer,
)
from chronika.domain.errors import ContractError
from chronika.domain.span import Span
from chronika.v1 import document_pb2
from chronika.wire.analysis import analysis_message, analysis_value
from chronika.wire.events import event_layer_message, event_layer_value
from chronika.wire.primitives import EnumCodec, decode_instant, decode_span, encode_instant, encode_span

_FURNITURE = EnumCodec.of(FurnitureKind, dict(document_pb2.FurnitureKind.items()), "FURNITURE_KIND")
_PUBLISHED = EnumCodec.of(PublishedPrecision, dict(document_pb2.PublishedPrecision.items()), "PUBLISHED_PRECISION")


def encode_document(document: Document) -> bytes:
    """A document with the layers that it has, as `chronika.v1.Document`."""
    message = document_pb2.Document(id=document.id, revision=document.revision, source=_source_message(document.source))
    encoded = message.SerializeToString(deterministic=True)
    for layer in (document.language, document.analysis, document.events):
        if layer is not None:
            encoded += encode_layer(layer)
    return encoded


def encode_layer(layer: LayerValue) -> bytes:
    """A layer as a `Document` that holds nothing else, to be appended to the bytes of its document.

    ContractError `bad-fragment` for an opaque layer that is no message or sets a field of this schema.
    """
    if isinstance(layer, OpaqueLayer):
        _check_fragment(layer.fragment)
        return layer.fragment
    if isinstance(layer, LanguageLayer):
        message = document_pb2.Document(language=_language_message(layer))
    elif isinstance(layer, AnalysisLayer):
        message = document_pb2.Document(analysis=analysis_message(layer))
    else:
        message = document_pb2.Document(events=event_layer_message(layer))
    return message.SerializeToString(deterministic=True)


def _check_fragment(fragment: bytes) -> None:
    try:
        fields = [field.name for field, _ in document_pb2.Document.FromString(fragment).ListFields()]
    except DecodeError as error:
        raise ContractError("bad-fragment", f"an opaque layer is no serialized message: {error}") from None
    if fields:
        raise ContractError("bad-fragment", f"an opaque layer sets the field {fields[0]!r}, which is not its own")


def append_layer(payload: bytes, layer: LayerValue) -> bytes:
    """A document's bytes with one more layer; what came in is kept byte for byte."""
    return payload + encode_layer(layer)


def decode_document(payload: bytes) -> Document:
    """The document of some bytes.

    ContractError: `undecodable` for bytes that are no message, `not-a-document` without id, revision or text,
    `bad-span` and `bad-analysis` when a layer points outside the text or into itself wrongly.
    """
    message = _parse(payload)
    document = Document(
        id=message.id,
        revision=message.revision,
        source=_source_value(message.source),
        language=_language_value(message.language) if message.HasField("language") else None,
        analysis=analysis_value(message.analysis) if message.HasField("analysis") else None,
        events=event_layer_value(message.events) if message.HasField("events") else None,
    )
    check_spans(document)
    return document


def decode_identity(payload: bytes) -> tuple[str, str]:
    """Id and revision of a document, without its layers being read into values."""
    message = _parse(payload)
    return message.id, message.revision


def strip_layers(payload: bytes, layers: Iterable[Layer]) -> bytes:
    """A document's bytes without some layers, for reading it again; unknown fields stay."""
    message = _parse(payload)
    for layer in layers:
        message.ClearField(layer.value)
    return message.SerializeToString(deterministic=True)


def _parse(payload: bytes) -> document_pb2.Document:
    try:
        message = document_pb2.Document.FromString(payload)
    except DecodeError as error:
        raise ContractError("undecodable", f"not a chronika.v1.Document: {error}") from None
    if not message.id or not message.revision or not message.HasField("source"):
        raise ContractError("not-a-document", "the message holds no document id, revision or source layer")
    return message


def _source_message(source: SourceLayer) -> document_pb2.SourceLayer:
    return document_pb2.SourceLayer(
        text=source.text,
        title=source.title,
        title_span=encode_span(source.title_span),
        published=encode_instant(source.published),
        published_zone=source.published_zone,
        published_precision=document_pb2.PublishedPrecision.ValueType(_PUBLISHED.encode(source.published_precision)),
        outlet=source.outlet,
        url=source.url,
        authors=source.authors,
        furniture=[
            document_pb2.Furniture(
                span=encode_span(piece.span), kind=document_pb2.FurnitureKind.ValueType(_FURNITURE.encode(piece.kind))
            )
            for piece in source.furniture
        ],
        origin=source.origin,
        encoding=source.encoding,
        warnings=source.warnings,
        minhash=source.minhash,
        ingested=encode_instant(source.ingested),
    )


def _source_value(message: document_pb2.SourceLayer) -> SourceLayer:
    return SourceLayer(
        text=message.text,
        title=message.title,
        title_span=decode_span(message.title_span) if message.HasField("title_span") else None,
        published=decode_instant(message.published) if message.HasField("published") else None,
        published_zone=message.published_zone,
        published_precision=_PUBLISHED.decode(message.published_precision),
        outlet=message.outlet,
        url=message.url,
        authors=tuple(message.authors),
        furniture=tuple(
            Furniture(decode_span(piece.span), _FURNITURE.require(piece.kind)) for piece in message.furniture
        ),
        origin=message.origin,
        encoding=message.encoding,
        warnings=tuple(message.warnings),
        minhash=tuple(message.minhash),
        ingested=decode_instant(message.ingested) if message.HasField("ingested") else None,
    )


def _language_message(layer: LanguageLayer) -> document_pb2.LanguageLayer:
    return document_pb2.LanguageLayer(
        language=layer.language,
        confidence=layer.confidence,
        guess=layer.guess,
        paragraphs=[
            document_pb2.ParagraphLanguage(
                span=encode_span(paragraph.span), language=paragraph.language, confidence=paragraph.confidence
            )
            for paragraph in layer.paragraphs
        ],
    )


def _language_value(message: document_pb2.LanguageLayer) -> LanguageLayer:
    return LanguageLayer(
        language=message.language,
        confidence=message.confidence,
        guess=message.guess,
        paragraphs=tuple(
            ParagraphLanguage(decode_span(paragraph.span), paragraph.language, paragraph.confidence)
            for paragraph in message.paragraphs
        ),
    )


def _spans(document: Document) -> Iterator[Span]:
    if document.source.title_span:
        yield document.source.title_span
    yield from (piece.span for piece in document.source.furniture)
    if document.language:
        yield from (paragraph.span for paragraph in document.language.paragraphs)
    if document.analysis:
        yield from (mention.span for mention in document.analysis.mentions)
    if document.events:
        for event in document.events.events:
            yield event.evidence
            yield event.trigger


def check_spans(document: Document) -> None:
    """ContractError `bad-span` when a layer points behind the end of the text."""
    length = len(document.text)
    ends = document.analysis.token_ends if document.analysis else ()
    if any(span.end > length for span in _spans(document)) or (ends and max(ends) > length):
        raise ContractError("bad-span", "a layer points behind the end of the text", document_id=document.id)
