"""Matching and figures, counted by hand."""

from __future__ import annotations

from typing import Any

import pytest

from chronika.domain.scoring import Agreement, GoldDocument, GoldEvent, PredictedEvent, match, right_parties, score
from chronika.domain.span import Span

TEXT = "Минск отверг план. Варшава ввела санкции и отвергла план. Переговоры прошли."


def span(words: str, *, nth: int = 0) -> Span:
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(words, start + 1)
    return Span(start, start + len(words))


def gold(words: str, event_type: str = "REJECT", **fields: Any) -> GoldEvent:
    return GoldEvent(**{"type": event_type, "trigger": span(words), "words": words, "realis": "actual", **fields})


def found(words: str, event_type: str = "REJECT", **fields: Any) -> PredictedEvent:
    return PredictedEvent(**{"type": event_type, "trigger": span(words), "realis": "actual", **fields})


def document(*events: GoldEvent, name: str = "d") -> GoldDocument:
    return GoldDocument(id=name, language="ru", text=TEXT, events=events)


def test_an_overlapping_trigger_matches_before_the_same_sentence() -> None:
    wanted = gold("отвергла")
    near, right = found("план. П"), found("отвергла план")
    assert match([wanted], [near, right], TEXT) == [(wanted, right)]


def test_an_overlapping_trigger_matches_before_right_parties() -> None:
    wanted = gold("отвергла", actors=frozenset({"POL"}))
    overlapping, right = found("отвергла план"), found("санкции", actors=frozenset({"POL"}))
    assert match([wanted], [right, overlapping], TEXT) == [(wanted, overlapping)]


def test_the_same_type_in_the_same_sentence_matches() -> None:
    wanted, other = gold("отвергла"), found("Варшава")
    assert match([wanted], [other], TEXT) == [(wanted, other)]
    assert match([wanted], [found("Минск")], TEXT) == []
    assert match([wanted], [found("отвергла", "SANCTION")], TEXT) == []


def test_each_event_is_matched_once_and_right_parties_go_first() -> None:
    wanted = gold("отвергла", actors=frozenset({"POL"}))
    wrong = found("отвергла", actors=frozenset({"BLR"}))
    right = found("отвергла", actors=frozenset({"POL"}))
    assert match([wanted], [wrong, right], TEXT) == [(wanted, right)]


def test_among_equals_core_goes_before_optional_and_the_nearest_first() -> None:
    optional, core = gold("ввела", core=False), gold("отвергла")
    between = found("санкции")
    assert match([optional, core], [between], TEXT) == [(core, between)]
    near, far = found("санкции"), found("Варшава")
    assert match([gold("отвергла")], [far, near], TEXT)[0][1] is near


@pytest.mark.parametrize(
    ("event_type", "actors", "recipients", "right"),
    [
        ("CONSULT", {"BLR"}, {"POL"}, True),
        ("CONSULT", {"BLR", "POL"}, set(), True),
        ("CONSULT", {"BLR"}, set(), False),
        ("REJECT", {"BLR"}, {"POL"}, False),
    ],
)
def test_mutual_events_may_split_their_sides(
    event_type: str, actors: set[str], recipients: set[str], right: bool
) -> None:
    wanted = gold("Переговоры", event_type, actors=frozenset({"BLR", "POL"}))
    predicted = found("Переговоры", event_type, actors=frozenset(actors), recipients=frozenset(recipients))
    assert right_parties(wanted, predicted) is right


def test_optional_events_count_neither_way_and_state_is_left_out() -> None:
    documents = [document(gold("отверг план"), gold("отвергла", core=False), gold("Переговоры", "CONSULT"))]
    predicted = [found("отверг план"), found("отвергла"), found("санкции", "SANCTION"), found("Минск", "STATE")]
    figures = score(documents, {"d": predicted})
    assert (figures.events.right, figures.events.predicted, figures.events.gold) == (1, 2, 2)
    assert figures.events.f1 == 0.5
    assert {name: (one.right, one.predicted, one.gold) for name, one in figures.types.items()} == {
        "REJECT": (1, 1, 1),
        "SANCTION": (0, 1, 0),
        "CONSULT": (0, 0, 1),
    }
    assert [(mistake.kind, mistake.trigger) for mistake in figures.mistakes] == [
        ("missed", "Переговоры"),
        ("extra", "санкции"),
    ]


def test_an_empty_field_earns_nothing() -> None:
    wanted = gold("отвергла", time="2025-08", has_place=True, country="POL", speakers=frozenset({"туск"}), mode="yield")
    filled = found(
        "отвергла", time="2025-08-21", has_place=True, country="BLR", speakers=frozenset({"премьер туск"}), mode="yield"
    )
    figures = score([document(wanted, name="a"), document(wanted, name="b")], {"a": [filled], "b": [found("отвергла")]})
    assert figures.time.f1 == pytest.approx(2 / 3)
    assert figures.attribution.f1 == pytest.approx(2 / 3)
    assert figures.place.f1 == 0.0
    assert figures.mode.value == 0.5
    assert figures.background == Agreement()


def test_realis_is_also_told_for_what_did_not_simply_happen() -> None:
    documents = [document(gold("отверг план", realis="denied"), gold("отвергла"))]
    figures = score(documents, {"d": [found("отверг план"), found("отвергла")]})
    assert figures.realis.value == 0.5
    assert figures.realis_not_actual.value == 0.0


def test_a_document_without_a_prediction_counts_as_empty_and_others_are_ignored() -> None:
    figures = score([document(gold("отвергла"))], {"other": [found("отвергла")]})
    assert (figures.documents, figures.events.gold, figures.events.predicted) == (1, 1, 0)
    assert figures.dyads.f1 == 0.0
    assert figures.actors.value is None
