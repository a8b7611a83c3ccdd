"""Saved pages: the text is the article's body; what the page says of itself is read, and nothing is guessed."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from chronika.domain.document import PublishedPrecision

FIRST = (
    "Правительство Латвии в среду утвердило план помощи фермерам, пострадавшим от наводнения, сообщила пресс-служба."
)
SECOND = "На восстановление хозяйств выделят 12 млн евро, выплаты начнутся в мае."
BODY = f"<p>{FIRST}</p><p>{SECOND}</p>"


def page(body: str = BODY, head: str = "<title>Латвия поможет фермерам — Вести</title>") -> str:
    return f"<!DOCTYPE html><html lang='ru'><head>{head}</head><body>{body}</body></html>"


def test_the_text_is_the_body_of_the_article(read_one):
    document = read_one(
        page(
            "<header><a href='/'>Главная</a></header><nav><a href='/a'>Политика</a></nav>"
            f"<article><h1>Латвия поможет фермерам</h1>{BODY}</article>"
            "<aside><a href='/b'>Другая новость о выборах</a></aside><footer>© 2007—2024 Вести</footer>"
        )
    )

    assert document.text == f"Латвия поможет фермерам\n{FIRST}\n{SECOND}"
    assert document.source.title == "Латвия поможет фермерам"
    assert document.source.title_span.of(document.text) == "Латвия поможет фермерам"
    assert document.source.encoding == "utf-8"
    assert document.source.published is None


def test_short_articles_are_articles_and_keep_their_paragraphs(read_one):
    document = read_one(
        "<article><h1>Посол прибыл</h1><p>Посол Чехии прибыл в Ригу с рабочим визитом.</p>"
        "<p>Его встретил мэр.</p></article>"
    )

    assert document.text.splitlines()[-2:] == ["Посол Чехии прибыл в Ригу с рабочим визитом.", "Его встретил мэр."]


def test_a_page_that_is_laid_out_as_a_table(read_one):
    document = read_one(page(f"<table><tr><td>{FIRST}<br>{SECOND}</td></tr></table>"))

    assert "|" not in document.text
    assert FIRST in document.text
    assert SECOND in document.text


@pytest.mark.parametrize("declared", ["windows-1251", "utf-8", ""])
@pytest.mark.parametrize("encoding", ["cp1251", "utf-8", "koi8-r"])
def test_the_letters_are_right_whatever_the_page_declares(read_one, encoding, declared):
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    html = page(
        f"<h1>Глава МИД Казахстана прибыл в Ташкент</h1>{BODY}",
        f"{head}<title>Глава МИД Казахстана прибыл в Ташкент</title>",
    )

    document = read_one(html.replace("—", "-").encode(encoding))

    assert document.source.title == "Глава МИД Казахстана прибыл в Ташкент"
    assert FIRST in document.text
    assert not any(sign in document.text for sign in ("\ufffd", "Ã", "Ð", "пїЅ"))


def test_a_page_in_utf_16(read_one):
    assert FIRST in read_one(page().encode("utf-16")).text


def test_nul_and_surrogates_written_as_entities(read_one):
    document = read_one(page(f"<p>Сейм\x00 принял&#0; закон&#xD800;, сказал он.</p>{BODY}"))

    assert document.source.warnings == ("replaced-nul",)
    document.text.encode()


@pytest.mark.parametrize("sign", ["\x1f", "\x7f", "\ufffe", "&#31;", "&#x1F;", "&#xB", "&#127;"])
def test_control_characters_do_not_cost_the_article(read_one, sign):
    document = read_one(page(f"<p>Сейм{sign}принял закон.</p><form>{sign}</form>{sign}{BODY}"))

    assert FIRST in document.text
    assert "Сейм принял закон." in document.text


@pytest.mark.parametrize(
    ("head", "body", "instant", "zone", "precision"),
    [
        (
            "<meta property='article:published_time' content='2024-03-05T10:00:00+02:00'>",
            "",
            "2024-03-05T08:00",
            "+02:00",
            "minute",
        ),
        ("<meta itemprop='datePublished' content='2024-03-05'>", "", "2024-03-05T00:00", "", "day"),
        ("", "<time datetime='2024-03-05T10:00:00'>вчера</time>", "2024-03-05T10:00", "", "minute"),
        ("", "<time>5 марта 2024, 10:00</time>", "2024-03-05T10:00", "", "minute"),
        (
            "",
            "<span itemprop='datePublished' content='2024-03-05T10:00Z'>вчера</span>",
            "2024-03-05T10:00",
            "UTC",
            "minute",
        ),
        ("", "<table><tr><td>14 Марта 2016 г.</td></tr></table>", "2016-03-14T00:00", "", "day"),
        ("", "<div class='meta'>Опубликовано 24 февраля 2022 года</div>", "2022-02-24T00:00", "", "day"),
        ("", "<div><b>Раздел</b> <span>П’ятниця, 3 травня 2024, 18:20</span></div>", "2024-05-03T18:20", "", "minute"),
        ("", "<p class='date'>10.01.2022, 19:45 | 1 193 просмотра</p>", "2022-01-10T19:45", "", "minute"),
        ("<link rel='canonical' href='https://vesti.example/2016/12/18/x'>", "", "2016-12-18T00:00", "", "day"),
    ],
)
def test_when_a_page_was_published(read_one, head, body, instant, zone, precision):
    document = read_one(page(f"<h1>Латвия поможет фермерам</h1>{body}{BODY}<footer>© 2007—2024 Порт</footer>", head))

    assert document.source.published == datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert document.source.published_zone == zone
    assert document.source.published_precision is PublishedPrecision(precision)


def test_a_date_before_the_heading(read_one):
    document = read_one(page(f"<div><span>12 марта 2020</span></div><h1>Латвия поможет фермерам</h1>{BODY}"))

    assert document.source.published == datetime(2020, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>Латвия поможет</h1>{BODY}<footer>© 2007—2024 Вести, 12.03.2020</footer>",
        f"<h1>Латвия поможет</h1>{BODY}<div class='related-news'><time>12.03.2020</time> Другая новость</div>",
        f"<h1>Латвия поможет</h1>{BODY}<ul class='comments'><time datetime='2020-03-12'>12.03.2020</time></ul>",
        f"<h1>Латвия поможет</h1><div>Обновлено: 25.02.2022</div>{BODY}",
        f"<h1>Латвия поможет</h1><p>11 марта 2020 года правительство утвердило план.</p>{BODY}",
        f"<h1>Латвия поможет</h1>{BODY}<p>Встреча пройдёт 1 мая 2024 года.</p>",
        f"<h1>Латвия поможет</h1><time datetime='вчера'>2 часа назад</time>{BODY}",
        f"<h1>Латвия поможет</h1><div>14 марта</div>{BODY}",
    ],
)
def test_what_is_no_date_of_publication(read_one, body):
    assert read_one(page(body)).source.published is None


def test_the_json_ld_of_a_page(read_one):
    data = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebPage", "datePublished": "2001-01-01"},
            {
                "@type": ["NewsArticle"],
                "headline": "Латвия поможет фермерам",
                "datePublished": "2024-03-05T08:00:00Z",
                "author": [{"@type": "Person", "name": "Иван Петров"}],
                "publisher": {"@type": "Organization", "name": "Вести"},
            },
        ],
    }

    source = read_one(page(head=f"<script type='application/ld+json'>{json.dumps(data)}</script>")).source

    assert source.title == "Латвия поможет фермерам"
    assert source.published == datetime(2024, 3, 5, 8, 0, tzinfo=UTC)
    assert source.authors == ("Иван Петров",)
    assert source.outlet == "Вести"


@pytest.mark.parametrize(
    "data", ["{", "[1, null, {}]", "[" * 50_000, '{"@graph": {"@graph": [null]}}', '{"headline": 7}']
)
def test_json_ld_that_is_none_does_no_harm(read_one, data):
    assert FIRST in read_one(page(head=f"<script type='application/ld+json'>{data}</script>")).text


def test_address_outlet_and_author_of_a_page(read_one):
    head = (
        "<link rel='canonical' href='https://WWW.Vesti.example:443/news/1/?utm_source=x#top'>"
        "<meta property='og:title' content='Латвия поможет фермерам | Вести'>"
    )

    source = read_one(page(f"<div>{BODY}<span class='author'>Иван Петров</span></div>", head)).source

    assert source.url == "https://www.vesti.example/news/1"
    assert source.outlet == "vesti.example"
    assert source.authors == ("Иван Петров",)
    assert source.title == "Латвия поможет фермерам"


def test_the_heading_of_a_site_is_not_the_title_of_its_article(read_one):
    source = read_one(page(f"<h1>Балтийские вести</h1><h1>Латвия поможет фермерам</h1>{BODY}")).source

    assert source.title == "Латвия поможет фермерам"


def test_what_stands_around_the_body_is_marked_as_in_any_text(read_one):
    document = read_one(page(f"<article>{BODY}<p>Читайте также: <a href='/x'>Литва поможет рыбакам</a></p></article>"))

    (run,) = document.source.furniture
    assert run.span.of(document.text) == "Читайте также: Литва поможет рыбакам"
