"""`chronika run`: what it stores and what it tells."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Call = Callable[..., Result]


def last(result: Result) -> str:
    return result.stdout.splitlines()[-1]


def test_the_last_line_balances(call: Call, articles: Path) -> None:
    result = call("run", str(articles))
    assert result.exit_code == 0
    assert last(result) == "inputs 5 = stored 5 + unchanged 0 + refused 0 + dead letters 0"
    assert re.fullmatch(r"5 events from 5 documents; 0:\d\d minutes \(\S+/s\)", result.stdout.splitlines()[-2])


def test_a_second_run_changes_nothing(call: Call, articles: Path) -> None:
    call("run", str(articles))
    result = call("run", str(articles))
    assert result.exit_code == 0
    assert last(result) == "inputs 5 = stored 0 + unchanged 5 + refused 0 + dead letters 0"


def test_refusals_are_told_with_their_cure_and_by_the_exit_code(call: Call, articles: Path) -> None:
    empty = articles.parent / "empty.txt"
    empty.touch()
    result = call("run", str(articles), str(empty), "missing.txt")
    assert result.exit_code == 3
    assert last(result) == "inputs 7 = stored 5 + unchanged 0 + refused 2 (empty 1, missing-file 1) + dead letters 0"
    assert "refused  missing.txt  missing-file\n" in result.stderr
    assert "Check the spelling" in result.stderr
    assert "refused" not in result.stdout.splitlines()[0]


def test_a_dead_letter_costs_its_document_alone(call: Call, articles: Path) -> None:
    with articles.open("a", encoding="utf-8") as file:
        file.write('{"id": "bad", "text": "FAIL Минск встретились."}\n')
    result = call("run", str(articles))
    assert result.exit_code == 3
    assert last(result) == "inputs 6 = stored 5 + unchanged 0 + refused 0 + dead letters 1 (stage-failed 1)"
    assert "dead letter  bad  stage-failed" in result.stderr
    (letter,) = re.findall(r"`chronika (dead-letters show \S+)`", result.stderr)
    shown = call(*letter.split())
    assert shown.exit_code == 0
    assert "FAIL Минск встретились." in shown.stdout


def test_quiet_prints_the_last_line_alone(call: Call, articles: Path) -> None:
    result = call("run", str(articles), "missing.txt", "--quiet")
    assert result.output == "inputs 6 = stored 5 + unchanged 0 + refused 1 (missing-file 1) + dead letters 0\n"


def test_standard_input_takes_what_the_operator_says_of_it(call: Call) -> None:
    text = "Минск и Варшава встретились.\n"
    result = call("run", "-", "--published", "2025-08-22", "--source", "Агенція", stdin=text)
    assert result.exit_code == 0, result.output
    assert "2025-08-22  Агенція" in call("query", "events").stdout


@pytest.mark.parametrize("when", ["2025-08-22", "2025-08-22T00:30", "2025-08-21T23:30+02:00", "2025-08-22T01:00Z"])
def test_the_day_of_publication_is_that_of_its_zone(call: Call, when: str) -> None:
    call("run", "-", "--published", when, "--zone", "Europe/Kyiv", stdin="Минск и Варшава встретились.\n")
    expected = "2025-08-21" if when.startswith("2025-08-21") else "2025-08-22"
    assert f"  ru  {expected}" in call("query", "events").stdout
    assert f"  {expected}  ru" in call("documents").stdout


def test_a_file_name_and_an_address_are_the_same_store(call: Call, articles: Path) -> None:
    store = articles.parent / "deep" / "news.db"
    assert call("run", str(articles), "--store", str(store)).exit_code == 0
    assert store.exists()
    result = call("run", str(articles), "--store", f"sqlite:///{store}")
    assert "unchanged 5" in last(result)


def test_without_sources_the_inbox_is_read(call: Call, stored: Path) -> None:
    result = call("run")
    assert result.exit_code == 0
    assert "no sources are given" in result.stderr
    assert last(result) == "inputs 0 = stored 0 + unchanged 0 + refused 0 + dead letters 0"


@pytest.mark.parametrize("when", ["yesterday", "2025-13-01", "22.08.2025"])
def test_a_time_that_is_none_is_a_matter_of_usage(call: Call, articles: Path, when: str) -> None:
    result = call("run", str(articles), "--published", when)
    assert result.exit_code == 2
    assert "--published" in result.stderr
    assert not (articles.parent / "chronika.db").exists()


def test_a_store_that_cannot_be_made_is_told_with_its_cure(call: Call, articles: Path) -> None:
    result = call("run", str(articles), "--store", str(articles / "below-a-file.db"))
    assert result.exit_code == 5
    code, cure = result.stderr.splitlines()[-2:]
    assert code.startswith("store-")
    assert cure


def test_a_wrong_setting_ends_it_before_anything_is_read(
    call: Call, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHRONIKA_WORKERS", "none")
    result = call("run", str(articles))
    assert result.exit_code == 4
    assert "bad-setting: setting workers from environment variable CHRONIKA_WORKERS" in result.stderr


def test_an_interrupt_stores_what_is_in_work_and_leaves_the_rest(toys: Path, call: Call) -> None:
    lines = [f'{{"id": "s{number}", "text": "SLEEP:0.3 Минск встретились {number}."}}' for number in range(40)]
    (toys / "slow.jsonl").write_text("\n".join(lines), encoding="utf-8")
    command = [sys.executable, "-c", "from chronika.cli.main import main; main()", "run", "slow.jsonl"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=toys) as process:
        deadline = time.monotonic() + 60
        while not (toys / "chronika.db").exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(2)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    line = output.decode().splitlines()[-1]
    stored, waiting = (int(re.search(rf"{word} (\d+)", line).group(1)) for word in ("stored", "waiting"))  # type: ignore[union-attr]
    assert stored + waiting == int(line.split()[1])
    assert waiting > 0
    assert "interrupted" in errors.decode()
    assert "Traceback" not in errors.decode()


def test_health_is_served_meanwhile(call: Call, articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHRONIKA_HEALTH_PORT", "0")
    result = call("run", str(articles), "--health")
    assert result.exit_code == 0
    assert re.search(r"health and metrics on http://127\.0\.0\.1:\d+/", result.stderr)
