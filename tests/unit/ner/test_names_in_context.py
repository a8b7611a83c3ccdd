"""What stands around a name decides whom it means: quotation marks, a word beside it, its long form in the text."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from chronika.domain.analysis import Mention, MentionKind
from chronika.ports.language_pack import LanguagePack
from chronika_languages import ru, uk
from chronika_languages.entities import EntityTable
from chronika_ner.analyzer import Analysis, Analyzer, Name
from chronika_ner.linking import Linker
from chronika_ner.outline import Text

LOCATION, ORGANIZATION = MentionKind.LOCATION, MentionKind.ORGANIZATION
TABLE = EntityTable.load()
HOMONYMS = [(pack.code, row) for pack in (ru.PACK, uk.PACK) for row in pack.table("homonyms.tsv")]


class Reader:
    """Links names that the test gives."""

    def __init__(self, analyzer: Analyzer, packs: Mapping[str, LanguagePack]) -> None:
        self._analyzer = analyzer
        self._linker = Linker(packs, analyzer.dictionaries, TABLE)

    def read(self, language: str, text: str, *names: str, kind: MentionKind = ORGANIZATION) -> list[Mention]:
        layer = self._analyzer.analyze([Text(text=text, language=language)])[0].layer
        found, position = [], 0
        for name in names:
            position = text.index(name, position)
            inside = [
                token
                for token in range(len(layer))
                if position <= layer.token_starts[token] and layer.token_ends[token] <= position + len(name)
            ]
            found.append(Name(inside[0], inside[-1] + 1, kind))
            position += len(name)
        return list(self._linker.mentions(text, Analysis(layer, tuple(found))))

    def ids(self, language: str, text: str, *names: str, kind: MentionKind = ORGANIZATION) -> list[str]:
        return [mention.entity_id for mention in self.read(language, text, *names, kind=kind)]


@pytest.fixture(scope="module")
def reader(analyzer: Analyzer, packs: Mapping[str, LanguagePack]) -> Reader:
    return Reader(analyzer, packs)


@pytest.mark.parametrize(
    ("language", "row"), HOMONYMS, ids=lambda value: value["id"] if isinstance(value, dict) else ""
)
def test_a_homonym_means_what_its_example_says(reader: Reader, language: str, row: Mapping[str, str]) -> None:
    stem = row["name"].split()[0][:-1]
    start = row["example"].index(stem)
    words = row["example"][start:].rstrip(".").split()
    name = " ".join(words[: len(row["name"].split())])
    kind = ORGANIZATION if row["entity"].startswith("org:") else LOCATION
    assert reader.ids(language, row["example"], name, kind=kind) == [row["entity"]]
    assert not row["entity"] or TABLE.get(row["entity"]) is not None
    assert TABLE.named(row["name"], language), "without the word beside it the name means something"


def test_an_ambassador_of_the_states_is_in_the_capital(reader: Reader) -> None:
    text = "Посол Соединённых Штатов в Вашингтоне не нуждается."
    assert reader.ids("ru", text, "Вашингтоне", kind=LOCATION) == ["capital:USA"]


@pytest.mark.parametrize(
    ("language", "text", "name", "expected"),
    [
        ("uk", "Договір підписав директор фірми «Київ».", "Київ", ""),
        ("ru", "Рейс ждут в аэропорту «Рига».", "Рига", ""),
        ("ru", "Рейс ждут в аэропорту «Рига».", "«Рига»", ""),
        ("ru", "Ноту получила Рига.", "Рига", "capital:LVA"),
        ("ru", "Колонна дошла до «Азовстали».", "Азовстали", "place:UKR:azovstal"),
        ("uk", "Бойовики «ДНР» обстріляли село.", "ДНР", "entity:DNR"),
        ("uk", "Вона ризикує життям заради Батьківщини.", "Батьківщини", ""),
        ("uk", "Закон не підтримали депутати від «Батьківщини».", "Батьківщини", "organ:UKR:batkivshchyna"),
        ("uk", "Закон не підтримала партія Батьківщина.", "Батьківщина", "organ:UKR:batkivshchyna"),
        ("ru", "Закон не поддержала фракция «Голос».", "Голос", "organ:UKR:holos"),
    ],
)
def test_quotation_marks(reader: Reader, language: str, text: str, name: str, expected: str) -> None:
    assert reader.ids(language, text, name) == [expected]


@pytest.mark.parametrize(
    ("language", "text", "name", "expected"),
    [
        ("uk", "Судно опинилося у китайських ВМС.", "ВМС", "organ:CHN:navy"),
        ("ru", "Прошение подали в городскую Думу.", "Думу", ""),
        ("ru", "Решение отменил Европейский суд.", "Европейский суд", ""),
        ("ru", "Прошение подали в Думу.", "Думу", "organ:RUS:parliament-lower"),
        ("uk", "Рішення скасував Вищий суд швейцарського кантону Цуг.", "Вищий суд швейцарського кантону Цуг", ""),
        ("uk", "Рішення скасував Верховний суд Швейцарії.", "Верховний суд Швейцарії", "organ:CHE:supreme-court"),
    ],
)
def test_an_organ_is_of_the_state_or_town_beside_it(
    reader: Reader, language: str, text: str, name: str, expected: str
) -> None:
    assert reader.ids(language, text, name) == [expected]


def test_a_court_of_a_canton_keeps_the_code_of_its_state(reader: Reader) -> None:
    name = "Вищий суд швейцарського кантону Цуг"
    (mention,) = reader.read("uk", f"Рішення скасував {name}.", name)
    assert (mention.code, mention.sector) == ("CHE", "JUD")


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("ru", "Парижское соглашение по климату"),
        ("ru", "Вьетнамская война"),
        ("uk", "Турецький потік"),
        ("uk", "Центр польської культури"),
        ("ru", "Центр по изучению России"),
    ],
)
def test_treaties_wars_and_fields_of_study_are_no_parties(reader: Reader, language: str, name: str) -> None:
    (mention,) = reader.read(language, f"{name}.", name)
    assert (mention.entity_id, mention.code) == ("", "")


def test_an_abbreviation_stands_for_the_long_name_before_it(reader: Reader) -> None:
    text = "Страна покинула Совет ООН по правам человека (СПЧ). В СПЧ промолчали."
    assert reader.ids("ru", text, "Совет ООН по правам человека", "СПЧ", "СПЧ") == ["org:UNHRC"] * 3
    assert reader.ids("ru", "В СПЧ промолчали.", "СПЧ") == ["organ:RUS:hrc"]


def test_a_long_name_that_no_table_knows_learns_from_its_abbreviation(reader: Reader) -> None:
    text = "Бюро по делам отчётов (ОБСЕ) молчит."
    assert reader.ids("ru", text, "Бюро по делам отчётов", "ОБСЕ") == ["org:OSCE"] * 2


def test_a_short_name_is_the_long_one_before_it(reader: Reader) -> None:
    union = "Акт ухвалила Рада Європейського Союзу. Рада передала його далі."
    assert reader.ids("uk", union, "Рада Європейського Союзу", "Рада") == ["org:EU-council"] * 2
    town = "Бюджет ухвалила Херсонська міська рада. Рада просить уряд про гроші."
    assert reader.ids("uk", town, "Херсонська міська рада", "Рада")[1] == ""
    council = "Акт ухвалила Рада ЄС. Право ЄС ухвалив парламент."
    assert reader.ids("uk", council, "Рада ЄС", "ЄС") == ["org:EU-council", "org:EU"]
    both = "Рада Європи стежить за тим, що зробить Верховна Рада. Рада проголосує завтра."
    assert reader.ids("uk", both, "Рада Європи", "Верховна Рада", "Рада")[2] == "organ:UKR:parliament"


@pytest.mark.parametrize("name", ["Баку", "Перу", "Науру", "Чили", "Тбилиси", "Осло", "Токио", "Сочи"])
def test_names_of_places_that_no_case_changes(reader: Reader, name: str) -> None:
    for text in (f"Министр назвал вымыслом обвинения {name} в организации атаки.", f"Посол вернулся из {name}."):
        assert [mention.name for mention in reader.read("ru", text, name, kind=LOCATION)] == [name]


def test_ukrainian_names_of_places_that_no_case_changes(reader: Reader) -> None:
    for name in ("Баку", "Перу", "Чилі", "Тбілісі", "Осло", "Токіо"):
        (mention,) = reader.read("uk", f"Посол повернувся з {name}.", name, kind=LOCATION)
        assert mention.name == name


@pytest.mark.parametrize(
    ("language", "name", "sector"),
    [
        ("uk", "Державне космічне агентство України", "GOV"),
        ("uk", "Фонд держмайна Молдови", "GOV"),
        ("uk", "Фонд садівників Молдови", "NGO"),
        ("ru", "Государственный университет Молдавии", "EDU"),
    ],
)
def test_a_body_of_the_state_is_part_of_its_government(reader: Reader, language: str, name: str, sector: str) -> None:
    (mention,) = reader.read(language, f"Про це повідомив {name}.", name)
    assert (mention.entity_id, mention.sector) == ("", sector)
