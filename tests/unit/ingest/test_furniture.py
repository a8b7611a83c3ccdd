"""What stands around an article: each layout is an example, and the marked runs are the specification."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from chronika.domain.document import Furniture, FurnitureKind, PublishedPrecision
from chronika_ingest.language_data import furniture_rules

BODY = (
    "Парламент Эстонии в среду одобрил соглашение с Финляндией о совместном строительстве паромной линии, "
    "сообщила пресс-служба. За документ проголосовали 64 депутата, против выступили 20.\n"
    "Строительство начнётся весной, первые суда выйдут на линию через два года. Стоимость работ — 90 млн евро."
)
BODY_UK = (
    "Парламент Естонії в середу схвалив угоду з Фінляндією про спільне будівництво поромної лінії, повідомила "
    "пресслужба. За документ проголосували 64 депутати, проти виступили 20.\n"
    "Будівництво почнеться навесні, перші судна вийдуть на лінію за два роки. Вартість робіт оцінюють у 90 млн євро."
)


def runs(text: str, title: str = "") -> list[tuple[str, str]]:
    return [(run.kind.value, run.span.of(text)) for run in furniture_rules().lay_out(text, title).furniture]


def test_the_layout_of_a_wire_text_with_a_date_before_it(read_one):
    text = f" date 2025-08-22 {BODY} (vesti.example)"

    document = read_one(text)

    assert document.text == text
    assert runs(text) == [("date-line", "date 2025-08-22 "), ("notice", "(vesti.example)")]
    assert document.source.title == ""
    assert document.source.title_span is None
    assert document.source.published == datetime(2025, 8, 22, tzinfo=UTC)
    assert document.source.published_precision is PublishedPrecision.DAY
    assert document.source.outlet == "vesti.example"


def test_the_layout_of_a_site_with_date_views_pointer_and_credit(read_one):
    title = "Естонія та Фінляндія збудують пором. Роботи почнуться навесні"
    text = (
        f"{title}\n- 10.01.2022, 19:45\n- 1 193\n{BODY_UK}\nЩо далі\nУряд затвердить план у березні, сказав міністр.\n"
        "Читайте також: Перед голосуванням депутати сперечалися три години\nФото з сайту «Вісника»"
    )

    document = read_one(text, zone="Europe/Kyiv")

    assert runs(text) == [
        ("date-line", "10.01.2022, 19:45"),
        ("counter", "1 193"),
        ("related", "Читайте також: Перед голосуванням депутати сперечалися три години"),
        ("credit", "Фото з сайту «Вісника»"),
    ]
    assert document.source.title == title
    assert document.source.title_span.of(text) == title
    assert document.source.published == datetime(2022, 1, 10, 17, 45, tzinfo=UTC)
    assert document.source.published_zone == "Europe/Kyiv"
    assert document.source.published_precision is PublishedPrecision.MINUTE


@pytest.mark.parametrize(
    ("before", "marked", "authors"),
    [
        ("Главная / Мир / Европа\n{title}\n", [("crumbs", "Главная / Мир / Европа")], ()),
        ("Новости » Экономика\n{title}\n", [("crumbs", "Новости » Экономика")], ()),
        ("{title}\n08:01 23.12.2020 12123\n", [("date-line", "08:01 23.12.2020 12123")], ()),
        ("{title}\n21.09.2022 18:05 · 3 407 просмотров\n", [("date-line", "21.09.2022 18:05 · 3 407 просмотров")], ()),
        (
            "{title}\n26.11.2024 | 12:40 | Переглядів: 4 081\n",
            [("date-line", "26.11.2024 | 12:40 | Переглядів: 4 081")],
            (),
        ),
        ("{title}\nЧетвер, 10 грудня 2020, 15:30\n", [("date-line", "Четвер, 10 грудня 2020, 15:30")], ()),
        (
            "{title}\nОпубликовано: 14 Сентября, 2018, 15:35\n",
            [("date-line", "Опубликовано: 14 Сентября, 2018, 15:35")],
            (),
        ),
        ("{title}\nКурьер.net, 13 січня 2021, 12:13\n", [("date-line", "Курьер.net, 13 січня 2021, 12:13")], ()),
        ("{title}\nАвтор: Лилия Стоева\n", [("byline", "Автор: Лилия Стоева")], ("Лилия Стоева",)),
        (
            "{title}\nТекст: Анна Перова, Олег Руденко\n",
            [("byline", "Текст: Анна Перова, Олег Руденко")],
            ("Анна Перова", "Олег Руденко"),
        ),
        ("{title}\nЮлія Стеценко, Миколаїв\n", [("byline", "Юлія Стеценко, Миколаїв")], ("Юлія Стеценко",)),
        (
            "{title}\nІрина Ковтун, 14 березня 2024, 18:20\n",
            [("date-line", "Ірина Ковтун, 14 березня 2024, 18:20")],
            ("Ірина Ковтун",),
        ),
        (
            "{title}\nМарія Гриб — 12 листопада, 09:14\n",
            [("date-line", "Марія Гриб — 12 листопада, 09:14")],
            ("Марія Гриб",),
        ),
        ("{title}\n20 листопада 2020\n08:10\n", [("date-line", "20 листопада 2020"), ("date-line", "08:10")], ()),
        ("{title}\n119 0. Эстония и Финляндия договорились давно.\n", [("counter", "119 0. ")], ()),
        ("{title}\n2 хв читати\n", [("counter", "2 хв читати")], ()),
        ("{title}\nФото: архив редакции\n", [("credit", "Фото: архив редакции")], ()),
        (
            "{title}\nЗал заседаний парламента / фото REUTERS\n",
            [("credit", "Зал заседаний парламента / фото REUTERS")],
            (),
        ),
        ("{title}\nСпикер сейма (Фото: Carl Berg / AP)\n", [("credit", "Спикер сейма (Фото: Carl Berg / AP)")], ()),
        ("{title}\nGetty Images\n", [("credit", "Getty Images")], ()),
        ("{title}\n\nТАЛЛИН, 10 авг - Балтинфо. ", [("byline", "ТАЛЛИН, 10 авг - Балтинфо. ")], ()),
        ("{title}\n\nТаллин. 31 января. BALT.RU - ", [("byline", "Таллин. 31 января. BALT.RU - ")], ()),
        ("{title}\n\nЛОНДОН, 9 августа. /БАЛТ/. ", [("byline", "ЛОНДОН, 9 августа. /БАЛТ/. ")], ()),
        ("{title}\n\nКИЇВ. 8 листопада. УНІК. ", [("byline", "КИЇВ. 8 листопада. УНІК. ")], ()),
        (
            "СвітЕстонія та Фінляндія збудують пором\n\nЕстонія та Фінляндія збудують пором\n",
            [("crumbs", "СвітЕстонія та Фінляндія збудують пором")],
            (),
        ),
    ],
)
def test_what_stands_before_an_article(before, marked, authors):
    title = "Эстония и Финляндия построят паром"
    text = before.format(title=title) + BODY

    layout = furniture_rules().lay_out(text)

    assert runs(text) == marked
    assert layout.authors == authors
    if "{title}" in before:
        assert layout.title == title
        assert layout.title_span.of(text) == title


@pytest.mark.parametrize(
    ("after", "kind"),
    [
        ("Теги: санкции, Эстония, ЕС", "tags"),
        ("Теги: санкції | Білорусь | Канада", "tags"),
        ("Ключевые слова: паром, море", "tags"),
        ("#паром #море", "tags"),
        ("Читайте также: Литва закрыла переход", "related"),
        ("Читайте також: Литва закрила перехід", "related"),
        ("ЧИТАЙТЕ ТАКЖЕ Литва закрыла два перехода на границе", "related"),
        ("Дивіться також: Як українка збудувала човен", "related"),
        ("По материалам «Авесты» и Khovar", "byline"),
        ("Подготовила Анна Перова", "byline"),
        ("Фото: пресс-служба парламента", "credit"),
        ("Відео: Укрмедіа", "credit"),
        ("Подписывайтесь на наш канал в Telegram", "notice"),
        ("Підписуйтесь на наш канал у Telegram", "notice"),
        ("© 2005-2024, Вести. Все права защищены.", "notice"),
        ("При использовании материалов гиперссылка на «Вести» обязательна", "notice"),
        ("Всі права на матеріали, які містить цей сайт, охороняються законом.", "notice"),
        ("Если вы заметили ошибку, выделите ее мышкой и нажмите Ctrl+Enter", "notice"),
        ("Якщо ви помітили помилку, виділіть необхідний текст і натисніть Ctrl + Enter", "notice"),
        ("Чтобы отправить сообщение, выделите часть текста и нажмите Ctrl+Enter", "notice"),
        ("Комментариев: 25", "counter"),
        ("Поделиться", "notice"),
        ("https://t.me/vesti_example", "notice"),
        ("@vesti_example", "notice"),
        ("Источник: «Вести»", "notice"),
    ],
)
def test_what_stands_after_an_article(after, kind):
    assert runs(f"Эстония и Финляндия построят паром\n{BODY}\n{after}") == [(kind, after)]


def test_a_heading_of_pointers_takes_the_headlines_below_it_along():
    text = (
        f"{BODY}\n\nЧитайте также:\n\nЛитва закрыла два перехода\n\n03.01.2024\n\nПольша строит порт\n\n"
        "Министр транспорта назвал соглашение историческим и пообещал, что билеты подешевеют уже в первый год."
    )

    assert [kind for kind, _ in runs(text)] == ["related", "related", "related", "related"]
    assert runs(text)[-1] == ("related", "Польша строит порт")


def test_a_heading_of_pointers_that_opens_a_text_takes_nothing_along():
    text = f"Похожие новости\nЛитва закрыла два перехода\nПольша строит порт\n{BODY}"

    assert runs(text) == [("related", "Похожие новости")]


def test_pointers_inside_a_paragraph():
    short = f"{BODY} Читайте также: Литва закрыла переход"
    long = f"Читайте также: Литва закрыла переход {BODY}"

    assert runs(short) == [("related", "Читайте также: Литва закрыла переход")]
    assert runs(long) == [("related", "Читайте также: ")]


@pytest.mark.parametrize(
    "repeated",
    [
        "Эстония и Финляндия построят паром",
        "Эстония и Финляндия построят паром.",
        "ЭСТОНИЯ И ФИНЛЯНДИЯ ПОСТРОЯТ ПАРОМ",
        "«Эстония и Финляндия построят паром»",
        "Эстония и Финляндия построят паром — Вести",
    ],
)
def test_a_title_met_again_is_marked(repeated):
    text = f"Эстония и Финляндия построят паром\n\n{repeated}\n\n{BODY}"

    assert runs(text) == [("repeated-title", repeated)]


def test_the_beginning_of_the_title_under_the_article_is_the_title_again():
    text = f"Фермеры перекрыли дорогу к порту, в столице вышли студенты\n\n{BODY}\n\nФермеры перекрыли дорогу к порту"

    assert runs(text) == [("repeated-title", "Фермеры перекрыли дорогу к порту")]


def test_a_title_that_was_given_is_found_in_the_text_and_not_replaced():
    text = f"Главная\nЭстония и Финляндия построят паром\n{BODY}"
    layout = furniture_rules().lay_out(text, "Эстония и Финляндия построят паром - Вести")

    assert layout.title == "Эстония и Финляндия построят паром - Вести"
    assert layout.title_span.of(text) == "Эстония и Финляндия построят паром"


def test_a_date_before_the_title_is_no_part_of_it():
    text = f" date 2024-07-03 Эстония построит паром\nЭстония построит паром\n{BODY}"
    layout = furniture_rules().lay_out(text)

    assert layout.title == "Эстония построит паром"
    assert layout.title_span.of(text) == "Эстония построит паром"
    assert layout.title_span.start == len(" date 2024-07-03 ")
    assert runs(text) == [("date-line", "date 2024-07-03 "), ("repeated-title", "Эстония построит паром")]


def test_a_time_on_a_line_of_its_own_belongs_to_the_date_beside_it():
    layout = furniture_rules().lay_out(f"Эстония построит паром\n20:40\n25.03.2024\n{BODY}")

    assert layout.published.day == datetime(2024, 3, 25, 20, 40)
    assert layout.published.has_time


def test_the_date_of_a_change_is_furniture_and_not_the_date_of_publication():
    text = f"Эстония построит паром\nОбновлено: 14.10.2020\n{BODY}"

    assert runs(text) == [("date-line", "Обновлено: 14.10.2020")]
    assert furniture_rules().lay_out(text).published is None


def test_a_date_of_the_dateline_is_the_date_of_publication():
    layout = furniture_rules().lay_out(f"Брюссель, 16 вересня 2002 - {BODY_UK}")

    assert layout.published.day == datetime(2002, 9, 16)


def test_the_agency_of_a_dateline_is_the_outlet_when_nobody_names_another(read_one):
    text = f"ТАЛЛИН, 10 авг - Балтинфо. {BODY}"

    assert read_one(text).source.outlet == "Балтинфо"
    assert read_one(text, outlet="Вести").source.outlet == "Вести"


@pytest.mark.parametrize(
    "text",
    [
        # A date that opens a sentence, and dates inside the article.
        "24 февраля 2022 года Россия начала вторжение.\n\nВойна продолжается, сообщил генштаб 3 марта 2022 года.",
        f"{BODY}\n9 августа 2018 года\nВ этот день парламент собрался снова и голосовал до вечера.\n{BODY}",
        # Words of furniture in sentences.
        "Автор петиции просит закрыть порт и построить новый паром.\n\nФото с места событий опубликовала полиция.",
        "Источник агентства сообщил, что переговоры продолжатся.\n\nТеги на стенах закрасили коммунальные службы.",
        "Читайте закон внимательно, сказал премьер. Смотрите также на соседей, добавил он, и учитесь у них.",
        "Материалы дела переданы в суд. Подписка о невыезде отменена.",
        # People in the text are no authors.
        f"Эстония построит паром\nСергей Иванов\n{BODY} Сергей Иванов назвал это победой.",
        # Posts put words in bold type on lines of their own.
        "На севере взорвались\n300\n снарядов, рассказал\nНиколай Петров\n, глава района.",
        "Сегодня\nУкраина\n получила ещё\n1 200\n генераторов.",
    ],
)
def test_what_only_looks_like_furniture_stays_unmarked(text):
    assert runs(text) == []


@pytest.mark.parametrize(
    "text", ["", "\n\n", "—", "1 193", "Главная", "(vesti.example)", " date 2025-08-22 ", "\u2028\u2029\r"]
)
def test_texts_of_next_to_nothing(text):
    for run in furniture_rules().lay_out(text).furniture:
        assert run.span.of(text)


def test_line_ends_of_any_kind_are_told_apart():
    for end in ("\n", "\r\n", "\r", "\u2028"):
        text = f"Эстония построит паром{end}- 10.01.2022, 19:45{end}- 1 193{end}{BODY}{end}Фото: архив"

        assert [kind for kind, _ in runs(text)] == ["date-line", "counter", "credit"]


def test_runs_are_sorted_and_do_not_overlap():
    text = (
        " date 2024-07-03 Главная / Мир\nТАЛЛИН, 10 авг - Балтинфо. Эстония построит паром\n20:40\n25.03.2024\n"
        f"{BODY}\nЧитайте также: Теги: паром (vesti.example)\nФото: архив (vesti.example)"
    )
    spans = [run.span for run in furniture_rules().lay_out(text).furniture]

    assert spans == sorted(spans)
    assert all(first.end <= second.start for first, second in pairwise(spans))


def test_of_a_very_long_text_both_ends_are_looked_at():
    text = "Эстония построит паром\n- 10.01.2022, 19:45\n" + f"{BODY}\n" * 3_000 + "Фото: архив"

    assert runs(text) == [("date-line", "10.01.2022, 19:45"), ("credit", "Фото: архив")]


def test_every_kind_of_furniture_is_known_to_the_rules():
    assert {pattern.kind for pattern in furniture_rules()._lines} | {FurnitureKind.REPEATED_TITLE} == set(FurnitureKind)
    assert Furniture.__slots__ == ("span", "kind")
