"""Mentions: who is meant, the same in both languages, with the code and sector of codebook 2.6."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from chronika.domain.analysis import Mention, MentionKind
from chronika.ports.language_pack import LanguagePack
from chronika_languages.entities import EntityTable
from chronika_ner.analyzer import Analysis, Analyzer, Name
from chronika_ner.linking import Linker
from chronika_ner.outline import Text

PERSON, LOCATION, ORGANIZATION = MentionKind.PERSON, MentionKind.LOCATION, MentionKind.ORGANIZATION


@pytest.fixture(scope="session")
def linker(analyzer: Analyzer, packs: Mapping[str, LanguagePack]) -> Linker:
    return Linker(packs, analyzer.dictionaries, EntityTable.load())


class Reader:
    """Reads a text whose names the test gives, so that it fails for linking alone."""

    def __init__(self, analyzer: Analyzer, linker: Linker) -> None:
        self._analyzer = analyzer
        self._linker = linker

    def read(self, language: str, text: str, *names: tuple[str, MentionKind], day: str = "") -> list[Mention]:
        layer = self._analyzer.analyze([Text(text=text, language=language)])[0].layer
        found, position = [], 0
        for name, kind in names:
            position = text.index(name, position)
            inside = [
                token
                for token in range(len(layer))
                if position <= layer.token_starts[token] and layer.token_ends[token] <= position + len(name)
            ]
            found.append(Name(inside[0], inside[-1] + 1, kind))
            position += len(name)
        return list(self._linker.mentions(text, Analysis(layer, tuple(found)), day=day))

    def one(self, language: str, text: str, name: str, kind: MentionKind, day: str = "") -> Mention:
        return self.read(language, text, (name, kind), day=day)[0]


@pytest.fixture(scope="session")
def reader(analyzer: Analyzer, linker: Linker) -> Reader:
    return Reader(analyzer, linker)


def identity(mention: Mention) -> tuple[str, str, str]:
    return mention.entity_id, mention.code, mention.sector


@pytest.mark.parametrize(
    ("kind", "russian", "ukrainian", "expected"),
    [
        (
            LOCATION,
            ("Самолёт вылетел из Соединённых Штатов.", "Соединённых Штатов"),
            ("Літак вилетів зі Сполучених Штатів.", "Сполучених Штатів"),
            ("country:USA", "USA", ""),
        ),
        (
            LOCATION,
            ("Встречу перенесли в Женеву.", "Женеву"),
            ("Зустріч перенесли до Женеви.", "Женеви"),
            ("place:CHE:geneva", "CHE", ""),
        ),
        (
            LOCATION,
            ("В Кремле промолчали.", "Кремле"),
            ("У Кремлі промовчали.", "Кремлі"),
            ("seat:kremlin", "RUS", "GOV"),
        ),
        (
            LOCATION,
            ("Посол вернулся из Варшавы.", "Варшавы"),
            ("Посол повернувся з Варшави.", "Варшави"),
            ("capital:POL", "POL", "GOV"),
        ),
        (
            ORGANIZATION,
            ("Об этом сказано в резолюции Совета безопасности ООН.", "Совета безопасности ООН"),
            ("Про це сказано в резолюції Ради Безпеки ООН.", "Ради Безпеки ООН"),
            ("org:UNSC", "UN", "IGO"),
        ),
        (
            ORGANIZATION,
            ("Министров созвал Евросоюз.", "Евросоюз"),
            ("Міністрів скликав Євросоюз.", "Євросоюз"),
            ("org:EU", "EU", "IGO"),
        ),
        (
            ORGANIZATION,
            ("Ноту вручили в МИДе Польши.", "МИДе Польши"),
            ("Ноту вручили в МЗС Польщі.", "МЗС Польщі"),
            ("organ:POL:mfa", "POL", "GOV"),
        ),
        (
            ORGANIZATION,
            ("Закон принят Верховной радой.", "Верховной радой"),
            ("Закон ухвалено Верховною Радою.", "Верховною Радою"),
            ("organ:UKR:parliament", "UKR", "LEG"),
        ),
        (
            ORGANIZATION,
            ("Колонну остановили бойцы ВСУ.", "ВСУ"),
            ("Колону зупинили бійці ЗСУ.", "ЗСУ"),
            ("organ:UKR:armed-forces", "UKR", "MIL"),
        ),
        (
            ORGANIZATION,
            ("Статью опубликовала газета «Ведомости».", "«Ведомости»"),
            ("Статтю опублікувала газета «Ведомости».", "«Ведомости»"),
            ("outlet:vedomosti", "RUS", "JRN"),
        ),
        (
            LOCATION,
            ("Колонна вышла из ДНР.", "ДНР"),
            ("Колона вийшла з ДНР.", "ДНР"),
            ("entity:DNR", "UKR", "PRE"),
        ),
    ],
)
def test_both_languages_lead_to_one_identity(
    reader: Reader,
    kind: MentionKind,
    russian: tuple[str, str],
    ukrainian: tuple[str, str],
    expected: tuple[str, str, str],
) -> None:
    assert identity(reader.one("ru", *russian, kind)) == expected
    assert identity(reader.one("uk", *ukrainian, kind)) == expected


def test_a_person_is_one_in_both_languages(reader: Reader) -> None:
    russian = reader.one("ru", "Переговоры с Дмитрием Песковым отменили.", "Дмитрием Песковым", PERSON)
    ukrainian = reader.one("uk", "Розмову з Дмитром Пєсковим скасували.", "Дмитром Пєсковим", PERSON)
    assert (russian.name, ukrainian.name) == ("Дмитрий Песков", "Дмитро Пєсков")
    assert identity(russian) == identity(ukrainian) == ("person:dmitry-peskov", "RUS", "GOV")


@pytest.mark.parametrize(
    "name",
    ["Владимир Путин", "Владимира Владимировича Путина", "В. В. Путина", "В.Путин", "Путина В. В.", "Путина"],
)
def test_ways_to_name_a_person(reader: Reader, name: str) -> None:
    assert (
        reader.one("ru", f"Речь шла о встрече, на которой ждут {name}.", name, PERSON).entity_id
        == "person:vladimir-putin"
    )


def test_a_title_belongs_to_a_name_that_needs_it(reader: Reader) -> None:
    assert (
        reader.one("ru", "Службу вёл патриарх Кирилл.", "патриарх Кирилл", PERSON).entity_id
        == "person:patriarch-kirill"
    )
    assert reader.one("ru", "Службу вёл Кирилл.", "Кирилл", PERSON).entity_id == ""


def test_spellings_that_waver_are_one_person(reader: Reader) -> None:
    ids = {
        reader.one("ru", f"Заявил {name}.", name, PERSON).entity_id
        for name in ("Эмманюэль Макрон", "Эмануэль Макрон", "Эммануэль Макрон")
    }
    assert ids == {"person:emmanuel-macron"}


@pytest.mark.parametrize("name", ["Иван Путин", "Путин-младший", "Меланья Трамп"])
def test_a_relative_or_namesake_is_somebody_else(reader: Reader, name: str) -> None:
    assert reader.one("ru", f"На снимке {name}.", name, PERSON).entity_id == ""


def test_a_surname_alone_is_whom_the_text_introduced(reader: Reader) -> None:
    text = "Тренер Дмитрий Кулеба подал в отставку. Позже Сергей Бойко сменил Кулебу. Бойко доволен."
    names = [("Дмитрий Кулеба", PERSON), ("Сергей Бойко", PERSON), ("Кулебу", PERSON), ("Бойко", PERSON)]
    mentions = reader.read("ru", text, *names)
    assert [mention.entity_id for mention in mentions] == ["person:dmytro-kuleba", "", "person:dmytro-kuleba", ""]
    assert [mention.name for mention in mentions][2:] == ["Кулеба", "Бойко"]


def test_the_day_of_publication_tells_the_office(reader: Reader) -> None:
    text = "Порошенко прибыл на встречу."
    assert identity(reader.one("ru", text, "Порошенко", PERSON, "2016-05-01"))[1:] == ("UKR", "GOV")
    assert identity(reader.one("ru", text, "Порошенко", PERSON, "2023-05-01"))[1:] == ("UKR", "OPP")


@pytest.mark.parametrize(
    ("language", "text", "name", "expected"),
    [
        ("ru", "Ноту вручил польский МИД.", "польский МИД", ("organ:POL:mfa", "POL", "GOV")),
        ("ru", "Ноту вручил польский МИД.", "МИД", ("organ:POL:mfa", "POL", "GOV")),
        ("ru", "Ноту вручил МИД Великобритании.", "МИД Великобритании", ("organ:GBR:mfa", "GBR", "GOV")),
        ("ru", "Ноту вручил МИД Великобритании.", "МИД", ("organ:GBR:mfa", "GBR", "GOV")),
        ("ru", "Ноту вручил МИД.", "МИД", ("", "", "GOV")),
        (
            "ru",
            "Иск отклонил Верховный суд Пакистана.",
            "Верховный суд Пакистана",
            ("organ:PAK:supreme-court", "PAK", "JUD"),
        ),
        ("ru", "Его задержала полиция Лондона.", "полиция Лондона", ("", "GBR", "GOV")),
        (
            "uk",
            "Ноту вручило Міністерство оборони Великої Британії.",
            "Міністерство оборони Великої Британії",
            ("organ:GBR:mod", "GBR", "GOV"),
        ),
        ("uk", "Про це заявила Служба безпеки України.", "Служба безпеки України", ("organ:UKR:sbu", "UKR", "SPY")),
        ("uk", "Це рішення ухвалив Бундестаг.", "Бундестаг", ("organ:DEU:parliament-lower", "DEU", "LEG")),
    ],
)
def test_organs_take_their_state_from_what_stands_beside(
    reader: Reader, language: str, text: str, name: str, expected: tuple[str, str, str]
) -> None:
    assert identity(reader.one(language, text, name, ORGANIZATION)) == expected


def test_an_unknown_organisation_has_the_code_of_its_state(reader: Reader) -> None:
    mention = reader.one("ru", "Заявила Немецкая партия садоводов.", "Немецкая партия садоводов", ORGANIZATION)
    assert identity(mention) == ("", "DEU", "PTY")
    assert mention.name == "Немецкая партия садоводов"
    assert identity(reader.one("ru", "Заявила Партия садоводов.", "Партия садоводов", ORGANIZATION)) == ("", "", "")
    european = reader.one("ru", "Заявила Европейская партия садоводов.", "Европейская партия садоводов", ORGANIZATION)
    assert european.code == ""


def test_a_common_noun_is_no_name(reader: Reader) -> None:
    assert reader.one("ru", "Создан новый альянс перевозчиков.", "альянс", ORGANIZATION).entity_id == ""
    assert reader.one("ru", "Страны вступили в Альянс.", "Альянс", ORGANIZATION).entity_id == "org:NATO"


def test_a_name_that_the_tagger_took_for_a_place_may_be_a_person(reader: Reader) -> None:
    mention = reader.one("uk", "Заяву зробили Зеленського і його уряду.", "Зеленського", LOCATION)
    assert (mention.entity_id, mention.kind) == ("person:volodymyr-zelensky", PERSON)


def test_look_alike_letters_are_read_through(reader: Reader) -> None:
    mention = reader.one("uk", "Посол повернувся з Румунiї.", "Румунiї", LOCATION)
    assert identity(mention) == ("country:ROU", "ROU", "")
    assert mention.name == "Румунія"


def test_a_town_is_not_a_surname(reader: Reader) -> None:
    couple, town = reader.read(
        "uk", "Подружжя Ковальчуків звинуватило мерію Чернівців.", ("Ковальчуків", PERSON), ("Чернівців", LOCATION)
    )
    assert (couple.name, couple.entity_id) == ("Ковальчуки", "")
    assert (town.name, town.entity_id) == ("Чернівці", "place:UKR:chernivtsi")


def test_patronymics_keep_their_spelling(reader: Reader) -> None:
    text = "Грамоты вручили при советнике Игоря Анатольевича Лесина и Петра Марковича Бема."
    names = [("Игоря Анатольевича Лесина", PERSON), ("Петра Марковича Бема", PERSON)]
    assert [mention.name for mention in reader.read("ru", text, *names)] == [
        "Игорь Анатольевич Лесин",
        "Петр Маркович Бем",
    ]


def test_mentions_carry_span_and_rules(reader: Reader) -> None:
    text = "Потом в Женеве совещались."
    mention = reader.one("ru", text, "Женеве", LOCATION)
    assert mention.span.of(text) == "Женеве"
    assert mention.rule_ids == ("name.thing", "link.name")


def test_a_text_without_names_has_no_mentions(reader: Reader) -> None:
    assert reader.read("ru", "Дождь закончился.") == []
