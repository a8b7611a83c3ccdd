"""Words, days and page tokens."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chronika.domain.errors import StoreError
from chronika.domain.event import EventTime, TimeBasis, TimeGranularity
from chronika.domain.span import Span
from chronika.ports.store import EventFilter
from chronika_storage.civil_days import Days, days_of_publication, days_of_time
from chronika_storage.paging import Position, decode_token, encode_token
from chronika_storage.schema import Instant
from chronika_storage.sqlite import match_expression
from chronika_storage.words import fold, folded_words, parse_query


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ЇЖАК", "їжак"),
        ("і\u0308жак", "їжак"),
        ("Ёлка", "елка"),
        ("е\u0301лка", "елка"),
        ("йогурт", "йогурт"),
        ("за\u00adме\u200bсти\u2060тель", "заместитель"),
        ("п'ять", "п\u02bcять"),
        ("Straße", "strasse"),
    ],
)
def test_folding(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_words_are_bare() -> None:
    assert folded_words("«Кто-то», 'сказал': т.е. 62 %!") == ["кто", "то", "сказал", "т", "е", "62"]


def test_a_query_is_words_with_alternatives() -> None:
    assert parse_query("санкции|Санкция кто-то") == ((("санкции",), ("санкция",)), (("кто", "то"),))
    assert parse_query("||| . |слово|слово|") == ((("слово",),),)
    assert match_expression(parse_query("a|b-c d")) == '("a" OR ("b" AND "c")) AND ("d")'


def event_time(start: str, end: str = "") -> EventTime:
    return EventTime(start=start, end=end, granularity=TimeGranularity.DAY, basis=TimeBasis.EXPLICIT, span=Span(0, 1))


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        ("2025-08-22", "", date(2025, 8, 22), date(2025, 8, 22)),
        ("2024-02", "", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025", "", date(2025, 1, 1), date(2025, 12, 31)),
        ("2025-08-20", "2025-09", date(2025, 8, 20), date(2025, 9, 30)),
        ("2025-08-20", "2025-08-10", date(2025, 8, 20), date(2025, 8, 20)),  # an end before the start
        ("2025-08-20", "скоро", date(2025, 8, 20), date(2025, 8, 20)),
        ("9999", "", date(9999, 1, 1), date(9999, 12, 31)),
    ],
)
def test_days_of_a_time(start: str, end: str, first: date, last: date) -> None:
    assert days_of_time(event_time(start, end)) == Days(first, last)


@pytest.mark.parametrize("start", ["", "2025-13", "2025-02-30", "25-08-22", "0000", "2025-08-22-01", "вчера", "²025"])
def test_what_is_no_date_has_no_days(start: str) -> None:
    assert days_of_time(event_time(start)) is None


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Kyiv", 2),
        ("Europe/Kiev", 2),
        ("+02:00", 2),
        ("-02:00", 1),
        ("Europe", 1),
        ("../etc/passwd", 1),
        ("+99:99", 1),
    ],
)
def test_the_day_of_publication_is_that_of_its_zone(zone: str, day: int) -> None:
    late = datetime(2025, 3, 1, 22, 20, tzinfo=UTC)
    assert days_of_publication(late, zone) == Days(date(2025, 3, day), date(2025, 3, day))


def test_the_ends_of_the_calendar_have_days() -> None:
    assert days_of_publication(datetime.max.replace(tzinfo=UTC), "+03:00") == Days(date.max, date.max)
    assert days_of_publication(datetime.min.replace(tzinfo=UTC), "-03:00") == Days(date.min, date.min)


@given(token=st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_no_token_is_a_crash(token: str) -> None:
    with pytest.raises(StoreError) as error:
        decode_token(token, EventFilter())
    assert error.value.code == "page-token-invalid"


@given(recency=st.text(), event_id=st.text(), left_out=st.integers(0, 2**60), text=st.text())
def test_tokens_come_back_with_their_filter_alone(recency: str, event_id: str, left_out: int, text: str) -> None:
    position, mine = Position(recency, event_id, left_out), EventFilter(text=text)
    token = encode_token(position, mine)
    assert token.replace("-", "").replace("_", "").isalnum()
    assert decode_token(token, mine) == position
    with pytest.raises(StoreError):
        decode_token(token, EventFilter(text=text, include_denied=True))


def test_an_instant_without_a_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="zone"):
        Instant().process_bind_param(datetime(2025, 8, 22), None)  # type: ignore[arg-type]
