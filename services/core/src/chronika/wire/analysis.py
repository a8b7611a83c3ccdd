"""The analysis layer to columns of numbers with a table of strings, and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from chronika.domain.analysis import ROOT, AnalysisLayer, Mention, MentionKind
from chronika.domain.errors import ContractError
from chronika.v1 import document_pb2
from chronika.wire.primitives import EnumCodec, decode_span, encode_span

_KINDS = EnumCodec.of(MentionKind, dict(document_pb2.MentionKind.items()), "MENTION_KIND")


class _StringTable:
    """Numbers strings in the order in which they come; number 0 is the empty string."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {"": 0}

    def column(self, values: Iterable[str]) -> list[int]:
        """The numbers of some strings."""
        numbers = self._numbers
        return [numbers.setdefault(value, len(numbers)) for value in values]

    def strings(self) -> list[str]:
        """All strings by number."""
        return list(self._numbers)


def analysis_message(layer: AnalysisLayer) -> document_pb2.AnalysisLayer:
    """The layer as a message."""
    table = _StringTable()
    return document_pb2.AnalysisLayer(
        model=layer.model,
        sentence_starts=layer.sentence_starts,
        sentence_languages=table.column(layer.sentence_languages),
        cut_sentences=layer.cut_sentences,
        token_starts=layer.token_starts,
        token_lengths=[end - start for start, end in zip(layer.token_starts, layer.token_ends, strict=True)],
        lemmas=table.column(layer.lemmas),
        parts_of_speech=table.column(layer.parts_of_speech),
        features=table.column(layer.features),
        relations=table.column(layer.relations),
        heads=_relative_heads(layer),
        mentions=[_mention_message(mention) for mention in layer.mentions],
        strings=table.strings(),
    )


def analysis_value(message: document_pb2.AnalysisLayer) -> AnalysisLayer:
    """The layer of a message. ContractError `bad-analysis` when its columns do not fit each other."""
    try:
        return _analysis_value(message)
    except (IndexError, ValueError) as error:
        raise ContractError("bad-analysis", f"the analysis layer's columns do not fit each other: {error}") from None


def _analysis_value(message: document_pb2.AnalysisLayer) -> AnalysisLayer:
    strings = tuple(message.strings)
    starts = tuple(message.token_starts)
    sentence_starts = tuple(message.sentence_starts)
    _check_sentences(sentence_starts, len(starts))
    return AnalysisLayer(
        model=message.model,
        sentence_starts=sentence_starts,
        sentence_languages=_looked_up(message.sentence_languages, strings),
        cut_sentences=tuple(message.cut_sentences),
        token_starts=starts,
        token_ends=tuple(start + length for start, length in zip(starts, message.token_lengths, strict=True)),
        lemmas=_looked_up(message.lemmas, strings),
        parts_of_speech=_looked_up(message.parts_of_speech, strings),
        features=_looked_up(message.features, strings),
        relations=_looked_up(message.relations, strings),
        heads=_absolute_heads(sentence_starts, message.heads),
        mentions=tuple(_mention_value(mention) for mention in message.mentions),
    )


def _looked_up(numbers: Iterable[int], strings: Sequence[str]) -> tuple[str, ...]:
    return tuple([strings[number] for number in numbers])


def _check_sentences(starts: Sequence[int], tokens: int) -> None:
    if (tokens > 0) != bool(starts) or (starts and starts[0] != 0):
        raise ValueError("the first sentence does not begin with the first token")
    if any(first >= second for first, second in pairwise([*starts, tokens])):
        raise ValueError("sentences do not ascend")


def _relative_heads(layer: AnalysisLayer) -> list[int]:
    heads: list[int] = []
    for index, start in enumerate(layer.sentence_starts):
        end = layer.sentence(index).stop
        heads += [0 if head == ROOT else head - start + 1 for head in layer.heads[start:end]]
    return heads


def _absolute_heads(sentence_starts: Sequence[int], relative: Sequence[int]) -> tuple[int, ...]:
    heads: list[int] = []
    for start, end in pairwise([*sentence_starts, len(relative)]):
        within = relative[start:end]
        if within and max(within) > end - start:
            raise ValueError("a head lies outside its sentence")
        heads += [ROOT if head == 0 else start + head - 1 for head in within]
    return tuple(heads)


def _mention_message(mention: Mention) -> document_pb2.Mention:
    return document_pb2.Mention(
        span=encode_span(mention.span),
        kind=document_pb2.MentionKind.ValueType(_KINDS.encode(mention.kind)),
        name=mention.name,
        entity_id=mention.entity_id,
        code=mention.code,
        sector=mention.sector,
        rule_ids=mention.rule_ids,
    )


def _mention_value(message: document_pb2.Mention) -> Mention:
    return Mention(
        span=decode_span(message.span),
        kind=_KINDS.require(message.kind),
        name=message.name,
        entity_id=message.entity_id,
        code=message.code,
        sector=message.sector,
        rule_ids=tuple(message.rule_ids),
    )
