"""Each member, in an environment that holds its own lock and nothing else, imports all of its modules."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[2]
MEMBERS = {path.parent.name: path.parent for path in sorted((ROOT / "services").glob("*/pyproject.toml"))}
UV = ROOT / ".tools" / "bin" / "uv"

RUN_BY_ALEMBIC = "migrations.env"
"""Alembic runs this module with a context of its own; nobody imports it."""

IMPORT_ALL = f"""
import importlib, pkgutil, sys
root = importlib.import_module(sys.argv[1])
names = [module.name for module in pkgutil.walk_packages(root.__path__, root.__name__ + ".")]
for name in names:
    if not name.endswith("{RUN_BY_ALEMBIC}"):
        importlib.import_module(name)
print(len(names))
"""


def workspace_dependencies(folder: str) -> list[str]:
    """The member and the members that it needs, by folder."""
    projects = {key: tomllib.loads((path / "pyproject.toml").read_text())["project"] for key, path in MEMBERS.items()}
    names = {project["name"]: key for key, project in projects.items()}
    needed = projects[folder]["dependencies"]
    return [folder, *(names[name] for name in needed if name in names)]


@pytest.mark.parametrize("folder", list(MEMBERS))
def test_member_imports_in_its_own_environment(folder: str, tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    lock = ROOT / "locks" / f"{folder}.txt"
    members = [str(MEMBERS[name]) for name in workspace_dependencies(folder)]
    run(str(UV), "venv", "--quiet", "--python", sys.executable, str(environment))
    run(str(UV), "pip", "install", "--quiet", "--python", str(environment), "--require-hashes", "-r", str(lock))
    run(str(UV), "pip", "install", "--quiet", "--python", str(environment), "--no-deps", *members)
    package = next(path.name for path in (MEMBERS[folder] / "src").iterdir() if (path / "__init__.py").exists())
    imported = run(str(environment / "bin" / "python"), "-c", IMPORT_ALL, package)
    on_disk = list((MEMBERS[folder] / "src" / package).rglob("*.py"))
    assert int(imported) + 1 == len(on_disk), "a module lies where the package does not see it"


def run(*command: str) -> str:
    settings = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")}
    finished = subprocess.run(command, capture_output=True, text=True, timeout=300, env=settings, check=False)
    assert finished.returncode == 0, finished.stderr[-2000:]
    return finished.stdout
