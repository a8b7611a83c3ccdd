"""The gazetteer: settlements by name and by id, with all that tells namesakes apart."""

from __future__ import annotations

from importlib.resources import files

import pytest

from chronika_languages.entities import Entity, EntityTable

LARGEST = 2_500_000
"""Bytes that the file may take."""


@pytest.fixture(scope="module")
def table() -> EntityTable:
    return EntityTable.load()


def of_ukraine(table: EntityTable, name: str) -> list[Entity]:
    return [place for place in table.places(name) if place.code == "UKR"]


@pytest.mark.parametrize(
    "names",
    [
        ("Кировоград", "Кіровоград", "Кропивницкий", "Кропивницький"),
        ("Днепропетровск", "Дніпропетровськ", "Днепр", "Дніпро"),
        ("Артёмовск", "Артемівськ", "Бахмут"),
        ("Красный Луч", "Хрустальный", "Хрустальний"),
        ("Стаханов", "Кадіївка"),
        ("Переяслав-Хмельницкий", "Переяслав"),
    ],
    ids=lambda names: names[-1],
)
def test_a_renamed_town_is_one_place(table: EntityTable, names: tuple[str, ...]) -> None:
    assert len({of_ukraine(table, name)[0].id for name in names}) == 1


def test_towns_that_a_table_lists_keep_their_id_and_gain_coordinates(table: EntityTable) -> None:
    listed = table.get("place:UKR:kharkiv")
    assert listed is not None
    assert listed in table.named("Харків", "uk")
    assert listed.coordinates == pytest.approx((49.98, 36.25), abs=0.02)
    assert listed.region == "place:UKR:kharkiv-oblast"
    assert table.places("Харків") == [listed]
    capital = table.get("capital:POL")
    assert capital is not None
    assert capital.extent == "settlement"
    assert capital.coordinates == pytest.approx((52.23, 21.01), abs=0.02)


@pytest.mark.parametrize("entity_id", ["country:CHN", "place:UKR:donetsk-oblast", "place:GBR:wales", "place:INT:volga"])
def test_what_is_no_point_has_no_coordinates(table: EntityTable, entity_id: str) -> None:
    entity = table.get(entity_id)
    assert entity is not None
    assert entity.coordinates is None
    assert entity.extent in ("country", "region")


def test_namesakes_are_all_there_largest_first(table: EntityTable) -> None:
    places = of_ukraine(table, "Миколаївка")
    people = [place.population for place in places]
    assert len(places) > 10
    assert people == sorted(people, reverse=True)
    assert "place:UKR:donetsk-oblast" in {place.region for place in places}


def test_a_settlement_of_the_gazetteer_alone_is_found_by_id_but_not_among_the_names(table: EntityTable) -> None:
    place = of_ukraine(table, "Царичанка")[0]
    found = table.get(place.id)
    assert found is not None
    assert found.english == place.english
    assert place.id.startswith("place:UKR:")
    assert place.id.rpartition(":")[2].isdigit()
    assert not table.named("Царичанка", "uk")
    assert place.id not in {entity.id for entity in table}


def test_letters_tell_the_languages_of_names_apart(table: EntityTable) -> None:
    place = of_ukraine(table, "Первомайський")[0]
    assert "Златопіль" in place.names["uk"]
    assert "Златопіль" not in place.names["ru"]


def test_rows_name_states_of_the_tables_and_lie_on_the_globe(table: EntityTable) -> None:
    text = (files("chronika_languages.entities") / "gazetteer.tsv").read_text(encoding="utf-8")
    codes = {entity.code for entity in table}
    regions = {entity.id for entity in table if entity.extent == "region"}
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")][1:]
    assert len(text.encode()) < LARGEST
    assert len({(row[0], row[1]) for row in rows}) == len(rows)
    for entity_id, code, region, latitude, longitude, population, english, names in rows:
        assert code in codes, entity_id
        assert not region or f"place:{code}:{region}" in regions, entity_id
        assert -90 <= float(latitude) <= 90
        assert -180 <= float(longitude) <= 180
        assert int(population) >= 0
        assert english
        assert all(name and name == name.strip() for name in names.split(";")), entity_id
