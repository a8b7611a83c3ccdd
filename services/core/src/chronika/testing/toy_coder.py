"""Two stages without linguistics, to test what surrounds a coder: `toy-words` cuts words, `toy-coder` knows some verbs.

A verb of `VERBS` makes an event: the capitalised words before it in the sentence act, those after it are acted upon.
"не" before the verb denies, "ранее" in the sentence makes background, a day such as 2025-08-22 is its time, "сказал"
attributes to the word before it. A verb with a capital is seen and refused. Together with the obedient stage they make
a whole chain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from chronika.domain.analysis import ROOT, AnalysisLayer
from chronika.domain.codebook import CODEBOOK_VERSION
from chronika.domain.document import Document, Layer
from chronika.domain.event import (
    Attribution,
    AttributionKind,
    Event,
    EventLayer,
    EventTime,
    EventType,
    Participant,
    Realis,
    RealisValue,
    TimeBasis,
    TimeGranularity,
)
from chronika.domain.identity import event_id
from chronika.domain.span import Span
from chronika.ports.language_pack import LanguagePack
from chronika.ports.stage import Competitor, Explanation, ReadingStep, StageSpec
from chronika.testing.plug_ins import install_plug_in

VERSION = "1.0.0"
VERBS: Mapping[str, tuple[EventType, str]] = {
    "встретились": (EventType.CONSULT, ""),
    "позвонил": (EventType.CONSULT, "phone"),
    "обстреляли": (EventType.ASSAULT, "heavy-weapons"),
    "осудил": (EventType.ACCUSE, "disapprove"),
}
CODES: Mapping[str, str] = {"Минск": "BLR", "Варшава": "POL", "Киев": "UKR", "Прага": "CZE"}
LEMMAS: Mapping[str, str] = {"встретились": "встретиться", "Варшаву": "Варшава", "Киеву": "Киев", "Минска": "Минск"}

_SENTENCE = re.compile(r"[^.!?\n]*[^\s.!?][^.!?\n]*[.!?]?")
_TOKEN = re.compile(r"\d{4}-\d\d-\d\d|\w+|[^\w\s]")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class ToyWords:
    """Cuts sentences and words; every word depends on the one before it."""

    def __call__(self, documents: Sequence[Document]) -> Sequence[AnalysisLayer]:
        """The analysis of each document."""
        return [_analysis(document.text) for document in documents]

    def lemmas(self, word: str) -> frozenset[str]:
        """What the table knows."""
        return frozenset(
            lemma for form, lemma in LEMMAS.items() if word.casefold() in (form.casefold(), lemma.casefold())
        )


class ToyCoder:
    """Makes an event of every verb that it knows."""

    def __call__(self, documents: Sequence[Document]) -> Sequence[EventLayer]:
        """The events of each document."""
        return [
            EventLayer(coder_version=VERSION, codebook_version=CODEBOOK_VERSION, events=tuple(_events(document)))
            for document in documents
        ]

    def explain(self, document: Document, event_id: str) -> Explanation | None:
        """The verb, and as competitors the words that follow it."""
        event = next((event for event in _events(document) if event.id == event_id), None)
        if event is None:
            return None
        step = ReadingStep(
            settles="trigger", span=event.trigger, rule_id=event.rule_ids[0], text="a verb that the toy knows"
        )
        rest = Span(event.trigger.end, event.evidence.end)
        return Explanation(
            steps=(step,),
            competitors=(Competitor(settles="trigger", span=rest, rule_id="toy.other", reason="no verb of the toy"),),
        )

    def why_not(self, document: Document) -> tuple[Competitor, ...]:
        """The verbs that it knows, where they are written with a capital."""
        analysis = document.analysis
        spans = [analysis.token_span(token) for token in range(len(analysis))] if analysis else []
        words = [(span, span.of(document.text)) for span in spans]
        return tuple(
            Competitor(
                settles="trigger",
                span=span,
                rule_id=f"toy.{VERBS[word.lower()][0].value.lower()}",
                reason="the toy reads no capitals",
            )
            for span, word in words
            if word not in VERBS and word.lower() in VERBS
        )


def _analysis(text: str) -> AnalysisLayer:
    sentences = [list(_TOKEN.finditer(text, *sentence.span())) for sentence in _SENTENCE.finditer(text)]
    sentences = [sentence for sentence in sentences if sentence]
    words = [word for sentence in sentences for word in sentence]
    starts = [sum(map(len, sentences[:number])) for number in range(len(sentences))]
    forms = [word.group() for word in words]
    return AnalysisLayer(
        model="toy",
        sentence_starts=tuple(starts),
        sentence_languages=("ru",) * len(sentences),
        token_starts=tuple(word.start() for word in words),
        token_ends=tuple(word.end() for word in words),
        lemmas=tuple(LEMMAS.get(form, form) for form in forms),
        parts_of_speech=tuple("VERB" if form in VERBS else "X" for form in forms),
        features=("_",) * len(words),
        heads=tuple(ROOT if number in starts else number - 1 for number in range(len(words))),
        relations=tuple("root" if number in starts else "dep" for number in range(len(words))),
    )


def _events(document: Document) -> Iterator[Event]:
    analysis = document.analysis
    for sentence in range(len(analysis.sentence_starts) if analysis else 0):
        assert analysis is not None
        tokens = analysis.sentence(sentence)
        for token in tokens:
            if analysis.token_span(token).of(document.text) in VERBS:
                yield _event(document, analysis, sentence, token)


def _event(document: Document, analysis: AnalysisLayer, sentence: int, verb: int) -> Event:
    trigger = analysis.token_span(verb)
    event_type, mode = VERBS[trigger.of(document.text)]
    tokens = analysis.sentence(sentence)
    words = {token: analysis.token_span(token).of(document.text) for token in tokens}
    denied = words.get(verb - 1) == "не"
    return Event(
        id=event_id(document_id=document.id, revision=document.revision, trigger=trigger, event_type=event_type),
        type=event_type,
        mode=mode,
        trigger=trigger,
        actors=tuple(_party(analysis, document, token) for token in tokens if token < verb and words[token].istitle()),
        recipients=tuple(
            _party(analysis, document, token) for token in tokens if token > verb and words[token].istitle()
        ),
        time=next((_time(analysis, document, token) for token in tokens if _DAY.fullmatch(words[token])), None),
        realis=Realis(
            value=RealisValue.DENIED if denied else RealisValue.ACTUAL,
            cues=(analysis.token_span(verb - 1),) if denied else (),
        ),
        attribution=tuple(
            Attribution(
                span=analysis.token_span(token - 1),
                name=words[token - 1],
                kind=AttributionKind.SPEAKER,
                cue=analysis.token_span(token),
            )
            for token in tokens
            if words[token] == "сказал" and token - 1 in words
        ),
        background="ранее" in words.values(),
        evidence=analysis.sentence_span(sentence),
        sentence=sentence,
        rule_ids=(f"toy.{event_type.value.lower()}",),
        confidence=0.5,
        coder_version=VERSION,
        codebook_version=CODEBOOK_VERSION,
    )


def _party(analysis: AnalysisLayer, document: Document, token: int) -> Participant:
    span = analysis.token_span(token)
    name = analysis.lemmas[token]
    return Participant(span=span, name=name, code=CODES.get(name, "UNK"), sector="GOV" if name in CODES else "")


def _time(analysis: AnalysisLayer, document: Document, token: int) -> EventTime:
    span = analysis.token_span(token)
    return EventTime(start=span.of(document.text), granularity=TimeGranularity.DAY, basis=TimeBasis.EXPLICIT, span=span)


def _load_words(_packs: Mapping[str, LanguagePack]) -> ToyWords:
    return ToyWords()


def _load_coder(_packs: Mapping[str, LanguagePack]) -> ToyCoder:
    return ToyCoder()


WORDS = StageSpec(
    name="toy-words",
    reads=frozenset({Layer.SOURCE.value}),
    adds=Layer.ANALYSIS.value,
    version=VERSION,
    load=_load_words,
)
CODER = StageSpec(
    name="toy-coder",
    reads=frozenset({Layer.SOURCE.value, Layer.ANALYSIS.value}),
    adds=Layer.EVENTS.value,
    version=VERSION,
    load=_load_coder,
)


def install_toy_coder(folder: Path) -> Path:
    """Installs both; the folder belongs on PYTHONPATH."""
    source = "from chronika.testing.toy_coder import CODER, WORDS\n"
    return install_plug_in(
        folder,
        module="chronika_toy_coder",
        source=source,
        offers={"chronika.stages": {"toy-words": "WORDS", "toy-coder": "CODER"}},
    )
