"""What the tests of the command share: a chain of toy stages, articles for it, and ways to call the command."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from chronika.cli.main import app
from chronika.testing.obedient_stage import install_obedient_stage
from chronika.testing.toy_coder import install_toy_coder

TOY_STAGES = "obedient,toy-words,toy-coder"
ARTICLES = "\n".join(
    [
        '{"id": "a1", "title": "Переговоры", "published": "2025-08-22", "source": "Вестник", '
        '"text": "Минск и Варшава встретились 2025-08-21. Киев сказал, что это не переговоры."}',
        '{"id": "a2", "published": "2025-08-23", "source": "Вестник", '
        '"text": "Минск не обстреляли. Прага осудил Минск."}',
        '{"id": "a3", "published": "2025-08-24", "source": "Хроника", "text": "Как ранее Прага позвонил Киеву."}',
        '{"id": "a4", "published": "2025-08-20", "source": "Хроника", "text": "Погода хорошая."}',
        '{"id": "a5", "published": "2025-08-25", "source": "Хроника", "text": "Киев сказал, что Минск встретились."}',
    ]
)


@pytest.fixture(scope="session")
def toy_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with toy stages, as a package manager leaves them."""
    folder = tmp_path_factory.mktemp("toys")
    install_obedient_stage(folder)
    install_toy_coder(folder)
    return folder


@pytest.fixture
def toys(toy_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory in which the command runs the toy stages; no settings but these."""
    _settle(monkeypatch, toy_folder, tmp_path)
    return tmp_path


def _settle(monkeypatch: pytest.MonkeyPatch, toy_folder: Path, folder: Path) -> None:
    for name in [name for name in os.environ if name.startswith("CHRONIKA_")]:
        monkeypatch.delenv(name)
    for name in ("COLUMNS", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    # Installed for this test and the processes that it starts; a stage that stayed would join the chain of other tests.
    monkeypatch.syspath_prepend(toy_folder)
    monkeypatch.setenv("PYTHONPATH", str(toy_folder), prepend=os.pathsep)
    monkeypatch.setenv("CHRONIKA_STAGES", TOY_STAGES)
    monkeypatch.setenv("CHRONIKA_WORKERS", "1")
    monkeypatch.chdir(folder)


@pytest.fixture
def articles(toys: Path) -> Path:
    """Five articles as JSON lines."""
    path = toys / "articles.jsonl"
    path.write_text(ARTICLES + "\n", encoding="utf-8")
    return path


Call = Callable[..., Result]


@pytest.fixture
def call(toys: Path) -> Call:
    """Calls the command in this process."""

    def call(*arguments: str, stdin: str | bytes | None = None, columns: int | None = None) -> Result:
        environment = {"COLUMNS": str(columns)} if columns else {}
        return CliRunner().invoke(app, list(arguments), input=stdin, env=environment, prog_name="chronika")

    return call


@pytest.fixture(scope="session")
def stored_once(toy_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that holds the articles, made once."""
    folder = tmp_path_factory.mktemp("stored")
    (folder / "articles.jsonl").write_text(ARTICLES, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        _settle(patch, toy_folder, folder)
        result = CliRunner().invoke(app, ["run", "articles.jsonl", "--quiet"])
    assert result.exit_code == 0, result.output
    return folder / "chronika.db"


@pytest.fixture
def stored(stored_once: Path, toys: Path) -> Path:
    """A store that holds the articles, where the command looks for it."""
    return Path(shutil.copy(stored_once, toys / "chronika.db"))


Shell = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def shell(toys: Path) -> Shell:
    """Runs a shell line in which `chronika` is the command, in a process of its own."""

    def run(line: str, *, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
        command = f'chronika() {{ "{sys.executable}" -c "from chronika.cli.main import main; main()" "$@"; }}\n{line}'
        return subprocess.run(
            ["bash", "-c", command],
            env={**os.environ, **(env or {})},
            capture_output=True,
            timeout=120,
            check=False,
        )

    return run
