"""Phrases as parties (codebook 2.6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from chronika.domain.document import Document
from chronika_event_extract.coder import Knowledge
from chronika_event_extract.parties import Parties
from chronika_event_extract.tree import Tree

Build = Callable[..., Document]


@pytest.fixture(scope="module")
def parties(knowledge: Mapping[str, Knowledge]) -> Callable[[Document], Parties]:
    def parties(document: Document) -> Parties:
        known = knowledge["ru"]
        assert document.analysis is not None
        tree = Tree(document.analysis, document.text, known.grammar)
        return Parties(tree, known.party_words, known.lexicon.classes["diplomat"])

    return parties


Read = Callable[[Document], Parties]

SPOKESMAN = """
Пресс-секретарь пресс-секретарь NOUN 0 root Animacy=Anim|Case=Nom|Number=Sing
президента президент NOUN 1 nmod Animacy=Anim|Case=Gen|Number=Sing
Чада Чад PROPN 2 nmod Case=Gen|Number=Sing
Идрис Идрис PROPN 1 appos Animacy=Anim|Case=Nom
Дуб Дуб PROPN 4 flat:name Animacy=Anim|Case=Nom
"""


def codes(parties: Parties, token: int) -> list[tuple[str, str, str]]:
    return [(side.code, side.sector, side.rule) for side in parties.sides(token)]


def test_a_title_gives_the_state_of_its_genitive_and_its_own_sector(parties: Read, build: Build) -> None:
    document = build(SPOKESMAN, names=[("Чада", "location", "TCD", ""), ("Идрис Дуб", "person", "", "")])
    read = parties(document)

    assert codes(read, 0) == [("TCD", "GOV", "party.genitive")]
    assert read.phrase(0).of(document.text) == "Пресс-секретарь президента Чада Идрис Дуб"


def test_a_person_is_known_by_the_title_that_stood_elsewhere(parties: Read, build: Build) -> None:
    rows = SPOKESMAN + "\n\nДубу Дуб PROPN 2 iobj Animacy=Anim|Case=Dat\nверят верить VERB 0 root"
    names = [("Чада", "location", "TCD", ""), ("Идрис Дуб", "person", "", ""), ("Дубу", "person", "", "")]
    document = build(rows, names=names)
    assert document.analysis is not None
    # The linker gives both mentions one name.
    alone = replace(document.analysis.mentions[-1], name="Дуб")
    analysis = replace(document.analysis, mentions=(*document.analysis.mentions[:-1], alone))

    read = parties(replace(document, analysis=analysis))

    assert codes(read, 5)[0][:2] == ("TCD", "GOV")


@pytest.mark.parametrize(
    ("rows", "names", "wanted"),
    [
        pytest.param(
            "российские российский ADJ 2 amod Case=Nom|Number=Plur\nвойска войско NOUN 0 root Case=Nom|Number=Plur",
            [],
            [("RUS", "MIL", "party.adjective")],
            id="adjective",
        ),
        pytest.param(
            "российско-турецкая российско-турецкий ADJ 2 amod Case=Nom\nкомиссия комиссия NOUN 0 root Case=Nom",
            [],
            [("RUS", "", "party.adjective"), ("TUR", "", "party.adjective")],
            id="adjective of two states",
        ),
        pytest.param(
            "министры министр NOUN 0 root Animacy=Anim|Case=Nom|Number=Plur\nЧада Чад PROPN 1 nmod Case=Gen\n"
            "и и CCONJ 4 cc\nСудана Судан PROPN 2 conj Case=Gen",
            [("Чада", "location", "TCD", ""), ("Судана", "location", "SDN", "")],
            [("TCD", "GOV", "party.genitive"), ("SDN", "GOV", "party.genitive")],
            id="two genitives",
        ),
        pytest.param(
            "суд суд NOUN 0 root Animacy=Inan|Case=Nom\nв в ADP 3 case\nБерне Берн PROPN 1 nmod Case=Loc",
            [("Берне", "location", "CHE", "")],
            [("CHE", "JUD", "party.place")],
            id="body at a place",
        ),
        pytest.param(
            "коллега коллега NOUN 0 root Animacy=Anim|Case=Nom\nиз из ADP 3 case\nЧехии Чехия PROPN 1 nmod Case=Gen",
            [("Чехии", "location", "CZE", "")],
            [("CZE", "", "party.place")],
            id="person from a state",
        ),
        pytest.param(
            "тысячи тысяча NOUN 0 root Case=Nom|Number=Plur\nчехов чех NOUN 1 nmod Animacy=Anim|Case=Gen|Number=Plur",
            [],
            [("CZE", "CVL", "party.inhabitant")],
            id="what a measure counts",
        ),
    ],
)
def test_phrases_name_their_state(
    parties: Read, build: Build, rows: str, names: list[tuple[str, str, str, str]], wanted: list[tuple[str, str, str]]
) -> None:
    assert codes(parties(build(rows, names=names)), _head(rows)) == wanted


def _head(rows: str) -> int:
    return next(number for number, row in enumerate(rows.splitlines()) if row.split()[3] == "0")


def test_an_ambassador_is_not_of_the_place_where_he_serves(parties: Read, build: Build) -> None:
    rows = "посол посол NOUN 0 root Animacy=Anim|Case=Nom\nв в ADP 3 case\nЧаде Чад PROPN 1 nmod Case=Loc"
    read = parties(build(rows, names=[("Чаде", "location", "TCD", "")]))

    assert [rule for _, _, rule in codes(read, 0)] == ["party.state-of-document"]


def test_the_same_office_was_named_before(parties: Read, build: Build) -> None:
    rows = """
Суд суд NOUN 3 nsubj Animacy=Inan|Case=Nom
Чада Чад PROPN 1 nmod Case=Gen
молчит молчать VERB 0 root

Судан Судан PROPN 0 root Case=Nom

Суд суд NOUN 2 nsubj Animacy=Inan|Case=Nom
молчит молчать VERB 0 root
"""
    read = parties(build(rows, names=[("Чада", "location", "TCD", ""), ("Судан", "location", "SDN", "")]))

    assert codes(read, 4) == [("TCD", "JUD", "party.same-office")]


def test_a_body_that_nobody_names_takes_the_state_of_the_document(parties: Read, build: Build) -> None:
    rows = """
полиция полиция NOUN 2 nsubj Animacy=Inan|Case=Nom
молчит молчать VERB 0 root
в в ADP 4 case
Чаде Чад PROPN 2 obl Case=Loc
"""
    read = parties(build(rows, names=[("Чаде", "location", "TCD", "")]))

    assert codes(read, 0) == [("TCD", "GOV", "party.state-of-document")]


def test_without_any_state_it_is_that_of_the_language(parties: Read, build: Build) -> None:
    assert parties(build("тишина тишина NOUN 0 root Case=Nom")).home == "RUS"


def test_sides_and_things_are_nobody(parties: Read, build: Build) -> None:
    rows = "стороны сторона NOUN 0 root Case=Nom|Number=Plur\n\nзима зима NOUN 0 root Animacy=Inan|Case=Nom"
    read = parties(build(rows))

    assert codes(read, 0) == codes(read, 1) == []


def test_a_state_that_was_not_recognised_is_known_by_its_name(parties: Read, build: Build) -> None:
    rows = "вчера вчера ADV 2 advmod\nГабон габон NOUN 0 root Animacy=Inan|Case=Nom"

    assert codes(parties(build(rows)), 1) == [("GAB", "", "party.name")]
