"""Which first line is a title, and when a line is the title again."""

from __future__ import annotations

import pytest

from chronika_ingest.titles import find_title, repeats_title, without_site

FOLLOWING = "Парламент Эстонии в среду одобрил соглашение с Финляндией."


@pytest.mark.parametrize(
    "line",
    [
        "Эстония и Финляндия построят паром",
        "Паром построят. Роботы помогут",
        "«Это путь в никуда»: что сказал премьер",
        "Кто построит паром?",
        "12 паромов за год",
        "Посол прибыл в Ригу (фото)",
    ],
)
def test_titles(line):
    assert find_title([line, FOLLOWING]) == 0


@pytest.mark.parametrize(
    "line",
    [
        "Парламент одобрил соглашение.",
        "Выбор Америки:",
        "эстония построит паром",
        "Паром",
        "12 345 678",
        "https://vesti.example/a/b/cdefghijkl mnop",
        "— Мы построим паром",
        "слово " * 60,
    ],
)
def test_first_lines_that_are_no_titles(line):
    assert find_title([line, FOLLOWING]) is None


def test_a_text_of_one_line_has_no_title():
    assert find_title(["Эстония и Финляндия построят паром"]) is None
    assert find_title([]) is None


def test_a_paragraph_that_was_wrapped_by_hand_has_no_title():
    wrapped = ["Парламент Эстонии в среду одобрил соглашение с", "финляндией о паромной линии."]

    assert find_title(wrapped, is_wrapped=True) is None
    assert find_title(wrapped, is_wrapped=False) == 0


def test_crumbs_that_run_into_the_title_leave_the_title_below_them():
    assert find_title(["СвітЕстонія побудує пором за рік", "Естонія побудує пором за рік"]) == 1


@pytest.mark.parametrize(
    ("title", "shortened"),
    [
        ("Эстония построит паром — Вести", "Эстония построит паром"),
        ("Эстония построит паром | Балтийская правда", "Эстония построит паром"),
        ("Эстония построит паром - министр", "Эстония построит паром"),
        ("Паром — Вести", "Паром — Вести"),
        ("Санкт-Петербург построит паром", "Санкт-Петербург построит паром"),
    ],
)
def test_the_name_of_the_site_is_taken_off(title, shortened):
    assert without_site(title) == shortened


@pytest.mark.parametrize("time", ["13:33 ", "09.07.2018 18:30 : ", "8:05 | "])
def test_a_time_before_the_title_does_not_count(time):
    assert repeats_title("Паром уже построен.", f"{time}Паром уже построен", whole=True)


@pytest.mark.parametrize(
    ("line", "again"),
    [
        ("ЭСТОНИЯ построит паром за год!", True),
        ("Эстония построит паром за", True),
        ("построит паром за год в море", False),
        ("Эстония", False),
        ("", False),
        ("Эстония построит паром за год и ещё один через два года", False),
    ],
)
def test_the_title_again(line, again):
    assert repeats_title(line, "Эстония построит паром за год") is again
