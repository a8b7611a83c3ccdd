"""What the command prints survives pipes, poor encodings and full disks; errors are short."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from chronika.cli import documents
from chronika.cli.exit_codes import MEANINGS, ExitCode, exit_code_of
from chronika.domain import errors

Call = Callable[..., Result]
Shell = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def large(toys: Path) -> Path:
    """More output than a pipe holds."""
    lines = [json.dumps({"id": f"d{number}", "text": f"Минск осудил Прага. {'слово ' * 200}"}) for number in range(60)]
    path = toys / "large.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("form", ["table", "json", "conllu"])
def test_a_reader_that_has_had_enough_is_no_error(shell: Shell, large: Path, form: str) -> None:
    done = shell(f"chronika extract {large} --format {form} | head -2; exit ${{PIPESTATUS[0]}}")
    assert done.returncode == 0
    assert done.stderr == b""
    assert len(done.stdout.splitlines()) == 2


def test_output_that_cannot_be_written_is_told(shell: Shell, stored: Path) -> None:
    done = shell("chronika query events > /dev/full")
    assert done.returncode == 1
    assert done.stderr.decode().splitlines() == [
        "output-failed: the output cannot be written: No space left on device",
        "Free space and repeat.",
    ]


def test_a_terminal_of_windows_1251_is_served(shell: Shell, stored: Path) -> None:
    done = shell("chronika query events; chronika trace a1", env={"PYTHONIOENCODING": "cp1251", "COLUMNS": "80"})
    assert done.returncode == 0, done.stderr
    assert "CZE GOV Прага -> BLR GOV Минск" in done.stdout.decode("cp1251")
    assert "?" not in done.stdout.decode("cp1251")


def test_an_ascii_terminal_shows_question_marks_and_trees_of_ascii(shell: Shell, stored: Path, call: Call) -> None:
    event = json.loads(call("query", "events", "--format", "json").stdout.splitlines()[0])["id"]
    done = shell(f"chronika explain {event}", env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0, done.stderr
    assert "-+> ????" in done.stdout.decode("ascii")


def test_data_is_utf_8_on_every_terminal(shell: Shell, stored: Path) -> None:
    done = shell("chronika query events --format json", env={"PYTHONIOENCODING": "cp1251"})
    assert "Варшава" in done.stdout.decode("utf-8")


def test_colours_are_for_terminals(shell: Shell, stored: Path) -> None:
    assert b"\x1b" not in shell("chronika query events").stdout
    forced = shell("chronika query events", env={"FORCE_COLOR": "1", "TERM": "xterm-256color"}).stdout
    assert b"\x1b[1;31m" in forced or b"\x1b[33m" in forced
    colourless = shell("chronika query events", env={"FORCE_COLOR": "1", "NO_COLOR": "1", "TERM": "xterm-256color"})
    assert b"\x1b[33m" not in colourless.stdout


def test_an_unexpected_error_is_one_line_and_the_traceback_comes_on_request(
    call: Call, stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object, **_options: object) -> None:
        raise LookupError("a mistake of ours")

    monkeypatch.setattr(documents, "open_store", broken)
    result = call("documents")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[0] == "unexpected: LookupError: a mistake of ours"
    assert "--debug" in result.stderr
    assert "Traceback" not in result.output
    assert "Traceback" in call("--debug", "documents").stderr


def test_help_has_examples(call: Call) -> None:
    result = call("query", "events", "--help", columns=100)
    assert result.exit_code == 0
    assert "chronika query events --actor RUS --type ASSAULT" in result.stdout


def test_a_misspelt_command_gets_a_hint(call: Call) -> None:
    result = call("documnets")
    assert result.exit_code == 2
    assert "Did you mean 'documents'" in result.stderr


def test_every_exit_code_has_a_meaning() -> None:
    assert set(MEANINGS) == set(ExitCode)


def test_every_kind_of_error_has_its_exit_code() -> None:
    kinds = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.ChronikaError)
    ]
    codes = {kind.__name__: exit_code_of(kind("code", "message")) for kind in kinds if kind is not errors.ChronikaError}
    assert codes == {
        "ConfigurationError": 4,
        "StoreError": 5,
        "NotFoundError": 6,
        "RefusedInputError": 3,
        "ContractError": 3,
        "StageError": 3,
    }
