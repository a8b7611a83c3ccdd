"""Progress on a terminal and elsewhere, and the list of losses beside it."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from rich.console import Console

from chronika.cli import run_progress
from chronika.cli.losses_list import LossesList
from chronika.cli.run_progress import duration, progress_view, told, told_briefly
from chronika.domain.dead_letter import dead_letter
from chronika.domain.errors import StageError
from chronika.ports.source import Refusal
from chronika.runtime.run_report import Progress


def progress(**fields: object) -> Progress:
    usual = {"done": 120, "total": 1293, "in_work": 8, "refused": 0, "dead_letters": 0, "events": 354, "rate": 8.34}
    return Progress(**{**usual, "eta_seconds": 140.6, "seconds": 14.4, **fields})  # type: ignore[arg-type]


def plain() -> Console:
    return Console(file=io.StringIO(), width=200)


def terminal(width: int = 80) -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=width, legacy_windows=False)


def printed(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_what_is_told_has_rate_and_time_left() -> None:
    assert told(progress()) == "120 of 1293 documents, 8.3/s, 2:21 left, 354 events"
    assert told(progress(total=None, eta_seconds=None)) == "120 documents, 8.3/s, 354 events"
    assert told(progress(refused=2, dead_letters=1)).endswith("354 events, 2 refused, 1 dead letters")


def test_beside_a_bar_there_is_room_for_little() -> None:
    assert told_briefly(progress(refused=2, dead_letters=1)) == "120/1293  8.3/s  2:21 left  354 events  3 lost"
    assert told_briefly(progress(total=None, eta_seconds=None)) == "120  8.3/s  354 events"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.4, "0:00"), (7, "0:07"), (75, "1:15"), (725, "12:05"), (3723, "1:02:03"), (36000, "10:00:00")],
)
def test_durations_are_read_at_a_glance(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_elsewhere_a_plain_line_comes_every_few_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(run_progress, "monotonic", lambda: clock[0])
    console = plain()
    with progress_view(console, quiet=False) as view:
        for second in range(12):
            clock[0] = 100.0 + second
            view.show(progress(done=second))
    assert printed(console).splitlines() == [told(progress(done=5)), told(progress(done=10))]


def test_a_terminal_gets_a_bar_that_leaves_nothing_behind() -> None:
    console = terminal()
    with progress_view(console, quiet=False) as view:
        view.show(progress(done=0, in_work=0))
        loading = console.file.getvalue()  # type: ignore[union-attr]
        view.show(progress())
        view._bar.refresh()  # type: ignore[attr-defined]
    shown = printed(console)
    assert "120/1293  8.3/s  2:21 left  354 events" in shown
    assert "120/1293" not in loading
    assert shown.rstrip("\n").endswith("\x1b[2K")


def test_quiet_shows_nothing() -> None:
    console = terminal()
    with progress_view(console, quiet=True) as view:
        view.show(progress())
    assert printed(console) == ""


def refusal(number: int) -> Refusal:
    return Refusal(origin=f"a{number}.txt", code="empty", message="a.txt holds no text", cure="Remove it.")


def test_a_refusal_is_told_with_origin_code_and_cure() -> None:
    console = plain()
    LossesList(console).refused(refusal(1))
    assert printed(console) == "refused  a1.txt  empty\n  a.txt holds no text. Remove it.\n"


def test_a_dead_letter_names_the_command_that_tells_more() -> None:
    console = plain()
    letter = dead_letter(
        StageError("stage-timeout", "ner did not finish", document_id="d1"),
        stage="ner",
        payload=b"",
        position="inbox/1",
        attempts=1,
        failed=datetime(2025, 8, 22, tzinfo=UTC),
    )
    LossesList(console).lost(letter)
    first, second = printed(console).splitlines()
    assert first == "dead letter  d1  stage-timeout"
    assert f"`chronika dead-letters show {letter.id}`" in second
    assert "stage-timeout" not in second


def test_a_terminal_is_not_flooded_and_a_file_gets_all() -> None:
    seen, kept = terminal(), plain()
    for console in (seen, kept):
        losses = LossesList(console)
        for number in range(50):
            losses.refused(refusal(number))
        losses.end()
        assert losses.count == 50
    assert printed(seen).count("refused") == 20
    assert "and 30 more" in printed(seen)
    assert printed(kept).count("refused") == 50
    assert "more" not in printed(kept)


def test_silent_losses_are_counted_alone() -> None:
    console = plain()
    losses = LossesList(console, silent=True)
    losses.refused(refusal(1))
    losses.end()
    assert printed(console) == ""
    assert losses.count == 1
