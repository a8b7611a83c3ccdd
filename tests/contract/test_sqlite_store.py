"""What is SQLite's own: files, permissions, full disks, locks, the write-ahead log, migrations."""

from __future__ import annotations

import errno
import logging
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from chronika.domain.errors import StoreError
from chronika.ports.store import EventFilter, Store, StoreOutcome
from chronika_storage import open_store, schema, sqlite
from chronika_storage.sqlite import SqliteDatabase

Newsroom = Any  # the class in conftest.py, which tests cannot import
NOBODY = 65534


def refusal(ask: Callable[[], object]) -> StoreError:
    """The error that something ends with; each has a cure."""
    with pytest.raises(StoreError) as caught:
        ask()
    assert caught.value.cure
    return caught.value


# Addresses and files.


@pytest.mark.parametrize("folder", ["", "новая папка/глубже", "100%?#&"])
def test_a_store_is_made_with_its_folders_wherever_it_is_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path(folder, "store.db")
    for address in (str(path), f"sqlite:///{path}", f"sqlite:///{tmp_path / path}"):
        with open_store(address) as store:
            assert store.status().documents == 0
    assert [found.relative_to(tmp_path) for found in tmp_path.rglob("*.db")] == [path]


@pytest.mark.parametrize(
    "address", ["", "sqlite://", "sqlite:///", ":memory:", "sqlite:///:memory:", "postgresql://host/db", "a/", "a\0b"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    assert refusal(lambda: open_store(address)).code == "store-address-invalid"


def test_a_folder_and_a_path_through_a_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert refusal(lambda: open_store(str(tmp_path))).code == "store-address-invalid"
    assert refusal(lambda: open_store(str(tmp_path / "file" / "store.db"))).code == "store-address-invalid"


def test_what_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Это не база данных. " * 500)
    before = path.read_bytes()
    for read_only in (False, True):
        assert refusal(lambda: open_store(str(path), read_only=read_only)).code == "store-not-a-database"  # noqa: B023
    assert path.read_bytes() == before


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "contacts.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE documents (number INTEGER)")
    other.close()
    before = path.read_bytes()
    for read_only in (False, True):
        assert refusal(lambda: open_store(str(path), read_only=read_only)).code == "store-foreign"  # noqa: B023
    assert path.read_bytes() == before


def test_an_empty_file_becomes_a_store_but_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.touch()
    assert refusal(lambda: open_store(str(path), read_only=True)).code == "store-foreign"
    with open_store(str(path)) as store:
        assert store.status().documents == 0


def test_reading_makes_nothing(tmp_path: Path) -> None:
    assert refusal(lambda: open_store(str(tmp_path / "none" / "store.db"), read_only=True)).code == "store-missing"
    assert list(tmp_path.iterdir()) == []


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    open_store(str(path)).close()
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    for read_only in (False, True):
        error = refusal(lambda: open_store(str(path), read_only=read_only))  # noqa: B023
        assert error.code == "store-newer"
        assert "9999" in error.message


def test_a_store_of_an_older_version_is_not_read_before_it_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    open_store(str(path)).close()
    with sqlite3.connect(path) as raw:
        raw.execute("DROP TABLE alembic_version")
    raw.close()
    assert refusal(lambda: open_store(str(path), read_only=True)).code == "store-older"


# Permissions.


@contextmanager
def unprivileged() -> Iterator[None]:
    """Somebody who owns nothing here, also where the tests run as root (whom permissions do not stop)."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter (those of pytest are their owner's alone)."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755)
    shutil.rmtree(folder)


def test_a_store_in_a_read_only_folder_is_refused_for_writing_and_can_be_read(
    open_folder: Path, newsroom: Newsroom
) -> None:
    path = open_folder / "store.db"
    with open_store(str(path)) as store:
        newsroom.store(store, newsroom.article())
    path.chmod(0o444)
    open_folder.chmod(0o555)
    with unprivileged():
        error = refusal(lambda: open_store(str(path)))
        assert (error.code, error.retryable) == ("store-read-only", False)
        assert str(path) in error.message
        assert refusal(lambda: open_store(str(open_folder / "other.db"))).code == "store-read-only"
        assert refusal(lambda: open_store(str(open_folder / "sub" / "store.db"))).code == "store-read-only"
        with open_store(str(path), read_only=True) as reader:
            assert [document.document_id for document in reader.documents()] == ["a1"]
    assert sorted(found.name for found in open_folder.iterdir()) == ["store.db"]


def test_a_store_that_becomes_read_only_under_way_says_so(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    open_store(str(path)).close()
    database = SqliteDatabase(path)
    database._uri = f"{path.as_uri()}?mode=ro"  # as the system opens a file that may not be written
    with pytest.raises(StoreError) as error, database.writing() as connection:
        connection.execute(schema.trace.delete())
    database.close()
    assert error.value.code == "store-read-only"


# Full disks.


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """The kernel refuses to write beyond a size, as it does on a full disk or over a quota."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def fill(store: Store, newsroom: Newsroom, prefix: str) -> StoreError:
    """Stores articles until the store takes no more; the error."""
    for number in range(1000):
        articles = [newsroom.article(f"{prefix}{number}-{part}", "Слово. " * 2000) for part in range(4)]
        try:
            newsroom.store(store, *articles)
        except StoreError as error:
            return error
    raise AssertionError("the store never filled up")


@pytest.mark.parametrize("limit", ["pages", "bytes"])
def test_a_full_disk_loses_the_transaction_and_nothing_else(tmp_path: Path, newsroom: Newsroom, limit: str) -> None:
    with open_store(str(tmp_path / "store.db")) as store:
        newsroom.store(store, newsroom.article("before"))
        (row,) = newsroom.queue(store, newsroom.article("waits"))
        if limit == "pages":  # SQLITE_FULL
            set_page_limit(store, 300)
            error = fill(store, newsroom, "full")
            set_page_limit(store, 1_000_000)
        else:  # SQLITE_IOERR_WRITE, as with a quota
            with no_file_larger_than(1_000_000):
                error = fill(store, newsroom, "full")
        assert (error.code, error.retryable) == ("store-full", True)
        assert error.cure
        held = [document.document_id for document in store.documents(limit=10_000)]
        assert "before" in held
        batches = {name.split("-")[0] for name in held if name.startswith("full")}
        assert len(held) == 1 + 4 * len(batches), "each transaction is there wholly or not at all"
        assert store.status().inbox == 1
        assert newsroom.store(store, newsroom.article("after")) == [StoreOutcome.STORED]
        store.release([row.row_id])
        assert [row.document_id for row in store.take(2)] == ["waits"]
    check = sqlite3.connect(tmp_path / "store.db")
    assert check.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    check.close()


def set_page_limit(store: Any, pages: int) -> None:
    with store._database.reading() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")


def test_errors_of_the_operating_system_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    codes = {number: sqlite._from_os_error(OSError(number, "no"), path).code for number in (28, 13, 30, errno.ENOTDIR)}
    assert codes == {28: "store-full", 13: "store-read-only", 30: "store-read-only", 20: "store-address-invalid"}


# Locks.


def test_writers_wait_for_each_other(tmp_path: Path, newsroom: Newsroom) -> None:
    path = str(tmp_path / "store.db")
    articles = [[newsroom.article(f"{part}-{number}") for number in range(20)] for part in range(4)]
    open_store(path).close()
    failures: list[BaseException] = []

    def write(part: int) -> None:
        try:
            with open_store(path) as store:
                for article in articles[part]:
                    newsroom.store(store, article)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(part,)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    with open_store(path) as store:
        assert store.status().documents == 80


def test_a_writer_that_is_kept_waiting_too_long_says_who_is_to_blame(
    tmp_path: Path, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.1)
    path = tmp_path / "store.db"
    with open_store(str(path)) as store:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        error = refusal(lambda: newsroom.store(store, newsroom.article()))
        assert (error.code, error.retryable) == ("store-busy", True)
        assert store.documents() == [], "readers do not wait for writers"
        other.execute("ROLLBACK")
        other.close()
        assert newsroom.store(store, newsroom.article()) == [StoreOutcome.STORED]


def test_one_run_at_a_time_works_on_the_inbox(tmp_path: Path, newsroom: Newsroom) -> None:
    path = tmp_path / "store.db"
    with open_store(str(path)) as store:
        newsroom.queue(store, newsroom.article())
        program = (
            "import sys, chronika_storage\n"
            "from chronika.domain.errors import StoreError\n"
            "store = chronika_storage.open_store(sys.argv[1])\n"
            "for work in (store.recover, lambda: store.take(1)):\n"
            "    try:\n"
            "        print(work())\n"
            "    except StoreError as error:\n"
            "        print(error.code, error.retryable)\n"
        )
        command = [sys.executable, "-c", program, str(path)]
        other = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        assert other.stdout.split("\n")[:2] == ["store-in-use True"] * 2
    assert not path.with_name("store.db-runner").exists()
    other = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert other.stdout.startswith("1\n[InboxRow("), "the run that has ended holds nothing back"


def test_a_lock_on_a_file_that_was_removed_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = SqliteDatabase(tmp_path / "store.db")
    lock = database._lock_runner_file

    def lock_and_lose() -> Any:
        handle = lock()
        monkeypatch.setattr(database, "_lock_runner_file", lock)
        database._runner_path.unlink()  # by the run that ended between opening and locking
        return handle

    monkeypatch.setattr(database, "_lock_runner_file", lock_and_lose)
    database.hold_runner()
    assert database._runner_path.exists()
    database.close()


def test_many_may_open_a_new_store_at_once(tmp_path: Path) -> None:
    path = str(tmp_path / "store.db")
    failures: list[BaseException] = []
    start = threading.Barrier(8)

    def open_it() -> None:
        start.wait(10)
        try:
            open_store(path).close()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []


# Durability.


def test_a_store_is_set_up_to_survive_a_power_cut(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "store.db")) as store, store._database.reading() as connection:  # type: ignore[attr-defined]
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}


WRITER = """
import importlib.util, sys
from chronika_storage import open_store
from chronika.ports.store import Finished
specification = importlib.util.spec_from_file_location("conftest", sys.argv[2])
conftest = importlib.util.module_from_spec(specification)
sys.modules["conftest"] = conftest
specification.loader.exec_module(conftest)
newsroom = conftest.Newsroom()
store = open_store(sys.argv[1])
for number in range(100_000):
    batch = [newsroom.article(f"{number}-{part}", f"Слово {number}. " * 200, told=[newsroom.told(trigger="Слово")],
        names=[("Слово", "thing:word")], minhash=newsroom.minhash(str(number))) for part in range(4)]
    store.enqueue([newsroom.item(one) for one in batch], coder_version="1.0.0")
    rows = store.take(4)
    store.finish([Finished(row_id=row.row_id, document=one) for row, one in zip(rows, batch, strict=True)])
    print(number, flush=True)
"""


@pytest.mark.parametrize("moment", [0.0, 0.004, 0.011, 0.018])
def test_a_killed_writer_leaves_whole_transactions(tmp_path: Path, newsroom: Newsroom, moment: float) -> None:
    path = tmp_path / "store.db"
    command = [sys.executable, "-c", WRITER, str(path), str(Path(__file__).with_name("conftest.py"))]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    acknowledged = -1
    while acknowledged < 5:
        acknowledged = int(writer.stdout.readline())
    time.sleep(moment)
    writer.send_signal(signal.SIGKILL)
    rest = writer.stdout.read().split()
    writer.wait(30)
    writer.stdout.close()
    acknowledged = int(rest[-1]) if rest and rest[-1].isdecimal() else acknowledged
    with open_store(str(path)) as store:
        held = {document.document_id for document in store.documents(limit=100_000)}
        numbers = sorted({int(name.split("-")[0]) for name in held})
        assert numbers[-1] >= acknowledged
        assert held == {f"{number}-{part}" for number in range(numbers[-1] + 1) for part in range(4)}
        status = store.status()
        assert status.inbox in (0, 4)
        assert status.events == len(held) == len(store.changes(limit=10_000))
        assert sum(row["mentions"] for row in store.rows("entities")) == len(held)  # type: ignore[misc]
        assert store.recover() in (0, 4)
    check = sqlite3.connect(path)
    assert check.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert check.execute("PRAGMA foreign_key_check").fetchall() == []
    check.close()


# The write-ahead log.


def wal_size(path: Path) -> int:
    wal = path.with_name(f"{path.name}-wal")
    return wal.stat().st_size if wal.exists() else 0


def test_slow_readers_of_ours_do_not_keep_the_write_ahead_log_growing(
    tmp_path: Path, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    bound = 1_000_000
    monkeypatch.setattr(sqlite, "WAL_BOUND", bound)
    monkeypatch.setattr(sqlite, "CHECKPOINT_PAGES", 100)
    monkeypatch.setattr(sqlite, "_CHECKPOINT_EVERY_SECONDS", 0.05)
    path = tmp_path / "store.db"
    with open_store(str(path)) as store:
        newsroom.store(store, *(newsroom.article(f"first{number:04}") for number in range(600)))
        export = store.rows("documents")  # a reader that takes a row now and then
        watched = 0
        largest = 0
        for number in range(50):
            told = [newsroom.told(trigger="Слово")]
            articles = [newsroom.article(f"next{number:04}-{part}", "Слово. " * 2000, told=told) for part in range(4)]
            newsroom.store(store, *articles)
            next(export)
            watched = max([watched, *(change.sequence for change in store.changes(after=watched))])
            largest = max(largest, wal_size(path))
        assert path.stat().st_size > 5 * bound, "much more was written than the log may hold"
        assert largest < 2 * bound
        assert watched == 200
        assert sum(1 for _ in export) >= 550
        newsroom.store(store, newsroom.article("last"))
    assert wal_size(path) == 0


def test_a_foreign_reader_that_holds_the_log_is_told_of_and_stops_no_writer(
    tmp_path: Path, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sqlite, "WAL_BOUND", 500_000)
    monkeypatch.setattr(sqlite, "_CHECKPOINT_EVERY_SECONDS", 0.2)
    monkeypatch.setattr(sqlite, "_UPKEEP_WAIT_SECONDS", 0.05)
    path = tmp_path / "store.db"
    with open_store(str(path)) as store, caplog.at_level(logging.WARNING):
        newsroom.store(store, newsroom.article("first"))
        reader = sqlite3.connect(path, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM documents").fetchone()
        while not caplog.records:
            articles = [newsroom.article(f"a{time.monotonic_ns()}", "Слово. " * 3000) for _ in range(4)]
            assert newsroom.store(store, *articles) == [StoreOutcome.STORED] * 4
            assert wal_size(path) < 50_000_000
        assert "keeps the write-ahead log" in caplog.text
        reader.execute("COMMIT")
        reader.close()
        time.sleep(0.25)
        newsroom.store(store, newsroom.article("last"))
        assert wal_size(path) < 500_000


def test_a_late_commit_is_not_skipped_by_readers_of_the_feed(tmp_path: Path, newsroom: Newsroom) -> None:
    path = str(tmp_path / "store.db")
    with open_store(path) as store, open_store(path) as other:
        in_transaction, may_commit = threading.Event(), threading.Event()
        slow = newsroom.article("slow", told=[newsroom.told(trigger="Послы")])
        fast = newsroom.article("fast", told=[newsroom.told(trigger="Послы")])

        def commit_late() -> None:
            from chronika_storage.writer import Arrival, write_document

            database = other._database  # type: ignore[attr-defined]
            with database.writing() as connection:
                arrival = Arrival(document=slow, payload=b"", coder_version="1", now=newsroom.at(0))
                write_document(connection, database, arrival)
                in_transaction.set()
                may_commit.wait(10)

        late = threading.Thread(target=commit_late)
        late.start()
        in_transaction.wait(10)
        quick = threading.Thread(target=newsroom.store, args=(store, fast))
        quick.start()
        time.sleep(0.1)
        assert store.changes() == [], "the second writer waits, so no later number is visible before the first"
        may_commit.set()
        late.join(10)
        quick.join(10)
        seen = []
        after = 0
        while page := store.changes(after=after, limit=1):
            seen += [change.document_id for change in page]
            after = page[-1].sequence
        assert seen == ["slow", "fast"]


# Migrations.


def test_the_tables_are_what_the_migrations_make(tmp_path: Path) -> None:
    configuration = Config()
    configuration.set_main_option("script_location", "chronika_storage:migrations")
    assert ScriptDirectory.from_config(configuration).get_current_head() == schema.HEAD
    with open_store(str(tmp_path / "store.db")) as store, store._database.reading() as connection:  # type: ignore[attr-defined]

        def is_ours(_thing: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
            return not (kind == "table" and (name or "").startswith("document_words"))

        context = MigrationContext.configure(connection, opts={"include_object": is_ours, "compare_type": True})
        assert compare_metadata(context, schema.metadata) == []


def test_a_store_that_is_up_to_date_opens_without_the_migration_library(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    open_store(str(path)).close()
    program = (
        "import sys, chronika_storage\n"
        "chronika_storage.open_store(sys.argv[1]).close()\n"
        "print('alembic' in sys.modules)"
    )
    command = [sys.executable, "-c", program, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "False"


def test_a_migration_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "store.db"

    def fail(_connection: object) -> None:
        raise StoreError("probe", "no", cure="none")

    with monkeypatch.context() as patched:
        patched.setattr(sqlite, "create_text_index", fail)
        assert refusal(lambda: open_store(str(path))).code == "probe"
    with open_store(str(path)) as store:
        assert store.events(EventFilter()).events == ()
