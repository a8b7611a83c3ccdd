"""Opening what is to be read: files, standard input, and what gzip packed, with a bound on what it unpacks to.

A stream is a `BufferedReader` whose `peek` shows the beginning. Whatever goes wrong while reading is a
`RefusedInputError`: `unreadable-file`, `corrupt-archive`, `unpacked-too-large`, `too-large`.
"""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from chronika_ingest.refusals import refused

BUFFER = 1 << 16
"""Bytes that are read at a time, and that sniffing sees."""
_GZIP_MAGIC = b"\x1f\x8b"
_SUSPECT_BYTES = 100_000_000
"""Unpacked bytes from which the ratio is looked at."""
_SUSPECT_RATIO = 200
"""News text packs 3 to 20 times; gzip of zeros reaches 1,000 times."""


class _Counted(io.RawIOBase):
    """Passes bytes through and counts them; operating system errors become refusals."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        super().__init__()
        self._stream = stream
        self._name = name
        self.taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        read = getattr(self._stream, "read1", self._stream.read)
        try:
            data: bytes = read(len(buffer)) or b""
        except (OSError, ValueError) as error:
            raise refused("unreadable-file", f"{self._name} cannot be read: {_reason(error)}") from error
        buffer[: len(data)] = data
        self.taken += len(data)
        return len(data)


class _Unpacked(io.RawIOBase):
    """What gzip packed. Stops where it unpacks to more than it may, or to suspiciously more than it took."""

    def __init__(self, packed: io.BufferedReader, counted: _Counted, limit: int, name: str) -> None:
        super().__init__()
        self._file = gzip.GzipFile(fileobj=packed)
        self._counted = counted
        self._limit = limit
        self._name = name
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._file.read1(len(buffer))
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise refused("corrupt-archive", f"{self._name} is no whole gzip file: {error}") from error
        self._given += len(data)
        if self._given > self._limit:
            raise refused("unpacked-too-large", f"{self._name} unpacks to more than {self._limit:,} bytes")
        if self._given > _SUSPECT_BYTES and self._given > _SUSPECT_RATIO * self._counted.taken:
            raise refused(
                "unpacked-too-large",
                f"{self._name} unpacks to more than {_SUSPECT_RATIO} times its size: {self._given:,} bytes and no end",
            )
        buffer[: len(data)] = data
        return len(data)


class _Transcoded(io.RawIOBase):
    """UTF-16 as UTF-8, so that lines can be told by a newline byte; lone surrogates pass through."""

    def __init__(self, stream: io.BufferedReader) -> None:
        super().__init__()
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-16")("surrogatepass")
        self._pending = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._pending:
            data = self._stream.read1(BUFFER)
            self._pending = self._decoder.decode(data, final=not data).encode("utf-8", "surrogatepass")
            if not data:
                break
        given = self._pending[: len(buffer)]
        self._pending = self._pending[len(given) :]
        buffer[: len(given)] = given
        return len(given)


def transcoded(stream: io.BufferedReader) -> io.BufferedReader:
    """A UTF-16 stream, byte order mark first, as UTF-8."""
    return io.BufferedReader(_Transcoded(stream), BUFFER)


class Opened(NamedTuple):
    """A stream that is ready to be read."""

    name: str
    stream: io.BufferedReader
    is_packed: bool

    def whole(self, limit: int) -> bytes:
        """All bytes of one article; `too-large` or `unpacked-too-large` when there are more than `limit`."""
        data = self.stream.read(limit + 1)
        if len(data) > limit:
            code, verb = ("unpacked-too-large", "unpacks to") if self.is_packed else ("too-large", "holds")
            raise refused(code, f"{self.name} {verb} more than {limit:,} bytes, the limit for one article")
        return data

    def look_on(self) -> None:
        """Of something packed that is refused already: reads far enough to tell a trap, which is the graver reason."""
        looked = 0
        while self.is_packed and looked <= _SUSPECT_BYTES + BUFFER and (data := self.stream.read(1 << 20)):
            looked += len(data)


def unpacked(stream: BinaryIO, *, name: str, limit: int) -> Opened:
    """The stream itself, or what it unpacks to when it begins as a gzip file does; `limit` bounds what is unpacked."""
    counted = _Counted(stream, name)
    plain: io.BufferedReader = io.BufferedReader(counted, BUFFER)
    if not plain.peek(2).startswith(_GZIP_MAGIC):
        if name.endswith(".gz") and plain.peek(1):
            raise refused("corrupt-archive", f"{name} does not begin as a gzip file does")
        return Opened(name, plain, False)
    return Opened(name, io.BufferedReader(_Unpacked(plain, counted, limit, name), BUFFER), True)


@contextmanager
def opened(path: Path, *, limit: int) -> Iterator[Opened]:
    """A file, unpacked where it is packed."""
    try:
        file = cast(BinaryIO, path.open("rb", buffering=0))
    except FileNotFoundError as error:
        raise refused("missing-file", f"{path} is not there") from error
    except OSError as error:
        raise refused("unreadable-file", f"{path} cannot be opened: {_reason(error)}") from error
    with file:
        yield unpacked(file, name=str(path), limit=limit)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
