"""A pack reads its files, and names the file, the column or the key that it lacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from chronika.domain.errors import ConfigurationError
from chronika.ports.language_pack import IncompleteFileError, LanguagePack


@pytest.fixture
def pack(tmp_path: Path) -> LanguagePack:
    return LanguagePack(code="qaa", name="Made up", files=tmp_path)


def test_a_table_has_rows_by_column(pack: LanguagePack, tmp_path: Path) -> None:
    (tmp_path / "roles.tsv").write_text("# offices\n\nlemma\tsector\n# one\nпосол\tGOV\nминистр\n", encoding="utf-8")

    first, second = pack.table("roles.tsv")

    assert dict(first) == {"lemma": "посол", "sector": "GOV"}
    assert dict(second) == {"lemma": "министр", "sector": ""}, "a cell that is not there is empty"


def test_a_column_that_is_not_there_is_named(pack: LanguagePack, tmp_path: Path) -> None:
    (tmp_path / "roles.tsv").write_text("lemma\nпосол\n", encoding="utf-8")
    (row,) = pack.table("roles.tsv")

    with pytest.raises(IncompleteFileError) as raised:
        row["sector"]

    assert raised.value.code == "language-file-incomplete"
    assert raised.value.message == "roles.tsv of language pack 'qaa' lacks 'sector'"
    assert raised.value.cure
    assert row.get("sector") is None
    assert "sector" not in row


def test_a_key_that_is_not_there_is_named_with_its_place(pack: LanguagePack, tmp_path: Path) -> None:
    (tmp_path / "calendar.toml").write_text("[[months]]\nnumber = 1\n[[months]]\nnumber = 2\n", encoding="utf-8")
    calendar = pack.settings("calendar.toml")

    assert calendar == {"months": [{"number": 1}, {"number": 2}]}
    with pytest.raises(ConfigurationError, match=r"calendar\.toml of language pack 'qaa' lacks 'weekdays'"):
        calendar["weekdays"]
    with pytest.raises(ConfigurationError, match=r"entry 2 of months of calendar\.toml .* lacks 'genitive'"):
        calendar["months"][1]["genitive"]


def test_who_catches_a_key_error_catches_it(pack: LanguagePack, tmp_path: Path) -> None:
    (tmp_path / "calendar.toml").write_text("", encoding="utf-8")

    with pytest.raises(KeyError):
        pack.settings("calendar.toml")["months"]


@pytest.mark.parametrize(
    ("content", "place"),
    [(b"words = [}", "line 1"), ("слова = 1".encode("cp1251"), "position 0")],
    ids=["no TOML", "another encoding"],
)
def test_a_file_that_cannot_be_read_says_where(pack: LanguagePack, tmp_path: Path, content: bytes, place: str) -> None:
    (tmp_path / "names.toml").write_bytes(content)

    with pytest.raises(ConfigurationError) as raised:
        pack.settings("names.toml")

    assert raised.value.code == "language-file-invalid"
    assert raised.value.message.startswith("names.toml of language pack 'qaa' cannot be read: ")
    assert place in raised.value.message


def test_a_file_that_is_not_there_is_named(pack: LanguagePack) -> None:
    with pytest.raises(ConfigurationError, match=r"has no file names\.toml") as raised:
        pack.settings("names.toml")

    assert raised.value.code == "language-file-missing"
