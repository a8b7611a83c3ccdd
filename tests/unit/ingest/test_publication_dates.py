"""Dates of publication as pages, feeds and people write them; what cannot be read whole is no date."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chronika.domain.document import PublishedPrecision
from chronika.domain.errors import ConfigurationError
from chronika_ingest.dates import date_in_address, zone_name, zone_of
from chronika_ingest.language_data import date_grammar

DAY, MINUTE = PublishedPrecision.DAY, PublishedPrecision.MINUTE


@pytest.mark.parametrize(
    ("value", "instant", "zone", "precision"),
    [
        # ISO 8601 and what programs write
        ("2025-08-22", "2025-08-22T00:00", "", DAY),
        ("20250822", "2025-08-22T00:00", "", DAY),
        ("2025-08-22T10:30:00Z", "2025-08-22T10:30", "UTC", MINUTE),
        ("2025-08-22T10:30:00+03:00", "2025-08-22T07:30", "+03:00", MINUTE),
        ("2025-08-22T10:30:00.123456+0300", "2025-08-22T07:30", "+03:00", MINUTE),
        ("2025-08-22 10:30:15", "2025-08-22T10:30:15", "", MINUTE),
        ("2025-08-22T00:20:00", "2025-08-22T00:20", "", MINUTE),
        ("Fri, 14 Feb 2025 00:31:10 +0200", "2025-02-13T22:31:10", "+02:00", MINUTE),
        ("1741072500", "2025-03-04T07:15", "UTC", MINUTE),
        ("1741072500000", "2025-03-04T07:15", "UTC", MINUTE),
        # Feeds with Russian and Ukrainian names
        ("Ср, 12 фев 2025 09:05:00 +0300", "2025-02-12T06:05", "+03:00", MINUTE),
        ("чт, 13 лют 2025 18:40:00 +0200", "2025-02-13T16:40", "+02:00", MINUTE),
        # Pages
        ("14 Марта 2016 г.", "2016-03-14T00:00", "", DAY),
        ("Опубликовано 24 февраля 2022 года", "2022-02-24T00:00", "", DAY),
        ("Опубліковано: 3 травня 2024 року о 18:20", "2024-05-03T18:20", "", MINUTE),
        ("П'ятниця, 20 листопада 2020, 05:10", "2020-11-20T05:10", "", MINUTE),
        ("П’ятниця, 20 листопада 2020, 05:10", "2020-11-20T05:10", "", MINUTE),
        ("20 листопада, 2020, 08:10", "2020-11-20T08:10", "", MINUTE),
        ("17 серпень, 2020", "2020-08-17T00:00", "", DAY),
        ("15:22, 2 ноября 2016", "2016-11-02T15:22", "", MINUTE),
        ("10.01.2022, 19:45", "2022-01-10T19:45", "", MINUTE),
        ("14/01/2021 08:43", "2021-01-14T08:43", "", MINUTE),
        ("00:23 25/01/2021", "2021-01-25T00:23", "", MINUTE),
        ("12.12.20, 15:10", "2020-12-12T15:10", "", MINUTE),
        ("31.12.99", "1999-12-31T00:00", "", DAY),
        ("22 августа 2025, 10:30 (мск)", "2025-08-22T07:30", "Europe/Moscow", MINUTE),
        ("22 августа 2025 в 10:30 по московскому времени", "2025-08-22T07:30", "Europe/Moscow", MINUTE),
        ("22 серпня 2025, 10:30 за Києвом", "2025-08-22T07:30", "Europe/Kyiv", MINUTE),
        ("22.08.2025 10:30 GMT+3", "2025-08-22T07:30", "+03:00", MINUTE),
    ],
)
def test_what_is_read(value, instant, zone, precision):
    moment = date_grammar().parse(value).in_zone("UTC")

    assert moment.instant == datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert moment.zone == zone
    assert moment.precision is precision


@pytest.mark.parametrize(
    "value",
    [
        "",
        "вчера",
        "сегодня, 10:30",
        "10:30",
        "14 марта",
        "март 2016",
        "2016",
        "32 марта 2016",
        "31 февраля 2016",
        "31.02.2016",
        "2016-13-45",
        "13.13.2016",
        "© 2007—2024",
        "1 мая 2016 года начнутся работы",
        "с 1 по 5 мая 2016",
        "версия 1.2.2016.5",
        "12345",
        "0000-00-00T00:00:00",
        "9999-99-99",
        "3000-01-01",
        "true",
        "2025-08-22" * 20,
    ],
)
def test_what_is_not_read(value):
    assert date_grammar().parse(value) is None


@pytest.mark.parametrize(
    ("line", "is_update"),
    [("Обновлено: 14.10.2020", True), ("Оновлено 14 жовтня 2020", True), ("Опубликовано: 14.10.2020", False)],
)
def test_the_label_tells_publication_from_a_later_change(line, is_update):
    found = date_grammar().find(line)

    assert found.is_update is is_update
    assert found.is_labelled
    assert (found.start, found.end) == (0, len(line))


def test_a_date_in_a_line_is_found_with_its_weekday_and_time():
    line = "Ирина Ковтун, пятница, 15 марта 2024, 18:20 | Фото"
    found = date_grammar().find(line)

    assert line[found.start : found.end] == "пятница, 15 марта 2024, 18:20"


def test_every_month_is_read_in_every_form():
    grammar = date_grammar()
    for number, forms in enumerate(
        [
            "январь января янв січень січня січ",
            "февраль февраля фев лютий лютого лют",
            "март марта мар березень березня бер",
            "апрель апреля апр квітень квітня кві",
            "май мая мае травень травня тра",
            "июнь июня июн червень червня чер",
            "июль июля июл липень липня лип",
            "август августа авг серпень серпня сер",
            "сентябрь сентября сен вересень вересня вер",
            "октябрь октября окт жовтень жовтня жов",
            "ноябрь ноября ноя листопад листопада лис",
            "декабрь декабря дек грудень грудня гру",
        ],
        start=1,
    ):
        for form in forms.split():
            assert grammar.parse(f"5 {form} 2024").day.month == number, form


def test_a_time_without_a_zone_is_of_the_zone_that_is_assumed():
    moment = date_grammar().parse("01.03.2025 00:20").in_zone("Europe/Kyiv")

    assert moment.instant == datetime(2025, 2, 28, 22, 20, tzinfo=UTC)
    assert moment.zone == "Europe/Kyiv"


def test_midnight_of_a_day_is_that_of_the_zone():
    summer = date_grammar().parse("2025-07-01").in_zone("Europe/Kyiv")
    winter = date_grammar().parse("2025-01-01").in_zone("Europe/Kyiv")

    assert summer.instant == datetime(2025, 6, 30, 21, 0, tzinfo=UTC)
    assert winter.instant == datetime(2024, 12, 31, 22, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "day"),
    [
        ("https://vesti.example/news/2016/12/18/7130190/", datetime(2016, 12, 18)),
        ("https://vesti.example/2018-11-08/title", datetime(2018, 11, 8)),
        ("https://vesti.example/2018/7/9/401996.html", datetime(2018, 7, 9)),
        ("https://vesti.example/2016/02/31/x", None),
        ("https://vesti.example/2016/12/title", None),
        ("https://vesti.example/doc/20161218", None),
        ("https://vesti.example/1/2016/12/181234", None),
        ("", None),
    ],
)
def test_dates_in_addresses(address, day):
    civil = date_in_address(address)

    assert (civil.day if civil else None) == day
    assert civil is None or not civil.has_time


@pytest.mark.parametrize("name", ["Europe/Kyiv", "Europe/Kiev", "Europe/Moscow", "UTC", "+03:00", "-05:30", "GMT+3"])
def test_zones_that_are_known(name):
    zone_of(name)


def test_zones_are_named_as_documents_carry_them():
    instant = datetime(2025, 7, 1, tzinfo=zone_of("Europe/Kyiv"))

    assert zone_name(zone_of("Europe/Kyiv"), instant) == "Europe/Kyiv"
    assert zone_name(zone_of("-05:30"), datetime(2025, 7, 1, tzinfo=zone_of("-05:30"))) == "-05:30"
    assert zone_name(UTC, datetime(2025, 7, 1, tzinfo=UTC)) == "UTC"


@pytest.mark.parametrize("name", ["+99:00", "+24:00", "Mars/Olympus", "europe"])
def test_zones_that_are_none(name):
    with pytest.raises(ConfigurationError):
        zone_of(name)


def test_of_what_a_line_says_the_first_that_can_be_read_is_taken_and_the_rest_is_told(read_one):
    unread = read_one('{"id": "1", "text": "Сейм принял закон.", "published": "вчера"}\n')
    other = read_one('{"id": "1", "text": "Сейм принял закон.", "published": null, "date": "2024-05-06"}\n')
    apart = read_one(
        '{"id": "1", "text": "Сейм принял закон\\n01.02.2023, 10:00\\nЗакон о почте.", "date": "2024-05-06"}\n'
    )

    assert unread.source.published is None
    assert unread.source.warnings == ("unread-date",)
    assert other.source.published == apart.source.published == datetime(2024, 5, 6, tzinfo=UTC)
    assert other.source.warnings == ()
    assert apart.source.warnings == ("dates-differ",)


def test_a_date_that_lies_ahead_is_no_date_of_publication(read_one):
    document = read_one("Сейм принял закон\n01.02.2031, 10:00\nЗакон о почте одобрен.")

    assert document.source.published is None
    assert document.source.warnings == ("implausible-date",)
    assert [run.kind.value for run in document.source.furniture] == ["date-line"]


def test_the_day_in_the_address_serves_when_nothing_else_does(read_one):
    line = '{"text": "Сейм принял закон.", "source": "https://vesti.example/2024/05/06/zakon"}\n'

    assert read_one(line).source.published == datetime(2024, 5, 6, tzinfo=UTC)
    assert read_one(line).source.published_precision is DAY


def test_an_offset_that_is_none_makes_no_date(read_one):
    document = read_one('{"id": "1", "text": "Сейм принял закон.", "date": "22.08.2025 10:30 +99:00"}\n')

    assert document.source.published is None
    assert document.source.warnings == ("unread-date",)
