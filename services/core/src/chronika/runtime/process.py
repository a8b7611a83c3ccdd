"""The seam around the stages: bytes of documents in, outcomes out, never an exception.

It decodes a document once, lets each stage read it, appends the encoded layer to the bytes that came in (so that fields
of a newer schema pass through) and writes down what happened. Where a batch fails, its documents are tried one by one:
a fault costs one document. Neither a bus nor a store is known here; both runners use it.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import ceil
from time import perf_counter

from chronika.domain.analysis import AnalysisLayer
from chronika.domain.document import Document, LanguageLayer, Layer, LayerValue, OpaqueLayer
from chronika.domain.errors import ChronikaError, ConfigurationError, ContractError, StageError
from chronika.domain.event import EventLayer
from chronika.ports.language_pack import LanguagePack
from chronika.ports.stage import Stage, StageSpec
from chronika.ports.store import TraceStep
from chronika.runtime.outcomes import DeadLettered, Outcome, Produced, Skipped, StageInfo, Work, given_up
from chronika.runtime.plugins import STAGES, load, load_all, load_languages
from chronika.runtime.time_limit import TimeIsUpError, limited
from chronika.runtime.topology import ordered
from chronika.wire import check_spans, decode_document, encode_layer

DECODING = "decode"
"""What is announced while documents are decoded, before the first stage."""

LONG_TEXT = 100_000
"""Characters that a stage is to read within the time limit; a longer text has so much more time."""

_LAYER_TYPES: Mapping[str, type[LayerValue]] = {
    Layer.LANGUAGE: LanguageLayer,
    Layer.ANALYSIS: AnalysisLayer,
    Layer.EVENTS: EventLayer,
}
_MESSAGE_LENGTH = 500


Announce = Callable[[str, int, float | None], None]
"""Told before each call of a stage: its name, the number of documents and the seconds that it may take."""


@dataclass(frozen=True, slots=True)
class LoadedStage:
    """A stage that is ready, with what it declares."""

    spec: StageSpec
    call: Stage


def chosen_stages(names: Sequence[str] = ()) -> tuple[StageSpec, ...]:
    """The named stages, or all that are installed, in order; ConfigurationError when they do not fit together."""
    return ordered([load(STAGES, name) for name in names] if names else load_all(STAGES).values())


def load_chain(
    specs: Sequence[StageSpec], *, document_seconds: float | None = None, announce: Announce | None = None
) -> Chain:
    """A chain of these stages in this order, with their models loaded.

    `document_seconds` bounds a stage's call, which is first made with a whole batch and again with each document alone
    if the batch overran it; a text of more than `LONG_TEXT` characters has it once more for each.
    ConfigurationError: `stage-not-loaded`, or what the stage says itself.
    """
    packs = load_languages()
    stages = [LoadedStage(spec, load_stage(spec, packs)) for spec in specs]
    return Chain(stages, document_seconds=document_seconds, announce=announce)


def load_stage(spec: StageSpec, packs: Mapping[str, LanguagePack]) -> Stage:
    """A stage with its models. ConfigurationError `stage-not-loaded`, or what the stage says itself."""
    try:
        return spec.load(packs)
    except ChronikaError:
        raise
    except Exception as error:
        raise ConfigurationError(
            "stage-not-loaded",
            f"stage {spec.name} {spec.version} could not be made ready: {_told(error)}",
            cure="Look whether its model files are installed; `chronika doctor` tells.",
        ) from error


class Chain:
    """Stages one after the other. `tainted` once a time limit ended a call: it may have left half-changed state."""

    def __init__(
        self,
        stages: Sequence[LoadedStage],
        *,
        document_seconds: float | None = None,
        announce: Announce | None = None,
    ) -> None:
        self.stages = tuple(
            StageInfo(name=stage.spec.name, adds=stage.spec.adds, version=stage.spec.version) for stage in stages
        )
        self.tainted = False
        self._stages = tuple(stages)
        self._seconds = document_seconds
        self._announce: Announce = announce if announce is not None else _tell_nobody

    def run(self, batch: Sequence[Work]) -> list[Outcome]:
        """One outcome a document, in order. Whatever a stage does, this raises nothing (KeyboardInterrupt apart)."""
        self._announce(DECODING, len(batch), self._limit(max(len(work.payload) for work in batch)))
        journeys = [_Journey(work, self.stages[0].name) for work in batch]
        for stage in self._stages:
            self._pass(stage, [journey for journey in journeys if journey.entered_by(stage.spec)])
        return [journey.outcome() for journey in journeys]

    def _pass(self, stage: LoadedStage, journeys: Sequence[_Journey]) -> None:
        if not journeys:
            return
        failure = self._tried(stage, journeys)
        if failure is None:
            return
        if len(journeys) == 1:
            journeys[0].give_up(failure, stage.spec.name)
            return
        for journey in journeys:
            self._pass(stage, [journey])

    def _tried(self, stage: LoadedStage, journeys: Sequence[_Journey]) -> ChronikaError | None:
        """Runs a stage over documents: all of them go on, or none and the reason is returned."""
        limit = self._limit(max(len(journey.document.text) for journey in journeys))
        self._announce(stage.spec.name, len(journeys), limit)
        started, clock = datetime.now(UTC), perf_counter()
        try:
            layers = limited(lambda: self._layers(stage, journeys), seconds=limit)
        except TimeIsUpError:
            self.tainted = True
            return _timed_out(stage.spec.name, limit or 0.0, perf_counter() - clock)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a stage raises costs its document
            return _as_stage_error(error, stage.spec.name)
        share = (perf_counter() - clock) / len(journeys)
        for journey, (layer, encoded) in zip(journeys, layers, strict=True):
            journey.go_on(stage.spec, layer, encoded, started=started, seconds=share)
        return None

    def _limit(self, characters: int) -> float | None:
        return None if self._seconds is None else self._seconds * max(1, ceil(characters / LONG_TEXT))

    def _layers(self, stage: LoadedStage, journeys: Sequence[_Journey]) -> list[tuple[LayerValue, bytes]]:
        layers = list(stage.call([journey.document for journey in journeys]))
        if len(layers) != len(journeys):
            raise StageError("layer-count", f"{stage.spec.name} made {len(layers)} layers of {len(journeys)} documents")
        expected = _LAYER_TYPES.get(stage.spec.adds, OpaqueLayer)
        for layer in layers:
            if not isinstance(layer, expected):
                raise StageError(
                    "wrong-layer", f"{stage.spec.name} made a {type(layer).__name__} where {expected.__name__} belongs"
                )
        for journey, layer in zip(journeys, layers, strict=True):
            check_spans(_with_layer(journey.document, stage.spec, layer))
        return [(layer, encode_layer(layer)) for layer in layers]


def _tell_nobody(_stage: str, _documents: int, _seconds: float | None) -> None:
    """Stands in where nobody wants to know."""


class _Journey:
    """One document on its way through the chain."""

    def __init__(self, work: Work, first_stage: str) -> None:
        self._work = work
        self._payload = work.payload
        self._steps: list[TraceStep] = []
        self._document_id = ""
        self._lost: DeadLettered | None = None
        try:
            self.document = decode_document(work.payload)
        except Exception as error:  # noqa: BLE001 - whatever foreign bytes do to the decoder costs this document
            self.give_up(_as_contract_error(error), first_stage)
        else:
            self._document_id = self.document.id

    def entered_by(self, spec: StageSpec) -> bool:
        """Whether a stage is to read this document; writes down why not."""
        if self._lost is not None:
            return False
        missing = sorted(layer for layer in spec.reads if layer in _LAYER_TYPES and not self._has(layer))
        if missing:
            self.give_up(_lacks(spec.name, missing[0]), spec.name)
            return False
        if spec.adds in _LAYER_TYPES and self._has(spec.adds):
            self._step(spec.name, "skipped", f"the document holds the layer {spec.adds} already")
            return False
        return True

    def go_on(self, spec: StageSpec, layer: LayerValue, encoded: bytes, *, started: datetime, seconds: float) -> None:
        """Takes a stage's layer."""
        self._payload += encoded
        self.document = _with_layer(self.document, spec, layer)
        self._step(spec.name, "produced", _described(layer), started=started, seconds=seconds)

    def give_up(self, error: ChronikaError, stage: str) -> None:
        """Makes a dead letter of the bytes that came in."""
        error.document_id = self._document_id
        self._lost = given_up(self._work, error, stage=stage, trace=tuple(self._steps))

    def outcome(self) -> Outcome:
        """How it ended."""
        trace = tuple(self._steps)
        if self._lost is not None:
            return self._lost
        if any(step.outcome == "produced" for step in trace):
            return Produced(position=self._work.position, payload=self._payload, trace=trace)
        return Skipped(position=self._work.position, payload=self._payload, trace=trace)

    def _has(self, layer: str) -> bool:
        return getattr(self.document, layer) is not None

    def _step(
        self, stage: str, outcome: str, detail: str, *, started: datetime | None = None, seconds: float = 0.0
    ) -> None:
        instant = started if started is not None else datetime.now(UTC)
        self._steps.append(TraceStep(stage=stage, outcome=outcome, detail=detail, started=instant, seconds=seconds))


def _with_layer(document: Document, spec: StageSpec, layer: LayerValue) -> Document:
    if isinstance(layer, LanguageLayer):
        return replace(document, language=layer)
    if isinstance(layer, AnalysisLayer):
        return replace(document, analysis=layer)
    if isinstance(layer, EventLayer):
        return replace(document, events=layer)
    return document  # an opaque layer travels in the bytes alone


def _described(layer: LayerValue) -> str:
    """What a stage made, for the trace that a person reads."""
    if isinstance(layer, LanguageLayer):
        return f"{layer.language}, confidence {layer.confidence:.2f}"
    if isinstance(layer, AnalysisLayer):
        cut = ", ".join(str(index + 1) for index in layer.cut_sentences)
        note = f"; cut before the parser: sentence {cut}" if cut else ""
        return f"{len(layer.sentence_starts)} sentences, {len(layer)} tokens, {len(layer.mentions)} mentions{note}"
    if isinstance(layer, EventLayer):
        return f"{len(layer.events)} events"
    return f"{len(layer.fragment)} bytes"


def _timed_out(stage: str, limit: float, seconds: float) -> StageError:
    return StageError(
        "stage-timeout",
        f"{stage} did not finish within {limit:g} s (ended after {seconds:.1f} s)",
        cure="Raise document_seconds if the document is merely large, then replay it.",
        retryable=True,
    )


def _lacks(stage: str, layer: str) -> StageError:
    return StageError(
        "layer-missing",
        f"{stage} reads the layer {layer!r}, which the document does not hold",
        cure="Replay the document from the beginning of the chain.",
    )


def _as_contract_error(error: Exception) -> ChronikaError:
    if isinstance(error, ChronikaError):
        return error
    return ContractError("undecodable", f"the document cannot be decoded: {_told(error)}")


def _as_stage_error(error: BaseException, stage: str) -> ChronikaError:
    if isinstance(error, ChronikaError):
        return error
    if isinstance(error, MemoryError):
        cure = "Give the process more memory or fewer workers, then replay the document."
        return StageError("out-of-memory", f"{stage} ran out of memory", cure=cure, retryable=True)
    if isinstance(error, RecursionError):
        return StageError("too-deep", f"{stage} recursed too deep: {_told(error)}")
    return StageError(
        "stage-failed", f"{stage} failed: {_told(error)}", cure="This is a fault of the stage: report it."
    )


def _told(error: BaseException) -> str:
    """Type, message and place of an error, in valid UTF-8 and at a bearable length."""
    message = traceback.format_exception_only(error)[-1].strip()
    frames = list(traceback.walk_tb(error.__traceback__))
    if frames:
        frame, line = frames[-1]
        message = f"{message[:_MESSAGE_LENGTH]} at {frame.f_globals.get('__name__', '?')}:{line}"
    return message.encode("utf-8", "replace").decode()
