"""Trees: functions of phrases, coordination, voice."""

from __future__ import annotations

from collections.abc import Callable

from chronika_event_extract.tree import Tree

Make = Callable[..., Tree]

SANCTIONS = """
Совет совет NOUN 2 nsubj Case=Nom|Gender=Masc|Number=Sing
ввёл ввести VERB 0 root Gender=Masc|Number=Sing|Tense=Past|VerbForm=Fin|Voice=Act
санкции санкция NOUN 2 obj Case=Acc|Number=Plur
в в ADP 6 case
отношении отношение NOUN 4 fixed
банков банк NOUN 3 nmod Case=Gen|Number=Plur
и и CCONJ 8 cc
фирм фирма NOUN 6 conj Case=Gen|Number=Plur
. . PUNCT 2 punct
"""

PASSIVE = """
Посол посол NOUN 3 nsubj:pass Animacy=Anim|Case=Nom|Gender=Masc|Number=Sing
был быть AUX 3 aux:pass
вызван вызвать VERB 0 root Gender=Masc|Number=Sing|Tense=Past|VerbForm=Part|Voice=Pass
министром министр NOUN 3 obl Animacy=Anim|Case=Ins|Number=Sing
в в ADP 6 case
США США PROPN 3 obl Case=Gen|Number=Plur
"""


def functions(tree: Tree, token: int) -> dict[str, str]:
    return {tree.forms[argument.token]: argument.function for argument in tree.arguments(token)}


def test_phrases_are_named_by_function_and_preposition(tree: Make) -> None:
    made = tree(SANCTIONS)

    assert functions(made, 1)["совет"] == "subj"
    assert functions(made, 1)["санкции"] == "obj"
    assert functions(made, 2) == {"банков": "в отношении+Gen"}


def test_a_phrase_further_down_is_offered_as_indirect(tree: Make) -> None:
    deeper = next(argument for argument in tree(SANCTIONS).arguments(1) if argument.function == "в отношении+Gen")

    assert not deeper.direct


def test_coordination_is_read_in_order_and_back_to_its_head(tree: Make) -> None:
    made = tree(SANCTIONS)

    assert [made.forms[token] for token in made.coordinated(5)] == ["банков", "фирм"]
    assert made.coordination_head(7) == 5


def test_the_passive_is_undone(tree: Make) -> None:
    assert functions(tree(PASSIVE), 2) | {"сша": "в+"} == {"посол": "obj", "министром": "subj", "сша": "в+"}


def test_an_abbreviation_shows_no_case(tree: Make) -> None:
    made = tree(PASSIVE)

    assert made.case(5) == ""
    assert made.case(3) == "Ins"


def test_two_subjects_are_a_subject_and_an_object(tree: Make) -> None:
    made = tree(
        """
Армия армия NOUN 2 nsubj Animacy=Inan|Case=Nom|Gender=Fem|Number=Sing
окружила окружить VERB 0 root Gender=Fem|Number=Sing|Tense=Past|VerbForm=Fin
город город NOUN 2 nsubj Animacy=Inan|Case=Nom|Gender=Masc|Number=Sing
"""
    )

    assert functions(made, 1) == {"армия": "subj", "город": "obj"}


def test_a_genitive_beside_an_accusative_object_is_a_dative(tree: Make) -> None:
    made = tree(
        """
передать передать VERB 0 root VerbForm=Inf
Молдавии Молдавия PROPN 1 obj Case=Gen|Gender=Fem|Number=Sing
генераторы генератор NOUN 1 obj Case=Acc|Number=Plur
"""
    )

    assert functions(made, 0) == {"молдавии": "dat", "генераторы": "obj"}


def test_a_participle_gives_its_noun_a_function(tree: Make) -> None:
    made = tree(
        """
арестованный арестовать VERB 3 acl Case=Nom|VerbForm=Part|Voice=Pass
судом суд NOUN 1 obl Case=Ins|Number=Sing
журналист журналист NOUN 0 root Animacy=Anim|Case=Nom|Number=Sing
"""
    )

    assert functions(made, 0) == {"судом": "subj", "журналист": "obj"}


def test_heads_that_run_in_a_circle_end(tree: Make) -> None:
    made = tree("а а NOUN 2 nmod\nб б NOUN 1 nmod")

    assert len(list(made.ancestors(0))) <= 2
    assert made.coordination_head(0) == 0


def test_negation_is_found_on_the_word_and_on_its_auxiliary(tree: Make) -> None:
    made = tree(
        """
не не PART 2 advmod
будет быть AUX 3 aux
вводить ввести VERB 0 root VerbForm=Inf
"""
    )

    assert made.is_negated(2) == 0
    assert made.is_future(2)
