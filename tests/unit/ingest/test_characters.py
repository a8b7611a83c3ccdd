"""Characters that cannot be stored are replaced one for one; those that cannot be seen stay, and are told of."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chronika_ingest.characters import is_blank, storable


@given(st.text(st.characters()))
def test_what_comes_out_is_as_long_and_can_be_written(text):
    cleaned, warnings = storable(text)

    assert len(cleaned) == len(text)
    cleaned.encode()
    assert "\x00" not in cleaned
    assert bool(cleaned != text) == any(code.startswith("replaced") for code in warnings)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00")))
def test_what_can_be_stored_is_left_alone(text):
    assert storable(text)[0] == text


def test_lone_surrogates_of_json_are_replaced_and_pairs_are_joined(read_one):
    document = read_one(json.dumps({"id": "1", "text": "Сейм \ud83d\ude00 принял \ud800 закон"}) + "\n")

    assert document.text == "Сейм 😀 принял \ufffd закон"
    assert document.source.warnings == ("replaced-lone-surrogate",)


def test_nul_is_replaced_in_texts_and_in_lines(read_one):
    line = read_one('{"id": "1", "text": "Сейм\\u0000принял закон"}\n')
    text = read_one("Сейм\x00принял закон о почте, сообщил спикер.")

    assert line.text == "Сейм\ufffdпринял закон"
    assert text.text.startswith("Сейм\ufffdпринял")
    assert line.source.warnings == text.source.warnings == ("replaced-nul",)


def test_a_text_that_was_padded_with_nul_is_still_a_text(read_one):
    document = read_one("Правительство Латвии одобрило договор с Исландией о рыбных запасах." + "\x00" * 20)

    assert document.source.warnings == ("replaced-nul",)


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("Президент\u202e при\u202cбыл в Ригу.", "bidirectional-controls"),
        ("Прези\u200bдент при\ufeffбыл в Ригу.", "zero-width-characters"),
    ],
)
def test_invisible_characters_stay_and_are_told(read_one, text, warning):
    document = read_one(text)

    assert document.text == text
    assert document.source.warnings == (warning,)


def test_letters_that_run_from_right_to_left_are_text_like_any_other(read_one):
    text = "Премьер сказал «שלום» и «مرحبا» на встрече в Риге."

    assert read_one(text).text == text
    assert read_one(text).source.warnings == ()


def test_a_sentence_of_a_hundred_thousand_characters_is_stored(read_one):
    text = "слово и дело " * 8_000 + "конец."

    document = read_one(text)

    assert document.text == text
    assert len(document.source.minhash) == 128


def test_every_field_of_a_line_can_be_written(read_one):
    damaged = "а\ud800\x00б"
    line = json.dumps(dict.fromkeys(("id", "text", "title", "source", "author"), damaged))

    document = read_one(line + "\n")

    for value in (document.id, document.source.title, document.source.outlet, *document.source.authors):
        assert value == "а\ufffd\ufffdб"


@pytest.mark.parametrize(
    ("text", "blank"), [("", True), (" \n\u200b\u00ad\ufeff\u202e", True), ("\u200b\u202e\n", True), (".", False)]
)
def test_blank_is_what_shows_nothing(text, blank):
    assert is_blank(text) is blank
