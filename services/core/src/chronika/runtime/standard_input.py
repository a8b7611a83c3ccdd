"""Standard input that a thread can wait for without holding up the end of the process.

A thread that waits in `sys.stdin` cannot be ended, and holds a lock that the interpreter wants at its end: it aborts.
"""

from __future__ import annotations

import io
import os
import select
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO


@contextmanager
def stoppable_standard_input() -> Iterator[tuple[BinaryIO | None, Callable[[], None]]]:
    """A stream over standard input, and what ends it from another thread as if the file had ended there.

    The stream is None where standard input is closed or no file of the system.
    """
    try:
        descriptor = sys.stdin.fileno()
    except (AttributeError, ValueError, OSError):
        yield None, lambda: None
        return
    told, teller = os.pipe()
    try:
        yield io.BufferedReader(_Watched(descriptor, told)), lambda: _tell(teller)
    finally:
        os.close(teller)
        os.close(told)


def _tell(teller: int) -> None:
    os.write(teller, b"x")


class _Watched(io.RawIOBase):
    """Reads a descriptor until it ends or something comes through the other one."""

    def __init__(self, descriptor: int, told: int) -> None:
        self._descriptor = descriptor
        self._told = told
        self._poll = select.poll()
        for one in (descriptor, told):
            self._poll.register(one, select.POLLIN)

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # BufferedReader passes a memoryview
        """Bytes that were read; 0 at the end."""
        if self._told in (descriptor for descriptor, _ in self._poll.poll()):
            return 0
        data = os.read(self._descriptor, len(buffer))
        buffer[: len(data)] = data
        return len(data)
