"""The data of the language packs: the same files in each, and a new pack is used without an edit."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from chronika.domain.document import FurnitureKind
from chronika.domain.errors import ConfigurationError
from chronika_ingest import language_data

CASES = ("nominative", "genitive", "dative", "accusative", "instrumental", "locative")
FORMS = {"line", "opening", "label", "closing", "inline"}


@pytest.fixture
def forgotten() -> Iterator[None]:
    """What was read of the packs is forgotten before and after a test that changes them."""
    readers = (language_data.language_packs, language_data.date_grammar, language_data.furniture_rules)
    for reader in readers:
        reader.cache_clear()
    yield
    for reader in readers:
        reader.cache_clear()


@pytest.mark.parametrize("pack", language_data.language_packs(), ids=lambda pack: pack.code)
def test_a_calendar_names_every_month_and_weekday_in_every_case(pack):
    calendar = pack.settings("calendar.toml")

    for kind, count in (("months", 12), ("weekdays", 7)):
        assert [entry["number"] for entry in calendar[kind]] == list(range(1, count + 1))
        for entry in calendar[kind]:
            assert all(entry[case] == entry[case].lower() and entry[case] for case in CASES)
            assert all(entry["nominative"][0] == short[0] for short in entry["abbreviations"])
    assert set(calendar["words"]) == {"year", "at", "published", "updated"}


@pytest.mark.parametrize("pack", language_data.language_packs(), ids=lambda pack: pack.code)
def test_the_rules_of_furniture_are_well_formed(pack):
    table = pack.settings("furniture.toml")
    ids = [entry["id"] for entry in table["patterns"]]

    assert len(ids) == len(set(ids))
    assert all(identifier.startswith(f"{pack.code}.") for identifier in ids)
    assert list(table["given_names"]) == sorted(set(table["given_names"]), key=alphabet(pack.code))
    for entry in table["patterns"]:
        assert entry["kind"] in set(FurnitureKind)
        assert entry["form"] in FORMS
        assert entry.get("place", "any") in {"any", "head", "tail"}
        assert set(entry) <= {"id", "kind", "form", "place", "list", "apart", "pattern"}


def test_each_pack_holds_the_same_rules():
    names = [
        {entry["id"].removeprefix(f"{pack.code}.") for entry in pack.settings("furniture.toml")["patterns"]}
        for pack in language_data.language_packs()
    ]

    assert all(rules == names[0] for rules in names)


def alphabet(code: str):
    letters = {"ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"}[code]
    return lambda word: [letters.find(letter) for letter in re.sub("['’]", "", word)]


CALENDAR = """
weekdays = []
[[months]]
number = 3
nominative = "kovas"
genitive = "kovo"
dative = "kovui"
accusative = "kovą"
instrumental = "kovu"
locative = "kove"
abbreviations = []

[words]
year = ["m."]
at = []
published = ["paskelbta"]
updated = []

[zones]
"""
FURNITURE = """
rubrics = ["naujienos"]
given_names = ["jonas"]

[[patterns]]
id = "lt.tags.label"
kind = "tags"
form = "line"
pattern = 'žymos:.{1,100}'
"""


def test_a_new_language_is_used_without_an_edit(forgotten, tmp_path: Path, monkeypatch, read_one):
    package = tmp_path / "toy_lithuanian"
    package.mkdir()
    (package / "__init__.py").write_text(
        "from importlib.resources import files\n"
        "from chronika.ports.language_pack import LanguagePack\n"
        'PACK = LanguagePack("lt", "Lithuanian", files(__package__))\n',
        encoding="utf-8",
    )
    (package / "calendar.toml").write_text(CALENDAR, encoding="utf-8")
    (package / "furniture.toml").write_text(FURNITURE, encoding="utf-8")
    metadata = tmp_path / "toy_lithuanian-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: toy-lithuanian\nVersion: 1\n", encoding="utf-8")
    (metadata / "entry_points.txt").write_text("[chronika.languages]\nlt = toy_lithuanian:PACK\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))

    document = read_one("Seimas priėmė įstatymą\n5 kovo 2024 m., 10:00\nSeimas priėmė paštų įstatymą.\nŽymos: paštas")

    assert document.source.published.isoformat() == "2024-03-05T10:00:00+00:00"
    assert [run.kind.value for run in document.source.furniture] == ["date-line", "tags"]
    sys.modules.pop("toy_lithuanian", None)


def test_a_pack_that_cannot_be_loaded_is_an_error_that_names_it(forgotten, monkeypatch, source):
    (entry,) = entry_points(group="chronika.languages", name="ru")
    broken = type(entry)("ru", "chronika_languages.ru:NOTHING", "chronika.languages")
    monkeypatch.setattr(language_data, "entry_points", lambda **_: [broken])

    with pytest.raises(ConfigurationError) as caught:
        language_data.language_packs()

    assert caught.value.code == "broken-language-pack"
    assert "'ru'" in caught.value.message
