"""`config show`, `doctor`, `serve` and `version`."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import Result

from chronika.testing.plug_ins import install_plug_in

Call = Callable[..., Result]


def test_version(call: Call) -> None:
    expected = f"chronika {version('chronika')}\n"
    assert call("--version").stdout == expected
    assert call("version").stdout == expected


def test_every_value_tells_where_it_comes_from(call: Call, toys: Path) -> None:
    (toys / "chronika.toml").write_text("batch_documents = 4\n", encoding="utf-8")
    result = call("config", "show", "--store", "here.db")
    rows = {line.split()[0]: line for line in result.stdout.splitlines()}
    assert rows["store"].split("  ", 1)[1].split() == ["sqlite:///here.db", "command", "line"]
    assert rows["workers"].endswith("environment variable CHRONIKA_WORKERS")
    assert rows["batch_documents"].endswith("file chronika.toml")
    assert rows["max_attempts"].endswith("default")


def test_settings_as_json(call: Call) -> None:
    rows = [json.loads(line) for line in call("config", "show", "--format", "json").stdout.splitlines()]
    assert {"setting": "workers", "value": "1", "from": "environment variable CHRONIKA_WORKERS"} in rows


def verdicts(result: Result) -> dict[str, str]:
    return {line[5:21].strip(): line.split()[0] for line in result.stdout.splitlines() if not line.startswith(" ")}


def test_the_doctor_finds_all_well(call: Call, stored: Path) -> None:
    result = call("doctor")
    assert result.exit_code == 0, result.output
    found = verdicts(result)
    assert found.items() >= {"python": "ok", "stages": "ok", "languages": "ok", "store": "ok", "writable": "ok"}.items()
    assert "fail" not in found.values()
    assert "5 documents, 5 events" in result.stdout
    assert "toy-coder is ready after" in result.stdout


def test_the_doctor_makes_no_store(call: Call, toys: Path) -> None:
    result = call("doctor", "--quick")
    assert "chronika.db is not there yet" in result.stdout
    assert "is ready after" not in result.stdout
    assert list(toys.iterdir()) == []


def test_the_doctor_names_what_is_broken_and_the_cure(
    call: Call, toys: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = install_plug_in(
        tmp_path_factory.mktemp("broken"),
        module="chronika_broken",
        source="raise RuntimeError('half installed')",
        offers={"chronika.stages": {"broken": "STAGE"}},
    )
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv("CHRONIKA_STAGES", "broken")
    result = call("doctor")
    assert result.exit_code == 4
    lines = result.stdout.splitlines()
    (at,) = [number for number, line in enumerate(lines) if line.startswith("fail")]
    assert "plug-in-broken" in lines[at]
    assert "half installed" in lines[at]
    assert "Install it again" in lines[at + 1]


def test_the_doctor_says_that_a_setting_is_wrong(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHRONIKA_WORKER", "2")
    result = call("doctor", "--quick")
    assert result.exit_code == 4
    assert "unknown-setting" in result.stdout
    assert "Did you mean workers?" in result.stdout


def test_serve_answers_until_it_is_stopped(toys: Path, stored: Path) -> None:
    command = [sys.executable, "-c", "from chronika.cli.main import main; main()", "serve"]
    environment = {"CHRONIKA_HEALTH_PORT": "0"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, cwd=toys, env=_with(environment), text=True) as process:
        assert process.stderr is not None
        (address,) = re.findall(r"http://\S+?:\d+/", process.stderr.readline())
        ready = json.loads(_get(f"{address}readyz"))
        assert (ready["status"], ready["documents"], ready["dead_letters"]) == ("ok", 5, 0)
        assert json.loads(_get(f"{address}healthz"))["status"] == "ok"
        assert "chronika_build_info" in _get(f"{address}metrics")
        assert 'chronika_queue_depth{queue="inbox"} 0.0' in _get(f"{address}metrics")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


def test_serve_runs_an_installed_service(
    call: Call, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = install_plug_in(
        tmp_path_factory.mktemp("service"),
        module="chronika_echo",
        source="def serve(settings):\n    print('serving', settings.store)\n",
        offers={"chronika.services": {"echo": "serve"}},
    )
    monkeypatch.syspath_prepend(str(folder))
    assert call("serve", "echo").stdout == "serving sqlite:///chronika.db\n"
    unknown = call("serve", "nobody")
    assert unknown.exit_code == 4
    assert "plug-in-unknown: no service 'nobody' is installed (installed: echo)" in unknown.stderr


def _with(variables: dict[str, str]) -> dict[str, str]:
    import os

    return {**os.environ, **variables}


def _get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return str(answer.read().decode())
