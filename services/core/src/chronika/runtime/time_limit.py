"""Ends a call that takes too long, from within its own process.

An alarm signal raises in the main thread. That stops a loop of Python code or a runaway regular expression. Native code
that never looks up is not reached by it, which is why the pool has a limit of its own and ends the process.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import NoReturn, TypeVar

T = TypeVar("T")

_AGAIN_SECONDS = 1.0
"""The alarm repeats, in case code swallowed the first one."""


class TimeIsUpError(BaseException):
    """Raised inside the call; no Exception, so that a stage which catches those does not swallow it."""


def limited(call: Callable[[], T], *, seconds: float | None) -> T:
    """The call's result. TimeIsUpError after `seconds`; without limit where there is none or no alarm can be set."""
    if seconds is None or not _alarm_is_possible():
        return call()
    earlier = signal.signal(signal.SIGALRM, _ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN_SECONDS)
        try:
            return call()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        # Once more: the alarm may have rung between the call's end and the line above.
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, earlier)


def _ring(_number: int, _frame: FrameType | None) -> NoReturn:
    raise TimeIsUpError


def _alarm_is_possible() -> bool:
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
