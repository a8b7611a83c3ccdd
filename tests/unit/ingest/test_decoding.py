"""Bytes to text: the encodings that are known, on short texts too, and what is doubted is told."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chronika.domain.errors import RefusedInputError
from chronika_ingest.decoding import decode

RUSSIAN = (
    "Верховный суд Казахстана оставил в силе приговор бывшему министру. Адвокаты подсудимого намерены "
    "обжаловать решение, сообщил в понедельник представитель защиты. «Мы пойдём до конца», — подчеркнул он. По"
    " данным ведомства, ущерб оценивается в 14,5 млн тенге. Ранее прокуратура требовала назначить шесть лет "
    "лишения свободы; объём дела превысил тридцать томов. Премьер-министр Финляндии прибудет в Душанбе 3 июня,"
    " чтобы обсудить поставки зерна и удобрений. "
)
UKRAINIAN = (
    "Верховна Рада у другому читанні ухвалила закон про державну підтримку виноробів. За рішення проголосував "
    "271 депутат. «Це дасть змогу відновити господарства на півдні», — наголосив голова комітету. Естонія й "
    "Норвегія оголосили про новий пакет допомоги: генератори, ліки та їжа для шпиталів Харківщини. Об’єднання "
    "роботодавців закликало уряд переглянути мито, а ґрунтове обстеження полів завершать у жовтні. Є підстави "
    "вважати, що переговори триватимуть ще тиждень. "
)
CYRILLIC = [
    (RUSSIAN, "cp1251", "windows-1251"),
    (RUSSIAN, "koi8-r", "koi8-r"),
    (UKRAINIAN.replace("’", "'"), "cp1251", "windows-1251"),
    (UKRAINIAN.replace("«", '"').replace("»", '"').replace("—", "-").replace("’", "'"), "koi8-u", "koi8-u"),
]


@pytest.mark.parametrize(("text", "encoding", "name"), CYRILLIC)
def test_a_text_is_read_in_the_encoding_it_was_written_in(text, encoding, name):
    text = text.encode(encoding, "ignore").decode(encoding)

    decoded = decode(text.encode(encoding), name="a.txt")

    assert (decoded.text, decoded.encoding, decoded.warnings) == (text, name, ())


@pytest.mark.parametrize(("text", "encoding", "name"), CYRILLIC)
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_forty_characters_from_anywhere_are_enough(text, encoding, name, data):
    text = text.encode(encoding, "ignore").decode(encoding)
    start = data.draw(st.integers(0, len(text) - 40))
    piece = text[start : start + data.draw(st.integers(40, 200))]

    assert decode(piece.encode(encoding), name="a.txt").text == piece


@pytest.mark.parametrize(("text", "encoding", "name"), CYRILLIC)
def test_capitals_and_small_letters_are_not_mistaken_for_one_another(text, encoding, name):
    shouted = text.upper().encode(encoding, "ignore").decode(encoding)

    assert decode(shouted.encode(encoding), name="a.txt").text == shouted


@pytest.mark.parametrize(
    "text", ["Суд в Минске", "Посол Чехии", "Рада проти", "Посла викликали до МЗС", "Ще один обстріл"]
)
@pytest.mark.parametrize("encoding", ["cp1251", "koi8-u"])
def test_headlines_of_two_or_three_words(text, encoding):
    assert decode(text.encode(encoding), name="a.txt").text == text


def test_ukrainian_with_latin_letters_in_place_of_its_own():
    text = "Мiнiстр оборони Румунiї зустрiвся з колегою з Польщi, повiдомила пресслужба."

    assert decode(text.encode("cp1251"), name="a.txt").text == text


@pytest.mark.parametrize(
    "text",
    [
        "Прэм'ер-міністр Беларусі заявіў, што ўрад падтрымае сельскую гаспадарку ў гэтым годзе.",
        "Председник владе изјавио је да ће ускоро бити потписан споразум о сарадњи.",
        "Българският премиер заяви, че правителството ще подкрепи земеделците.",
    ],
)
def test_neighbouring_languages_are_read_too(text):
    assert decode(text.encode("cp1251"), name="a.txt").text == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_taken_off(encoding):
    decoded = decode(UKRAINIAN.encode(encoding), name="a.txt")

    assert decoded.text == UKRAINIAN
    assert decoded.encoding in encoding


def test_big_endian_utf_16_is_read_by_its_mark():
    assert decode(b"\xfe\xff" + RUSSIAN.encode("utf-16-be"), name="a.txt").text == RUSSIAN


def test_a_few_invalid_bytes_of_utf_8_are_replaced_and_told():
    broken = RUSSIAN[:60].encode() + b"\xff" + RUSSIAN[60:200].encode() + b"\xd0" + RUSSIAN[200:].encode()

    decoded = decode(broken, name="a.txt")

    assert decoded.encoding == "utf-8"
    assert decoded.warnings == ("replaced-invalid-utf8",)
    assert decoded.text.replace("\ufffd", "") == RUSSIAN
    assert decoded.text.count("\ufffd") == 2


def test_replacement_characters_of_the_text_itself_are_no_damage():
    text = RUSSIAN.replace("о", "\ufffd")

    assert decode(text.encode(), name="a.txt").warnings == ()


def test_a_mark_does_not_excuse_a_text_that_is_mostly_broken():
    data = b"\xef\xbb\xbf" + RUSSIAN.encode("cp1251")

    with pytest.raises(RefusedInputError) as caught:
        decode(data, name="a.txt")

    assert caught.value.code == "unknown-encoding"


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "iso8859-5", "cp866", "mac-cyrillic"])
def test_what_a_page_declares_is_believed_when_it_reads_like_language(encoding):
    text = RUSSIAN.replace("«", '"').replace("»", '"').replace("—", "-")

    assert decode(text.encode(encoding), name="a.html", declared=encoding).text == text


@pytest.mark.parametrize("declared", ["windows-1251", "koi8-r", "iso-8859-1", "nonsense", "utf-16", "idna", "hex"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1251"])
def test_what_a_page_declares_wrongly_is_not_believed(declared, encoding):
    assert decode(RUSSIAN.encode(encoding), name="a.html", declared=declared).text == RUSSIAN


def test_a_text_in_ascii_with_a_stray_byte_keeps_its_words():
    decoded = decode(b"The minister \x98arrived on Monday and left on Tuesday, the office said.", name="a.txt")

    assert decoded.text.replace("\ufffd", "") == "The minister arrived on Monday and left on Tuesday, the office said."
    assert decoded.warnings
