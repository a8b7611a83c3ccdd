"""What the source reads of what the operator names: files, folders, patterns, standard input, packed files."""

from __future__ import annotations

import gzip
import io
import json
import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from chronika.domain.document import Document, PublishedPrecision
from chronika.domain.errors import ConfigurationError
from chronika.domain.identity import revision_of
from chronika.ports.source import Refusal, SourceOptions

TEXT = "Парламент Латвии одобрил договор с Исландией.\n\nДокумент вступит в силу осенью, сообщил спикер.\n"
PAGE = (
    "<html><head><title>Сейм</title></head><body><article><h1>Сейм одобрил договор</h1>"
    "<p>Парламент Латвии одобрил договор с Исландией о совместной охране рыбных запасов.</p></article></body></html>"
)
LINES = "".join(
    json.dumps({"id": f"n{number}", "text": f"Новость номер {number} из Риги."}, ensure_ascii=False) + "\n"
    for number in (1, 2, 3)
)


def test_a_text_file_is_one_document_kept_letter_for_letter(read, write):
    (document,) = read(write("a.txt", TEXT))

    assert document.text == TEXT
    assert document.revision == revision_of(TEXT)
    assert document.source.origin.endswith("a.txt")
    assert document.source.encoding == "utf-8"
    assert document.source.warnings == ()
    assert len(document.source.minhash) == 128
    assert document.source.ingested == datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["Первая строка.\r\nВторая строка.\r\n", " date 2024-05-06 Рига встретила гостей.", "a\tb\x0c"]
)
def test_blanks_and_line_ends_of_a_text_stay(read, write, text):
    (document,) = read(write("a.txt", text))

    assert document.text == text


def test_json_lines_are_a_document_each_with_the_id_that_was_given(read, write):
    documents = read(write("a.jsonl", LINES))

    assert [document.id for document in documents] == ["n1", "n2", "n3"]
    assert documents[1].text == "Новость номер 2 из Риги."
    assert documents[1].source.origin.endswith("a.jsonl:2")


def test_a_folder_is_read_recursively_in_order_without_hidden_files(read, write, tmp_path):
    for name in ("b.txt", "a/z.txt", "a/.hidden.txt", ".git/x.txt", "c.jsonl"):
        write(name, LINES if name.endswith("jsonl") else f"{TEXT}{name}")

    origins = [Path(document.source.origin).name for document in read(str(tmp_path))]

    assert origins == ["z.txt", "b.txt", "c.jsonl:1", "c.jsonl:2", "c.jsonl:3"]


def test_a_link_to_a_folder_is_followed_and_a_circle_of_links_ends(read, write, tmp_path):
    write("articles/a.txt", TEXT)
    write("elsewhere/b.txt", TEXT + "b")
    (tmp_path / "articles" / "more").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "articles" / "circle").symlink_to(tmp_path / "articles")

    documents = read(str(tmp_path / "articles"))

    assert [Path(document.source.origin).name for document in documents] == ["a.txt", "b.txt"]


def test_a_pattern_names_files_and_folders(read, write, tmp_path):
    write("2024/a.txt", TEXT)
    write("2024/b.md", TEXT + "b")
    write("2025/deep/c.txt", TEXT + "c")

    assert len(read(str(tmp_path / "2024" / "*.txt"))) == 1
    assert len(read(str(tmp_path / "20??"))) == 3
    assert len(read(str(tmp_path / "**" / "*.txt"))) == 2


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(read, write):
    (document,) = read(write("news[1].txt", TEXT))

    assert document.text == TEXT


@pytest.mark.parametrize(("content", "texts"), [(TEXT, 1), (LINES, 3), (PAGE, 1)])
@pytest.mark.parametrize("is_packed", [False, True])
def test_standard_input_is_told_apart_by_what_it_holds(source, content, texts, is_packed):
    data = gzip.compress(content.encode()) if is_packed else content.encode()

    documents = list(source(["-"], SourceOptions(standard_input=io.BytesIO(data))))

    assert len(documents) == texts
    assert all(isinstance(document, Document) for document in documents)
    assert documents[0].source.origin.startswith("-")
    assert "<p>" not in documents[0].text


@pytest.mark.parametrize(
    ("name", "content", "texts"), [("a.txt.gz", TEXT, 1), ("a.jsonl.gz", LINES, 3), ("a.html.gz", PAGE, 1)]
)
def test_packed_files_of_each_kind(read, write, name, content, texts):
    assert len(read(write(name, gzip.compress(content.encode())))) == texts


def test_a_packed_file_of_several_members_is_one_stream(read, write):
    first, second = LINES[:40].encode(), LINES[40:].encode()

    documents = read(write("a.jsonl.gz", gzip.compress(first) + gzip.compress(second)))

    assert [document.id for document in documents] == ["n1", "n2", "n3"]


def test_a_packed_file_is_known_by_its_bytes_too(read, write):
    (document,) = read(write("a.txt", gzip.compress(TEXT.encode())))

    assert document.text == TEXT


def test_the_order_is_that_of_the_sources(read, write):
    first, second = write("z.txt", TEXT), write("a.txt", TEXT + "a")

    assert [document.source.origin for document in read(first, second)] == [first, second]


def test_a_pipe_that_is_named_is_read(read, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(TEXT,))
    writer.start()
    (document,) = read(str(pipe))
    writer.join()

    assert document.text == TEXT


def test_what_the_operator_says_holds_where_the_article_is_silent(read, write):
    published = datetime(2024, 5, 6, tzinfo=ZoneInfo("Europe/Kyiv"))
    silent = write("a.txt", "Рада ухвалила закон про пошту.")
    speaking = write(
        "b.txt", "Рада ухвалила закон про пошту\n07.08.2023, 10:00\nЗакон підтримали 250 депутатів. (vesti.example)"
    )

    first, second = read(silent, speaking, published=published, published_day_only=True, outlet="Вісник")

    assert first.source.published == datetime(2024, 5, 5, 21, 0, tzinfo=UTC)
    assert first.source.published_zone == "Europe/Kyiv"
    assert first.source.published_precision is PublishedPrecision.DAY
    assert first.source.outlet == "Вісник"
    assert second.source.published == datetime(2023, 8, 7, 10, 0, tzinfo=UTC)
    assert second.source.published_precision is PublishedPrecision.MINUTE
    assert second.source.outlet == "vesti.example"


@pytest.mark.parametrize("zone", ["Europe/Kyiv", "Europe/Kiev"])
def test_times_without_a_zone_are_of_the_zone_of_the_options(read_one, zone):
    page = (
        '<article><h1>Сенат відхилив кандидатуру</h1><time datetime="2025-03-01T00:20:00">01.03.2025 00:20</time>'
        "<p>Сенат Румунії вчора ввечері відхилив кандидатуру посла в Тунісі.</p></article>"
    )

    document = read_one(page, zone=zone)

    assert document.source.published == datetime(2025, 2, 28, 22, 20, tzinfo=UTC)
    assert document.source.published_zone == zone


@pytest.mark.parametrize("zone", ["Europe/Kyyiv", "", "Europe", "../etc/localtime", "Київ"])
def test_an_unknown_zone_is_an_error_before_anything_is_read(source, zone):
    with pytest.raises(ConfigurationError) as caught:
        source(["a.txt"], SourceOptions(zone=zone))

    assert caught.value.code == "unknown-zone"
    assert "Europe/Kyiv" in caught.value.cure


def test_the_id_is_made_of_content_so_that_the_same_article_is_the_same_document(read, write):
    twice = read(write("a.txt", TEXT), write("b.txt", TEXT))
    elsewhere = read(write("a.txt", TEXT), outlet="Другая газета")

    assert twice[0].id == twice[1].id
    assert elsewhere[0].id != twice[0].id


def test_the_address_is_the_identity_when_it_names_a_page(read_one):
    def line(text: str, source: str) -> str:
        return json.dumps({"text": text, "source": source}) + "\n"

    first = read_one(line("Сейм принял закон.", "https://Vesti.Example/n/1/?utm_source=tg#top"))
    revised = read_one(line("Сейм принял закон о почте.", "https://vesti.example/n/1"))
    site = read_one(line("Сейм принял закон.", "https://vesti.example/"))
    other = read_one(line("Сейм принял другой закон.", "https://vesti.example"))

    assert first.id == revised.id
    assert first.revision != revised.revision
    assert first.source.url == "https://vesti.example/n/1"
    assert first.source.outlet == site.source.outlet == "vesti.example"
    assert site.source.url == ""
    assert len({first.id, site.id, other.id}) == 3


def test_counting_tells_how_many_articles_there_are(source, write, tmp_path):
    write("a.txt", TEXT)
    write("b.jsonl", "\n" + LINES + "\n \n" + LINES.strip())
    write("c.html", PAGE)
    write("d.txt", "")

    assert source.count([str(tmp_path), "missing.txt"]) == 1 + 6 + 1 + 1 + 1
    assert source.count(["-"]) is None
    assert source.count([write("e.txt.gz", gzip.compress(TEXT.encode()))]) == 1
    assert source.count([write("f.jsonl.gz", gzip.compress(LINES.encode()))]) is None


def test_counting_reads_lines_in_blocks(source, write):
    lines = "".join(f'{{"id":"{number}","text":"{"я" * 40_000}"}}\n' for number in range(60))

    assert source.count([write("big.jsonl", lines)]) == 60


def test_nothing_that_is_named_is_passed_over_in_silence(read, write, tmp_path):
    (tmp_path / "none").mkdir()
    sources = ["missing.txt", str(tmp_path / "none"), str(tmp_path / "*.zip"), "https://vesti.example/a", ""]

    results = read(*sources)

    assert all(isinstance(result, Refusal) and result.cure for result in results)
    assert [result.code for result in results] == [
        "missing-file",
        "no-match",
        "no-match",
        "address-not-fetched",
        "missing-file",
    ]
    assert [result.origin for result in results] == sources
