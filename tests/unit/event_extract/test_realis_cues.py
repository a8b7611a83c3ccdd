"""Realis from hand-built trees: cue spans, order of strength, conditions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chronika.domain.document import Document
from chronika.domain.errors import ConfigurationError
from chronika.domain.event import Event, RealisValue
from chronika.ports.language_pack import LanguagePack
from chronika_event_extract.coder import Coder
from chronika_event_extract.realis import read_realis_cues

Build = Callable[..., Document]

NOUN = "Case=Nom|Number=Plur"
FUTURE = "Number=Sing|Person=3|Tense=Fut|VerbForm=Fin"
PAST = "Gender=Masc|Number=Sing|Tense=Past|VerbForm=Fin"
STATES = [("Чад", "location", "TCD", "")]

CASES = {
    "actual": f"Чад Чад PROPN 2 nsubj Case=Nom\nввёл ввести VERB 0 root {PAST}\nсанкции санкция NOUN 2 obj Case=Acc",
    "planned": f"Чад Чад PROPN 2 nsubj Case=Nom\nвведёт ввести VERB 0 root {FUTURE}\n"
    "санкции санкция NOUN 2 obj Case=Acc",
    "possible": "Чад Чад PROPN 2 nsubj Case=Nom\nможет мочь VERB 0 root Tense=Pres|VerbForm=Fin\n"
    "ввести ввести VERB 2 xcomp VerbForm=Inf\nсанкции санкция NOUN 3 obj Case=Acc",
    "denied": f"Чад Чад PROPN 3 nsubj Case=Nom\nне не PART 3 advmod\nвводил ввести VERB 0 root {PAST}\n"
    "санкций санкция NOUN 3 obj Case=Gen",
    "conditional": "Если если SCONJ 2 mark\nсогласятся согласиться VERB 5 advcl Tense=Fut|VerbForm=Fin\n"
    ", , PUNCT 2 punct\n"
    f"Чад Чад PROPN 5 nsubj Case=Nom\nвведёт ввести VERB 0 root {FUTURE}\nсанкции санкция NOUN 5 obj Case=Acc",
}


def sanctions(coder: Coder, document: Document) -> Event:
    return next(event for event in coder.code(document).events if event.trigger.of(document.text).startswith("санкци"))


@pytest.mark.parametrize("value", sorted(CASES))
def test_the_five_values(coder: Coder, build: Build, value: str) -> None:
    event = sanctions(coder, build(CASES[value], names=STATES))

    assert event.realis.value is RealisValue(value)


@pytest.mark.parametrize(
    ("value", "cue"), [("planned", "введёт"), ("possible", "может"), ("denied", "не"), ("conditional", "Если")]
)
def test_the_cue_is_told(coder: Coder, build: Build, value: str, cue: str) -> None:
    document = build(CASES[value], names=STATES)

    assert [span.of(document.text) for span in sanctions(coder, document).realis.cues] == [cue]


def test_the_condition_is_told(coder: Coder, build: Build) -> None:
    document = build(CASES["conditional"], names=STATES)
    condition = sanctions(coder, document).realis.condition

    assert condition is not None
    assert condition.of(document.text).startswith("Если согласятся")


def test_not_only_denies_nothing(coder: Coder, build: Build) -> None:
    rows = (
        f"Чад Чад PROPN 4 nsubj Case=Nom\nне не PART 4 advmod\nтолько только PART 4 advmod\n"
        f"ввёл ввести VERB 0 root {PAST}\n"
        "санкции санкция NOUN 4 obj Case=Acc"
    )

    assert sanctions(coder, build(rows, names=STATES)).realis.value is RealisValue.ACTUAL


def test_what_is_not_stopped_goes_on(coder: Coder, build: Build) -> None:
    rows = (
        f"Чад Чад PROPN 3 nsubj Case=Nom\nне не PART 3 advmod\nпрекратил прекратить VERB 0 root {PAST}\n"
        "санкции санкция NOUN 3 obj Case=Acc"
    )

    assert sanctions(coder, build(rows, names=STATES)).realis.value is RealisValue.ACTUAL


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(
            f"Рейсы рейс NOUN 2 nsubj:pass Case=Nom|Number=Plur\nотменил отменить VERB 0 root {PAST}\n"
            "из-за из-за ADP 4 case\nсанкций санкция NOUN 2 obl Case=Gen|Number=Plur\n"
            "Чада Чад PROPN 4 nmod Case=Gen",
            id="the cause of what is cancelled",
        ),
        pytest.param(
            f"Посол посол NOUN 4 nsubj Case=Nom\nпосле после ADP 3 case\nсанкций санкция NOUN 4 obl Case=Gen\n"
            f"решил решить VERB 0 root {PAST}\nпокинуть покинуть VERB 4 xcomp VerbForm=Inf\n"
            "Чад Чад PROPN 5 obj Case=Acc",
            id="the time of a plan",
        ),
        pytest.param(
            f"Чад Чад PROPN 2 nsubj Case=Nom\nсмог смочь VERB 0 root {PAST}\n"
            "ввести ввести VERB 2 xcomp VerbForm=Inf\nсанкции санкция NOUN 3 obj Case=Acc",
            id="what was managed",
        ),
    ],
)
def test_what_is_said_of_the_verb_is_not_said_of_its_occasion(coder: Coder, build: Build, rows: str) -> None:
    names = [("Чада" if "Чада" in rows else "Чад", "location", "TCD", "")]

    assert sanctions(coder, build(rows, names=names)).realis.value is RealisValue.ACTUAL


@pytest.mark.parametrize(
    ("word", "lemma", "value"),
    [
        ("предстоящие", "предстоящий", RealisValue.PLANNED),
        ("возможные", "возможный", RealisValue.POSSIBLE),
        ("новые", "новый", RealisValue.ACTUAL),
    ],
)
def test_adjectives_of_the_noun(coder: Coder, build: Build, word: str, lemma: str, value: RealisValue) -> None:
    rows = (
        f"{word} {lemma} ADJ 2 amod Case=Nom|Number=Plur\nсанкции санкция NOUN 4 nsubj Case=Nom|Number=Plur\n"
        "Чада Чад PROPN 2 nmod Case=Gen\nобсуждают обсуждать VERB 0 root Number=Plur|Tense=Pres|VerbForm=Fin"
    )

    assert sanctions(coder, build(rows, names=[("Чада", "location", "TCD", "")])).realis.value is value


def test_what_is_dated_after_the_publication_is_planned(coder: Coder, build: Build) -> None:
    rows = CASES["actual"] + "\nна на ADP 6 case\n20 20 ADJ 2 obl\nфевраля февраль NOUN 5 nmod Case=Gen"
    event = sanctions(coder, build(rows.replace("\nна на ADP 6", "\nна на ADP 5"), names=STATES))

    assert event.time is not None
    assert event.time.start == "2026-02-20"
    assert event.realis.value is RealisValue.PLANNED
    assert "realis.later-date" in event.rule_ids


def test_a_threat_that_was_uttered_is_actual_whatever_its_condition(coder: Coder, build: Build) -> None:
    rows = (
        f"Чад Чад PROPN 2 nsubj Case=Nom\nпригрозил пригрозить VERB 0 root {PAST}\nСудану Судан PROPN 2 iobj Case=Dat\n"
        "войной война NOUN 2 obl Case=Ins\n, , PUNCT 7 punct\nесли если SCONJ 7 mark\n"
        f"нападёт напасть VERB 2 advcl {FUTURE}"
    )
    event = coder.code(build(rows, names=STATES)).events[0]

    assert event.rule_ids[0] == "ru.t.threaten.threaten"
    assert event.realis.value is RealisValue.ACTUAL


def test_a_wrong_row_of_the_cues_is_named(tmp_path: Path) -> None:
    (tmp_path / "realis.tsv").write_text(
        "id\tlemmas\tplace\teffect\tnegated\nx.r.a\tможет\tabove\tpossible\t\n", encoding="utf-8"
    )

    with pytest.raises(ConfigurationError, match=r"realis\.tsv") as caught:
        read_realis_cues(LanguagePack(code="xx", name="Test", files=tmp_path))

    assert caught.value.code == "realis-cues"
