"""Roles: frames, light verbs, pronouns, who is meant."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chronika.domain.document import Document
from chronika.domain.event import EventType
from chronika_event_extract.coder import Coder

Build = Callable[..., Document]

PAST = "Gender=Masc|Number=Sing|Tense=Past|VerbForm=Fin"
NAMES = [("Чад", "location", "TCD", ""), ("Судан", "location", "SDN", "")]

BETWEEN = """
Переговоры переговоры NOUN 6 nsubj Case=Nom|Number=Plur
между между ADP 3 case
Чадом Чад PROPN 1 nmod Case=Ins|Gender=Masc|Number=Sing
и и CCONJ 5 cc
Суданом Судан PROPN 3 conj Case=Ins|Gender=Masc|Number=Sing
начались начаться VERB 0 root Number=Plur|Tense=Past|VerbForm=Fin
"""
PASSIVE = """
Посол посол NOUN 2 nsubj:pass Animacy=Anim|Case=Nom|Gender=Masc|Number=Sing
выслан выслать VERB 0 root Gender=Masc|Number=Sing|VerbForm=Part|Voice=Pass
"""
WITH_AGENT = PASSIVE + "Чадом Чад PROPN 2 obl:agent Case=Ins|Gender=Masc|Number=Sing"
ANTI = """
антироссийские антироссийский ADJ 2 amod Case=Nom|Number=Plur
санкции санкция NOUN 0 root Case=Nom|Number=Plur
Чада Чад PROPN 2 nmod Case=Gen|Gender=Masc|Number=Sing
"""
DOER = """
Чад Чад PROPN 2 nsubj Case=Nom|Gender=Masc|Number=Sing
ускорит ускорить VERB 0 root Number=Sing|Person=3|Tense=Fut|VerbForm=Fin
обстрелы обстрел NOUN 2 obj Case=Acc|Number=Plur
Судана Судан PROPN 3 nmod Case=Gen|Gender=Masc|Number=Sing
"""
RELATIVE = f"""
Чад Чад PROPN 0 root Case=Nom|Gender=Masc|Number=Sing
, , PUNCT 4 punct
который который PRON 4 nsubj Case=Nom|Gender=Masc|Number=Sing
атаковал атаковать VERB 1 acl:relcl {PAST}
Судан Судан PROPN 4 obj Case=Acc|Gender=Masc|Number=Sing
"""
PRONOUN = f"""
Чад Чад PROPN 2 nsubj Case=Nom|Gender=Masc|Number=Sing
молчит молчать VERB 0 root Number=Sing|Person=3|Tense=Pres|VerbForm=Fin

Он он PRON 2 nsubj Case=Nom|Gender=Masc|Number=Sing|Person=3
атаковал атаковать VERB 0 root {PAST}
Судан Судан PROPN 2 obj Case=Acc|Gender=Masc|Number=Sing
"""
REFUSED = f"""
Чад Чад PROPN 2 nsubj Case=Nom|Gender=Masc|Number=Sing
отказался отказаться VERB 0 root {PAST}
выдать выдать VERB 2 xcomp VerbForm=Inf
Судану Судан PROPN 3 iobj Case=Dat|Gender=Masc|Number=Sing
банкира банкир NOUN 3 obj Animacy=Anim|Case=Acc|Number=Sing
"""
BODY = """
В в ADP 2 case
МИД МИД PROPN 3 obl Case=Loc
осудили осудить VERB 0 root Number=Plur|Tense=Past|VerbForm=Fin
Судан Судан PROPN 3 obj Case=Acc|Gender=Masc|Number=Sing
"""


@pytest.mark.parametrize(
    ("rows", "names", "kind", "actors", "recipients", "rule"),
    [
        pytest.param(
            BETWEEN,
            [("Чадом", "location", "TCD", ""), ("Суданом", "location", "SDN", "")],
            EventType.CONSULT, ["TCD", "SDN"], [], "role.между", id="all sides",
        ),
        pytest.param(PASSIVE, [], EventType.SANCTION, [], ["RUS"], "role.object", id="passive without agent"),
        pytest.param(
            WITH_AGENT, [("Чадом", "location", "TCD", "")], EventType.SANCTION, ["TCD"], ["TCD"], "role.subject",
            id="passive with agent",
        ),
        pytest.param(
            ANTI, [("Чада", "location", "TCD", "")], EventType.SANCTION, ["TCD"], ["RUS"], "role.anti", id="against"
        ),
        pytest.param(
            DOER, [("Чад", "location", "TCD", ""), ("Судана", "location", "SDN", "")],
            EventType.ASSAULT, ["TCD"], ["SDN"], "role.subject-of-governor", id="the verb above",
        ),
        pytest.param(RELATIVE, NAMES, EventType.ASSAULT, ["TCD"], ["SDN"], "party.pronoun", id="relative pronoun"),
        pytest.param(PRONOUN, NAMES, EventType.ASSAULT, ["TCD"], ["SDN"], "party.pronoun", id="personal pronoun"),
        pytest.param(
            REFUSED, [("Чад", "location", "TCD", ""), ("Судану", "location", "SDN", "")],
            EventType.REJECT, ["TCD"], ["SDN"], "role.inf.dat", id="whom it was refused",
        ),
        pytest.param(
            BODY, [("МИД", "organization", "TCD", "GOV"), ("Судан", "location", "SDN", "")],
            EventType.ACCUSE, ["TCD"], ["SDN"], "role.in-body", id="the body that speaks",
        ),
    ],
)  # fmt: skip
def test_roles(
    coder: Coder,
    build: Build,
    rows: str,
    names: list[tuple[str, str, str, str]],
    kind: EventType,
    actors: list[str],
    recipients: list[str],
    rule: str,
) -> None:
    event = next(event for event in coder.code(build(rows, names=names)).events if event.type is kind)

    assert [party.code for party in event.actors] == actors
    assert [party.code for party in event.recipients] == recipients
    assert rule in event.rule_ids


def test_a_pronoun_keeps_its_own_words_and_the_name_it_means(coder: Coder, build: Build) -> None:
    document = build(PRONOUN, names=NAMES)
    actor = coder.code(document).events[0].actors[0]

    assert actor.span.of(document.text) == "Он"
    assert actor.name == "Чад"


def test_the_first_person_is_who_is_quoted(coder: Coder, build: Build) -> None:
    rows = f"""
« « PUNCT 3 punct
Мы мы PRON 3 nsubj Animacy=Anim|Case=Nom|Number=Plur|Person=1
поддержали поддержать VERB 0 root Number=Plur|Tense=Past|VerbForm=Fin
Судан Судан PROPN 3 obj Case=Acc|Gender=Masc|Number=Sing
в в ADP 6 case
беде беда NOUN 3 obl Case=Loc
» » PUNCT 3 punct
, , PUNCT 9 punct
сказал сказать VERB 3 parataxis {PAST}
Чад Чад PROPN 9 nsubj Case=Nom|Gender=Masc|Number=Sing
"""
    event = coder.code(build(rows, names=NAMES)).events[0]

    assert [party.code for party in event.actors] == ["TCD"]


def test_an_attack_on_a_place_is_one_on_its_state(coder: Coder, build: Build) -> None:
    rows = f"""
Дрон дрон NOUN 2 nsubj Animacy=Inan|Case=Nom|Gender=Masc|Number=Sing
попал попасть VERB 0 root {PAST}
в в ADP 4 case
склад склад NOUN 2 obl Case=Acc|Gender=Masc|Number=Sing
под под ADP 6 case
Хартумом Хартум PROPN 2 obl Case=Ins|Gender=Masc|Number=Sing
"""
    event = coder.code(build(rows, names=[("Хартумом", "location", "SDN", "")])).events[0]

    assert event.place is not None
    assert event.place.country == "SDN"
    assert [party.code for party in event.recipients] == ["SDN"]
    assert "party.state-of-place" in event.rule_ids


def test_coordinated_participants_stay_one_event(coder: Coder, build: Build) -> None:
    rows = """
Чад Чад PROPN 4 nsubj Case=Nom|Gender=Masc|Number=Sing
и и CCONJ 3 cc
Судан Судан PROPN 1 conj Case=Nom|Gender=Masc|Number=Sing
осудили осудить VERB 0 root Number=Plur|Tense=Past|VerbForm=Fin
обстрел обстрел NOUN 4 obj Case=Acc|Gender=Masc|Number=Sing
"""
    accuse = [e for e in coder.code(build(rows, names=NAMES)).events if e.type is EventType.ACCUSE]

    assert len(accuse) == 1
    assert [party.code for party in accuse[0].actors] == ["TCD", "SDN"]
