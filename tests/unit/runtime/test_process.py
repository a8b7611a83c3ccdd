"""The seam around the stages: bytes in, outcomes out, never an exception."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

import pytest

from chronika.domain.analysis import AnalysisLayer
from chronika.domain.document import Document, LanguageLayer, LayerValue, OpaqueLayer, ParagraphLanguage
from chronika.domain.errors import ConfigurationError, StageError
from chronika.domain.event import EventLayer
from chronika.domain.span import Span
from chronika.ports.language_pack import LanguagePack
from chronika.ports.stage import Stage, StageSpec
from chronika.runtime.outcomes import DeadLettered, Outcome, Produced, Skipped, Work
from chronika.runtime.process import DECODING, Chain, LoadedStage, load_chain
from chronika.testing.documents import article, work
from chronika.wire import decode_document, encode_document, encode_layer

Read = Stage

RUSSIAN = LanguageLayer(language="ru", confidence=0.75, guess="ru")
NO_EVENTS = EventLayer(coder_version="1", codebook_version="1")
NEWER_FIELD = bytes([0xFA, 0x3F, 0x05]) + b"later"
"""Field 1023 of `Document`, length-delimited: something that a newer schema has."""


def stage(name: str, read: Read, *, reads: str = "source", adds: str = "language") -> LoadedStage:
    spec = StageSpec(name=name, reads=frozenset(reads.split()), adds=adds, version="1", load=lambda _packs: read)
    return LoadedStage(spec, read)


def each(layer: LayerValue) -> Read:
    return lambda documents: [layer for _ in documents]


def failing_on(word: str, error: Callable[[], BaseException], layer: LayerValue = RUSSIAN) -> Read:
    def read(documents: Sequence[Document]) -> Sequence[LayerValue]:
        if any(word in document.text for document in documents):
            raise error()
        return [layer for _ in documents]

    return read


def works(*texts: str) -> list[Work]:
    return [work(article(text), position=f"test/{number}") for number, text in enumerate(texts)]


def only(outcomes: Sequence[Outcome]) -> Outcome:
    (outcome,) = outcomes
    return outcome


def lost(outcome: Outcome) -> DeadLettered:
    assert isinstance(outcome, DeadLettered)
    return outcome


def kinds(outcomes: Sequence[Outcome]) -> list[str]:
    return [type(outcome).__name__ for outcome in outcomes]


def test_a_layer_is_appended_to_the_bytes_that_came_in() -> None:
    (item,) = works("Встреча прошла в Киеве.")
    outcome = only(Chain([stage("detect", each(RUSSIAN))]).run([item]))
    assert isinstance(outcome, Produced)
    assert outcome.payload == item.payload + encode_layer(RUSSIAN)
    assert decode_document(outcome.payload).language == RUSSIAN
    (step,) = outcome.trace
    assert (step.stage, step.outcome, step.detail) == ("detect", "produced", "ru, confidence 0.75")


def test_fields_of_a_newer_schema_survive_every_stage() -> None:
    (item,) = works("Встреча прошла в Киеве.")
    newer = replace(item, payload=item.payload + NEWER_FIELD)
    chain = Chain(
        [
            stage("detect", each(RUSSIAN)),
            stage("ner", each(AnalysisLayer(model="m")), reads="source language", adds="analysis"),
            stage("extract", each(NO_EVENTS), reads="analysis", adds="events"),
        ]
    )
    outcome = only(chain.run([newer]))
    assert isinstance(outcome, Produced)
    assert outcome.payload.startswith(item.payload + NEWER_FIELD)
    assert decode_document(outcome.payload).events == NO_EVENTS


def test_a_later_stage_sees_the_layers_of_the_earlier_and_nothing_is_decoded_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    decoded = []

    def counting(payload: bytes) -> Document:
        decoded.append(payload)
        return decode_document(payload)

    monkeypatch.setattr("chronika.runtime.process.decode_document", counting)
    seen: list[LanguageLayer | None] = []

    def look(documents: Sequence[Document]) -> Sequence[LayerValue]:
        seen.extend(document.language for document in documents)
        return [NO_EVENTS for _ in documents]

    chain = Chain([stage("detect", each(RUSSIAN)), stage("extract", look, reads="language", adds="events")])
    chain.run(works("раз", "два"))
    assert seen == [RUSSIAN, RUSSIAN]
    assert len(decoded) == 2


def test_a_fault_costs_one_document() -> None:
    chain = Chain([stage("detect", failing_on("плохо", lambda: KeyError("nothing there")))])
    outcomes = chain.run(works("хорошо", "плохо", "отлично"))
    assert kinds(outcomes) == ["Produced", "DeadLettered", "Produced"]
    letter = lost(outcomes[1]).letter
    assert (letter.code, letter.stage, letter.position) == ("stage-failed", "detect", "test/1")
    assert letter.document_id == article("плохо").id
    assert letter.payload == encode_document(article("плохо"))
    assert "KeyError: 'nothing there'" in letter.message
    assert not letter.retryable
    assert lost(outcomes[1]).trace[-1].outcome == "dead-letter"


def test_a_stage_says_itself_what_is_wrong() -> None:
    def error() -> StageError:
        return StageError("no-sentences", "nothing to read", cure="Look at it.", retryable=True)

    letter = lost(only(Chain([stage("ner", failing_on("x", error))]).run(works("x")))).letter
    assert (letter.code, letter.retryable) == ("no-sentences", True)
    assert letter.document_id == article("x").id


def test_a_document_lost_in_a_stage_does_not_reach_the_next() -> None:
    seen: list[str] = []

    def look(documents: Sequence[Document]) -> Sequence[LayerValue]:
        seen.extend(document.text for document in documents)
        return [NO_EVENTS for _ in documents]

    chain = Chain([stage("detect", failing_on("x", ValueError)), stage("extract", look, adds="events")])
    outcomes = chain.run(works("a", "x", "b"))
    assert seen == ["a", "b"]
    assert [step.stage for step in outcomes[0].trace] == ["detect", "extract"]
    assert [step.stage for step in outcomes[1].trace] == ["detect"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (MemoryError, "out-of-memory"),
        (RecursionError, "too-deep"),
        (lambda: SystemExit(3), "stage-failed"),
        (lambda: ValueError("half a character: \ud800"), "stage-failed"),
    ],
)
def test_what_a_stage_must_not_do_is_its_documents_dead_letter(error: Callable[[], BaseException], code: str) -> None:
    outcomes = Chain([stage("ner", failing_on("x", error))]).run(works("a", "x"))
    assert kinds(outcomes) == ["Produced", "DeadLettered"]
    letter = lost(outcomes[1]).letter
    assert letter.code == code
    letter.message.encode()


def test_a_recursion_without_end_is_a_dead_letter() -> None:
    def descend(documents: Sequence[Document]) -> Sequence[LayerValue]:
        return descend(documents) if documents[0].text == "x" else [RUSSIAN for _ in documents]

    outcomes = Chain([stage("ner", descend)]).run(works("x", "a"))
    assert kinds(outcomes) == ["DeadLettered", "Produced"]
    assert lost(outcomes[0]).letter.code == "too-deep"


def test_an_error_that_cannot_be_told_is_told_all_the_same() -> None:
    class MuteError(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no words")

    letter = lost(only(Chain([stage("ner", failing_on("x", MuteError))]).run(works("x")))).letter
    assert "MuteError" in letter.message


def test_the_operator_can_still_interrupt_a_stage_in_this_process() -> None:
    with pytest.raises(KeyboardInterrupt):
        Chain([stage("ner", failing_on("x", KeyboardInterrupt))]).run(works("x"))


@pytest.mark.parametrize(
    ("read", "code"),
    [
        (lambda _documents: [], "layer-count"),
        (lambda documents: [RUSSIAN] * (len(documents) + 1), "layer-count"),
        (each(NO_EVENTS), "wrong-layer"),
        (each(None), "wrong-layer"),  # type: ignore[arg-type]
        (lambda _documents: None, "stage-failed"),
        (each(OpaqueLayer(b"")), "wrong-layer"),
    ],
)
def test_layers_that_do_not_fit_are_the_stages_fault(read: Read, code: str) -> None:
    outcomes = Chain([stage("detect", read)]).run(works("a", "b"))
    assert [lost(outcome).letter.code for outcome in outcomes] == [code, code]


def test_a_wrong_count_for_one_document_costs_that_one() -> None:
    def read(documents: Sequence[Document]) -> Sequence[LayerValue]:
        return [RUSSIAN for document in documents if document.text != "x"]

    assert kinds(Chain([stage("detect", read)]).run(works("a", "x", "b"))) == ["Produced", "DeadLettered", "Produced"]


def test_a_span_behind_the_text_is_found_where_it_was_made() -> None:
    layer = replace(RUSSIAN, paragraphs=(ParagraphLanguage(Span(0, 99), "ru", 1.0),))
    letter = lost(only(Chain([stage("detect", each(layer))]).run(works("коротко")))).letter
    assert (letter.code, letter.stage) == ("bad-span", "detect")


def test_a_layer_of_a_third_party_travels_in_its_own_field() -> None:
    chain = Chain([stage("topics", each(OpaqueLayer(NEWER_FIELD)), adds="topics"), stage("detect", each(RUSSIAN))])
    (item,) = works("текст")
    outcome = only(chain.run([item]))
    assert isinstance(outcome, Produced)
    assert outcome.payload == item.payload + NEWER_FIELD + encode_layer(RUSSIAN)
    assert outcome.trace[0].detail == f"{len(NEWER_FIELD)} bytes"


@pytest.mark.parametrize("fragment", [b"\xff\xff\xff", encode_layer(RUSSIAN), b"\x0a\x03abc"])
def test_a_third_party_cannot_spoil_the_document(fragment: bytes) -> None:
    outcome = only(Chain([stage("topics", each(OpaqueLayer(fragment)), adds="topics")]).run(works("текст")))
    assert lost(outcome).letter.code == "bad-fragment"


def test_what_is_there_already_is_skipped() -> None:
    document = replace(article("текст"), language=RUSSIAN)
    chain = Chain([stage("detect", failing_on("текст", AssertionError))])
    outcome = only(chain.run([work(document)]))
    assert isinstance(outcome, Skipped)
    assert outcome.payload == encode_document(document)
    assert [step.outcome for step in outcome.trace] == ["skipped"]


def test_a_stage_is_not_called_without_the_layers_that_it_reads() -> None:
    chain = Chain([stage("ner", failing_on("a", AssertionError), reads="source language", adds="analysis")])
    letter = lost(only(chain.run(works("a")))).letter
    assert (letter.code, letter.stage) == ("layer-missing", "ner")
    assert "language" in letter.message


@pytest.mark.parametrize(
    ("payload", "code"),
    [(b"", "not-a-document"), (b"\xff\xff not a message", "undecodable"), (b"\x00" * 9, "undecodable")],
)
def test_bytes_that_are_no_document(payload: bytes, code: str) -> None:
    good = works("a")[0]
    bad = Work(position="test/9", payload=payload, attempts=2, traceparent="00-abc-def-01")
    outcomes = Chain([stage("detect", each(RUSSIAN))]).run([bad, good])
    assert kinds(outcomes) == ["DeadLettered", "Produced"]
    letter = lost(outcomes[0]).letter
    assert (letter.code, letter.stage, letter.document_id) == (code, "detect", "")
    assert (letter.payload, letter.attempts, letter.traceparent) == (payload, 2, "00-abc-def-01")


def test_the_trace_says_which_sentences_were_cut() -> None:
    layer = AnalysisLayer(
        sentence_starts=(0, 1),
        sentence_languages=("ru", "ru"),
        cut_sentences=(1,),
        token_starts=(0, 2),
        token_ends=(1, 3),
        lemmas=("a", "b"),
        parts_of_speech=("X", "X"),
        features=("", ""),
        heads=(-1, -1),
        relations=("root", "root"),
    )
    outcome = only(Chain([stage("ner", each(layer), adds="analysis")]).run(works("a b")))
    detail = outcome.trace[0].detail
    assert detail == "2 sentences, 2 tokens, 0 mentions; cut before the parser: sentence 2"


def test_time_is_shared_among_the_documents_of_a_call() -> None:
    def slow(documents: Sequence[Document]) -> Sequence[LayerValue]:
        time.sleep(0.1)
        return [RUSSIAN for _ in documents]

    outcomes = Chain([stage("detect", slow)]).run(works("a", "b"))
    seconds = [outcome.trace[0].seconds for outcome in outcomes]
    assert seconds[0] == seconds[1]
    assert sum(seconds) == pytest.approx(0.1, abs=0.05)


def test_each_call_of_a_stage_is_announced() -> None:
    told: list[tuple[str, int, float | None]] = []
    chain = Chain(
        [stage("detect", failing_on("x", ValueError)), stage("extract", each(NO_EVENTS), adds="events")],
        document_seconds=5,
        announce=lambda name, documents, seconds: told.append((name, documents, seconds)),
    )
    chain.run(works("a", "x", "b"))
    calls = [(name, documents) for name, documents, _ in told]
    assert calls == [(DECODING, 3), ("detect", 3), ("detect", 1), ("detect", 1), ("detect", 1), ("extract", 2)]
    assert {seconds for _, _, seconds in told} == {5}


def test_a_long_text_has_more_time() -> None:
    told: list[float | None] = []
    chain = Chain(
        [stage("detect", each(RUSSIAN))],
        document_seconds=5,
        announce=lambda _name, _documents, seconds: told.append(seconds),
    )
    chain.run(works("a", "ж" * 250_000))
    assert told[-1] == 15


def _spin_on(word: str) -> Read:
    def read(documents: Sequence[Document]) -> Sequence[LayerValue]:
        while any(word in document.text for document in documents):
            with suppress(Exception):
                time.sleep(0.01)
        return [RUSSIAN for _ in documents]

    return read


def test_a_hang_costs_one_document_and_taints_the_chain() -> None:
    chain = Chain([stage("ner", _spin_on("x"))], document_seconds=0.2)
    assert kinds(chain.run(works("a"))) == ["Produced"]
    assert not chain.tainted
    started = time.monotonic()
    outcomes = chain.run(works("a", "x", "b"))
    assert kinds(outcomes) == ["Produced", "DeadLettered", "Produced"]
    assert time.monotonic() - started < 2
    letter = lost(outcomes[1]).letter
    assert (letter.code, letter.retryable) == ("stage-timeout", True)
    assert chain.tainted


def test_a_stage_that_swallows_the_first_alarm_hears_another() -> None:
    def read(documents: Sequence[Document]) -> Sequence[LayerValue]:
        with suppress(BaseException):
            time.sleep(60)
        time.sleep(60)
        return [RUSSIAN for _ in documents]

    letter = lost(only(Chain([stage("ner", read)], document_seconds=0.2).run(works("a")))).letter
    assert letter.code == "stage-timeout"


def test_a_batch_that_is_slow_together_is_not_lost() -> None:
    def read(documents: Sequence[Document]) -> Sequence[LayerValue]:
        time.sleep(0.15 * len(documents))
        return [RUSSIAN for _ in documents]

    chain = Chain([stage("ner", read)], document_seconds=0.3)
    assert kinds(chain.run(works("a", "b", "c"))) == ["Produced"] * 3


def test_stages_that_cannot_be_loaded_are_named() -> None:
    def broken(_packs: Mapping[str, LanguagePack]) -> Read:
        raise FileNotFoundError("model.npz")

    spec = StageSpec(name="ner", reads=frozenset({"source"}), adds="analysis", version="7", load=broken)
    with pytest.raises(ConfigurationError, match="stage-not-loaded") as caught:
        load_chain([spec])
    assert "ner 7" in caught.value.message
    assert "model.npz" in caught.value.message


def test_the_limit_leaves_no_alarm_behind() -> None:
    before = signal.getsignal(signal.SIGALRM)
    Chain([stage("detect", each(RUSSIAN))], document_seconds=5).run(works("a"))
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
