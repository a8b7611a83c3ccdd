"""How far a run is: a bar with rate and time left on a terminal, a plain line every few seconds elsewhere."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import timedelta
from time import monotonic
from types import TracebackType
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, ProgressColumn, SpinnerColumn, Task
from rich.progress import Progress as Bar
from rich.table import Column
from rich.text import Text

from chronika.runtime.run_report import Progress

_LINE_SECONDS = 5.0
_LOADING = "loading the models"


class ProgressView(AbstractContextManager["ProgressView"], Protocol):
    """Shows the progress of a run while it lasts."""

    def show(self, progress: Progress) -> None:
        """How far it is now."""
        ...


def progress_view(console: Console, *, quiet: bool) -> ProgressView:
    """What fits to where it is shown."""
    if quiet:
        return _Nothing()
    return _LiveBar(console) if console.is_terminal else _Lines(console)


def told(progress: Progress) -> str:
    """ "120 of 1293 documents, 8.3/s, 2:21 left, 354 events"."""
    parts = [_done(progress), f"{progress.rate:.1f}/s", _left(progress), f"{progress.events} events"]
    parts += [f"{progress.refused} refused"] if progress.refused else []
    parts += [f"{progress.dead_letters} dead letters"] if progress.dead_letters else []
    return ", ".join(part for part in parts if part)


def told_briefly(progress: Progress) -> str:
    """ "120/1293  8.3/s  2:21 left  354 events  3 lost", to stand beside a bar."""
    lost = progress.refused + progress.dead_letters
    done = f"{progress.done}/{progress.total}" if progress.total is not None else f"{progress.done}"
    parts = [
        done,
        f"{progress.rate:.1f}/s",
        _left(progress),
        f"{progress.events} events",
        f"{lost} lost" if lost else "",
    ]
    return "  ".join(part for part in parts if part)


def _has_begun(progress: Progress) -> bool:
    return bool(progress.done or progress.in_work)


def duration(seconds: float) -> str:
    """ "0:07", "1:02:03"."""
    return str(timedelta(seconds=round(seconds))).removeprefix("0:").removeprefix("0").rjust(4, "0")


def _done(progress: Progress) -> str:
    of = f" of {progress.total}" if progress.total is not None else ""
    return f"{progress.done}{of} documents"


def _left(progress: Progress) -> str:
    return "" if progress.eta_seconds is None else f"{duration(progress.eta_seconds)} left"


class _Nothing:
    def show(self, progress: Progress) -> None:
        """Shows nothing."""

    def __enter__(self) -> _Nothing:
        return self

    def __exit__(self, *exception: object) -> None:
        """Ends nothing."""


class _Lines:
    """A line at first sight of work and then every few seconds, as a log file wants it."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._next = monotonic() + _LINE_SECONDS

    def __enter__(self) -> _Lines:
        return self

    def __exit__(self, *exception: object) -> None:
        """The summary tells the end."""

    def show(self, progress: Progress) -> None:
        """Prints a line when it is time."""
        if monotonic() >= self._next:
            self._next = monotonic() + _LINE_SECONDS
            self._console.print(Text(told(progress) if _has_begun(progress) else _LOADING), soft_wrap=True)


class _Words(ProgressColumn):
    """What the run tells beside the bar."""

    def render(self, task: Task) -> Text:
        """The words of the task."""
        return Text(str(task.fields.get("words", "")))


class _LiveBar:
    """A bar that is drawn anew in place."""

    def __init__(self, console: Console) -> None:
        self._bar = Bar(
            SpinnerColumn(),
            BarColumn(bar_width=max(8, min(30, console.width // 8))),
            _Words(table_column=Column(no_wrap=True, overflow="ellipsis")),
            console=console,
            transient=True,
        )
        self._task = self._bar.add_task("", total=None, words=_LOADING)

    def __enter__(self) -> _LiveBar:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def show(self, progress: Progress) -> None:
        """Moves the bar."""
        words = told_briefly(progress) if _has_begun(progress) else _LOADING
        self._bar.update(self._task, completed=progress.done, total=progress.total, words=words)
