"""Normal forms of names, as the tagger's words and the dictionary give them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from chronika.domain.analysis import MentionKind
from chronika.ports.language_pack import LanguagePack
from chronika_ner.analyzer import Analyzer
from chronika_ner.inflection import Inflector
from chronika_ner.linking import words_of
from chronika_ner.names import Namer, NameWords, Word
from chronika_ner.outline import Text

PERSON, LOCATION, ORGANIZATION = MentionKind.PERSON, MentionKind.LOCATION, MentionKind.ORGANIZATION


@pytest.fixture(scope="session")
def namers(analyzer: Analyzer, packs: Mapping[str, LanguagePack]) -> Mapping[str, Namer]:
    return {
        code: Namer(Inflector(dictionary.lexicon), NameWords.read(packs[code]))
        for code, dictionary in analyzer.dictionaries.items()
    }


def normal_form(
    analyzer: Analyzer, namers: Mapping[str, Namer], language: str, sentence: str, name: str, kind: MentionKind
) -> str:
    """The normal form of a name that stands in a sentence."""
    layer = analyzer.analyze([Text(text=sentence, language=language)])[0].layer
    start = sentence.index(name)
    tokens = [
        t for t in range(len(layer)) if start <= layer.token_starts[t] and layer.token_ends[t] <= start + len(name)
    ]
    return namers[language].normal_form(words_of(sentence, layer, tokens[0], tokens[-1] + 1), kind)


@pytest.mark.parametrize(
    ("language", "sentence", "name", "expected"),
    [
        ("ru", "Переговоры с Дмитрием Песковым прошли в среду.", "Дмитрием Песковым", "Дмитрий Песков"),
        ("ru", "Он встретился с Марией Захаровой.", "Марией Захаровой", "Мария Захарова"),
        ("ru", "Премьер позвонил Ангеле Меркель.", "Ангеле Меркель", "Ангела Меркель"),
        ("ru", "Заявление Джастина Трюдо прозвучало в пятницу.", "Джастина Трюдо", "Джастин Трюдо"),
        ("ru", "Встреча с Урсулой фон дер Ляйен отменена.", "Урсулой фон дер Ляйен", "Урсула фон дер Ляйен"),
        ("ru", "Указ подписан В. И. Сидоренко.", "В. И. Сидоренко", "В. И. Сидоренко"),
        (
            "ru",
            "При участии Юрия Григорьевича Лаптева.",
            "Юрия Григорьевича Лаптева",
            "Юрий Григорьевич Лаптев",
        ),
        ("ru", "Письмо отдали Ольге Ильиничне Рябовой.", "Ольге Ильиничне Рябовой", "Ольга Ильинична Рябова"),
        ("ru", "С Лукой Кузьмичом Дятловым никто не говорил.", "Лукой", "Лука"),
        ("ru", "Письмо Emma Brown отдали Дэвиду Брауну.", "Emma Brown", "Emma Brown"),
        ("uk", "Розмова з Володимиром Зеленським тривала годину.", "Володимиром Зеленським", "Володимир Зеленський"),
        ("uk", "Він зустрівся з Оленою Кравчук.", "Оленою Кравчук", "Олена Кравчук"),
        ("uk", "Заяву передали Ользі Степанівні Гринько.", "Ользі Степанівні Гринько", "Ольга Степанівна Гринько"),
        ("uk", "Лист надіслали Сергієві Петровичу Мельнику.", "Сергієві Петровичу Мельнику", "Сергій Петрович Мельник"),
    ],
)
def test_persons(
    analyzer: Analyzer, namers: Mapping[str, Namer], language: str, sentence: str, name: str, expected: str
) -> None:
    assert normal_form(analyzer, namers, language, sentence, name, PERSON) == expected


@pytest.mark.parametrize(
    ("language", "sentence", "name", "expected"),
    [
        ("ru", "Делегация прибыла из Соединённых Штатов.", "Соединённых Штатов", "Соединённые Штаты"),
        ("ru", "Делегация прибыла из Соединенных Штатов.", "Соединенных Штатов", "Соединенные Штаты"),
        ("ru", "Суд прошёл в Северной Ирландии.", "Северной Ирландии", "Северная Ирландия"),
        ("ru", "Матч отменили в Нью-Йорке.", "Нью-Йорке", "Нью-Йорк"),
        ("uk", "Переговори відбулися у Женеві.", "Женеві", "Женева"),
        ("uk", "Посол Великої Британії виїхав.", "Великої Британії", "Велика Британія"),
        ("uk", "Уряд України відмовився.", "України", "Україна"),
    ],
)
def test_places(
    analyzer: Analyzer, namers: Mapping[str, Namer], language: str, sentence: str, name: str, expected: str
) -> None:
    assert normal_form(analyzer, namers, language, sentence, name, LOCATION) == expected


@pytest.mark.parametrize(
    ("language", "sentence", "name", "expected"),
    [
        ("ru", "Решение Верховного суда Пакистана отменено.", "Верховного суда Пакистана", "Верховный суд Пакистана"),
        (
            "ru",
            "В Министерстве обороны Польши это отрицают.",
            "Министерстве обороны Польши",
            "Министерство обороны Польши",
        ),
        ("ru", "Об этом сообщили в МИДе.", "МИДе", "МИД"),
        ("ru", "Акции «Северного потока» упали.", "«Северного потока»", "«Северный поток»"),
        ("ru", "Контракт с Airbus SE подписан.", "Airbus SE", "Airbus SE"),
        (
            "uk",
            "Рішення ухвалено Європейським судом з прав людини.",
            "Європейським судом з прав людини",
            "Європейський суд з прав людини",
        ),
        (
            "uk",
            "Скаргу подали до Антимонопольного комітету України.",
            "Антимонопольного комітету України",
            "Антимонопольний комітет України",
        ),
    ],
)
def test_organisations(
    analyzer: Analyzer, namers: Mapping[str, Namer], language: str, sentence: str, name: str, expected: str
) -> None:
    assert normal_form(analyzer, namers, language, sentence, name, ORGANIZATION) == expected


def person(*forms: str, features: str) -> list[Word]:
    return [Word(form, form, "PROPN", features) for form in forms]


@pytest.mark.parametrize(
    ("forms", "expected"),
    [
        (("Подружжя", "Ковальчуків"), "Ковальчуки"),
        (("Ковальчуків",), "Ковальчуки"),
        (("Братів", "Мельників"), "Мельники"),
    ],
)
def test_several_persons_of_one_surname(namers: Mapping[str, Namer], forms: tuple[str, ...], expected: str) -> None:
    words = person(*forms, features="Case=Gen|Number=Plur")
    assert namers["uk"].normal_form(words, PERSON) == expected


def test_the_dictionary_overrules_a_tagger_that_sees_a_nominative(namers: Mapping[str, Namer]) -> None:
    wrong = person("Терезы", "Мэй", features="Case=Nom|Gender=Masc|Number=Sing")
    assert namers["ru"].normal_form(wrong, PERSON) == "Тереза Мэй"


def test_a_surname_follows_the_one_that_the_text_gave(namers: Mapping[str, Namer]) -> None:
    oblique = person("Ламбера", features="Case=Nom|Gender=Masc|Number=Sing")
    assert namers["ru"].normal_form(oblique, PERSON) == "Ламбера"
    assert namers["ru"].normal_form(oblique, PERSON, attested={"ламбер"}) == "Ламбер"


def test_a_headline_shouts_a_name_and_not_an_abbreviation(namers: Mapping[str, Namer]) -> None:
    assert namers["ru"].normal_form(person("ПУТИНА", features="Case=Gen|Number=Sing"), PERSON) == "Путин"
    assert namers["ru"].normal_form(person("МАГАТЭ", features="Case=Gen|Number=Sing"), ORGANIZATION) == "МАГАТЭ"


def test_yo_is_neither_brought_in_nor_lost(namers: Mapping[str, Namer]) -> None:
    genitive = "Case=Gen|Gender=Masc|Number=Sing"
    assert namers["ru"].normal_form(person("Петра", features=genitive), PERSON) in ("Петр", "Пётр")
    assert namers["ru"].normal_form(person("Шрёдера", features=genitive), PERSON) == "Шрёдер"
