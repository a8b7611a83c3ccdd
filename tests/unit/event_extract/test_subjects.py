"""Subjects where the tree does not put one at the verb."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chronika_event_extract.subjects import read_roles
from chronika_event_extract.tree import Tree

Make = Callable[..., Tree]


def roles(tree: Tree, verb: int) -> tuple[str, str, str]:
    found = read_roles(tree, verb)
    subject = "" if found.subject is None else tree.forms[found.subject]
    object_ = "" if found.object is None else tree.forms[found.object]
    return subject, object_, found.rule


OBJECT_FIRST = """
Румынию Румыния PROPN 2 obj Animacy=Inan|Case=Nom|Gender=Fem|Number=Sing
обвинила обвинить VERB 0 root Gender=Fem|Number=Sing|Tense=Past|VerbForm=Fin
в в ADP 4 case
давлении давление NOUN 2 obl Case=Loc|Gender=Neut|Number=Sing
Венгрия Венгрия PROPN 4 flat Animacy=Inan|Case=Nom|Gender=Fem|Number=Sing
"""
CONTROL = """
Канада Канада PROPN 2 nsubj Case=Nom|Gender=Fem|Number=Sing
отказалась отказаться VERB 0 root Gender=Fem|Number=Sing|Tense=Past|VerbForm=Fin
поставлять поставлять VERB 2 xcomp VerbForm=Inf
танки танк NOUN 3 obj Case=Acc|Number=Plur
"""
OBJECT_CONTROL = """
Папа папа NOUN 2 nsubj Animacy=Anim|Case=Nom|Gender=Masc|Number=Sing
призвал призвать VERB 0 root Gender=Masc|Number=Sing|Tense=Past|VerbForm=Fin
Судан Судан PROPN 2 obj Case=Acc|Gender=Masc|Number=Sing
прекратить прекратить VERB 2 xcomp VerbForm=Inf
"""
DROPPED = """
Министр министр NOUN 2 nsubj Animacy=Anim|Case=Nom|Gender=Masc|Number=Sing
заявил заявить VERB 0 root Gender=Masc|Number=Sing|Tense=Past|VerbForm=Fin
, , PUNCT 5 punct
что что SCONJ 5 mark
уйдёт уйти VERB 2 ccomp Number=Sing|Person=3|Tense=Fut|VerbForm=Fin
"""
SECOND_VERB = """
Чехия Чехия PROPN 2 nsubj Case=Nom|Gender=Fem|Number=Sing
отозвала отозвать VERB 0 root Gender=Fem|Number=Sing|Tense=Past|VerbForm=Fin
посла посол NOUN 2 obj Animacy=Anim|Case=Acc|Number=Sing
и и CCONJ 5 cc
закрыла закрыть VERB 2 conj Gender=Fem|Number=Sing|Tense=Past|VerbForm=Fin
"""
IMPERSONAL = """
Миссии миссия NOUN 2 iobj Case=Dat|Gender=Fem|Number=Sing
пришлось прийтись VERB 0 root Gender=Neut|Number=Sing|Tense=Past|VerbForm=Fin
отступить отступить VERB 2 xcomp VerbForm=Inf
"""
DECISION = """
Япония Япония PROPN 2 nsubj Case=Nom|Gender=Fem|Number=Sing
приняла принять VERB 0 root Gender=Fem|Number=Sing|Tense=Past|VerbForm=Fin
решение решение NOUN 2 obj Case=Acc|Gender=Neut|Number=Sing
запретить запретить VERB 3 acl VerbForm=Inf
"""


@pytest.mark.parametrize(
    ("rows", "verb", "subject", "object_", "rule"),
    [
        pytest.param(OBJECT_FIRST, 1, "венгрия", "румынию", "role.agreement", id="endings beat word order"),
        pytest.param(CONTROL, 2, "канада", "танки", "role.control", id="infinitive"),
        pytest.param(OBJECT_CONTROL, 3, "судан", "", "role.control", id="infinitive of a request"),
        pytest.param(DROPPED, 4, "министр", "", "role.dropped-subject", id="dropped in a clause"),
        pytest.param(SECOND_VERB, 4, "чехия", "", "role.coordination", id="second verb"),
        pytest.param(IMPERSONAL, 2, "миссии", "", "role.control", id="dative subject"),
        pytest.param(DECISION, 3, "япония", "", "role.control", id="infinitive below a noun"),
    ],
)
def test_subject_and_object(tree: Make, rows: str, verb: int, subject: str, object_: str, rule: str) -> None:
    assert roles(tree(rows), verb) == (subject, object_, rule)


def test_a_plural_verb_keeps_its_singular_object(tree: Make) -> None:
    made = tree(
        """
Афины Афины PROPN 2 nsubj Case=Nom|Gender=Fem|Number=Sing
введут ввести VERB 0 root Number=Plur|Person=3|Tense=Fut|VerbForm=Fin
санкции санкция NOUN 2 obj Animacy=Inan|Case=Acc|Gender=Fem|Number=Plur
"""
    )

    assert roles(made, 1) == ("афины", "санкции", "role.subject")


def test_a_passive_without_an_agent_has_no_subject(tree: Make) -> None:
    made = tree(
        """
Планы план NOUN 2 nsubj:pass Case=Nom|Number=Plur
отвергнуты отвергнуть VERB 0 root Number=Plur|VerbForm=Part|Voice=Pass
"""
    )

    assert roles(made, 1) == ("", "планы", "role.passive-without-agent")
