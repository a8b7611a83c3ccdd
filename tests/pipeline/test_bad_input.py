"""Bad input, by command: each bad thing among ten good articles, which are all stored, in bounded memory.

What cannot be read is refused with its code and a cure; what can be read with a loss is stored with a warning.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import IO, Any

import psutil
import pytest
from typer.testing import CliRunner, Result

from chronika.cli.main import app
from chronika_ingest.refusals import CURES

CHRONIKA = Path(sys.executable).with_name("chronika")
PATIENCE = 300
"""Seconds after which a run hangs."""
MOST_MEMORY = 1_000_000_000
"""Bytes that all processes of a run may hold together."""

GOOD = {
    "Министры Латвии и Эстонии встретились в Риге": "Министр обороны Латвии встретился в Риге с коллегой из Эстонии. "
    "Они подписали соглашение об охране границы.",
    "Парламент Чехии осудил удары по Одессе": "Парламент Чехии осудил удары по Одессе. Депутаты потребовали созвать "
    "Совет Безопасности ООН.",
    "Полиция задержала участников митинга в Тбилиси": "Полиция Грузии задержала в Тбилиси двадцать участников митинга. "
    "Оппозиция обвинила власти в насилии.",
    "Канада ввела санкции против чиновников Белоруссии": "Канада ввела санкции против восьми чиновников Белоруссии. "
    "Минск пообещал ответить.",
    "Суд в Алма-Ате оправдал журналиста": "Суд в Алма-Ате оправдал журналиста, которого обвиняли в клевете. "
    "Прокуратура Казахстана обжалует решение.",
    "Польща передала Україні генератори": "Польща передала Україні сорок генераторів. Прем'єр Польщі пообіцяв "
    "надіслати ще стільки ж.",
    "Мешканці Кишинева вийшли на протест": "Мешканці Кишинева вийшли на протест проти підвищення тарифів. Поліція "
    "Молдови нікого не затримала.",
    "Президент Литви відхилив пропозицію Мінська": "Президент Литви відхилив пропозицію Мінська відкрити кордон. "
    "Він зустрінеться з прем'єром Латвії у вівторок.",
    "Туреччина засудила обстріл порту": "Туреччина засудила обстріл порту в Ізмаїлі. Міністр закордонних справ "
    "зателефонував колезі з Румунії.",
    "У Харкові суд засудив розвідника до десяти років": "Суд у Харкові засудив розвідника до десяти років в'язниці. "
    "Адвокат оскаржить вирок.",
}
"""Ten articles: title -> body."""

PROSE = "Правительство Латвии в среду одобрило договор с Исландией о рыбных запасах, сообщил министр. "
LARGE = PROSE * (50_000_000 // len(PROSE.encode()) + 1)
NAVIGATION = (
    "<html><body><nav><a href='/a'>Новости</a> <a href='/b'>Политика</a></nav><form><input name='login'>Вход</form>"
    "<footer>© 2024 Вести. Все права защищены.</footer></body></html>"
)
LINES = (
    '{"id": "line-1", "text": "Литва открыла посольство."}\n{"id": "line-2", "text": \n{"id": "line-3", "text": "х"}\n'
)


def ten_gigabytes_of_nothing() -> bytes:
    """Gzip members of zeros, one after the other, as a gzip file may hold them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    member = packer.compress(bytes(10_000_000)) + packer.flush()
    return member * 1_000


BAD_FILES = {
    "empty.txt": (b"", "empty"),
    "large.txt": (LARGE.encode(), "too-large"),
    "large.html": (f"<html><body><article><p>{LARGE}</p></article></body></html>".encode(), "too-large"),
    "large.jsonl": (json.dumps({"id": "large", "text": LARGE}, ensure_ascii=False).encode(), "too-large"),
    "photo.jpg": (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 50, "binary"),
    "noise.txt": (bytes((n * 7919 + n * n) % 256 for n in range(20_000)), "binary"),
    "dos.txt": (PROSE.encode("cp866"), "unknown-encoding"),
    "navigation.html": (NAVIGATION.encode(), "no-article"),
    "lines.jsonl": (LINES.encode(), "bad-json-line"),
    "bomb.txt.gz": (ten_gigabytes_of_nothing(), "unpacked-too-large"),
    "bomb.jsonl.gz": (ten_gigabytes_of_nothing(), "unpacked-too-large"),
    "missing.txt": (None, "missing-file"),
}
"""File -> what it holds (None: it is not there), and the code that it is refused with."""


@dataclass(frozen=True)
class Run:
    """A finished `chronika run`: what it printed, and the most that its processes held together, in bytes."""

    exit_code: int
    stdout: str
    stderr: str
    peak: int

    @property
    def last_line(self) -> str:
        return self.stdout.splitlines()[-1]

    @property
    def counts(self) -> dict[str, int]:
        """The numbers of the last line, without its reasons."""
        line = re.sub(r"\([^)]*\)", "", self.last_line)
        return {word: int(number) for word, number in re.findall(r"(\w[a-z ]*?) (\d+)", line)}

    @property
    def reasons(self) -> dict[str, int]:
        """Code -> how many inputs were refused with it, by the last line."""
        within = re.search(r"refused \d+ \(([^)]*)\)", self.last_line)
        return {code: int(count) for code, count in re.findall(r"([\w-]+) (\d+)", within[1] if within else "")}

    @property
    def losses(self) -> dict[str, tuple[str, str]]:
        """Name of a file -> code and what was said of it."""
        told = re.findall(r"^refused  (.+?)  (\S+)\n  (.+)$", self.stderr, re.MULTILINE)
        return {Path(origin).name: (code, words) for origin, code, words in told}


class Desk:
    """A folder with the ten good articles, and the store that they are read into; it may begin as a copy of another."""

    def __init__(self, folder: Path, *, store: str = "store.db", copied: Path | None = None) -> None:
        self.folder = folder
        self.articles = folder / "articles"
        self.store = folder / store
        self.articles.mkdir()
        if copied is not None:
            self.store.parent.mkdir(exist_ok=True)
            shutil.copyfile(copied, self.store)
        for number, (title, body) in enumerate(GOOD.items()):
            self.write(f"good{number}.txt", f"{title}\n\n{body}\n".encode())

    def write(self, name: str, content: bytes) -> None:
        (self.articles / name).write_bytes(content)

    def run(self, *arguments: str, workers: int = 1, stdin: bytes | None = None, prefix: Sequence[str] = ()) -> Run:
        """The real command, in a process of its own."""
        command = [*prefix, str(CHRONIKA), "run", *arguments, "--store", str(self.store), "--workers", str(workers)]
        return finished(command, self.folder, stdin)

    def ask(self, *arguments: str) -> Result:
        """A question to the store, in this process."""
        return CliRunner().invoke(app, [*arguments, "--store", str(self.store)], prog_name="chronika")

    def documents(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.ask("documents", "--format", "json").stdout.splitlines()]

    def triggers(self, document_id: str) -> list[dict[str, Any]]:
        """Text, start and end of the triggers of a document's events."""
        options = ("--background", "--denied", "--limit", "10000", "--format", "json")
        lines = self.ask("query", "events", *options).stdout.splitlines()
        events = (json.loads(line) for line in lines)
        return [event["trigger"] for event in events if event["document"]["id"] == document_id]

    def origins(self) -> dict[str, tuple[dict[str, Any], str]]:
        """Name of a file (with the line) -> the document that came of it, and its trace."""
        found = {}
        for document in self.documents():
            trace = self.ask("trace", document["document_id"]).stdout
            for path in re.findall(re.escape(str(self.articles)) + r"/([\w.:-]+)", trace):
                found[path] = (document, trace)
        return found

    def holds_the_good(self) -> bool:
        """Whether all ten good articles are stored, with events."""
        return set(GOOD) <= {found["title"] for found in self.documents() if found["events"]}


def finished(command: Sequence[str], folder: Path, stdin: bytes | None) -> Run:
    """Runs a command to its end and watches the memory of its processes."""
    settings = {name: value for name, value in os.environ.items() if not name.startswith("CHRONIKA_")}
    with (folder / "stdout").open("w+b") as out, (folder / "stderr").open("w+b") as err:
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=out, stderr=err, cwd=folder, env=settings, start_new_session=True
        ) as process:
            try:
                assert process.stdin is not None
                process.stdin.write(stdin or b"")
                process.stdin.close()
                peak = most_memory(process)
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, 9)
        return Run(process.returncode, text_of(out), text_of(err), peak)


def text_of(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


def most_memory(process: subprocess.Popen[bytes]) -> int:
    """Waits for the end of a process; the most that it and its children held, in bytes."""
    watched = psutil.Process(process.pid)
    end = time.monotonic() + PATIENCE
    most = 0
    while process.poll() is None:
        assert time.monotonic() < end, "the run hangs"
        most = max(most, sum(held_by(watched)))
        time.sleep(0.02)
    return most


def held_by(watched: psutil.Process) -> Iterator[int]:
    try:
        family = [watched, *watched.children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for process in family:
        try:
            yield process.memory_info().rss
        except psutil.NoSuchProcess:
            continue


@pytest.fixture(scope="module")
def desk_of_the_unreadable(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("unreadable"))
    for name, (content, _) in BAD_FILES.items():
        if content is not None:
            desk.write(name, content)
    return desk


@pytest.fixture(scope="module")
def unreadable(desk_of_the_unreadable: Desk) -> Run:
    """One run over ten good articles and everything that is refused."""
    desk = desk_of_the_unreadable
    return desk.run(str(desk.articles), str(desk.articles / "missing.txt"), workers=2)


@pytest.mark.parametrize("name", BAD_FILES)
def test_what_cannot_be_read_is_refused_with_its_code_and_a_cure(unreadable: Run, name: str) -> None:
    origin = "lines.jsonl:2" if name == "lines.jsonl" else "large.jsonl:1" if name == "large.jsonl" else name
    code, words = unreadable.losses[origin]
    assert code == BAD_FILES[name][1]
    assert name in words
    assert words.endswith(f". {CURES[code]}")


def test_the_good_ones_beside_them_are_stored(unreadable: Run, desk_of_the_unreadable: Desk) -> None:
    assert desk_of_the_unreadable.holds_the_good()
    assert {"line-1", "line-3"} < {document["document_id"] for document in desk_of_the_unreadable.documents()}


def test_the_last_line_balances_and_counts_each_reason(unreadable: Run) -> None:
    expected: dict[str, int] = {}
    for _, code in BAD_FILES.values():
        expected[code] = expected.get(code, 0) + 1
    refused = len(BAD_FILES)
    assert unreadable.reasons == expected
    assert unreadable.counts == {
        "inputs": 12 + refused,
        "stored": 12,
        "unchanged": 0,
        "refused": refused,
        "dead letters": 0,
    }
    assert unreadable.exit_code == 3
    assert "Traceback" not in unreadable.stderr


def test_memory_stays_bounded(unreadable: Run) -> None:
    assert 50_000_000 < unreadable.peak <= MOST_MEMORY


# What can be read, with a loss or without.

LONG_SENTENCE = (
    "Президент Чехии осудил удары по городу, "
    + "а потом говорил о погоде, о лесах и полях, о дорогах и мостах, о том и об этом, " * 4
) * 300 + "и всё."
"""More than 100,000 characters, hundreds of events, and no end of the sentence."""
RIGHT_TO_LEFT = "Президент\u202e Грузии\u202c осудил удары по порту. «שלום», сказал он журналистам."
ZERO_WIDTH = "Пре\u200bзидент Грузии осу\u200bдил удары по порту, со\u2060общила его канцелярия.\ufeff"
DAMAGED = "Президент Грузии осудил удары по порту, сообщила его канцелярия в {mark} Тбилиси."

FIRST = "Венгрия и Словакия подписали соглашение о газе."
SECOND = "Полиция Венгрии задержала участников митинга в Будапеште."

ODD_FILES: dict[str, tuple[bytes, str]] = {
    "windows.txt": (DAMAGED.format(mark="городе").encode("cp1251"), "windows-1251"),
    "invalid.txt": (DAMAGED.encode().replace(b"{mark}", b"\xff\xfe"), "replaced-invalid-utf8"),
    "surrogates.jsonl": (
        json.dumps({"id": "surrogates", "text": DAMAGED.format(mark="\ud800\udbff")}).encode(),
        "replaced-lone-surrogate",
    ),
    "nul.txt": (DAMAGED.format(mark="\x00").encode(), "replaced-nul"),
    "right-to-left.txt": (RIGHT_TO_LEFT.encode(), "bidirectional-controls"),
    "zero-width.txt": (ZERO_WIDTH.encode(), "zero-width-characters"),
    "long-sentence.txt": (LONG_SENTENCE.encode(), "cut before the parser"),
    "bulgarian.txt": ("Правителството прие днес новия закон за пенсиите, съобщи министърът.".encode(), "other"),
    "english.txt": (
        b"The president of Georgia condemned the strikes on the port on Tuesday, his office said.",
        "other",
    ),
}
"""File -> what it holds, and what the trace of its document must say."""
ARE_READ = [name for name, (_, told) in ODD_FILES.items() if told != "other"]


@pytest.fixture(scope="module")
def desk_of_the_odd(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("odd"))
    for name, (content, _) in ODD_FILES.items():
        desk.write(name, content)
    desk.write("revised.jsonl", json.dumps({"id": "revised", "text": FIRST}).encode())
    return desk


@pytest.fixture(scope="module")
def odd(desk_of_the_odd: Desk) -> Run:
    """One run over ten good articles and everything that is odd."""
    return desk_of_the_odd.run(str(desk_of_the_odd.articles), workers=2)


@pytest.fixture(scope="module")
def origins(odd: Run, desk_of_the_odd: Desk) -> dict[str, tuple[dict[str, Any], str]]:
    assert odd.exit_code == 0, odd.stderr
    return {name.partition(":")[0]: found for name, found in desk_of_the_odd.origins().items()}


def test_all_that_can_be_read_is_stored(odd: Run, desk_of_the_odd: Desk) -> None:
    total = 10 + len(ODD_FILES) + 1
    assert odd.last_line == f"inputs {total} = stored {total} + unchanged 0 + refused 0 + dead letters 0"
    assert odd.exit_code == 0
    assert desk_of_the_odd.holds_the_good()
    assert odd.peak <= MOST_MEMORY
    assert desk_of_the_odd.store.stat().st_size < 20_000_000, "events of a long sentence do not each hold all of it"


@pytest.mark.parametrize("name", ODD_FILES)
def test_the_trace_tells_what_was_odd(origins: dict[str, tuple[dict[str, Any], str]], name: str) -> None:
    told = ODD_FILES[name][1]
    _, trace = origins[name]
    assert told in trace
    others = {said for _, said in ODD_FILES.values()} - {told}
    assert not [said for said in others if said in trace], "and nothing else"


@pytest.mark.parametrize("name", ARE_READ)
def test_events_are_found_in_what_is_odd(
    origins: dict[str, tuple[dict[str, Any], str]], desk_of_the_odd: Desk, name: str
) -> None:
    document, _ = origins[name]
    assert document["language"] == "ru"
    words = {trigger["text"].replace("\u200b", "") for trigger in desk_of_the_odd.triggers(document["document_id"])}
    assert {"осудил", "удары"} <= words


@pytest.mark.parametrize("name", ["invalid.txt", "surrogates.jsonl", "nul.txt"])
def test_what_is_replaced_moves_nothing(
    origins: dict[str, tuple[dict[str, Any], str]], desk_of_the_odd: Desk, name: str
) -> None:
    marks = {"invalid.txt": "\ufffd\ufffd", "surrogates.jsonl": "\ufffd\ufffd", "nul.txt": "\ufffd"}
    text = DAMAGED.format(mark=marks[name])
    document, _ = origins[name]
    triggers = desk_of_the_odd.triggers(document["document_id"])
    assert triggers
    for trigger in triggers:
        assert text[trigger["start"] : trigger["end"]] == trigger["text"]


def test_another_language_is_stored_without_events(origins: dict[str, tuple[dict[str, Any], str]]) -> None:
    for name in set(ODD_FILES) - set(ARE_READ):
        document, _ = origins[name]
        assert (document["language"], document["events"]) == ("other", 0)


# The same id with another text.


def test_another_text_under_the_same_id_is_a_new_revision(tmp_path: Path, odd: Run, desk_of_the_odd: Desk) -> None:
    assert "подписали" in {trigger["text"] for trigger in desk_of_the_odd.triggers("revised")}
    desk = Desk(tmp_path, copied=desk_of_the_odd.store)
    desk.write("revised.jsonl", json.dumps({"id": "revised", "text": SECOND}).encode())

    run = desk.run(str(desk.articles))

    assert run.last_line == "inputs 11 = stored 1 + unchanged 10 + refused 0 + dead letters 0"
    assert run.exit_code == 0
    (document,) = [found for found in desk.documents() if found["document_id"] == "revised"]
    assert document["revisions"] == 2
    triggers = desk.triggers("revised")
    assert "задержала" in {trigger["text"] for trigger in triggers}
    assert all(SECOND[trigger["start"] : trigger["end"]] == trigger["text"] for trigger in triggers), "none of the old"
    assert desk.holds_the_good()


# Stores that cannot be written.

OBEY_PERMISSIONS = """
import ctypes, os, sys
control = ctypes.CDLL(None).prctl
if os.geteuid() == 0:
    for capability in (1, 2):  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: with them root writes anywhere
        if control(23, capability, 0, 0, 0) == 1 and control(24, capability, 0, 0, 0) != 0:  # PR_CAPBSET_READ, _DROP
            sys.exit("the capability cannot be dropped")
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Runs a command to which permissions apply, whoever runs the tests."""


@pytest.fixture
def read_only_desk(tmp_path: Path, odd: Run, desk_of_the_odd: Desk) -> Iterator[Desk]:
    """The good articles, stored in a folder that nobody may write."""
    desk = Desk(tmp_path, store="closed/store.db", copied=desk_of_the_odd.store)
    desk.store.chmod(0o444)
    desk.store.parent.chmod(0o555)
    yield desk
    desk.store.parent.chmod(0o755)


def test_a_store_that_may_not_be_written_ends_the_run_with_a_cure(read_only_desk: Desk) -> None:
    desk = read_only_desk
    held = desk.documents()
    desk.write("new.txt", PROSE.encode())

    run = desk.run(str(desk.articles), prefix=[sys.executable, "-c", dedent(OBEY_PERMISSIONS)])

    assert run.exit_code == 5
    told, cure = run.stderr.splitlines()[-2:]
    assert told.startswith(f"store-read-only: {desk.store}: ")
    assert cure == "Give a store in a folder that may be written, or allow writing there."
    assert run.stdout == ""
    assert desk.documents() == held, "and what it holds can still be read"
    assert desk.holds_the_good()


# Other ways to name the sources.


def test_standard_input_and_patterns_are_sources(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.write("other.html", NAVIGATION.encode())
    article = f"Премьер Исландии прибыла в Осло\n\n{PROSE}".encode()
    names = ("-", f"{desk.articles}/good?.txt", f"{desk.articles}/*.jsonl")

    run = desk.run(*names, "--published", "2025-08-22", "--source", "Вестник", stdin=article)

    assert run.last_line == "inputs 12 = stored 11 + unchanged 0 + refused 1 (no-match 1) + dead letters 0"
    assert run.exit_code == 3
    assert desk.holds_the_good()
    (document,) = [found for found in desk.documents() if found["title"] not in GOOD]
    assert document["title"] == "Премьер Исландии прибыла в Осло"
    assert (document["outlet"], document["published"][:10]) == ("Вестник", "2025-08-22")
