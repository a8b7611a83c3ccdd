"""Features of words, a row each, and the bound of the table."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

import pytest

import chronika_languages
from chronika.ports.language_pack import LanguagePack
from chronika_ner.dictionary import Dictionary, load_dictionary
from chronika_ner.features import WordTable, bucket, shape
from chronika_ner.vocabulary import Vocabulary


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.read(files(chronika_languages) / "models" / "joint.json")


@pytest.fixture(scope="module")
def dictionaries(packs: Mapping[str, LanguagePack]) -> Mapping[str, Dictionary]:
    return {code: load_dictionary(pack) for code, pack in packs.items()}


@pytest.mark.parametrize(
    ("word", "expected"),
    [("Самара", "Xxx"), ("США", "XX"), ("С-300", "X-dd"), ("і", "x"), ("…", "…"), ("аБвГдЕжЗиК", "xXxXxXxX")],
)
def test_shape(word: str, expected: str) -> None:
    assert shape(word) == expected


def test_padding_has_a_bucket_of_its_own() -> None:
    assert all(0 < bucket(f"w{number}", 7) < 7 for number in range(100))


def test_a_word_has_one_row_a_language(vocabulary: Vocabulary, dictionaries: Mapping[str, Dictionary]) -> None:
    table = WordTable(vocabulary, dictionaries)
    first, second, again = table.rows(["стали", "Стали", "стали"], "ru")
    (other,) = table.rows(["стали"], "uk")
    assert first == again
    assert len({0, first, second, other}) == 4
    assert table.entries[first] is table.entries[second]
    assert table.hashes[0].tolist() == [0] * len(vocabulary.hash_sizes)


def test_grammemes_of_every_reading_are_marked(vocabulary: Vocabulary, dictionaries: Mapping[str, Dictionary]) -> None:
    table = WordTable(vocabulary, dictionaries)
    (row,) = table.rows(["стали"], "ru")
    columns = [vocabulary.grammemes.index(grammeme) for grammeme in ("NOUN", "VERB", "COMP")]
    assert table.grammemes[row, columns].tolist() == [1, 1, 0]
    assert table.grammemes[row, -1] == 1


def test_a_full_table_is_emptied_between_calls(vocabulary: Vocabulary, dictionaries: Mapping[str, Dictionary]) -> None:
    table = WordTable(vocabulary, dictionaries, capacity=100)
    rows = table.rows([f"слово{number}" for number in range(3000)], "ru")
    assert len(set(rows)) == 3000
    assert table.make_room()
    assert len(table) == 1
    assert not table.make_room()
    assert table.rows(["слово7"], "ru") == [1]


def test_features_of_a_number(vocabulary: Vocabulary) -> None:
    assert vocabulary.features(0) == ""
    numbers = range(0, vocabulary.feature_count, 9_973)
    assert all(vocabulary.features(number).count("=") <= len(vocabulary.attributes) for number in numbers)
    last = vocabulary.features(vocabulary.feature_count - 1)
    assert last.startswith("Animacy=Anim|Aspect=Perf|Case=Par|")
