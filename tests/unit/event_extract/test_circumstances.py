"""Time, place, background, contexts, quantities and confidence of an event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from chronika.domain.document import Document
from chronika.domain.errors import ConfigurationError
from chronika.domain.event import Event, EventType, PlacePrecision, QuantityKind
from chronika.ports.language_pack import LanguagePack
from chronika_event_extract.coder import Coder
from chronika_event_extract.contexts import read_contexts

Build = Callable[..., Document]

PAST = "Gender=Masc|Number=Sing|Tense=Past|VerbForm=Fin"
CHAD = ("Чад", "location", "TCD", "")
SUDAN = ("Судан", "location", "SDN", "")
STRIKE = f"""
Чад Чад PROPN 2 nsubj Case=Nom|Gender=Masc|Number=Sing
атаковал атаковать VERB 0 root {PAST}
Судан Судан PROPN 2 obj Case=Acc|Gender=Masc|Number=Sing
"""


def read(coder: Coder, document: Document, kind: EventType = EventType.ASSAULT) -> Event:
    return next(event for event in coder.code(document).events if event.type is kind)


def interval(event: Event) -> tuple[str, str]:
    return (event.time.start, event.time.end) if event.time is not None else ("", "")


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        pytest.param("вчера вчера ADV 2 advmod", ("2026-02-10", ""), id="yesterday"),
        pytest.param(
            "9 9 ADJ 2 obl\nфевраля февраль NOUN 4 nmod Case=Gen|Gender=Masc|Number=Sing",
            ("2026-02-09", ""),
            id="day and month",
        ),
        pytest.param("снова снова ADV 2 advmod", ("", ""), id="no time is not the day of publication"),
    ],
)
def test_time_of_the_clause(coder: Coder, build: Build, words: str, wanted: tuple[str, str]) -> None:
    event = read(coder, build(STRIKE + words, names=[CHAD, SUDAN]))

    assert interval(event) == wanted


def test_the_time_of_saying_is_not_the_time_of_the_event(coder: Coder, build: Build) -> None:
    rows = f"""
Вчера вчера ADV 3 advmod
посол посол NOUN 3 nsubj Animacy=Anim|Case=Nom|Gender=Masc|Number=Sing
сообщил сообщить VERB 0 root {PAST}
, , PUNCT 7 punct
что что SCONJ 7 mark
Чад Чад PROPN 7 nsubj Case=Nom|Gender=Masc|Number=Sing
атаковал атаковать VERB 3 ccomp {PAST}
Судан Судан PROPN 7 obj Case=Acc|Gender=Masc|Number=Sing
"""
    assert read(coder, build(rows, names=[CHAD, SUDAN])).time is None


def test_a_date_belongs_to_the_event_below_which_it_stands(coder: Coder, build: Build) -> None:
    rows = f"""
Чад Чад PROPN 2 nsubj Case=Nom|Gender=Masc|Number=Sing
осудил осудить VERB 0 root {PAST}
обстрел обстрел NOUN 2 obj Case=Acc|Gender=Masc|Number=Sing
Судана Судан PROPN 3 nmod Case=Gen|Gender=Masc|Number=Sing
9 9 ADJ 3 nmod
февраля февраль NOUN 5 nmod Case=Gen|Gender=Masc|Number=Sing
"""
    document = build(rows, names=[CHAD, ("Судана", "location", "SDN", "")])

    assert interval(read(coder, document)) == ("2026-02-09", "")
    assert read(coder, document, EventType.ACCUSE).time is None


def test_a_controlled_event_takes_the_time_of_the_verb_above(coder: Coder, build: Build) -> None:
    rows = f"""
Вчера вчера ADV 3 advmod
Чад Чад PROPN 3 nsubj Case=Nom|Gender=Masc|Number=Sing
решил решить VERB 0 root {PAST}
атаковать атаковать VERB 3 xcomp VerbForm=Inf
Судан Судан PROPN 4 obj Case=Acc|Gender=Masc|Number=Sing
"""
    assert interval(read(coder, build(rows, names=[CHAD, SUDAN]))) == ("2026-02-10", "")


def test_a_relative_date_without_a_publication_stays_unresolved(coder: Coder, build: Build) -> None:
    document = build(STRIKE + "вчера вчера ADV 2 advmod", names=[CHAD, SUDAN], published="")

    assert read(coder, document).time is None


TOWN = """
под под ADP 5 case
Хартумом Хартум PROPN 2 obl Case=Ins|Gender=Masc|Number=Sing
"""


def test_place_comes_from_a_local_phrase(coder: Coder, build: Build) -> None:
    document = build(STRIKE + TOWN.lstrip(), names=[CHAD, SUDAN, ("Хартумом", "location", "SDN", "")])
    place = read(coder, document).place

    assert place is not None
    assert (place.span.of(document.text), place.country, place.coordinates) == ("Хартумом", "SDN", None)


def test_the_actor_is_not_the_place(coder: Coder, build: Build) -> None:
    rows = """
В в ADP 2 case
Чаде Чад PROPN 3 obl Case=Loc|Gender=Masc|Number=Sing
осудили осудить VERB 0 root Number=Plur|Tense=Past|VerbForm=Fin
Судан Судан PROPN 3 obj Case=Acc|Gender=Masc|Number=Sing
"""
    event = read(coder, build(rows, names=[("Чаде", "location", "TCD", ""), SUDAN]), EventType.ACCUSE)

    assert [party.code for party in event.actors] == ["TCD"]
    assert event.place is None


@pytest.mark.parametrize(
    ("entity", "precision", "coordinates"),
    [
        ("capital:SDN", PlacePrecision.SETTLEMENT, (15.5, 32.5)),
        ("place:UKR:700119", PlacePrecision.SETTLEMENT, (48.9, 37.8)),
        ("place:UKR:donetsk-oblast", PlacePrecision.REGION, None),
        ("country:SDN", PlacePrecision.COUNTRY, None),
        ("place:nowhere", None, None),
    ],
)
def test_precision_and_coordinates_are_those_of_the_entity(
    coder: Coder, build: Build, entity: str, precision: PlacePrecision | None, coordinates: tuple[float, float] | None
) -> None:
    town = ("Хартумом", "location", "SDN", "", entity)
    place = read(coder, build(STRIKE + TOWN.lstrip(), names=[CHAD, SUDAN, town])).place

    assert place is not None
    assert (place.precision, place.entity_id) == (precision, entity)
    found = place.coordinates
    assert (found and (found.latitude, found.longitude)) == (coordinates and pytest.approx(coordinates, abs=0.2))


def test_a_name_that_several_settlements_may_be_meant_by_has_no_coordinates(coder: Coder, build: Build) -> None:
    document = build(STRIKE + TOWN.lstrip(), names=[CHAD, SUDAN, ("Хартумом", "location", "SDN", "")])
    assert document.analysis is not None
    *others, town = document.analysis.mentions
    unclear = replace(town, entity_id="", rule_ids=("name.thing", "link.namesakes"))
    mentions = (*others, unclear)
    place = read(coder, replace(document, analysis=replace(document.analysis, mentions=mentions))).place

    assert place is not None
    assert (place.country, place.coordinates, place.precision) == ("SDN", None, PlacePrecision.SETTLEMENT)


def test_the_seat_of_a_union_lies_in_a_state(coder: Coder, build: Build) -> None:
    rows = STRIKE + "в в ADP 5 case\nБрюсселе Брюссель PROPN 2 obl Case=Loc|Gender=Masc|Number=Sing"
    seat = ("Брюсселе", "location", "EU", "IGO", "seat:brussels")
    place = read(coder, build(rows, names=[CHAD, SUDAN, seat])).place

    assert place is not None
    assert place.country == "BEL"


def test_a_target_lies_where_its_owner_does(coder: Coder, build: Build) -> None:
    rows = f"""
Чад Чад PROPN 2 nsubj Case=Nom|Gender=Masc|Number=Sing
нанёс нанести VERB 0 root {PAST}
удар удар NOUN 2 obj Case=Acc|Gender=Masc|Number=Sing
по по ADP 5 case
порту порт NOUN 2 obl Animacy=Inan|Case=Dat|Gender=Masc|Number=Sing
Хартума Хартум PROPN 5 nmod Case=Gen|Gender=Masc|Number=Sing
"""
    place = read(coder, build(rows, names=[CHAD, ("Хартума", "location", "SDN", "")])).place

    assert place is not None
    assert place.name == "Хартума"


class TestBackground:
    """What the article recalls."""

    RECALLED = STRIKE.replace("Чад Чад PROPN 2", "Чад Чад PROPN 3").replace("PROPN 2 obj", "PROPN 3 obj")

    @pytest.mark.parametrize(
        ("rows", "rule"),
        [
            pytest.param("Ранее ранее ADV 3 advmod\n" + RECALLED.lstrip(), "ru.b.earlier", id="earlier"),
            pytest.param(
                "Напомним напомнить VERB 3 parataxis Number=Plur|Person=1|Tense=Fut|VerbForm=Fin\n" + RECALLED.lstrip(),
                "ru.b.recall",
                id="we recall",
            ),
            pytest.param(
                STRIKE + "9 9 ADJ 2 obl\nянваря январь NOUN 4 nmod Case=Gen|Gender=Masc|Number=Sing",
                "background.earlier-date",
                id="a month before",
            ),
        ],
    )
    def test_cues(self, coder: Coder, build: Build, rows: str, rule: str) -> None:
        event = read(coder, build(rows, names=[CHAD, SUDAN]))

        assert event.background
        assert rule in event.rule_ids

    def test_news_is_not_background(self, coder: Coder, build: Build) -> None:
        rows = STRIKE + "9 9 ADJ 2 obl\nфевраля февраль NOUN 4 nmod Case=Gen|Gender=Masc|Number=Sing"

        assert not read(coder, build(rows, names=[CHAD, SUDAN])).background

    def test_a_minister_who_recalls_makes_no_background(self, coder: Coder, build: Build) -> None:
        rows = f"""
Напомнил напомнить VERB 0 root {PAST}
посол посол NOUN 1 nsubj Animacy=Anim|Case=Nom|Gender=Masc|Number=Sing
, , PUNCT 6 punct
что что SCONJ 6 mark
Чад Чад PROPN 6 nsubj Case=Nom|Gender=Masc|Number=Sing
атаковал атаковать VERB 1 ccomp {PAST}
Судан Судан PROPN 6 obj Case=Acc|Gender=Masc|Number=Sing
"""
        assert not read(coder, build(rows, names=[CHAD, SUDAN])).background


class TestQuantities:
    """Numbers that belong to an event."""

    @pytest.mark.parametrize(
        ("words", "wanted"),
        [
            pytest.param(
                "погибли погибнуть VERB 2 conj Number=Plur|Tense=Past|VerbForm=Fin\n12 12 NUM 6 nummod\n"
                "человек человек NOUN 4 nsubj Animacy=Anim|Case=Gen|Number=Plur",
                [("12", QuantityKind.KILLED, 12.0, None)],
                id="killed",
            ),
            pytest.param(
                "погибли погибнуть VERB 2 conj Number=Plur|Tense=Past|VerbForm=Fin\n12-15 12-15 NUM 6 nummod\n"
                "человек человек NOUN 4 nsubj Animacy=Anim|Case=Gen|Number=Plur",
                [("12-15", QuantityKind.KILLED, 12.0, 15.0)],
                id="a range",
            ),
            pytest.param(
                "ранено ранить VERB 2 conj Number=Sing|Tense=Past|VerbForm=Part|Voice=Pass\nтрое трое NUM 4 nsubj",
                [("трое", QuantityKind.WOUNDED, 3.0, None)],
                id="a word of number",
            ),
            pytest.param(
                "9 9 ADJ 2 obl\nфевраля февраль NOUN 4 nmod Case=Gen|Gender=Masc|Number=Sing", [], id="a date"
            ),
        ],
    )
    def test_counted(
        self,
        coder: Coder,
        build: Build,
        words: str,
        wanted: list[tuple[str, QuantityKind, float, float | None]],
    ) -> None:
        document = build(STRIKE + words, names=[CHAD, SUDAN])
        found = read(coder, document).quantities

        assert [(q.span.of(document.text), q.kind, q.value, q.upper) for q in found] == wanted

    def test_a_sum_counts_with_its_scale_and_currency(self, coder: Coder, build: Build) -> None:
        rows = f"""
Чад Чад PROPN 2 nsubj Case=Nom|Gender=Masc|Number=Sing
выделил выделить VERB 0 root {PAST}
Судану Судан PROPN 2 iobj Case=Dat|Gender=Masc|Number=Sing
1,5 1,5 NUM 5 nummod
млрд миллиард NOUN 2 obj Case=Acc|Number=Plur
долларов доллар NOUN 5 nmod Case=Gen|Number=Plur
помощи помощь NOUN 6 nmod Case=Gen|Number=Sing
"""
        document = build(rows, names=[CHAD, ("Судану", "location", "SDN", "")])
        money = read(coder, document, EventType.AID).quantities[0]

        assert (money.span.of(document.text), money.value, money.unit) == ("1,5 млрд", 1.5e9, "USD")


class TestContexts:
    """Contexts come from words of the sentence and from the mode."""

    def test_in_the_order_of_the_codebook(self, coder: Coder, build: Build) -> None:
        rows = STRIKE + "беспилотниками беспилотник NOUN 2 obl Case=Ins|Number=Plur"

        assert "military" in read(coder, build(rows, names=[CHAD, SUDAN])).contexts

    def test_an_unknown_context_is_refused(self, packs: dict[str, LanguagePack]) -> None:
        class Pack:
            code = "xx"

            def table(self, name: str) -> list[dict[str, str]]:
                return [{"lemma": "слово", "context": "weather"}]

        with pytest.raises(ConfigurationError) as caught:
            read_contexts(Pack())  # type: ignore[arg-type]  # it needs no more

        assert caught.value.code == "unknown-context"


class TestConfidence:
    """The sum that the docstring of the module gives."""

    def test_known_sides_make_it_sure(self, coder: Coder, build: Build) -> None:
        known = read(coder, build(STRIKE, names=[CHAD, SUDAN])).confidence
        column = STRIKE.replace("Судан Судан PROPN", "Колонну колонна NOUN")
        unknown = read(coder, build(column, names=[CHAD])).confidence

        assert known == 0.75
        assert unknown < known
