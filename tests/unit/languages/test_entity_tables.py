"""The tables of entities: whole, consistent, and found by name in both languages."""

from __future__ import annotations

import unicodedata
from importlib.resources import files
from pathlib import Path

import pytest

from chronika.domain.codebook import SECTORS
from chronika.domain.errors import ConfigurationError
from chronika_languages import ru, uk
from chronika_languages.entities import Entity, EntityKind, EntityTable, Term, name_key

FILES = sorted(file.name for file in files("chronika_languages.entities").iterdir() if file.name.endswith(".tsv"))


@pytest.fixture(scope="module")
def table() -> EntityTable:
    return EntityTable.load()


def ids(table: EntityTable, name: str, language: str) -> set[str]:
    return {entity.id for entity in table.named(name, language)}


@pytest.mark.parametrize(
    ("russian", "ukrainian", "entity_id"),
    [
        ("Украина", "Україна", "country:UKR"),
        ("США", "США", "country:USA"),
        ("Соединённые Штаты", "Сполучені Штати", "country:USA"),
        ("ФРГ", "ФРН", "country:DEU"),
        ("ОАЭ", "ОАЕ", "country:ARE"),
        ("ООН", "ООН", "org:UN"),
        ("Евросоюз", "Євросоюз", "org:EU"),
        ("Международный уголовный суд", "Міжнародний кримінальний суд", "org:ICC"),
        ("МККК", "МКЧХ", "org:ICRC"),
        ("Кремль", "Кремль", "seat:kremlin"),
        ("Банковая", "Банкова", "seat:bankova"),
        ("Госдеп", "Держдеп", "organ:USA:mfa"),
        ("Верховная рада", "Верховна Рада", "organ:UKR:parliament"),
        ("ВСУ", "ЗСУ", "organ:UKR:armed-forces"),
        ("Киев", "Київ", "capital:UKR"),
        ("Женева", "Женева", "place:CHE:geneva"),
        ("ДНР", "ДНР", "entity:DNR"),
        ("Владимир Зеленский", "Володимир Зеленський", "person:volodymyr-zelensky"),
        ("Рейтер", "Ройтерс", "outlet:reuters"),
        ("Запад", "Захід", "region:WEST"),
    ],
)
def test_both_languages_name_one_entity(table: EntityTable, russian: str, ukrainian: str, entity_id: str) -> None:
    assert entity_id in ids(table, russian, "ru")
    assert entity_id in ids(table, ukrainian, "uk")


@pytest.mark.parametrize(
    ("written", "same_as"),
    [
        ("«Спутник»", "спутник"),
        ("Соединённые  Штаты", "соединенные штаты"),
        ("Об’єднані", "об'єднані"),
        ("Нью\u2011Йорк", "нью-йорк"),
        ("Нью — Йорк", "нью-йорк"),
    ],
)
def test_keys_forget_what_does_not_matter(written: str, same_as: str) -> None:
    assert name_key(written) == same_as


def test_a_latin_name_is_the_same_in_all_languages(table: EntityTable) -> None:
    assert ids(table, "Reuters", "ru") == ids(table, "Reuters", "uk") == {"outlet:reuters"}
    assert ids(table, "Germany", "uk") == {"country:DEU"}


def test_closed_list_of_organisation_codes_is_covered(table: EntityTable) -> None:
    listed = "UN EU NATO OSCE CE ICC G7 G8 G20 IAEA WHO IMF WB WTO EAEU CIS CSTO SCO BRICS OPEC AU LAS ICRC"
    wanted = {*listed.split(), "REG:EUROPE", "REG:WEST"}
    assert wanted <= {entity.code for entity in table}


def test_codes_and_sectors_are_those_of_the_codebook(table: EntityTable) -> None:
    states = {entity.code for entity in table if entity.kind is EntityKind.COUNTRY}
    organisations = {entity.code for entity in table if entity.id.startswith(("org:", "region:", "seat:"))}
    for entity in table:
        for code, sector in [(entity.code, entity.sector), *((term.code, term.sector) for term in entity.terms)]:
            assert not code or code in states | organisations, entity.id
            assert not sector or sector in SECTORS, entity.id


def test_every_entity_has_a_name_and_no_two_share_an_id(table: EntityTable) -> None:
    assert all(any(entity.names.values()) or entity.english for entity in table)
    rows = [
        line.split("\t")[0]
        for name in FILES
        if name not in ("persons.tsv", "organs.tsv", "gazetteer.tsv")
        for line in (files("chronika_languages.entities") / name).read_text(encoding="utf-8").splitlines()
        if line and not line.startswith(("#", "id\t"))
    ]
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize("name", FILES)
def test_tables_are_sorted_nfc_and_even(name: str) -> None:
    text = (files("chronika_languages.entities") / name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert unicodedata.is_normalized("NFC", text)
    assert len({line.count("\t") for line in lines}) == 1
    keys = [line.split("\t")[0] for line in lines[1:]]
    assert keys == sorted(keys)


def test_what_a_person_is_depends_on_the_day(table: EntityTable) -> None:
    trump = table.get("person:donald-trump")
    assert trump is not None
    assert trump.party("2018-06-01") == ("USA", "GOV")
    assert trump.party("2022-06-01") == ("USA", "ELI")
    assert trump.party("2025-06-01") == ("USA", "GOV")
    stoltenberg = table.get("person:jens-stoltenberg")
    assert stoltenberg is not None
    assert stoltenberg.party("2022-06-01") == ("NATO", "IGO")


def test_out_of_office_is_a_former_official() -> None:
    person = Entity(
        id="person:x",
        kind=EntityKind.PERSON,
        code="",
        sector="",
        english="X",
        names={},
        terms=(Term("MDA", "GOV", "minister", "2010-01-01", "2012-01-01"),),
    )
    assert person.party("2011-01-01") == ("MDA", "GOV")
    assert person.party("2012-01-01") == ("MDA", "ELI")
    assert person.party("2009-12-31") == ("MDA", "")
    assert person.party() == ("MDA", "GOV")


def test_terms_do_not_end_before_they_begin(table: EntityTable) -> None:
    for entity in table:
        for term in entity.terms:
            assert term.since
            assert not term.until or term.since < term.until, entity.id


def test_an_organ_of_a_state_is_one_entity_however_it_is_called(table: EntityTable) -> None:
    organ = table.organ("министерство иностранных дел", "ru")
    same = table.organ("МЗС", "uk")
    assert organ is same is not None
    assert table.organ_of(organ, "POL").id == "organ:POL:mfa"
    assert table.organ_of(organ, "USA").english == "US Department of State"


def test_an_extra_table_adds_and_replaces(tmp_path: Path) -> None:
    extra = tmp_path / "own.tsv"
    extra.write_text(
        "id\tkind\tcode\tsector\tenglish\tru\tuk\n"
        "firm:own\tfirm\tUKR\tBUS\tOwn\tСвоё дело; СД\tВласна справа\n"
        "org:NATO\tigo\tNATO\tIGO\tNATO\tСевероатлантический блок\tНАТО\n",
        encoding="utf-8",
    )
    table = EntityTable.load(extra=[extra])
    assert ids(table, "Свое дело", "ru") == {"firm:own"}
    assert ids(table, "Североатлантический блок", "ru") == {"org:NATO"}
    assert ids(table, "Североатлантический альянс", "ru") == set()


@pytest.mark.parametrize(
    ("columns", "row"),
    [
        ("id\tkind\tcode", "firm:own\tfirm\tUKR"),
        ("id\tkind\tcode\tsector\tenglish\tru", "firm:own\tfirm\tUKR\tBUS\tOwn\tСвоё\tслишком"),
    ],
    ids=["a column is missing", "a cell too many"],
)
def test_a_wrong_extra_table_is_named(tmp_path: Path, columns: str, row: str) -> None:
    extra = tmp_path / "own.tsv"
    extra.write_text(f"{columns}\n{row}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"own\.tsv, row 'firm:own'") as raised:
        EntityTable.load(extra=[extra])
    assert raised.value.code == "entity-table-invalid"


@pytest.mark.parametrize("pack", [ru.PACK, uk.PACK], ids=lambda pack: pack.code)
@pytest.mark.parametrize("name", ["demonyms.tsv", "roles.tsv"])
def test_word_tables_hold_lemmas_once_in_order(pack: object, name: str) -> None:
    rows = pack.table(name)  # type: ignore[attr-defined]
    lemmas = [row["lemma"] for row in rows]
    assert len(rows) > 300
    assert lemmas == sorted(set(lemmas))
    assert all(lemma == lemma.lower() and "ё" not in lemma for lemma in lemmas)
    assert {row.get("sector", "") for row in rows} <= SECTORS | {""}


def test_demonyms_name_states_of_the_tables(table: EntityTable) -> None:
    codes = {entity.code for entity in table}
    for pack in (ru.PACK, uk.PACK):
        assert {row["code"] for row in pack.table("demonyms.tsv")} <= codes
