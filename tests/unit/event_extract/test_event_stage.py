"""The stage as the runtime sees it, and what explains an event."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import pytest

import chronika_event_extract
from chronika.domain.codebook import CODEBOOK_VERSION
from chronika.domain.document import Document, LanguageLayer
from chronika.domain.event import EventLayer, EventType
from chronika.domain.identity import event_id
from chronika.ports.language_pack import LanguagePack
from chronika.ports.stage import Explainer, Stage
from chronika_event_extract import CODER_VERSION, STAGE
from chronika_event_extract.coder import Coder, Knowledge
from chronika_event_extract.explain import explain_event, why_not
from chronika_event_extract.rules import IN_CODE, describe

Build = Callable[..., Document]

ROWS = """
Чад Чад PROPN 3 nsubj Case=Nom|Gender=Masc|Number=Sing
вчера вчера ADV 3 advmod
ввёл ввести VERB 0 root Gender=Masc|Number=Sing|Tense=Past|VerbForm=Fin
санкции санкция NOUN 3 obj Case=Acc|Number=Plur
против против ADP 6 case
Судана Судан PROPN 4 nmod Case=Gen|Gender=Masc|Number=Sing
, , PUNCT 8 punct
сообщает сообщать VERB 3 parataxis Number=Sing|Person=3|Tense=Pres|VerbForm=Fin
Reuters Reuters PROPN 8 nsubj

Удар удар NOUN 4 nsubj Animacy=Inan|Case=Nom|Gender=Masc|Number=Sing
по по ADP 3 case
экономике экономика NOUN 1 nmod Case=Dat|Gender=Fem|Number=Sing
ощутим ощутимый ADJ 0 root Gender=Masc|Number=Sing
"""
NAMES = [
    ("Чад", "location", "TCD", ""),
    ("Судана", "location", "SDN", ""),
    ("Reuters", "organization", "GBR", "JRN"),
]
SOURCE = Path(chronika_event_extract.__file__).parent
_LITERAL = re.compile(r'"((?:party|role|place|realis|attribution|background|state)\.[a-z][a-z-]+)"')


@pytest.fixture(scope="module")
def stage(packs: Mapping[str, LanguagePack]) -> Stage:
    return STAGE.load(packs)


def code(stage: Stage, *documents: Document) -> list[EventLayer]:
    layers = list(stage(documents))
    assert all(isinstance(layer, EventLayer) for layer in layers)
    return cast("list[EventLayer]", layers)


@pytest.fixture
def document(build: Build) -> Document:
    return build(ROWS, names=NAMES)


def test_spec_names_its_layers() -> None:
    assert STAGE.name == "event-extract"
    assert STAGE.reads == {"source", "language", "analysis"}
    assert STAGE.adds == "events"
    assert STAGE.version == CODER_VERSION


def test_one_layer_a_document_in_order(stage: Stage, document: Document, build: Build) -> None:
    empty = build("Пусто пусто ADV 0 root")
    first, second, third = code(stage, document, empty, document)

    assert len(first.events) == 1
    assert second.events == ()
    assert first == third
    assert (first.coder_version, first.codebook_version) == (CODER_VERSION, CODEBOOK_VERSION)


def test_event_ids_are_those_of_the_domain(stage: Stage, document: Document) -> None:
    event = code(stage, document)[0].events[0]

    assert event.type is EventType.SANCTION
    assert event.id == event_id(
        document_id=document.id, revision=document.revision, trigger=event.trigger, event_type=event.type
    )
    assert event.evidence.of(document.text).startswith("Чад вчера")


@pytest.mark.parametrize("language", ["en", ""])
def test_another_language_has_no_events(stage: Stage, document: Document, language: str) -> None:
    other = dataclasses.replace(
        document, language=LanguageLayer(language=language, confidence=1.0, guess=language or "en")
    )

    assert stage([other])[0] == EventLayer(coder_version=CODER_VERSION, codebook_version=CODEBOOK_VERSION)


def test_no_language_and_no_analysis_give_no_events(stage: Stage, document: Document) -> None:
    bare = dataclasses.replace(document, language=None, analysis=None)
    unread = dataclasses.replace(document, analysis=None)

    assert [layer.events for layer in code(stage, bare, unread)] == [(), ()]


@pytest.mark.parametrize(
    "relation", ["conj", "nmod", "obl", "flat", "appos", "amod", "acl", "xcomp", "nsubj", "obj", "case"]
)
@pytest.mark.parametrize("tokens", [(2, 3), (3, 5), (0, 2), (0, 2, 3)])
def test_heads_in_a_circle_do_not_hang(
    coder: Coder, document: Document, relation: str, tokens: tuple[int, ...]
) -> None:
    assert document.analysis is not None
    heads, relations = list(document.analysis.heads), list(document.analysis.relations)
    for token, head in zip(tokens, (*tokens[1:], tokens[0]), strict=True):
        heads[token], relations[token] = head, relation
    turned = dataclasses.replace(document.analysis, heads=tuple(heads), relations=tuple(relations))

    assert isinstance(coder.code(dataclasses.replace(document, analysis=turned)), EventLayer)


class TestExplanation:
    """The way to an event, and what competed with it."""

    def test_every_field_has_its_rule(self, stage: Stage, document: Document) -> None:
        assert isinstance(stage, Explainer)
        event = code(stage, document)[0].events[0]
        explanation = stage.explain(document, event.id)

        assert explanation is not None
        settled = [(step.settles, step.span.of(document.text)) for step in explanation.steps if step.span is not None]
        assert settled[0] == ("trigger", "санкции")
        assert ("actor", "Чад") in settled
        assert ("recipient", "Судана") in settled
        assert ("attribution", "Reuters") in settled
        assert ("time", "вчера") in settled
        assert all(step.rule_id and step.text for step in explanation.steps if step.settles != "realis")

    def test_rules_of_the_steps_are_those_of_the_event(self, stage: Stage, document: Document) -> None:
        assert isinstance(stage, Explainer)
        event = code(stage, document)[0].events[0]
        explanation = stage.explain(document, event.id)

        assert explanation is not None
        assert {step.rule_id for step in explanation.steps if step.rule_id} <= set(event.rule_ids)

    def test_an_event_of_another_version_is_not_explained(self, stage: Stage, document: Document) -> None:
        assert isinstance(stage, Explainer)
        assert stage.explain(document, "0" * 20) is None
        assert stage.explain(dataclasses.replace(document, language=None), "0" * 20) is None

    def test_without_an_analysis_there_is_nothing_to_explain(self, coder: Coder, document: Document) -> None:
        unread = dataclasses.replace(document, analysis=None)

        assert explain_event(coder, unread, "0" * 20) is None
        assert why_not(coder, unread) == ()

    def test_words_that_gave_no_event_tell_why(self, stage: Stage, document: Document) -> None:
        assert isinstance(stage, Explainer)
        competitors = stage.why_not(document)
        words = [item.span.of(document.text) for item in competitors if item.span is not None]

        assert list(dict.fromkeys(words)) == ["ввёл", "Удар"]
        assert competitors[0].reason == "light verb of санкция"
        assert all(item.rule_id and item.reason for item in competitors if item.span != competitors[0].span)

    def test_a_word_in_another_part_of_speech_tells_so(self, coder: Coder, build: Build) -> None:
        document = build("Обстрелять обстрелять NOUN 0 root")
        (competitor,) = why_not(coder, document)

        assert competitor.reason == "names an event as a verb, and is read as NOUN here"
        assert competitor.rule_id in {entry.id for entry in coder.knowledge.lexicon.entries["обстрелять"]}

    def test_a_language_that_is_not_read_has_no_words_to_tell_of(self, stage: Stage, document: Document) -> None:
        assert isinstance(stage, Explainer)
        other = dataclasses.replace(document, language=LanguageLayer(language="other", confidence=1.0, guess="en"))

        assert stage.why_not(other) == ()


class TestRules:
    """Every rule that is code is told in words, and every row of a table is told by what it holds."""

    def test_rules_in_code_are_described(self) -> None:
        sources = [path.read_text(encoding="utf-8") for path in SOURCE.glob("*.py") if path.name != "rules.py"]
        used = {name for text in sources for name in _LITERAL.findall(text) if not name.endswith(".tsv")}

        assert used
        assert used - set(IN_CODE) == set()
        assert set(IN_CODE) - used == set()

    def test_rows_are_described(self, knowledge: Mapping[str, Knowledge]) -> None:
        entry = next(iter(knowledge["uk"].lexicon.entries.values()))[0]

        assert describe(entry.id, knowledge["uk"]) != entry.id
        assert describe("role.to+dat", None) == "the phrase in the function to+dat"
        assert describe("of.another.version", knowledge["uk"]) == "of.another.version"
