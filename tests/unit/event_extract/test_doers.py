"""Who does an event that the noun's own phrases do not tell, and whose the target of an attack is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chronika.domain.document import Document
from chronika.domain.event import Event, EventType
from chronika_event_extract.coder import Coder

Build = Callable[..., Document]

PAST = "Gender=Masc|Number=Sing|Tense=Past|VerbForm=Fin"
SUDAN = ("Судан", "location", "SDN", "")
ACCUSED = f"""
Чад Чад PROPN 2 nsubj Case=Nom|Gender=Masc|Number=Sing
обвинил обвинить VERB 0 root {PAST}
Судан Судан PROPN 2 obj Case=Acc|Gender=Masc|Number=Sing
в в ADP 5 case
нападении нападение NOUN 2 obl Case=Loc|Gender=Neut|Number=Sing
на на ADP 7 case
Нигер Нигер PROPN 5 nmod Case=Acc|Gender=Masc|Number=Sing
"""
DENIED = """
Чад Чад PROPN 2 nsubj Case=Nom|Gender=Masc|Number=Sing
отрицает отрицать VERB 0 root Number=Sing|Person=3|Tense=Pres|VerbForm=Fin
причастность причастность NOUN 2 obj Case=Acc|Gender=Fem|Number=Sing
к к ADP 5 case
нападению нападение NOUN 3 nmod Case=Dat|Gender=Neut|Number=Sing
на на ADP 7 case
Нигер Нигер PROPN 5 nmod Case=Acc|Gender=Masc|Number=Sing
"""
GUILTY = """
Чад Чад PROPN 2 nsubj Case=Nom|Gender=Masc|Number=Sing
причастен причастный ADJ 0 root Gender=Masc|Number=Sing
к к ADP 4 case
нападению нападение NOUN 2 obl Case=Dat|Gender=Neut|Number=Sing
на на ADP 6 case
Нигер Нигер PROPN 4 nmod Case=Acc|Gender=Masc|Number=Sing
"""
PRESENT = """
На на ADP 2 case
встрече встреча NOUN 6 obl Case=Loc|Gender=Fem|Number=Sing
с с ADP 4 case
послом посол NOUN 2 nmod Animacy=Anim|Case=Ins|Gender=Masc|Number=Sing
Нигера Нигер PROPN 4 nmod Case=Gen|Gender=Masc|Number=Sing
молчал молчать VERB 0 root Gender=Masc|Number=Sing|Tense=Past|VerbForm=Fin
Чад Чад PROPN 6 nsubj Case=Nom|Gender=Masc|Number=Sing
"""
OPPONENT = f"""
Чад Чад PROPN 2 nsubj Case=Nom|Gender=Masc|Number=Sing
нанёс нанести VERB 0 root {PAST}
удар удар NOUN 2 obj Case=Acc|Gender=Masc|Number=Sing
по по ADP 5 case
кварталам квартал NOUN 3 nmod Case=Dat|Number=Plur

Судан Судан PROPN 2 nsubj Case=Nom|Gender=Masc|Number=Sing
молчит молчать VERB 0 root Number=Sing|Person=3|Tense=Pres|VerbForm=Fin
"""
ENEMY = f"""
Чад Чад PROPN 2 nsubj Case=Nom|Gender=Masc|Number=Sing
атаковал атаковать VERB 0 root {PAST}
противника противник NOUN 2 obj Animacy=Anim|Case=Acc|Gender=Masc|Number=Sing
у у ADP 5 case
столицы столица NOUN 2 obl Case=Gen|Gender=Fem|Number=Sing
Чада Чад PROPN 5 nmod Case=Gen|Gender=Masc|Number=Sing

Судан Судан PROPN 2 nsubj Case=Nom|Gender=Masc|Number=Sing
молчит молчать VERB 0 root Number=Sing|Person=3|Tense=Pres|VerbForm=Fin
"""


def name(words: str, code: str) -> tuple[str, str, str, str]:
    return (words, "location", code, "")


def read(coder: Coder, document: Document, kind: EventType) -> Event:
    return next(event for event in coder.code(document).events if event.type is kind)


@pytest.mark.parametrize(
    ("rows", "names", "kind", "actors", "recipients", "rule"),
    [
        pytest.param(
            ACCUSED, [name("Чад", "TCD"), SUDAN, name("Нигер", "NER")], EventType.ASSAULT,
            ["SDN"], ["NER"], "role.accused", id="who is accused of it",
        ),
        pytest.param(
            DENIED, [name("Чад", "TCD"), name("Нигер", "NER")], EventType.ASSAULT,
            ["TCD"], ["NER"], "role.accused", id="who denies his part in it",
        ),
        pytest.param(
            GUILTY, [name("Чад", "TCD"), name("Нигер", "NER")], EventType.ASSAULT,
            ["TCD"], ["NER"], "role.accused", id="who is said to be behind it",
        ),
        pytest.param(
            PRESENT, [name("Чад", "TCD"), name("Нигера", "NER")], EventType.CONSULT,
            ["NER", "TCD"], [], "role.present", id="who acts at a meeting is there",
        ),
        pytest.param(
            OPPONENT, [name("Чад", "TCD"), SUDAN], EventType.ASSAULT,
            ["TCD"], ["SDN"], "party.opponent", id="a nameless target is the other side's",
        ),
        pytest.param(
            ENEMY, [name("Чад", "TCD"), name("Чада", "TCD"), SUDAN], EventType.ASSAULT,
            ["TCD"], ["SDN"], "party.enemy", id="the enemy is the other side",
        ),
    ],
)  # fmt: skip
def test_doers_and_opponents(
    coder: Coder,
    build: Build,
    rows: str,
    names: list[tuple[str, str, str, str]],
    kind: EventType,
    actors: list[str],
    recipients: list[str],
    rule: str,
) -> None:
    event = read(coder, build(rows, names=names), kind)

    assert [party.code for party in event.actors] == actors
    assert [party.code for party in event.recipients] == recipients
    assert rule in event.rule_ids


def test_talks_have_no_other_side_than_those_named(coder: Coder, build: Build) -> None:
    rows = PRESENT.replace("с с ADP 4 case\nпослом", "с с ADP 4 case\nжурналистом").replace(
        "Чад Чад PROPN", "Гром гром NOUN"
    )
    event = read(coder, build(rows, names=[name("Нигера", "NER")]), EventType.CONSULT)

    assert [party.code for party in event.actors] == ["NER"]


def test_one_state_alone_has_no_opponent(coder: Coder, build: Build) -> None:
    rows = OPPONENT.split("\n\n", maxsplit=1)[0]
    event = read(coder, build(rows, names=[name("Чад", "TCD")]), EventType.ASSAULT)

    assert event.recipients == ()


def test_coordinated_verbs_share_the_object_behind_them(coder: Coder, build: Build) -> None:
    rows = """
Солдаты солдат NOUN 2 nsubj Animacy=Anim|Case=Nom|Number=Plur
избили избить VERB 0 root Number=Plur|Tense=Past|VerbForm=Fin
и и CCONJ 4 cc
арестовали арестовать VERB 2 conj Number=Plur|Tense=Past|VerbForm=Fin
посла посол NOUN 4 obj Animacy=Anim|Case=Acc|Gender=Masc|Number=Sing
Чада Чад PROPN 5 nmod Case=Gen|Gender=Masc|Number=Sing
"""
    document = build(rows, names=[name("Чада", "TCD")])

    for kind in (EventType.ASSAULT, EventType.COERCE):
        assert [party.code for party in read(coder, document, kind).recipients] == ["TCD"]


def test_a_single_name_before_a_plural_verb_is_its_object(coder: Coder, build: Build) -> None:
    rows = """
Кабила Кабила PROPN 2 nsubj Animacy=Anim|Case=Nom|Gender=Masc|Number=Sing
арестовали арестовать VERB 0 root Number=Plur|Tense=Past|VerbForm=Fin
"""
    event = read(coder, build(rows, names=[("Кабила", "person", "COD", "")]), EventType.COERCE)

    assert event.actors == ()
    assert [party.code for party in event.recipients] == ["COD"]


def test_a_relative_pronoun_means_the_noun_that_agrees(coder: Coder, build: Build) -> None:
    rows = f"""
Посол посол NOUN 0 root Animacy=Anim|Case=Nom|Gender=Masc|Number=Sing
Чада Чад PROPN 1 nmod Case=Gen|Gender=Masc|Number=Sing
по по ADP 4 case
делам дело NOUN 1 nmod Case=Dat|Gender=Neut|Number=Plur
, , PUNCT 7 punct
который который PRON 7 nsubj Case=Nom|Gender=Masc|Number=Sing
извинился извиниться VERB 4 acl:relcl {PAST}
"""
    event = read(coder, build(rows, names=[name("Чада", "TCD")]), EventType.CONCEDE)

    assert [party.code for party in event.actors] == ["TCD"]


def test_a_rounded_number_hides_no_case(coder: Coder, build: Build) -> None:
    rows = f"""
Арест арест NOUN 6 nsubj Case=Nom|Gender=Masc|Number=Sing
около около ADP 4 case
300 300 NUM 4 nummod
жителей житель NOUN 1 nmod Animacy=Anim|Case=Gen|Number=Plur
Чада Чад PROPN 4 nmod Case=Gen|Gender=Masc|Number=Sing
удивил удивить VERB 0 root {PAST}
"""
    event = read(coder, build(rows, names=[name("Чада", "TCD")]), EventType.COERCE)

    assert [party.code for party in event.recipients] == ["TCD"]
