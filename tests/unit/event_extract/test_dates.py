"""Expressions of time of both languages, resolved against Wednesday, 11 February 2026."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from chronika.domain.errors import ConfigurationError
from chronika.domain.event import TimeBasis, TimeGranularity
from chronika.ports.language_pack import LanguagePack
from chronika_event_extract.coder import Knowledge
from chronika_event_extract.dates import Reference, read_date_grammar

PUBLISHED = date(2026, 2, 11)

# text | meaning told with a past tense, "-" for none | with a future tense, where it differs
RUSSIAN = """
24 февраля 2022 года | 2022-02-24
24 февраля 2022 г. | 2022-02-24
24 февраля | 2025-02-24 | 2026-02-24
1 января | 2026-01-01 | 2027-01-01
11 февраля | 2026-02-11
28 декабря | 2025-12-28 | 2026-12-28
5-го марта | 2025-03-05 | 2026-03-05
первого мая | 2025-05-01 | 2026-05-01
03.04.2025 | 2025-04-03
3.4.25 | 2025-04-03
2025-04-03 | 2025-04-03
в ночь на 5 февраля | 2026-02-05 | 2027-02-05
в четверг, 12 мая | 2025-05-12 | 2026-05-12
с 1 по 3 мая 2024 года | 2024-05-01/2024-05-03
18–19 февраля | 2025-02-18/2025-02-19 | 2026-02-18/2026-02-19
с мая по июль 2024 года | 2024-05/2024-07
в марте 2024 года | 2024-03
в марте | 2025-03 | 2026-03
в феврале | 2026-02
в начале марта | 2025-03 | 2026-03
к концу апреля 2023 года | 2023-04
в мае прошлого года | 2025-05
в октябре этого года | 2026-10
в сентябре следующего года | 2027-09
в 20-х числах марта 2018 года | 2018-03
в 2021 году | 2021
с 2014 года | 2014
2019 год | 2019
в 2014–2016 годах | 2014/2016
вчера | 2026-02-10
позавчера | 2026-02-09
сегодня | 2026-02-11
завтра | 2026-02-12
послезавтра | 2026-02-13
накануне | 2026-02-10
минувшей ночью | 2026-02-11
в понедельник | 2026-02-09 | 2026-02-16
в среду | 2026-02-11
в четверг | 2026-02-05 | 2026-02-12
во вторник | 2026-02-10 | 2026-02-17
в прошлую пятницу | 2026-02-06
в ближайшую пятницу | 2026-02-13
в следующий вторник | 2026-02-17
в выходные | 2026-02-07/2026-02-08 | 2026-02-14/2026-02-15
две недели назад | 2026-01-28
неделю назад | 2026-02-04
три дня назад | 2026-02-08
полгода назад | 2025-08
пять лет назад | 2021
месяц тому назад | 2026-01
несколько дней назад | 2026-02
10 дней назад | 2026-02-01
через два дня | - | 2026-02-13
через 3 часа | - | 2026-02-11
через две недели | - | 2026-02-25
через полтора месяца | - | 2026-03
через месяц | - | 2026-03
через год | - | 2027
через полгода | - | 2026-08
на прошлой неделе | 2026-02-02/2026-02-08
на этой неделе | 2026-02-09/2026-02-15
на следующей неделе | 2026-02-16/2026-02-22
в прошлом месяце | 2026-01
в этом году | 2026
в прошлом году | 2025
в следующем году | 2027
до конца года | 2026
к концу месяца | 2026-02
до конца недели | 2026-02-11/2026-02-15
на днях | 2026-02
весной 2024 года | 2024-03/2024-05
зимой 2023 года | 2023-12/2024-02
летом | 2025-06/2025-08 | 2026-06/2026-08
во втором квартале 2024 года | 2024-04/2024-06
"""
UKRAINIAN = """
24 лютого 2022 року | 2022-02-24
24 лютого 2022 р. | 2022-02-24
24 лютого | 2025-02-24 | 2026-02-24
1 січня | 2026-01-01 | 2027-01-01
11 лютого | 2026-02-11
28 грудня | 2025-12-28 | 2026-12-28
5-го березня | 2025-03-05 | 2026-03-05
першого травня | 2025-05-01 | 2026-05-01
03.04.2025 | 2025-04-03
3.4.25 | 2025-04-03
у ніч на 5 лютого | 2026-02-05 | 2027-02-05
у четвер, 12 травня | 2025-05-12 | 2026-05-12
з 1 по 3 травня 2024 року | 2024-05-01/2024-05-03
18–19 лютого | 2025-02-18/2025-02-19 | 2026-02-18/2026-02-19
з травня по липень 2024 року | 2024-05/2024-07
у березні 2024 року | 2024-03
у березні | 2025-03 | 2026-03
у лютому | 2026-02
на початку березня | 2025-03 | 2026-03
наприкінці квітня 2023 року | 2023-04
у травні минулого року | 2025-05
у жовтні цього року | 2026-10
у вересні наступного року | 2027-09
у 20-х числах березня 2018 року | 2018-03
у 2021 році | 2021
з 2014 року | 2014
2019 рік | 2019
у 2014–2016 роках | 2014/2016
вчора | 2026-02-10
учора | 2026-02-10
позавчора | 2026-02-09
сьогодні | 2026-02-11
завтра | 2026-02-12
післязавтра | 2026-02-13
напередодні | 2026-02-10
минулої ночі | 2026-02-11
у понеділок | 2026-02-09 | 2026-02-16
у середу | 2026-02-11
в четвер | 2026-02-05 | 2026-02-12
у вівторок | 2026-02-10 | 2026-02-17
у п’ятницю | 2026-02-06 | 2026-02-13
минулої п'ятниці | 2026-02-06
у найближчу п'ятницю | 2026-02-13
наступного вівторка | 2026-02-17
на вихідні | 2026-02-07/2026-02-08 | 2026-02-14/2026-02-15
два тижні тому | 2026-01-28
тиждень тому | 2026-02-04
три дні тому | 2026-02-08
півроку тому | 2025-08
п’ять років тому | 2021
місяць тому | 2026-01
кілька днів тому | 2026-02
10 днів тому | 2026-02-01
через два дні | - | 2026-02-13
через 3 години | - | 2026-02-11
за два тижні | - | 2026-02-25
через півтора місяця | - | 2026-03
через місяць | - | 2026-03
за рік | - | 2027
через півроку | - | 2026-08
минулого тижня | 2026-02-02/2026-02-08
цього тижня | 2026-02-09/2026-02-15
наступного тижня | 2026-02-16/2026-02-22
минулого місяця | 2026-01
цього року | 2026
торік | 2025
минулого року | 2025
наступного року | 2027
до кінця року | 2026
до кінця місяця | 2026-02
наприкінці тижня | 2026-02-06/2026-02-08 | 2026-02-13/2026-02-15
днями | 2026-02
навесні 2024 року | 2024-03/2024-05
взимку 2023 року | 2023-12/2024-02
влітку | 2025-06/2025-08 | 2026-06/2026-08
у другому кварталі 2024 року | 2024-04/2024-06
"""
NO_DATES = {
    "ru": [
        "62 процента",
        "шести часов",
        "в 18:30",
        "2 500 человек",
        "8,5 процента",
        "статья 110",
        "на трассе М6",
        "30.02.2025",
    ],
    "uk": [
        "62 відсотки",
        "шість годин",
        "о 18:30",
        "2 500 людей",
        "8,5 відсотка",
        "стаття 110",
        "на трасі М6",
        "30.02.2025",
    ],
}


def cases(language: str, table: str) -> list[object]:
    found: list[object] = []
    for line in table.strip().splitlines():
        text, past, *future = (part.strip() for part in line.split("|"))
        found.append(pytest.param(language, text, False, past, id=f"{language}: {text}"))
        found += [pytest.param(language, text, True, ahead, id=f"{language}: {text}, ahead") for ahead in future]
    return found


@pytest.mark.parametrize(("language", "text", "forward", "wanted"), cases("ru", RUSSIAN) + cases("uk", UKRAINIAN))
def test_expressions(knowledge: Mapping[str, Knowledge], language: str, text: str, forward: bool, wanted: str) -> None:
    grammar = knowledge[language].dates
    sentence = f"Суд {text} отменил решение."
    (expression,) = grammar.find(sentence, 0, len(sentence))
    time = grammar.resolve(expression, Reference(published=PUBLISHED, forward=forward))

    if wanted == "-":
        assert time is None
        return
    assert time is not None
    assert "/".join(filter(None, (time.start, time.end))) == wanted
    assert expression.span.of(sentence).strip() in {text, text.removesuffix(".")}


@pytest.mark.parametrize(
    ("published", "text", "wanted"),
    [
        ("2018-09-13", "на 28 сентября", "2018-09-28"),
        ("2018-10-02", "на 28 сентября", "2018-09-28"),
        ("2018-12-20", "на 3 января", "2019-01-03"),
        ("2019-01-05", "на 28 декабря", "2018-12-28"),
        ("2018-09-13", "на пятницу", "2018-09-14"),
    ],
)
def test_what_is_set_for_a_day_lies_near_the_publication(
    knowledge: Mapping[str, Knowledge], published: str, text: str, wanted: str
) -> None:
    grammar = knowledge["ru"].dates
    (expression,) = grammar.find(text, 0, len(text))
    time = grammar.resolve(expression, Reference(published=date.fromisoformat(published), forward=False))

    assert time is not None
    assert time.start == wanted


@pytest.mark.parametrize(("language", "text"), [(code, text) for code, texts in NO_DATES.items() for text in texts])
def test_what_is_no_date(knowledge: Mapping[str, Knowledge], language: str, text: str) -> None:
    grammar = knowledge[language].dates
    reference = Reference(published=PUBLISHED, forward=False)

    assert not any(grammar.resolve(found, reference) for found in grammar.find(text, 0, len(text)))


@pytest.mark.parametrize("text", ["вчера", "в четверг", "на прошлой неделе", "28 декабря", "в марте", "через год"])
def test_without_a_publication_only_what_names_its_year_is_told(knowledge: Mapping[str, Knowledge], text: str) -> None:
    grammar = knowledge["ru"].dates
    (expression,) = grammar.find(text, 0, len(text))

    assert grammar.resolve(expression, Reference(published=None, forward=False)) is None


def test_granularity_and_basis_are_told(knowledge: Mapping[str, Knowledge]) -> None:
    grammar = knowledge["ru"].dates
    reference = Reference(published=PUBLISHED, forward=False)
    told = {}
    for text in ("24 февраля 2022 года", "в марте", "в 2021 году", "на прошлой неделе"):
        time = grammar.resolve(grammar.find(text, 0, len(text))[0], reference)
        assert time is not None
        told[text] = (time.granularity, time.basis)

    assert told == {
        "24 февраля 2022 года": (TimeGranularity.DAY, TimeBasis.EXPLICIT),
        "в марте": (TimeGranularity.MONTH, TimeBasis.PUBLICATION),
        "в 2021 году": (TimeGranularity.YEAR, TimeBasis.EXPLICIT),
        "на прошлой неделе": (TimeGranularity.RANGE, TimeBasis.PUBLICATION),
    }


def test_the_longer_expression_wins(knowledge: Mapping[str, Knowledge]) -> None:
    text = "в мае прошлого года"

    assert [found.span.of(text) for found in knowledge["ru"].dates.find(text, 0, len(text))] == [text]


def test_a_wrong_rule_is_named(tmp_path: Path, packs: Mapping[str, LanguagePack]) -> None:
    broken = packs["ru"].text("time.toml").replace('kind = "quarter"', 'kind = "fortnight"')
    (tmp_path / "time.toml").write_text(broken, encoding="utf-8")
    (tmp_path / "calendar.toml").write_text(packs["ru"].text("calendar.toml"), encoding="utf-8")

    with pytest.raises(ConfigurationError, match="fortnight") as caught:
        read_date_grammar(LanguagePack(code="xx", name="Test", files=tmp_path))

    assert caught.value.code == "date-grammar"
