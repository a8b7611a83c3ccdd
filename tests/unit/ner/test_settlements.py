"""Settlements that only the gazetteer knows: which of the namesakes is meant, and when none is picked."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from chronika.domain.analysis import Mention, MentionKind
from chronika.ports.language_pack import LanguagePack
from chronika_languages.entities import EntityTable
from chronika_ner.analyzer import Analysis, Analyzer, Name
from chronika_ner.linking import Linker
from chronika_ner.outline import Text

NIKOLAEVKA = "place:UKR:700119"
"""Миколаївка of the region of Donetsk."""


class Reader:
    """Reads a text whose places the test gives, so that it fails for linking alone."""

    def __init__(self, analyzer: Analyzer, linker: Linker) -> None:
        self._analyzer = analyzer
        self._linker = linker

    def read(
        self, language: str, text: str, *names: str, kind: MentionKind = MentionKind.LOCATION
    ) -> Mapping[str, Mention]:
        layer = self._analyzer.analyze([Text(text=text, language=language)])[0].layer
        found = []
        for name in names:
            start = text.index(name)
            inside = [t for t in range(len(layer)) if start <= layer.token_starts[t] < start + len(name)]
            found.append(Name(inside[0], inside[-1] + 1, kind))
        mentions = self._linker.mentions(text, Analysis(layer, tuple(sorted(found, key=lambda one: one.start))))
        return {mention.span.of(text): mention for mention in mentions}


@pytest.fixture(scope="session")
def reader(analyzer: Analyzer, packs: Mapping[str, LanguagePack]) -> Reader:
    return Reader(analyzer, Linker(packs, analyzer.dictionaries, EntityTable.load()))


def test_a_region_in_the_sentence_tells_which_village_is_meant(reader: Reader) -> None:
    text = "Снаряд влучив у школу в Миколаївці Донецької області."
    village = reader.read("uk", text, "Миколаївці", "Донецької області")["Миколаївці"]
    assert (village.entity_id, village.code, village.name) == (NIKOLAEVKA, "UKR", "Миколаївка")
    assert "link.settlement" in village.rule_ids


def test_no_village_is_picked_where_the_text_does_not_tell(reader: Reader) -> None:
    village = reader.read("uk", "У селі Миколаївка вночі горіла ферма.", "Миколаївка")["Миколаївка"]
    assert (village.entity_id, village.code) == ("", "UKR")
    assert "link.namesakes" in village.rule_ids


def test_the_only_region_of_a_text_counts_in_its_other_sentences(reader: Reader) -> None:
    text = "Донецька область знову без світла. У Миколаївці працюють ремонтники."
    assert reader.read("uk", text, "Донецька область", "Миколаївці")["Миколаївці"].entity_id == NIKOLAEVKA


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("ru", "Под Кировоградом сбит беспилотник.", "Кировоградом"),
        ("uk", "У Кропивницькому пролунав вибух.", "Кропивницькому"),
    ],
)
def test_a_renamed_town_is_one_place(reader: Reader, language: str, text: str, name: str) -> None:
    assert reader.read(language, text, name)[name].entity_id == "place:UKR:kropyvnytskyi"


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("uk", "На лівому березі Дніпра тривогу скасували.", "Дніпра"),
        ("ru", "Колонна прошла по мосту через Днепр.", "Днепр"),
    ],
)
def test_a_river_is_no_town(reader: Reader, language: str, text: str, name: str) -> None:
    assert reader.read(language, text, name)[name].entity_id == "place:INT:dnieper-river"


def test_the_town_of_the_same_name_is_none_the_less_one(reader: Reader) -> None:
    assert reader.read("uk", "У Дніпрі відкрили лікарню.", "Дніпрі")["Дніпрі"].entity_id == "place:UKR:dnipro"


def test_states_that_the_text_names_come_first(reader: Reader) -> None:
    text = "В Нидерландах скорбят: в Утрехте прошло прощание."
    assert reader.read("ru", text, "Нидерландах", "Утрехте")["Утрехте"].code == "NLD"


@pytest.mark.parametrize(
    ("text", "names", "code"),
    [
        ("Клинику в США открыли: она в Джуно.", ("США", "Джуно"), "USA"),
        ("Клинику открыли в Джуно.", ("Джуно",), ""),
        ("Клинику открыли в Нэшвилле.", ("Нэшвилле",), "USA"),
    ],
    ids=["state named", "small", "city"],
)
def test_a_foreign_town_needs_its_state_in_the_text(
    reader: Reader, text: str, names: tuple[str, ...], code: str
) -> None:
    assert reader.read("ru", text, *names)[names[-1]].code == code


@pytest.mark.parametrize("kind", [MentionKind.ORGANIZATION, MentionKind.PERSON])
def test_only_places_are_looked_for(reader: Reader, kind: MentionKind) -> None:
    mention = reader.read("uk", "Про це сказала Царичанка.", "Царичанка", kind=kind)["Царичанка"]
    assert not any(rule in ("link.settlement", "link.namesakes") for rule in mention.rule_ids)


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("ru", "Ремонт идет на улице Кагарлык.", "Кагарлык"),
        ("uk", "Вибухи чули у Шевченківському районі міста.", "Шевченківському"),
        ("uk", "Фірма «Козятин» виграла тендер.", "Козятин"),
        ("uk", "Ракети летіли на Схід.", "Схід"),
    ],
    ids=["street", "district", "quoted", "direction"],
)
def test_what_only_bears_a_name_of_a_town(reader: Reader, language: str, text: str, name: str) -> None:
    mention = reader.read(language, text, name)[name]
    assert (mention.entity_id, mention.code) == ("", "")


def test_a_state_is_never_a_town_inside_it(reader: Reader) -> None:
    found = reader.read("ru", "Премьер прибыл в Китай, затем посетит Мексику.", "Китай", "Мексику")
    assert [mention.entity_id for mention in found.values()] == ["country:CHN", "country:MEX"]
