"""Kills, hangs, crashes and a full disk: in the end the store holds what an undisturbed run would have stored.

Three hundred short articles of our own are read by the real stages and by one more, the tripwire, which does nothing
but stumble over the documents that a test names. Every store is compared with that of a run that nobody disturbed, row
by row: documents, mentions, entities, events and the final state of the change feed. Clock columns and attempts may
differ.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, fields
from pathlib import Path
from textwrap import dedent

import psutil
import pytest

from chronika.domain.errors import StoreError
from chronika.ports.store import Store
from chronika.runtime.plugins import open_store
from chronika.testing.plug_ins import install_plug_in

pytestmark = pytest.mark.integration

SEED = 20250822
DOCUMENTS = 320
KILLS = 20
PATIENCE = 120.0
CLOCKS = {"ingested", "stored", "changed"}
STAGES = "language-detect,ner,event-extract,tripwire"
SMALL_TRANSACTIONS = {"CHRONIKA_COMMIT_DOCUMENTS": "8", "CHRONIKA_BATCH_DOCUMENTS": "4"}

FRAGMENT = bytes([0xFA, 0x3F, 0x04]) + b"seen"
"""Field 1023 of Document, which chronika.v1 does not use."""

TRIPWIRE = """
    import os
    import signal
    import time

    from chronika.domain.document import OpaqueLayer
    from chronika.ports.stage import StageSpec

    WIRES = dict(wire.split("=") for wire in os.environ.get("TRIPWIRES", "").split())

    def stumble(document):
        action = WIRES.get(document.id, "")
        if action == "hang":
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
            time.sleep(600)
        elif action == "exit":
            os._exit(3)
        return OpaqueLayer(bytes([0xFA, 0x3F, 0x04]) + b"seen")

    STAGE = StageSpec(
        name="tripwire",
        reads=frozenset({"source"}),
        adds="tripwire",
        version="1",
        load=lambda packs: lambda documents: [stumble(document) for document in documents],
    )
"""

RUN = """
    import json
    import os
    import resource
    import sys

    from chronika.domain.errors import ChronikaError
    from chronika.ports.source import SourceOptions
    from chronika.runtime.embedded import run_embedded
    from chronika.runtime.logs import configure_logging
    from chronika.runtime.settings import load_settings

    if "FILE_LIMIT" in os.environ:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(os.environ["FILE_LIMIT"]), resource.RLIM_INFINITY))
    settings = load_settings().values
    configure_logging(level=settings.log_level, log_format=settings.log_format)
    try:
        summary = run_embedded(settings, sys.argv[1:], SourceOptions())
    except ChronikaError as error:
        print(json.dumps({"error": error.code, "cure": error.cure}))
        sys.exit(1)
    print(json.dumps({
        "balances": summary.balances, "inputs": summary.inputs, "resumed": summary.resumed, "stored": summary.stored,
        "unchanged": summary.unchanged, "superseded": summary.superseded, "refused": summary.refused.total(),
        "dead_letters": [[stage, code, count] for (stage, code), count in summary.dead_letters.items()],
    }))
"""

# Sentences of our own; the blanks are filled with the words below. The same list in both languages.
SENTENCES = {
    "ru": (
        "Президент {state_of} осудил удары по городу.",
        "Премьер {state_of} встретился с послом {other_of} в столице.",
        "Министр обороны {state_of} обвинил {other} в нарушении границы.",
        "{state} и {other} подписали соглашение о торговле.",
        "Полиция {state_of} задержала {count} участников митинга.",
        "Парламент {state_of} не поддержал санкции против {other_of}.",
        "Если переговоры сорвутся, {state} закроет границу с соседями.",
        "«Мы готовы помочь», — заявил глава МИД {state_of} во вторник.",
        "По данным агентства, {state} передаст {count} машин скорой помощи.",
        "Жители вышли на улицы и потребовали отставки правительства {state_of}.",
        "Суд приговорил бывшего министра к {count} годам тюрьмы.",
        "Погода в регионе останется сухой до конца недели.",
    ),
    "uk": (
        "Президент {state_of} засудив удари по місту.",
        "Прем'єр {state_of} зустрівся з послом {other_of} у столиці.",
        "Міністр оборони {state_of} звинуватив {other} у порушенні кордону.",
        "{state} і {other} підписали угоду про торгівлю.",
        "Поліція {state_of} затримала {count} учасників мітингу.",
        "Парламент {state_of} не підтримав санкції проти {other_of}.",
        "Якщо переговори зірвуться, {state} закриє кордон із сусідами.",
        "«Ми готові допомогти», — заявив глава МЗС {state_of} у вівторок.",
        "За даними агентства, {state} передасть {count} машин швидкої допомоги.",
        "Мешканці вийшли на вулиці й вимагали відставки уряду {state_of}.",
        "Суд засудив колишнього міністра до {count} років в'язниці.",
        "Погода в регіоні залишиться сухою до кінця тижня.",
    ),
}
STATES = {
    "ru": (("Чехия", "Чехии"), ("Польша", "Польши"), ("Канада", "Канады"), ("Турция", "Турции"), ("Индия", "Индии")),
    "uk": (
        ("Чехія", "Чехії"),
        ("Польща", "Польщі"),
        ("Канада", "Канади"),
        ("Туреччина", "Туреччини"),
        ("Індія", "Індії"),
    ),
}


def articles() -> list[dict[str, str]]:
    """Articles of both languages. Every tenth repeats an earlier one for another outlet, every fortieth revises one."""
    chance = random.Random(SEED)
    made: list[dict[str, str]] = []
    for number in range(DOCUMENTS):
        article = {
            "id": f"article-{number:03}",
            "text": _text(chance, "ru" if number % 2 else "uk", number),
            "published": f"2025-08-{1 + number % 28:02}",
            "source": f"outlet-{number % 7}.example",
        }
        if number % 10 == 9:
            article |= {"text": made[number - 5]["text"], "source": "copyist.example"}
        if number % 40 == 39:
            article |= {"id": made[number - 30]["id"]}
        made.append(article)
    return made


def _text(chance: random.Random, language: str, number: int) -> str:
    sentences = []
    for sentence in chance.sample(SENTENCES[language], k=chance.randint(4, 9)):
        (state, state_of), (other, other_of) = chance.sample(STATES[language], k=2)
        words = {"state": state, "state_of": state_of, "other": other, "other_of": other_of}
        sentences.append(sentence.format(**words, count=chance.randint(2, 90)))
    return f"{' '.join(sentences)} № {number}."


@dataclass(frozen=True)
class Contents:
    """What a store holds, without clocks, in the order of ids."""

    documents: list[dict[str, object]]
    mentions: list[dict[str, object]]
    entities: list[dict[str, object]]
    events: list[dict[str, object]]
    feed: dict[object, object]

    def without(self, *document_ids: str) -> Contents:
        """The same but for some documents; entities, which are counted over all documents, are left out."""
        out = set(document_ids)
        keep = [[row for row in rows if row["document_id"] not in out] for rows in (self.documents, self.mentions)]
        events = [row for row in self.events if row["document_id"] not in out]
        feed = {row["event_id"]: self.feed[row["event_id"]] for row in events}
        return Contents(keep[0], keep[1], [], events, feed)


def differences(found: Contents, expected: Contents) -> list[str]:
    """Rows that one has and the other has not, a few of each table."""
    told = []
    for table in fields(Contents):
        rows = [_lines(getattr(store, table.name)) for store in (found, expected)]
        told += [f"{table.name}: only in this store: {line}" for line in rows[0] if line not in set(rows[1])][:3]
        told += [f"{table.name}: only in the undisturbed one: {line}" for line in rows[1] if line not in set(rows[0])][
            :3
        ]
        if not told and rows[0] != rows[1]:
            told.append(f"{table.name}: the same rows in another order or number")
    return told


def _lines(rows: Iterable[object] | Mapping[object, object]) -> list[str]:
    return [repr(row) for row in (rows.items() if isinstance(rows, Mapping) else rows)]


def contents(store: Store) -> Contents:
    tables = {table: _timeless(store.rows(table)) for table in ("documents", "mentions", "entities", "events")}
    feed: dict[object, object] = {}
    for row in store.rows("changes"):
        feed.pop(row["event_id"], None)
        if row["kind"] != "retracted":
            feed[row["event_id"]] = row["payload"]
    return Contents(**tables, feed=dict(sorted(feed.items(), key=lambda entry: str(entry[0]))))


def _timeless(rows: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
    return [{name: value for name, value in row.items() if name not in CLOCKS} for row in rows]


@dataclass(frozen=True)
class Laboratory:
    """Runs over the same articles, each with a store of its own."""

    folder: Path
    source: Path
    script: Path
    plug_ins: Path

    def environment(self, store: Path, **variables: str) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("CHRONIKA_")}
        return clean | {
            "PYTHONPATH": os.pathsep.join(filter(None, (str(self.plug_ins), clean.get("PYTHONPATH")))),
            "CHRONIKA_STORE": f"sqlite:///{store}",
            "CHRONIKA_STAGES": STAGES,
            "CHRONIKA_WORKERS": "2",
            **variables,
        }

    def start(self, store: Path, **variables: str) -> subprocess.Popen[str]:
        """A run in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, str(self.script), str(self.source)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment(store, **variables),
            start_new_session=True,
        )

    def run(self, store: Path, **variables: str) -> dict[str, object]:
        """A run to its end: what it reports."""
        with self.start(store, **variables) as running:
            try:
                out, err = running.communicate(timeout=PATIENCE)
            finally:
                kill_group(running)
        assert out, err
        return json.loads(out)  # type: ignore[no-any-return]


def address(store: Path) -> str:
    return f"sqlite:///{store}"


def read(store: Path) -> Contents:
    with open_store(address(store), read_only=True) as opened:
        return contents(opened)


def kill_group(running: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    end = time.monotonic() + PATIENCE
    while any(_in_group(process, running.pid) for process in psutil.process_iter()):
        assert time.monotonic() < end, "a worker outlived its group"
        time.sleep(0.01)


def _in_group(process: psutil.Process, group: int) -> bool:
    with suppress(ProcessLookupError, psutil.NoSuchProcess):
        return os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE
    return False


@dataclass(frozen=True)
class Disk:
    """A disk that can be filled. Where none can be mounted, a limit on the size of files stands for it: writing beyond
    it fails in the same calls."""

    folder: Path
    is_mounted: bool

    def fill(self, *, leaving: int) -> dict[str, str]:
        """Leaves so many bytes; the variables that a run needs to feel it."""
        if not self.is_mounted:
            return {"FILE_LIMIT": str(leaving)}
        free = shutil.disk_usage(self.folder).free
        with self._ballast.open("wb") as ballast:
            ballast.write(bytes(free - leaving))
        return {}

    def clear(self) -> None:
        """Makes room again."""
        self._ballast.unlink(missing_ok=True)

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"


@contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)]
    mounting = subprocess.run(command, check=False, capture_output=True)
    try:
        yield Disk(folder, is_mounted=mounting.returncode == 0)
    finally:
        if mounting.returncode == 0:
            subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    folder = tmp_path_factory.mktemp("crashes")
    source = folder / "articles.jsonl"
    source.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in articles()), encoding="utf-8")
    script = folder / "run.py"
    script.write_text(dedent(RUN), encoding="utf-8")
    plug_ins = install_plug_in(
        folder / "plug-ins", module="tripwire", source=TRIPWIRE, offers={"chronika.stages": {"tripwire": "STAGE"}}
    )
    return Laboratory(folder, source, script, plug_ins)


@pytest.fixture(scope="module")
def undisturbed(laboratory: Laboratory) -> Contents:
    store = laboratory.folder / "undisturbed.db"
    report = laboratory.run(store)
    assert report["balances"] is True
    assert (report["inputs"], report["refused"], report["dead_letters"]) == (DOCUMENTS, 0, [])
    found = read(store)
    assert len(found.documents) == DOCUMENTS
    assert len(found.events) >= DOCUMENTS, "the articles hold events, or nothing is compared"
    assert len(found.mentions) >= DOCUMENTS
    assert found.entities
    assert any(row["copy_of"] for row in found.documents)
    assert any(not row["current"] for row in found.documents)
    assert set(found.feed) == {row["event_id"] for row in found.events}
    with closing(sqlite3.connect(store)) as database:
        payloads = [payload for (payload,) in database.execute("SELECT payload FROM document_messages")]
    assert all(FRAGMENT in payload for payload in payloads), "a layer that nobody here knows is kept as it is"
    return found


def test_killed_at_twenty_moments_and_resumed(laboratory: Laboratory, undisturbed: Contents) -> None:
    chance = random.Random(SEED)
    store = laboratory.folder / "killed.db"
    in_flight = 0
    for _ in range(KILLS):
        with laboratory.start(store, **_small_transactions(chance)) as running:
            try:
                _wait_for_commits(store, more=chance.randint(1, 8), running=running)
                time.sleep(chance.uniform(0.0, 0.05))
                assert running.poll() is None, "it ended before it was killed"
            finally:
                kill_group(running)
        with open_store(address(store)) as opened:
            assert 0 < opened.status().documents < DOCUMENTS, "killed between the first and the last commit"
            in_flight += opened.recover() > 0
    assert in_flight >= 15
    report = laboratory.run(store)
    assert report["balances"] is True
    assert report["dead_letters"] == [], "a kill of the whole run uses up no document's attempts"
    assert differences(read(store), undisturbed) == []
    again = laboratory.run(store)
    assert (again["stored"], again["unchanged"]) == (0, DOCUMENTS), "and it repeats nothing"


def _small_transactions(chance: random.Random) -> dict[str, str]:
    """Of all sizes, so that kills meet transactions at their beginning, in their middle and at their end."""
    return {
        "CHRONIKA_COMMIT_DOCUMENTS": str(chance.choice((1, 2, 4, 8))),
        "CHRONIKA_COMMIT_SECONDS": "0.02",
        "CHRONIKA_BATCH_DOCUMENTS": str(chance.choice((1, 2, 4))),
        "CHRONIKA_INBOX_DOCUMENTS": str(chance.choice((8, 64))),
    }


def _wait_for_commits(store: Path, *, more: int, running: subprocess.Popen[str]) -> None:
    """Until that many documents more are stored."""
    end = time.monotonic() + PATIENCE
    with _opened_when_there(store, running) as opened:
        target = opened.status().documents + more
        while opened.status().documents < target:
            assert running.poll() is None, running.communicate()
            assert time.monotonic() < end, "nothing is stored"
            time.sleep(0.002)


@contextmanager
def _opened_when_there(store: Path, running: subprocess.Popen[str]) -> Iterator[Store]:
    opened: Store | None = None
    while opened is None:
        assert running.poll() is None, running.communicate()
        with suppress(StoreError):  # it is about to be made
            opened = open_store(address(store), read_only=True)
        time.sleep(0.02)
    with opened:
        yield opened


def test_a_worker_that_is_killed_costs_nothing(laboratory: Laboratory, undisturbed: Contents) -> None:
    store = laboratory.folder / "worker.db"
    with laboratory.start(store) as running:
        try:
            _wait_for_commits(store, more=1, running=running)
            workers = psutil.Process(running.pid).children()
            assert len(workers) == 2
            workers[0].kill()
            out, err = running.communicate(timeout=PATIENCE)
        finally:
            kill_group(running)
    report = json.loads(out)
    assert report["balances"] is True
    assert report["dead_letters"] == [], err
    assert differences(read(store), undisturbed) == []


@pytest.mark.parametrize(("action", "code"), [("hang", "stage-timeout"), ("exit", "worker-crashed")])
def test_a_stage_that_hangs_or_exits_costs_that_document(
    action: str, code: str, laboratory: Laboratory, undisturbed: Contents
) -> None:
    store = laboratory.folder / f"{action}.db"
    report = laboratory.run(store, TRIPWIRES=f"article-101={action}", CHRONIKA_DOCUMENT_SECONDS="3")
    assert report["balances"] is True
    assert report["stored"] == DOCUMENTS - 1
    assert report["dead_letters"] == [["tripwire", code, 1]]
    found = read(store)
    assert differences(found.without("article-101"), undisturbed.without("article-101")) == []
    assert not any(row["document_id"] == "article-101" for row in found.documents)
    with open_store(address(store)) as opened:
        (letter,) = opened.dead_letters()
        assert letter.document_id == "article-101"
        assert opened.replay([letter.id]) == 1
    assert laboratory.run(store)["stored"] == 1
    assert differences(read(store), undisturbed) == [], "replayed, it is as if nothing had been"


def test_a_full_disk_ends_the_run_and_costs_nothing(laboratory: Laboratory, undisturbed: Contents) -> None:
    with small_disk(laboratory.folder / "disk") as disk:
        store = disk.folder / "full.db"
        whole = (laboratory.folder / "undisturbed.db").stat().st_size
        report = laboratory.run(store, **disk.fill(leaving=whole // 2), **SMALL_TRANSACTIONS)
        assert report["error"] == "store-full", report
        assert report["cure"]
        disk.clear()
        held = len(read(store).documents)
        assert 0 < held < DOCUMENTS, "full in the middle of the work"
        report = laboratory.run(store)
        assert report["balances"] is True
        assert report["dead_letters"] == []
        assert differences(read(store), undisturbed) == []
