"""All that is SQLite's own: addresses, opening, pragmas, locks, errors, the text index (FTS5).

Promises: a committed transaction survives a power cut (WAL with synchronous=FULL); writers wait for each other at
their beginning (BEGIN IMMEDIATE) and so never fail half way; the -wal file stays below `WAL_BOUND` as long as readers
are short, which all of this package are, and a warning is logged when somebody else's reader keeps it above.
"""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    QueuePool,
    Select,
    Table,
    column,
    create_engine,
    event,
    select,
    text,
)
from sqlalchemy import table as sql_table
from sqlalchemy.dialects.sqlite import dialect, insert
from sqlalchemy.exc import DBAPIError

from chronika.domain.errors import StoreError
from chronika.runtime.logs import get_logger
from chronika_storage.words import Group

SCHEME = "sqlite"
BUSY_SECONDS = 30.0
"""How long a writer waits for another one before `store-busy`."""
CHECKPOINT_PAGES = 1000
"""Pages (4 MB) after which a commit moves the WAL into the database."""
WAL_BOUND = 64_000_000
"""Bytes of the -wal file beyond which a commit waits a moment for readers to empty it, and warns when that fails."""
APPLICATION_ID = int.from_bytes(b"CHRK")
"""Stands in the header of each of our files."""
_UPKEEP_WAIT_SECONDS = 1.0
_CHECKPOINT_EVERY_SECONDS = 10.0
_OLDEST_LIBRARY = (3, 35, 0)
_WRITING = "chronika_writing"

log = get_logger(__name__)


def path_of(address: str) -> Path:
    """The file of an address: "sqlite:///relative.db", "sqlite:////absolute.db" or a plain path.

    StoreError `store-address-invalid` for anything else.
    """
    scheme, separator, rest = address.partition("://")
    if not separator:
        plain = address
    elif scheme == SCHEME and rest.startswith("/"):
        plain = rest[1:]
    else:
        plain = ""
    if not plain or plain == ":memory:" or "\0" in plain or plain.endswith("/"):
        raise StoreError(
            "store-address-invalid",
            f"{address!r} is no address of an SQLite store",
            cure="Give sqlite:///file.db, sqlite:////folder/file.db or the path of a file.",
        )
    return Path(plain)


class SqliteDatabase:
    """An SQLite file; see `chronika_storage.database.Database`. Safe to use from several threads."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self._path = path
        self._read_only = read_only
        self._runner_path = Path(f"{path}-runner")
        self._runner_lock: IO[bytes] | None = None
        self._next_checkpoint = 0.0
        _check_library()
        if read_only:
            self._uri = _uri_for_reading(path)
        else:
            _check_writable(path)
            self._uri = f"{path.absolute().as_uri()}?mode=rwc"
        self._engine = self._make_engine()

    @property
    def location(self) -> str:
        """The file."""
        return str(self._path)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A view of what is committed at its first query."""
        with self._translated(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that holds SQLite's one write lock from its beginning."""
        if self._read_only:
            raise _store_error(_READ_ONLY, self._path, "it was opened for reading only")
        with (
            self._translated(),
            self._engine.connect() as connection,
            connection.execution_options(**{_WRITING: True}).begin(),
        ):
            yield connection
        self._bound_wal()

    def hold_runner(self) -> None:
        """Locks a file beside the store. The lock is the process's: the kernel drops it with the process."""
        while self._runner_lock is None:
            lock = self._lock_runner_file()
            if _is_at(lock, self._runner_path):
                self._runner_lock = lock
            else:  # whoever had it removed the file meanwhile, and others lock a new one
                lock.close()

    def _lock_runner_file(self) -> IO[bytes]:
        try:
            handle = self._runner_path.open("ab")
        except OSError as error:
            raise _from_os_error(error, self._path) from None
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            handle.close()
            raise StoreError(
                "store-in-use",
                f"another run works on {self._path}",
                cure="Wait for its end, or give this run another store.",
                retryable=True,
            ) from None
        return handle

    def index_words(self, connection: Connection, number: int, words: Sequence[str]) -> None:
        """Adds a row to the FTS5 table; its tokenizer parts at spaces alone, for words are folded and bare."""
        connection.execute(_INDEX_WORDS, {"number": number, "words": " ".join(words)})

    def forget_words(self, connection: Connection, number: int) -> None:
        """Deletes a row of the FTS5 table."""
        connection.execute(_FORGET_WORDS, {"number": number})

    def holding(self, groups: Sequence[Group]) -> Select[tuple[int]]:
        """A MATCH; each word is quoted, so that none is read as syntax."""
        index = sql_table("document_words", column("rowid", Integer), column("document_words"))
        return select(index.c.rowid).where(index.c.document_words.match(match_expression(groups)))

    def insert_plain(self, connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
        """The driver's executemany."""
        _insert_plain(connection, table, rows)

    def add_counts(
        self, connection: Connection, table: Table, rows: Sequence[Mapping[str, object]], *, counter: Column[int]
    ) -> None:
        """INSERT … ON CONFLICT DO UPDATE."""
        _insert_plain(connection, table, rows, counter)

    def prepare(self) -> None:
        """Checks that the file is ours or empty, and turns WAL on. StoreError `store-foreign` or
        `store-not-a-database`."""
        with self.reading() as connection:
            marked = connection.exec_driver_sql("PRAGMA application_id").scalar_one() == APPLICATION_ID
            tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
        if not marked and (tables or self._read_only):
            raise StoreError(
                "store-foreign",
                f"{self._path} holds {'other things than a Chronika store' if tables else 'nothing yet'}",
                cure="Give the path of a store, or of a file that is not there yet and let `chronika run` make it.",
            )
        if not self._read_only:
            self._turn_wal_on()

    def mark(self, connection: Connection) -> None:
        """Writes into the header of the file that it is ours."""
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")

    def close(self) -> None:
        """Empties the WAL and gives files and locks back."""
        if not self._read_only:
            with suppress(StoreError), self._impatient() as raw:
                raw.execute("PRAGMA optimize")
        self._engine.dispose()
        if self._runner_lock is not None:
            with suppress(OSError):
                self._runner_path.unlink(missing_ok=True)
            self._runner_lock.close()
            self._runner_lock = None

    def _make_engine(self) -> Engine:
        engine = create_engine(f"{SCHEME}+pysqlite://", creator=self._connect, poolclass=QueuePool, pool_size=4)

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            writing = connection.get_execution_options().get(_WRITING, False)
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

        return engine

    def _connect(self) -> sqlite3.Connection:
        # isolation_level=None: the driver starts no transactions of its own, the "begin" event does.
        connection = sqlite3.connect(
            self._uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            for pragma in _pragmas():
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error:  # the first look at the file: it may be no database
            connection.close()
            raise
        return connection

    def _turn_wal_on(self) -> None:
        """Others that open a new file at the same moment make this fail at once, without the usual waiting."""
        deadline = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                with self._translated(), self._engine.connect() as connection:
                    raw = connection.connection.driver_connection
                    assert raw is not None
                    raw.execute("PRAGMA journal_mode = WAL")
                    return
            except StoreError as error:
                if error.code != "store-busy" or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)

    def _bound_wal(self) -> None:
        """After a commit: when readers kept SQLite from starting the WAL anew, waits for a gap between them."""
        if _size(Path(f"{self._path}-wal")) <= WAL_BOUND or time.monotonic() < self._next_checkpoint:
            return
        self._next_checkpoint = time.monotonic() + _CHECKPOINT_EVERY_SECONDS
        busy = True
        with suppress(StoreError), self._impatient() as raw:  # what was committed is committed, whatever happens here
            busy = bool(raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])
        if busy:
            log.warning(
                "a long reader keeps the write-ahead log from being emptied",
                store=self.location,
                wal_bytes=_size(Path(f"{self._path}-wal")),
                cure="End programs that hold a transaction open on this file.",
            )

    @contextmanager
    def _impatient(self) -> Iterator[sqlite3.Connection]:
        """The driver's connection, outside of a transaction, for upkeep that need not happen now."""
        with self._translated(), self._engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute(f"PRAGMA busy_timeout = {int(_UPKEEP_WAIT_SECONDS * 1000)}")
            try:
                yield raw
            finally:
                raw.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise _from_driver(error.orig, self._path) from error
        except sqlite3.Error as error:
            raise _from_driver(error, self._path) from error
        except UnicodeEncodeError as error:
            raise StoreError(
                "value-not-text",
                f"a value holds half a character: {error.object[error.start : error.end]!r}",
                cure="Give text in UTF-8.",
            ) from None


def _insert_plain(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, object]], counter: Column[int] | None = None
) -> None:
    if rows:
        sql, columns = _insertion(table, tuple(rows[0]), counter)
        connection.exec_driver_sql(sql, [tuple([row[column] for column in columns]) for row in rows])


@lru_cache(maxsize=100)
def _insertion(table: Table, columns: tuple[str, ...], counter: Column[int] | None) -> tuple[str, tuple[str, ...]]:
    """An INSERT and the order in which it takes its columns; with a counter, rows that are there are counted up."""
    statement = insert(table)
    if counter is not None:
        sums = {counter.name: counter + statement.excluded[counter.name]}
        statement = statement.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=sums)
    compiled = statement.compile(dialect=dialect(), column_keys=columns)
    return compiled.string, tuple(compiled.positiontup or ())


def _pragmas() -> tuple[str, ...]:
    """How every connection is set up."""
    return (
        "foreign_keys = ON",
        "synchronous = FULL",
        "cache_size = -32000",
        "temp_store = MEMORY",
        f"wal_autocheckpoint = {CHECKPOINT_PAGES}",
        f"journal_size_limit = {WAL_BOUND // 4}",
    )


def match_expression(groups: Sequence[Group]) -> str:
    """An FTS5 query. Quoted strings are never syntax; what is folded holds no quotes, and they are doubled all the
    same."""
    return " AND ".join(f"({' OR '.join(_conjunction(alternative) for alternative in group)})" for group in groups)


def _conjunction(words: Sequence[str]) -> str:
    quoted = ['"{}"'.format(word.replace('"', '""')) for word in words]
    return quoted[0] if len(quoted) == 1 else f"({' AND '.join(quoted)})"


# No positions (detail=none): searches ask for words, never for phrases, and the index is a third of the size.
# The tokenizer "ascii" takes all letters beyond ASCII as they are; the words are folded before they come here.
_CREATE_INDEX = """
CREATE VIRTUAL TABLE document_words USING fts5(words, detail = none, columnsize = 0, tokenize = 'ascii')
"""
_INDEX_WORDS = text("INSERT INTO document_words (rowid, words) VALUES (:number, :words)")
_FORGET_WORDS = text("DELETE FROM document_words WHERE rowid = :number")


def create_text_index(connection: Connection) -> None:
    """The text index as migration 0001 makes it."""
    connection.exec_driver_sql(_CREATE_INDEX)


def _check_library() -> None:
    if sqlite3.sqlite_version_info < _OLDEST_LIBRARY:
        oldest = ".".join(map(str, _OLDEST_LIBRARY))
        raise StoreError(
            "store-sqlite-unfit",
            f"this Python comes with SQLite {sqlite3.sqlite_version}; a store needs {oldest}",
            cure="Use a newer Python.",
        )


def _check_writable(path: Path) -> None:
    """What SQLite would answer with "unable to open database file", said clearly; makes folders that are not there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _from_os_error(error, path) from None
    if path.is_dir() or (path.exists() and not path.is_file()):
        raise StoreError("store-address-invalid", f"{path} is no file", cure="Give the path of a file.")
    if path.exists() and not _may(path, os.W_OK):
        raise _store_error(_READ_ONLY, path, "no permission to write the file")
    if not _may(path.parent, os.W_OK | os.X_OK):
        raise _store_error(
            _READ_ONLY, path, f"no permission to write {path.parent}, where SQLite keeps files beside it"
        )


def _uri_for_reading(path: Path) -> str:
    if not path.is_file():
        raise StoreError(
            "store-missing", f"there is no store at {path}", cure="Make one with `chronika run`, or give its path."
        )
    address = path.absolute().as_uri()
    # A file that nobody can be writing: SQLite need not, and in such a folder cannot, share locks through a file.
    if not _may(path.parent, os.W_OK) and _size(Path(f"{path}-wal")) == 0:
        return f"{address}?immutable=1"
    return f"{address}?mode=ro"


def _may(path: Path, mode: int) -> bool:
    """Whether the process may, by its effective user (where the system can tell)."""
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)


def _is_at(handle: IO[bytes], path: Path) -> bool:
    """Whether an open file still lies at a path."""
    try:
        return os.path.samestat(os.fstat(handle.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What an SQLite error is called here, and what helps."""

    code: str
    message: str
    cure: str
    retryable: bool = False


_BUSY = _Meaning(
    "store-busy",
    f"another program has held it for longer than {BUSY_SECONDS:.0f} seconds",
    "End the program that holds a transaction open on it, and try again.",
    retryable=True,
)
_READ_ONLY = _Meaning(
    "store-read-only",
    "it, or a file beside it, cannot be written",
    "Give a store in a folder that may be written, or allow writing there.",
)
_FULL = _Meaning(
    "store-full",
    "the disk takes no more",
    "Free space on that disk (or raise the quota) and run again: nothing that was stored is lost.",
    retryable=True,
)
_NOT_A_DATABASE = _Meaning(
    "store-not-a-database",
    "it is no SQLite database",
    "Give the path of a store, or of a file that is not there yet.",
)
_CORRUPT = _Meaning("store-corrupt", "it is damaged", "Restore it from a backup, or read the sources anew.")
_FAILED = _Meaning("store-failed", "the database refused", "`chronika doctor` checks the store.")
_UNFIT = _Meaning("store-sqlite-unfit", "this Python's SQLite lacks FTS5", "Use another build of Python.")

_MEANINGS = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: _READ_ONLY,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_NOTADB: _NOT_A_DATABASE,
    sqlite3.SQLITE_CORRUPT: _CORRUPT,
}
# A quota or a limit on the size of files shows as one of these; so does a full disk where a memory map grows.
_REFUSED_WRITES = frozenset({"SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_TRUNCATE"})


def _from_driver(error: BaseException | None, path: Path) -> StoreError:
    """What an error of SQLite means to whoever runs this."""
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    if "no such module: fts5" in str(error):
        meaning = _UNFIT
    elif name in _REFUSED_WRITES:
        meaning = _FULL
    else:  # extended codes carry the plain one in their lowest byte
        meaning = _MEANINGS.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, _FAILED)
    return _store_error(meaning, path, f"{error} ({name})")


def _from_os_error(error: OSError, path: Path) -> StoreError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _store_error(_FULL, path, str(error))
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return _store_error(_READ_ONLY, path, str(error))
    return StoreError(
        "store-address-invalid", f"no file can be made at {path}: {error}", cure="Give the path of a file."
    )


def _store_error(meaning: _Meaning, path: Path, said: str) -> StoreError:
    return StoreError(
        meaning.code, f"{path}: {meaning.message}: {said}", cure=meaning.cure, retryable=meaning.retryable
    )
