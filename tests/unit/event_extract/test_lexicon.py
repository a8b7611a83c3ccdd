"""The trigger lexicon: what its files may hold, and what they must."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from pathlib import Path

import pytest

from chronika.domain.errors import ConfigurationError
from chronika.domain.event import EventType
from chronika.ports.language_pack import LanguagePack
from chronika_event_extract.coder import Knowledge
from chronika_event_extract.grammar import read_grammar
from chronika_event_extract.lexicon import parse_conditions, read_lexicon

HEADER = "id\tlemmas\tpos\ttype\tmode\tactor\trecipient\tdemands\tblocks\texample\n"
LIGHT = "id\tlemmas\tnoun\tsubject\tactor\trecipient\tnouns\n"
TABLES = ("triggers.tsv", "light_verbs.tsv", "realis.tsv", "attribution.tsv", "quantities.tsv", "contexts.tsv")


def pack(folder: Path, grammar: str, rows: str, light: str = "") -> LanguagePack:
    (folder / "grammar.toml").write_text(grammar, encoding="utf-8")
    (folder / "nouns.toml").write_text('force = ["войско"]\n', encoding="utf-8")
    (folder / "triggers.tsv").write_text(HEADER + rows, encoding="utf-8")
    (folder / "light_verbs.tsv").write_text(LIGHT + light, encoding="utf-8")
    return LanguagePack(code="xx", name="Test", files=folder)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("a\tвывести\tV\tRETIRE\t\tsubj\t\t\t\tx", "RETIRE"),
        ("a\tвывести\tQ\tRETREAT\t\tsubj\t\t\t\tx", "pos 'Q'"),
        ("a\tвывести\tV\tRETREAT\tdemo\tsubj\t\t\t\tx", "no mode 'demo'"),
        ("a\tвывести\tV\tRETREAT\t\tsubj\t\tobj=@army\t\tx", "army"),
        ("a\tвывести\tV\tRETREAT\t\tsubj\t\tвойско\t\tx", "is not slot=value"),
        ("a\tвывести\tV\tRETREAT\t\tsubj\t\t\t\tx\na\tотвести\tV\tRETREAT\t\tsubj\t\t\t\tx", "used twice"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, packs: Mapping[str, LanguagePack], row: str, reason: str) -> None:
    made = pack(tmp_path, packs["ru"].text("grammar.toml"), row)

    with pytest.raises(ConfigurationError, match=r"triggers\.tsv") as caught:
        read_lexicon(made, read_grammar(made))

    assert caught.value.code == "trigger-lexicon"
    assert reason in str(caught.value)


def test_a_light_verb_must_say_what_its_subject_is(tmp_path: Path, packs: Mapping[str, LanguagePack]) -> None:
    made = pack(tmp_path, packs["ru"].text("grammar.toml"), "", "l\tвести\tobj\tsomebody\t\t\t")

    with pytest.raises(ConfigurationError, match=r"light_verbs\.tsv"):
        read_lexicon(made, read_grammar(made))


def test_a_grammar_without_a_list_says_which(tmp_path: Path) -> None:
    (tmp_path / "grammar.toml").write_text('home_state = "RUS"\n', encoding="utf-8")

    with pytest.raises(ConfigurationError) as caught:
        read_grammar(LanguagePack(code="xx", name="Test", files=tmp_path))

    assert caught.value.code == "grammar-incomplete"
    assert "negations" in str(caught.value)


def test_conditions_are_read_with_lemmas_classes_and_anything() -> None:
    first, second = parse_conditions("obj=санкция|@force; ?subj=*")

    assert (first.slot, first.lemmas, first.classes) == ("obj", frozenset({"санкция"}), frozenset({"force"}))
    assert (second.slot, second.anything) == ("?subj", True)
    assert str(first) == "obj=санкция|@force"


def test_the_entry_that_asks_most_is_tried_first(knowledge: Mapping[str, Knowledge]) -> None:
    entries = knowledge["ru"].lexicon.entries["признать"]

    assert [entry.specificity for entry in entries] == sorted((e.specificity for e in entries), reverse=True)


def test_frames_with_both_sides_are_mutual(knowledge: Mapping[str, Knowledge]) -> None:
    assert knowledge["ru"].entry("ru.t.consult.talks").is_mutual  # type: ignore[union-attr]
    assert not knowledge["ru"].entry("ru.t.consult.official-visit").is_mutual  # type: ignore[union-attr]


@pytest.mark.parametrize("language", ["ru", "uk"])
def test_every_type_has_triggers(knowledge: Mapping[str, Knowledge], language: str) -> None:
    entries = knowledge[language].lexicon.entries.values()

    assert {entry.type for found in entries for entry in found} == set(EventType) - {EventType.STATE}


@pytest.mark.parametrize("language", ["ru", "uk"])
@pytest.mark.parametrize("table", TABLES)
def test_tables_are_composed_sorted_and_whole(packs: Mapping[str, LanguagePack], language: str, table: str) -> None:
    text = packs[language].text(table)
    rows = [line for line in text.splitlines() if line and not line.startswith("#")]

    assert unicodedata.is_normalized("NFC", text)
    assert rows[1:] == sorted(rows[1:])
    assert {line.count("\t") for line in rows} == {rows[0].count("\t")}


@pytest.mark.parametrize("table", ["triggers.tsv", "light_verbs.tsv", "realis.tsv"])
def test_both_languages_know_the_same_kinds_of_rows(packs: Mapping[str, LanguagePack], table: str) -> None:
    kinds = {
        language: {row["id"].removeprefix(f"{language}.") for row in packs[language].table(table)}
        for language in ("ru", "uk")
    }
    shared = kinds["ru"] & kinds["uk"]

    assert len(shared) >= 0.9 * max(len(kinds["ru"]), len(kinds["uk"]))
