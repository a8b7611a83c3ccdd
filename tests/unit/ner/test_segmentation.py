"""Where sentences end and what a token is."""

from __future__ import annotations

import pytest

from chronika_languages import ru, uk
from chronika_ner.segmentation import Abbreviations, blocks, sentences, tokens

PACKS = {"ru": ru.PACK, "uk": uk.PACK}
ABBREVIATIONS = {code: Abbreviations.from_table(pack.table("abbreviations.tsv")) for code, pack in PACKS.items()}


def split(text: str, language: str) -> list[str]:
    found = (bounds for block in blocks(text) for bounds in sentences(text, block, ABBREVIATIONS[language]))
    return [text[start:end].strip() for start, end in found]


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in tokens(text, (0, len(text)))]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Делегация прибыла в г. Самару.|Её встретил мэр."),
        ("ru", "Колонна прошла по ул. Садовой к заводу им. Баумана.|Полиция не вмешивалась."),
        ("ru", "В 2009 г. Венгрия закрыла границу.|Так было до мая."),
        ("ru", "Договор подписали ещё весной 2009 г.|Венгрия его не выполнила."),
        ("ru", "Дж. Кларк и Л. М. Орлова обсудили поставки.|Сроки не названы."),
        ("ru", "Ущерб составил 40 млн долл. США.|Виновных ищут."),
        ("ru", "Ущерб составил 40 млн долл.|Виновных ищут."),
        ("ru", "Задержаны водители, сторожа и т. д.|Суд назначен на среду."),
        ("ru", "«Мы уходим!» — сказал глава миссии.|Потом он сел в машину."),
        ("ru", "«Мы уходим!» — Орлов не уточнил срок."),
        ("ru", "Кто стрелял?|Следствие молчит…|Родные ждут."),
        ("ru", "Об этом пишет Газета.Ru.|Агентство молчит."),
        ("ru", "1. Открыть переход.|2. Обменять пленных."),
        ("ru", "Курс вырос до 92.5 рубля.|Биржа закрылась в 18.45."),
        ("uk", "Посол приїхав до м. Суми на вул. Київську.|Там його чекали."),
        ("uk", "У 2019 р. Молдова змінила уряд.|Вибори були чесні."),
        ("uk", "Угоду уклали навесні того ж 2019 р.|Молдова її виконала."),
        ("uk", "Загинули 3 тис. птахів та ін. тварини.|Причину з’ясовують."),
        ("uk", "Ст. 111 КК України передбачає арешт.|Слідство триває."),
        ("uk", "Т. зв. «республіка» оголосила мобілізацію.|В. о. голови заперечив."),
        ("uk", "Лікарня ім. О. Богомольця прийняла поранених."),
        ("uk", "«Ми не здамося!» — Петренко."),
    ],
)
def test_sentences_end_where_the_bar_stands(language: str, text: str) -> None:
    assert split(text.replace("|", " "), language) == text.split("|")


def test_a_newline_ends_a_sentence_without_a_full_stop() -> None:
    assert split("Мэр Самары подал в отставку\n\nГород ждёт выборов\r\nКандидатов пятеро", "ru") == [
        "Мэр Самары подал в отставку",
        "Город ждёт выборов",
        "Кандидатов пятеро",
    ]


def test_a_forgotten_space_ends_a_sentence_but_not_a_name() -> None:
    assert split("Договор сорван.Стороны винят друг друга.", "ru") == ["Договор сорван.", "Стороны винят друг друга."]
    assert split("Курьеры Яндекс.Еды бастуют", "ru") == ["Курьеры Яндекс.Еды бастуют"]
    assert split("Музей в г.Самара закрыт", "ru") == ["Музей в г.Самара закрыт"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Об'єднання п’яти обʼєктів у Слов`янську", ["Об'єднання", "п’яти", "обʼєктів", "у", "Слов`янську"]),
        ("'Голос' пише", ["'", "Голос", "'", "пише"]),
        ("прес-секретарка 14-річного", ["прес-секретарка", "14-річного"]),
        ("Київ–Варшава — поїзд", ["Київ", "–", "Варшава", "—", "поїзд"]),
        ("8,1 % и 1.250,5 в 19:45 03.02.2021", ["8,1", "%", "и", "1.250,5", "в", "19:45", "03.02.2021"]),
        ("С-300, Ту-154 и COVID-19", ["С-300", ",", "Ту-154", "и", "COVID-19"]),
        ("г. Самара", ["г", ".", "Самара"]),
        ("Что?! Нет... Да…", ["Что", "?!", "Нет", "...", "Да", "…"]),
        ("см. https://example.org/a?b=1, тел.", ["см", ".", "https://example.org/a?b=1", ",", "тел", "."]),
        ("news@example.org и Vesti.ru.", ["news@example.org", "и", "Vesti.ru", "."]),
        ("ура😀👍🏽 🇺🇦!", ["ура", "😀👍🏽", "🇺🇦", "!"]),
        ("Баку\u0301 не\u0301 ждал", ["Баку\u0301", "не\u0301", "ждал"]),
        ("пере\u00adго\u200bворы\u200b шли", ["пере\u00adго\u200bворы", "шли"]),
        ("\ufeffМинск\u00a0молчит", ["Минск", "молчит"]),
        ("Мiнiстр i мэр", ["Мiнiстр", "i", "мэр"]),
        ("", []),
        (" \u200b\u00ad ", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_furniture_is_left_out_and_ends_sentences() -> None:
    text = "Суд идёт Читайте также: погода и длится третий день"
    start = text.index("Читайте")
    end = start + len("Читайте также: погода")
    assert [text[a:b] for a, b in blocks(text, [(start, end)])] == ["Суд идёт ", " и длится третий день"]
    assert [text[a:b] for a, b in blocks(text, [(start, end), (0, 3), (start + 2, end - 1)])] == [
        " идёт ",
        " и длится третий день",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "а\u200b" * 20_000,
        "." * 50_000,
        "a," * 20_000,
        "a@b" * 20_000,
        "а-" * 20_000,
        "." + "»" * 50_000,
        "a.ru/" * 20_000,
    ],
)
def test_senseless_text_is_cut_in_reasonable_time(text: str) -> None:
    for block in blocks(text):
        for sentence in sentences(text, block, ABBREVIATIONS["ru"]):
            tokens(text, sentence)
