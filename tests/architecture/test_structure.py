"""The tree, the workspace, the import rules, the locks and the cards name the same members."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
MEMBERS = sorted(path.parent for path in (ROOT / "services").glob("*/pyproject.toml"))
WORKSPACE = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def project(member: Path) -> dict[str, Any]:
    return tomllib.loads((member / "pyproject.toml").read_text(encoding="utf-8"))["project"]  # type: ignore[no-any-return]


def package(member: Path) -> str:
    folders = [path.name for path in (member / "src").iterdir() if (path / "__init__.py").exists()]
    assert len(folders) == 1, f"{member.name} has not exactly one import root: {folders}"
    return folders[0]


def modules(member: Path) -> Iterator[Path]:
    yield from (path for path in (member / "src").rglob("*.py") if "/v1/" not in path.as_posix())


NAMES = sorted(project(member)["name"] for member in MEMBERS)


def test_the_workspace_lists_every_member() -> None:
    assert sorted(WORKSPACE["project"]["dependencies"]) == NAMES
    assert sorted(WORKSPACE["tool"]["uv"]["sources"]) == NAMES


def test_the_linter_looks_at_every_member() -> None:
    """A member that import-linter is not told of is not looked at."""
    roots = WORKSPACE["tool"]["importlinter"]["root_packages"]
    assert sorted(roots) == sorted(package(member) for member in MEMBERS)


def test_every_service_stands_in_the_independence_rule() -> None:
    contracts = WORKSPACE["tool"]["importlinter"]["contracts"]
    independent = next(contract for contract in contracts if contract["type"] == "independence")
    services = [package(member) for member in MEMBERS if member.name not in ("core", "languages")]
    assert sorted(independent["modules"]) == sorted(services)


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: member.name)
def test_a_member_has_what_members_have(member: Path) -> None:
    source = member / "src" / package(member)
    assert (source / "py.typed").exists()
    assert (ROOT / "locks" / f"{member.name}.txt").exists(), "run `make lock`"
    assert project(member)["dynamic"] == ["version"], "one version for all: VERSION"
    card = (member / "README.md").read_text(encoding="utf-8")
    assert card.startswith("# ")
    table = (ROOT / "services" / "README.md").read_text(encoding="utf-8")
    assert f"]({member.name}/README.md)" in table, "services/README.md lists every member"


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: member.name)
def test_a_module_says_what_it_is_for(member: Path) -> None:
    for path in modules(member):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), f"{path.relative_to(ROOT)} has no docstring"


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: member.name)
def test_a_member_declares_what_it_imports(member: Path) -> None:
    """An undeclared import passes in the shared environment and fails in the service's own image."""
    declared = {re.split(r"[<>=!~\[ ]", name)[0].lower().replace("_", "-") for name in project(member)["dependencies"]}
    distributions = {
        "google": "protobuf",
        "yaml": "pyyaml",
        "fasttext": "fasttext-predict",
        "dateutil": "python-dateutil",
    }
    for path in modules(member):
        for name in imported(path):
            distribution = distributions.get(name, name).replace("_", "-")
            if name == package(member) or is_standard(name):
                continue
            assert distribution in declared, f"{path.relative_to(ROOT)} imports {name}"


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def is_standard(name: str) -> bool:
    import sys

    return name in sys.stdlib_module_names


def test_language_packs_hold_the_same_files() -> None:
    folders = [path for path in (ROOT / "services/languages/src/chronika_languages").iterdir() if is_pack(path)]
    assert {path.name for path in folders} == {"ru", "uk"}
    listings = {path.name: sorted(file.name for file in path.iterdir() if file.is_file()) for path in folders}
    assert listings["ru"] == listings["uk"]


def test_the_docs_list_every_file_of_a_pack() -> None:
    told = (ROOT / "docs/adding-a-language.md").read_text(encoding="utf-8")
    pack = ROOT / "services/languages/src/chronika_languages/uk"
    data = [file.name for file in pack.iterdir() if file.suffix in (".tsv", ".toml")]
    assert data
    assert [name for name in sorted(data) if f"`{name}`" not in told] == []


def is_pack(path: Path) -> bool:
    return path.is_dir() and (path / "language.toml").exists()


def test_locks_are_hashed_and_name_no_address() -> None:
    for lock in (ROOT / "locks").glob("*.txt"):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text, f"{lock.name} names an address"
        requirements = [line for line in text.splitlines() if re.match(r"[a-z0-9]", line)]
        assert requirements, f"{lock.name} is empty"
        assert all(line.endswith("\\") for line in requirements), f"{lock.name} holds a requirement without a hash"


def test_contracts_are_commented_and_numbers_are_not_reused() -> None:
    for path in sorted((ROOT / "proto").rglob("*.proto")):
        body = path.read_text(encoding="utf-8")
        for message in re.findall(r"message \w+ \{(.*?)\n\}", body, flags=re.DOTALL):
            numbers = re.findall(r"= (\d+)(?: \[.*?\])?;", message)
            assert len(numbers) == len(set(numbers)), f"{path.name} uses a number twice"
