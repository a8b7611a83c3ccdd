"""Which words are triggers, and which only look like it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chronika.domain.document import Document
from chronika.domain.event import EventType
from chronika_event_extract.coder import Coder
from chronika_event_extract.trace import Recorder

Build = Callable[..., Document]

LIGHT_VERB = """
Чад Чад PROPN 2 nsubj Case=Nom|Gender=Masc|Number=Sing
нанёс нанести VERB 0 root Gender=Masc|Number=Sing|Tense=Past|VerbForm=Fin
удар удар NOUN 2 obj Case=Acc|Gender=Masc|Number=Sing
по по ADP 5 case
Судану Судан PROPN 3 nmod Case=Dat|Gender=Masc|Number=Sing
"""
ACCIDENT = """
Цитирование цитирование NOUN 3 nsubj Animacy=Inan|Case=Nom|Gender=Neut|Number=Sing
текста текст NOUN 1 nmod Animacy=Inan|Case=Gen|Number=Sing
требует требовать VERB 0 root Aspect=Imp|Number=Sing|Person=3|Tense=Pres|VerbForm=Fin
согласия согласие NOUN 3 obj Case=Gen|Gender=Neut|Number=Sing
"""
PROPERTY = """
Люди человек NOUN 2 nsubj Animacy=Anim|Case=Nom|Number=Plur
покинули покинуть VERB 0 root Number=Plur|Tense=Past|VerbForm=Fin
захваченный захватить VERB 4 amod Case=Acc|VerbForm=Part|Voice=Pass
город город NOUN 2 obj Case=Acc|Number=Sing
"""
TOPIC = """
Это это PRON 3 nsubj Case=Nom
важный важный ADJ 3 amod Case=Nom
вопрос вопрос NOUN 0 root Case=Nom|Gender=Masc|Number=Sing
выхода выход NOUN 3 nmod Case=Gen|Gender=Masc|Number=Sing
из из ADP 6 case
союза союз NOUN 4 nmod Case=Gen|Gender=Masc|Number=Sing
"""
PARTICIPANT = """
Полиция полиция NOUN 2 nsubj Animacy=Inan|Case=Nom|Gender=Fem|Number=Sing
ищет искать VERB 0 root Number=Sing|Tense=Pres|VerbForm=Fin
нападавших нападать VERB 2 obj Animacy=Anim|Case=Acc|Number=Plur|VerbForm=Part|Voice=Act
"""
SPORT = """
Чад Чад PROPN 2 nsubj Case=Nom|Gender=Masc|Number=Sing
атаковал атаковать VERB 0 root Gender=Masc|Number=Sing|Tense=Past|VerbForm=Fin
соперника соперник NOUN 2 obj Animacy=Anim|Case=Acc|Number=Sing
в в ADP 5 case
матче матч NOUN 2 obl Case=Loc|Number=Sing
"""
RELATIVE = """
санкции санкция NOUN 0 root Case=Nom|Number=Plur
, , PUNCT 4 punct
которые который PRON 4 obj Case=Acc|Number=Plur
ввёл ввести VERB 1 acl:relcl Gender=Masc|Number=Sing|Tense=Past|VerbForm=Fin
Судан Судан PROPN 4 nsubj Case=Nom|Gender=Masc|Number=Sing
против против ADP 7 case
Чада Чад PROPN 4 obl Case=Gen|Gender=Masc|Number=Sing
"""
STATES = [("Чад", "location", "TCD", ""), ("Судан", "location", "SDN", "")]


def read(coder: Coder, document: Document) -> tuple[list[tuple[str, EventType]], list[str]]:
    recorder = Recorder()
    events = coder.code(document, trace=recorder).events
    found: list[tuple[str, EventType]] = [
        (event.trigger.of(document.text), event.type) for event in events if event.type is not EventType.STATE
    ]
    return found, [refusal.reason for refusal in recorder.refusals]


def test_the_noun_carries_the_event_of_a_light_verb(coder: Coder, build: Build) -> None:
    document = build(LIGHT_VERB, names=STATES)
    event = coder.code(document).events[0]

    assert read(coder, document)[0] == [("удар", EventType.ASSAULT)]
    assert "ru.l.inflict" in event.rule_ids
    assert [party.code for party in (*event.actors, *event.recipients)] == ["TCD", "SDN"]


def test_a_light_verb_is_found_through_a_relative_clause(coder: Coder, build: Build) -> None:
    document = build(RELATIVE, names=STATES)
    event = coder.code(document).events[0]

    assert [party.code for party in event.actors] == ["SDN"]
    assert [party.code for party in event.recipients] == ["TCD"]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        pytest.param(ACCIDENT, "цитирование does not act", id="a thing as subject"),
        pytest.param(PROPERTY, "a property of what it stands by", id="bare participle"),
        pytest.param(TOPIC, "a topic of вопрос", id="topic"),
        pytest.param(PARTICIPANT, "a participant named by what he did", id="participant"),
        pytest.param(SPORT, "sport: матч", id="sport"),
    ],
)
def test_what_is_no_event_is_refused_with_a_reason(coder: Coder, build: Build, rows: str, reason: str) -> None:
    found, reasons = read(coder, build(rows, names=STATES[:1] if rows is SPORT else ()))

    assert found == []
    assert reason in reasons


def test_a_word_inside_a_name_is_no_trigger(coder: Coder, build: Build) -> None:
    rows = """
Комитет комитет NOUN 0 root Animacy=Inan|Case=Nom|Gender=Masc|Number=Sing
по по ADP 3 case
санкциям санкция NOUN 1 nmod Case=Dat|Number=Plur
"""
    found, reasons = read(coder, build(rows, names=[("Комитет по санкциям", "organization", "UN", "IGO")]))

    assert found == []
    assert "inside the name Комитет по санкциям" in reasons


def test_a_perfective_reflexive_is_no_passive(coder: Coder, build: Build) -> None:
    rows = """
Поезд поезд NOUN 2 nsubj Animacy=Inan|Case=Nom|Gender=Masc|Number=Sing
задержался задержаться VERB 0 root Aspect=Perf|Gender=Masc|Number=Sing|Tense=Past|VerbForm=Fin|Voice=Mid
"""
    assert read(coder, build(rows))[0] == []


def test_an_imperfective_reflexive_is_the_passive_of_its_verb(coder: Coder, build: Build) -> None:
    rows = """
Договор договор NOUN 2 nsubj:pass Animacy=Inan|Case=Nom|Gender=Masc|Number=Sing
обсуждается обсуждаться VERB 0 root Aspect=Imp|Number=Sing|Person=3|Tense=Pres|VerbForm=Fin|Voice=Pass
Чадом Чад PROPN 2 obl Case=Ins|Gender=Masc|Number=Sing
и и CCONJ 5 cc
Суданом Судан PROPN 3 conj Case=Ins|Gender=Masc|Number=Sing
"""
    document = build(rows, names=[("Чадом", "location", "TCD", ""), ("Суданом", "location", "SDN", "")])
    event = coder.code(document).events[0]

    assert event.type is EventType.CONSULT
    assert [party.code for party in event.actors] == ["TCD", "SDN"]


def test_what_another_trigger_demands_is_its_part(coder: Coder, build: Build) -> None:
    rows = """
Суд суд NOUN 2 nsubj Animacy=Inan|Case=Nom|Gender=Masc|Number=Sing
обсуждает обсуждать VERB 0 root Number=Sing|Person=3|Tense=Pres|VerbForm=Fin
снятие снятие NOUN 2 obj Case=Acc|Gender=Neut|Number=Sing
санкций санкция NOUN 3 nmod Case=Gen|Number=Plur
с с ADP 6 case
Чада Чад PROPN 3 nmod Case=Gen|Gender=Masc|Number=Sing
"""
    found, reasons = read(coder, build(rows, names=[("Чада", "location", "TCD", "")]))

    assert found == [("обсуждает", EventType.CONSULT), ("снятие", EventType.CONCEDE)]
    assert "part of ru.t.concede.easing" in reasons
