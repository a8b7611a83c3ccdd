"""Takes SIGINT and SIGTERM for the time of a run: the first asks it to drain, the second to stop at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupts:
    """How often the run was asked to end."""

    def __init__(self) -> None:
        self._count = 0

    @property
    def drain(self) -> bool:
        """Finish what is in work, begin nothing new."""
        return self._count > 0

    @property
    def stop_at_once(self) -> bool:
        """Drop what is in work."""
        return self._count > 1

    def ask(self) -> None:
        """Asks once more."""
        self._count += 1


@contextmanager
def taken_signals(on_signal: Callable[[], None]) -> Iterator[Interrupts]:
    """Counts the signals; `on_signal` must be safe in a signal handler. Outside of the main thread nothing is taken."""
    interrupts = Interrupts()

    def handle(_number: int, _frame: FrameType | None) -> None:
        interrupts.ask()
        on_signal()

    if threading.current_thread() is not threading.main_thread():
        yield interrupts
        return
    earlier = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield interrupts
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
