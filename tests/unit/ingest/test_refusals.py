"""Bad input: each kind among ten good articles, which are all stored, refused with its code and a cure."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import textwrap
import zlib
from pathlib import Path

import pytest

from chronika.domain.document import Document
from chronika.ports.source import Refusal
from chronika_ingest.refusals import CURES

GOOD = "Статья номер {number}.\n\nПравительство Латвии одобрило договор с Исландией, сообщил министр."
PROSE = "Правительство Латвии в среду одобрило договор с Исландией о рыбных запасах, сообщил министр. "
MANY_CAPITALS = "Яна Яковлева и Зоя Ясинская прибыли в Ярославль. Мария Юрьева встретила их на площади Юности. " * 2
NAVIGATION = (
    "<html><body><nav><a href='/a'>Новости</a> <a href='/b'>Политика</a></nav><form><input name='login'>Вход</form>"
    "<footer>© 2024 Вести. Все права защищены.</footer></body></html>"
)
LIST_PAGE = (
    "<html><body>"
    + "".join(f"<div><a href='/{n}'>Парламент Латвии одобрил договор номер {n}.</a></div>" for n in range(30))
    + "</body></html>"
)
SCRIPT_PAGE = (
    "<html><body><div id='root'></div><script>var text = 'Парламент одобрил договор. Это текст статьи.';</script>"
    "<noscript>Включите, пожалуйста, JavaScript: без него эта страница не работает.</noscript></body></html>"
)

BAD_FILES = [
    ("empty.txt", b"", "empty"),
    ("empty.html", b"", "empty"),
    ("empty.jsonl", b"", "empty"),
    ("blank.txt", " \n\t\u200b\ufeff\n\u00a0".encode(), "empty"),
    ("blank.jsonl", b"\n\n  \n", "empty"),
    ("large.txt", PROSE.encode() * 400_000, "too-large"),
    ("large.html", b"<html><body><p>" + PROSE.encode() * 400_000, "too-large"),
    ("photo.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 50, "binary"),
    ("paper.pdf", b"%PDF-1.7\n" + PROSE.encode(), "binary"),
    ("office.docx", b"PK\x03\x04\x14\x00" + PROSE.encode(), "binary"),
    ("noise.txt", bytes((n * 7919 + n * n) % 256 for n in range(20_000)), "binary"),
    ("zeros.txt", bytes(10_000), "binary"),
    ("utf16.txt", PROSE.encode("utf-16-le"), "binary"),
    ("cp866.txt", PROSE.encode("cp866"), "unknown-encoding"),
    ("iso.txt", PROSE.encode("iso8859-5"), "unknown-encoding"),
    ("mac.txt", MANY_CAPITALS.encode("mac-cyrillic"), "unknown-encoding"),
    (
        "latin.txt",
        "Der Präsident erklärte, daß die Größe der Änderung für fünf Jahre gälte.".encode("latin-1"),
        "unknown-encoding",
    ),
    ("japanese.txt", "首相は記者会見で新しい経済対策を発表した。".encode("shift-jis"), "unknown-encoding"),
    ("navigation.html", NAVIGATION.encode(), "no-article"),
    ("list.html", LIST_PAGE.encode(), "no-article"),
    ("script.html", SCRIPT_PAGE.encode(), "no-article"),
    ("bare.html", b"<html></html>", "no-article"),
    ("deep.html", b"<div>" * 100_000 + PROSE.encode(), "no-article"),
    ("attributes.html", b"<p " + b" ".join(b"a%d=1" % n for n in range(50_000)) + b">" + PROSE.encode(), "no-article"),
    ("elements.html", b"<html><body>" + b"<b>a</b>" * 50_000 + PROSE.encode(), "too-large"),
    ("broken.jsonl", b'{"id": "1", "text": "\n', "bad-json-line"),
    ("words.jsonl", PROSE.encode(), "bad-json-line"),
    ("array.jsonl", b'["a", "b"]\n', "bad-json-line"),
    ("deep.jsonl", b'{"text": ' + b"[" * 100_000 + b"\n", "bad-json-line"),
    ("number.jsonl", b'{"text": "a", "id": ' + b"1" * 10_000 + b"}\n", "bad-json-line"),
    ("none.jsonl", b'{"id": "1", "title": "a"}\n', "no-text"),
    ("null.jsonl", b'{"id": "1", "text": null}\n', "no-text"),
    ("list.jsonl", b'{"id": "1", "text": ["a"]}\n', "no-text"),
    ("blanktext.jsonl", b'{"id": "1", "text": " \\n"}\n', "empty"),
    ("id.jsonl", b'{"id": {"a": 1}, "text": "a"}\n', "bad-field"),
    ("longid.jsonl", b'{"id": "' + b"x" * 600 + b'", "text": "a"}\n', "bad-field"),
    ("array.json", b'[\n {"text": "a"}\n]\n', "not-json-lines"),
    ("object.json", b'{\n "text": "a"\n}\n', "not-json-lines"),
    ("table.csv", "заголовок,текст\nа,б\n".encode(), "unsupported-format"),
    (
        "feed.xml",
        "<?xml version='1.0'?><rss><channel><item><title>Сейм</title></item></channel></rss>".encode(),
        "unsupported-format",
    ),
    ("feed.txt", "<rss version='2.0'><channel><title>Вести</title></channel></rss>".encode(), "unsupported-format"),
    ("web.warc", b"WARC/1.0\r\nWARC-Type: response\r\n", "unsupported-format"),
    ("name.gz", PROSE.encode(), "corrupt-archive"),
    ("cut.txt.gz", gzip.compress(PROSE.encode() * 100)[:-12], "corrupt-archive"),
    ("garbled.txt.gz", gzip.compress(os.urandom(5_000))[:2_000] + bytes(3_000), "corrupt-archive"),
    ("twice.txt.gz", gzip.compress(gzip.compress(PROSE.encode())), "binary"),
    ("empty.txt.gz", gzip.compress(b""), "empty"),
    ("large.txt.gz", gzip.compress(PROSE.encode() * 100_000), "unpacked-too-large"),
]


@pytest.mark.parametrize(("name", "content", "code"), BAD_FILES, ids=[name for name, _, _ in BAD_FILES])
def test_a_bad_file_is_refused_and_its_neighbours_are_read(read, write, tmp_path, name, content, code):
    for number in range(5):
        write(f"{number}.txt", GOOD.format(number=number))
        write(f"zz{number}.txt", GOOD.format(number=number + 5))
    write(name, content)

    results = read(str(tmp_path))

    assert sum(isinstance(result, Document) for result in results) == 10
    (refusal,) = [result for result in results if isinstance(result, Refusal)]
    assert refusal.code == code
    assert refusal.cure == CURES[code]
    assert name in refusal.origin
    assert name in refusal.message


def test_a_bad_line_is_refused_and_the_lines_around_it_are_read(read, write):
    lines = [
        '{"id": "1", "text": "Первая."}',
        "{",
        '{"id": "3", "text": "Третья."}',
        "null",
        '{"id": "5", "text": "Пятая."}',
    ]

    results = read(write("a.jsonl", "\n".join(lines)))

    assert [result.id if isinstance(result, Document) else result.code for result in results] == [
        "1",
        "bad-json-line",
        "3",
        "bad-json-line",
        "5",
    ]
    assert results[1].origin.endswith("a.jsonl:2")


def test_a_line_that_is_too_long_is_read_past(read, write):
    lines = b'{"id": "1", "text": "a"}\n{"id": "2", "text": "' + b"x" * 3_000_000 + b'"}\n{"id": "3", "text": "b"}\n'

    results = read(write("a.jsonl", lines), max_article_bytes=500_000)

    assert [result.id if isinstance(result, Document) else result.code for result in results] == ["1", "too-large", "3"]


def test_the_text_of_a_line_is_measured_apart_from_its_other_fields(read, write):
    long_text = json.dumps({"id": "1", "text": "я" * 300_000})
    many_events = json.dumps({"id": "2", "text": "я", "events": ["x" * 100] * 10_000})

    results = read(write("a.jsonl", f"{long_text}\n{many_events}\n"), max_article_bytes=500_000)

    assert results[0].code == "too-large"
    assert results[1].id == "2"


def test_what_a_cut_archive_still_gives_is_kept(read, write):
    lines = "".join(f'{{"id": "{n}", "text": "{os.urandom(20).hex()}"}}\n' for n in range(2_000)).encode()

    results = read(write("a.jsonl.gz", gzip.compress(lines)[:-4_000]))

    assert [result.id for result in results[:-1]] == [str(n) for n in range(len(results) - 1)]
    assert len(results) > 1_000
    assert results[-1].code == "corrupt-archive"


def test_a_file_that_is_larger_than_any_may_be_is_not_opened(read, write, tmp_path):
    path = Path(write("sparse.jsonl", b""))
    with path.open("r+b") as file:
        file.truncate(3_000_000_000)

    (refusal,) = read(str(path))

    assert refusal.code == "too-large"
    assert "3,000,000,000" in refusal.message


def test_a_closed_standard_input_is_missing(read, monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)

    (refusal,) = read("-")

    assert refusal.code == "missing-file"


def test_a_pipe_inside_a_folder_is_not_waited_for(read, write, tmp_path):
    write("a.txt", GOOD)
    os.mkfifo(tmp_path / "pipe")

    results = read(str(tmp_path))
    by_pattern = read(str(tmp_path / "p*"))

    assert [type(result) for result in results] == [Document, Refusal]
    assert results[1].code == by_pattern[0].code == "not-regular"


def test_a_link_that_leads_nowhere_is_missing(read, write, tmp_path):
    write("a.txt", GOOD)
    (tmp_path / "link.txt").symlink_to(tmp_path / "nothing.txt")

    assert [getattr(result, "code", "") for result in read(str(tmp_path))] == ["", "missing-file"]


def test_what_cannot_be_read_is_refused_with_the_reason(read, write, monkeypatch):
    path = write("a.txt", GOOD)
    original = Path.open

    def deny(self: Path, *arguments: object, **options: object) -> object:
        if self == Path(path):
            raise PermissionError(13, "Permission denied")
        return original(self, *arguments, **options)

    monkeypatch.setattr(Path, "open", deny)
    (refusal,) = read(path)

    assert refusal.code == "unreadable-file"
    assert "Permission denied" in refusal.message


def test_a_folder_that_may_not_be_listed_is_refused(read, write, tmp_path, monkeypatch):
    write("a.txt", GOOD)
    write("closed/b.txt", GOOD)
    original = Path.iterdir

    def deny(self: Path) -> object:
        if self.name == "closed":
            raise PermissionError(13, "Permission denied")
        return original(self)

    monkeypatch.setattr(Path, "iterdir", deny)

    assert [getattr(result, "code", "") for result in read(str(tmp_path))] == ["", "unreadable-file"]


def test_names_that_are_no_unicode_do_not_stop_a_run(read, tmp_path):
    name = os.fsencode(tmp_path) + b"/\xcd\xee\xe2\xee\xf1\xf2\xfc.txt"
    Path(os.fsdecode(name)).write_text(GOOD, encoding="utf-8")
    Path(os.fsdecode(name + b".pdf")).write_bytes(b"%PDF-")

    document, refusal = read(str(tmp_path))

    document.source.origin.encode()
    (refusal.origin + refusal.message).encode()
    assert refusal.code == "binary"


def test_every_code_has_a_cure_that_reads_as_a_sentence():
    for code, cure in CURES.items():
        assert code == code.lower()
        assert cure[0].isupper(), code
        assert cure.endswith("."), code
        assert len(cure) < 120, code


MEASURE = """
import re, sys, time
from chronika_ingest import SOURCE
from chronika.ports.source import Refusal, SourceOptions
started = time.monotonic()
codes = [result.code if isinstance(result, Refusal) else "" for result in SOURCE([sys.argv[1]], SourceOptions())]
peak = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) // 1024
print(len(codes), sorted(set(codes)), round(time.monotonic() - started, 1), peak, sep="|")
"""


def measured(path: str) -> tuple[int, str, float, int]:
    """How many results, which codes, seconds, peak memory in MB, in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(MEASURE), path], capture_output=True, text=True, check=True
    )
    results, codes, seconds, peak = run.stdout.strip().split("|")
    return int(results), codes, float(seconds), int(peak)


@pytest.mark.parametrize("name", ["bomb.gz", "bomb.txt.gz", "bomb.html.gz", "bomb.jsonl.gz"])
def test_a_file_that_unpacks_to_ten_gigabytes_is_refused_at_once_in_little_memory(write, name):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    member = packer.compress(bytes(10_000_000)) + packer.flush()

    results, codes, seconds, peak = measured(write(name, member * 1_000))

    assert (results, codes) == (1, "['unpacked-too-large']")
    assert seconds < 5
    assert peak < 200


def test_json_lines_that_unpack_without_end_stop_at_the_trap(write):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    line = json.dumps({"id": "1", "text": "Сейм принял закон.", "events": ["x" * 1_000_000]}).encode() + b"\n"
    member = packer.compress(line * 20) + packer.flush()

    results, codes, seconds, peak = measured(write("bomb.jsonl.gz", member * 500))

    assert codes == "['', 'unpacked-too-large']"
    assert 90 < results < 130
    assert seconds < 20
    assert peak < 200


def test_json_lines_are_streamed(write, tmp_path):
    path = tmp_path / "long.jsonl"
    line = json.dumps({"id": "1", "text": "Сейм принял закон.", "events": ["x" * 1_000] * 1_000}).encode() + b"\n"
    with path.open("wb") as file:
        for _ in range(300):
            file.write(line)
        file.write(b'{"id": "2", "text": "' + b"x" * 100_000_000 + b'"}\n')
        file.write(line)

    results, codes, _, peak = measured(str(path))

    assert (results, codes) == (302, "['', 'too-large']")
    assert peak < 250
