"""Whatever the domain can hold comes back from the wire as it was."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chronika.domain.analysis import ROOT, AnalysisLayer, Mention
from chronika.domain.change import EventChange
from chronika.domain.dead_letter import DeadLetter
from chronika.domain.document import Document, Furniture, LanguageLayer, Layer, ParagraphLanguage, SourceLayer
from chronika.domain.errors import ContractError
from chronika.domain.event import Event, EventLayer
from chronika.domain.span import Span
from chronika.v1 import document_pb2, event_pb2
from chronika.wire import (
    append_layer,
    decode_change,
    decode_dead_letter,
    decode_document,
    decode_event,
    decode_identity,
    encode_change,
    encode_dead_letter,
    encode_document,
    encode_event,
    encode_layer,
    strip_layers,
)

TEXT = "Послы встретились. Вони домовилися 😀 сьогодні."
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
INSTANTS = st.datetimes(datetime(1, 1, 1), datetime(9999, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))
COUNTS = st.integers(0, 2**31)
FLOATS = st.integers(0, 1024).map(lambda numerator: numerator / 1024)  # exact in 32 bits


@st.composite
def spans(draw: st.DrawFn, end: int = len(TEXT)) -> Span:
    first, second = sorted((draw(st.integers(0, end)), draw(st.integers(0, end))))
    return Span(first, second)


@st.composite
def analyses(draw: st.DrawFn) -> AnalysisLayer:
    lengths = draw(st.lists(st.integers(1, 4), max_size=4))
    starts = [sum(lengths[:index]) for index in range(len(lengths))]
    heads: list[int] = []
    for start, length in zip(starts, lengths, strict=True):
        heads += [draw(st.sampled_from([ROOT, *range(start, start + length)])) for _ in range(length)]
    tokens = len(heads)
    columns = st.lists(WORDS, min_size=tokens, max_size=tokens).map(tuple)
    return AnalysisLayer(
        model=draw(WORDS),
        sentence_starts=tuple(starts),
        sentence_languages=tuple(draw(st.sampled_from(["ru", "uk"])) for _ in starts),
        cut_sentences=tuple(draw(st.lists(COUNTS, max_size=2))),
        token_starts=tuple(range(tokens)),
        token_ends=tuple(range(1, tokens + 1)),
        lemmas=draw(columns),
        parts_of_speech=draw(columns),
        features=draw(columns),
        heads=tuple(heads),
        relations=draw(columns),
        mentions=tuple(draw(st.lists(st.from_type(Mention), max_size=2))),
    )


st.register_type_strategy(Span, spans())
st.register_type_strategy(str, WORDS)
st.register_type_strategy(int, COUNTS)
st.register_type_strategy(float, FLOATS)
st.register_type_strategy(bytes, st.binary(max_size=12))
st.register_type_strategy(datetime, INSTANTS)
st.register_type_strategy(AnalysisLayer, analyses())

sources = st.builds(SourceLayer, text=st.just(TEXT))
documents = st.builds(
    Document,
    id=WORDS.filter(bool),
    revision=WORDS.filter(bool),
    source=sources,
    analysis=st.none() | analyses(),
)


@settings(max_examples=60, deadline=None)
@given(documents)
def test_document_comes_back(document: Document) -> None:
    payload = encode_document(document)
    assert decode_document(payload) == document
    assert decode_identity(payload) == (document.id, document.revision)


@settings(max_examples=60, deadline=None)
@given(st.builds(Event))
def test_event_comes_back(event: Event) -> None:
    assert decode_event(encode_event(event)) == event


@settings(max_examples=40, deadline=None)
@given(st.builds(EventChange), st.builds(DeadLetter))
def test_feed_comes_back(change: EventChange, letter: DeadLetter) -> None:
    assert decode_change(encode_change(change)) == change
    assert decode_dead_letter(encode_dead_letter(letter)) == letter


@pytest.mark.parametrize("kind", [SourceLayer, Furniture, LanguageLayer, ParagraphLanguage, Event, EventLayer, Mention])
def test_no_field_of_the_domain_is_forgotten(kind: type[Any]) -> None:
    """A field added to the domain alone would round-trip only at its default; names must stand in the contract too."""
    contract = document_pb2 if hasattr(document_pb2, kind.__name__) else event_pb2
    message = getattr(contract, kind.__name__)
    assert {field.name for field in fields(kind)} <= {field.name for field in message.DESCRIPTOR.fields}


def test_layers_are_added_by_appending() -> None:
    document = Document(id="a", revision="b", source=SourceLayer(text=TEXT))
    language = LanguageLayer(language="uk", confidence=0.5, guess="uk")
    payload = encode_document(document)
    grown = append_layer(payload, language)
    assert grown.startswith(payload)
    assert grown == payload + encode_layer(language)
    assert decode_document(grown).language == language


def test_fields_of_a_newer_schema_survive_append_and_strip() -> None:
    future = b"\xca\x3e\x03new"  # field 1001, length-delimited, "new"
    document = Document(id="a", revision="b", source=SourceLayer(text=TEXT))
    payload = append_layer(encode_document(document) + future, LanguageLayer(language="ru", confidence=1, guess="ru"))
    assert future in payload
    stripped = strip_layers(payload, [Layer.LANGUAGE])
    assert future in stripped
    assert decode_document(stripped).language is None


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"\xff\xff\xff", "undecodable"),
        (b"", "not-a-document"),
        (document_pb2.Document(id="a", revision="b").SerializeToString(), "not-a-document"),
        (
            document_pb2.Document(
                id="a",
                revision="b",
                source=document_pb2.SourceLayer(text="abc"),
                analysis=document_pb2.AnalysisLayer(
                    sentence_starts=[0],
                    sentence_languages=[0],
                    token_starts=[0],
                    token_lengths=[9],
                    strings=[""],
                    lemmas=[0],
                    parts_of_speech=[0],
                    features=[0],
                    relations=[0],
                    heads=[0],
                ),
            ).SerializeToString(),
            "bad-span",
        ),
        (
            document_pb2.Document(
                id="a",
                revision="b",
                source=document_pb2.SourceLayer(text="abc"),
                analysis=document_pb2.AnalysisLayer(sentence_starts=[0], token_starts=[0], token_lengths=[1]),
            ).SerializeToString(),
            "bad-analysis",
        ),
    ],
)
def test_bad_bytes_have_a_code(payload: bytes, code: str) -> None:
    with pytest.raises(ContractError) as caught:
        decode_document(payload)
    assert caught.value.code == code


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_document_or_a_contract_error(data: bytes) -> None:
    try:
        decode_document(data)
    except ContractError as error:
        assert error.code
