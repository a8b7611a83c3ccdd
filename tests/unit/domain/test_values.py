"""Spans, ids, scores and dead letters."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chronika.domain import codebook
from chronika.domain.analysis import AnalysisLayer, parse_features
from chronika.domain.civil_day import civil_day
from chronika.domain.dead_letter import PAYLOAD_CAP, dead_letter
from chronika.domain.errors import StageError
from chronika.domain.event import EventType
from chronika.domain.identity import digest, event_id, revision_of
from chronika.domain.span import Span


def test_span_is_a_run_of_code_points() -> None:
    assert Span(2, 4).of("а😀бв") == "бв"
    assert Span(0, 2).overlaps(Span(1, 3))
    assert not Span(0, 2).overlaps(Span(2, 3))
    assert Span(0, 4).holds(Span(1, 4))
    with pytest.raises(ValueError, match="not a span"):
        Span(3, 2)


def test_ids_are_stable_and_their_parts_do_not_run_together() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert revision_of("текст") == "4194a8dfa224fbb7a2f3"  # ids stand in stores: changing this breaks them
    first = event_id(document_id="d", revision="r", trigger=Span(1, 2), event_type=EventType.AID)
    assert first == event_id(document_id="d", revision="r", trigger=Span(1, 2), event_type=EventType.AID)
    assert first != event_id(document_id="d", revision="r", trigger=Span(1, 3), event_type=EventType.AID)
    assert first != event_id(document_id="d", revision="r", trigger=Span(1, 2), event_type=EventType.AGREE)


@pytest.mark.parametrize(
    ("event_type", "mode", "expected"),
    [
        (EventType.CONSULT, "visit", 4),
        (EventType.CONSULT, "", 2.5),
        (EventType.ASSAULT, "suicide-attack", -9.5),
        (EventType.REQUEST, "assist", 0.5),
        (EventType.STATE, "", 0),
    ],
)
def test_scores_follow_the_codebook(event_type: EventType, mode: str, expected: float) -> None:
    assert codebook.score(event_type, mode) == expected


def test_every_type_has_an_entry() -> None:
    assert set(codebook.TYPES) == set(EventType)
    assert len(codebook.CONTEXTS) == len(set(codebook.CONTEXTS)) == 37


def test_dead_letter_caps_bytes_and_keeps_their_hash() -> None:
    payload = b"x" * (PAYLOAD_CAP + 5)
    moment = datetime(2025, 1, 1, tzinfo=UTC)
    error = StageError("stage-raised", "it broke", document_id="d1")
    letter = dead_letter(error, stage="ner", payload=payload, position="inbox:1", attempts=2, failed=moment)
    again = dead_letter(error, stage="ner", payload=payload, position="inbox:1", attempts=3, failed=moment)
    assert letter.is_capped
    assert letter.payload_size == PAYLOAD_CAP + 5
    assert letter.id == again.id
    assert "it broke" in letter.message
    assert "d1" in letter.message


def test_columns_must_fit_each_other() -> None:
    with pytest.raises(ValueError, match="token columns"):
        AnalysisLayer(token_starts=(0,))
    with pytest.raises(ValueError, match="sentence columns"):
        AnalysisLayer(sentence_starts=(0,))


def test_features_are_read_from_conllu() -> None:
    assert parse_features("Case=Gen|Number=Sing") == {"Case": "Gen", "Number": "Sing"}
    assert parse_features("_") == {}


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Kyiv", "2025-03-01"),
        ("Europe/Kiev", "2025-03-01"),
        ("+03:00", "2025-03-01"),
        ("-0500", "2025-02-28"),
        ("", "2025-02-28"),
        ("Europe", "2025-02-28"),
        ("Nowhere/Land", "2025-02-28"),
        ("+99:00", "2025-02-28"),
    ],
)
def test_a_day_is_that_of_its_zone(zone: str, day: str) -> None:
    instant = datetime(2025, 2, 28, 22, 20, tzinfo=UTC)
    found = civil_day(instant, zone)
    assert found is not None
    assert found.isoformat() == day


def test_the_ends_of_the_calendar_have_days() -> None:
    assert civil_day(datetime.max.replace(tzinfo=UTC), "+03:00") is not None
    assert civil_day(None, "+03:00") is None
