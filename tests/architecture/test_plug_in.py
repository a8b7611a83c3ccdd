"""A new stage and a new language are one folder each, installed beside the project; nothing of it is edited."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.resources import as_file, files
from pathlib import Path

import pytest

CHRONIKA = Path(sys.executable).with_name("chronika")

ARTICLE = "Ўзўтра пасланці приїхали. Зўтра гопак Польщі та Чехії тривав ўвесь ранок."

STUB_STAGE = '''
"""Counts the tokens of a document: a layer of its own, in a field that chronika.v1 does not use."""

from chronika.domain.document import Layer, OpaqueLayer
from chronika.ports.stage import StageSpec

FIELD = 1001


def fragment(count):
    text = str(count).encode()
    tag = FIELD << 3 | 2
    return bytes([tag & 0x7F | 0x80, tag >> 7, len(text)]) + text


def load(packs):
    return lambda documents: [OpaqueLayer(fragment(len(document.analysis))) for document in documents]


STAGE = StageSpec(
    name="count-tokens", reads=frozenset({Layer.ANALYSIS}), adds="token-count", version="1", load=load
)
'''

STUB_PACK = '''
"""A made-up dialect: it says "гопак" for a meeting and is spelt with the letter ў."""

from importlib.resources import files

from chronika.ports.language_pack import LanguagePack

PACK = LanguagePack(code="qaa", name="Stub", files=files(__package__))
'''


def install(folder: Path, name: str, group: str, entry: str) -> None:
    """What a package manager leaves behind: metadata that names the entry point."""
    metadata = folder / f"{name}-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(f"[{group}]\n{entry}\n")


def chronika(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(CHRONIKA), *arguments],
        env={**os.environ, "PYTHONPATH": str(folder), "NO_COLOR": "1"},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def stub_stage(tmp_path: Path) -> Path:
    (tmp_path / "stub_stage.py").write_text(STUB_STAGE)
    install(tmp_path, "stub-stage", "chronika.stages", "count-tokens = stub_stage:STAGE")
    return tmp_path


def test_a_stage_joins_the_chain(stub_stage: Path) -> None:
    article = stub_stage / "article.txt"
    article.write_text("Послы встретились в Вене.")
    ran = chronika(stub_stage, "run", str(article), "--store", "stub.db", "--workers", "1")
    assert ran.returncode == 0, ran.stderr
    listed = chronika(stub_stage, "documents", "--store", "stub.db", "--format", "json")
    document_id = json.loads(listed.stdout.splitlines()[0])["document_id"]
    trace = chronika(stub_stage, "trace", document_id, "--store", "stub.db")
    assert "count-tokens" in trace.stdout


def test_a_stage_that_reads_what_nobody_adds_does_not_start(stub_stage: Path) -> None:
    module = stub_stage / "stub_stage.py"
    module.write_text(module.read_text().replace("frozenset({Layer.ANALYSIS})", 'frozenset({"sentiment"})'))
    (stub_stage / "article.txt").write_text("Послы встретились в Вене.")
    ran = chronika(stub_stage, "run", "article.txt", "--store", "stub.db", "--workers", "1")
    assert ran.returncode == 4
    assert "sentiment" in ran.stderr


@pytest.fixture
def stub_language(tmp_path: Path) -> Path:
    """A copy of the Ukrainian folder under another code, with a letter and a trigger of its own."""
    pack = tmp_path / "stub_language"
    with as_file(files("chronika_languages.uk")) as ukrainian:
        shutil.copytree(ukrainian, pack, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    (pack / "__init__.py").write_text(STUB_PACK)
    profile = (pack / "language.toml").read_text(encoding="utf-8")
    profile = profile.replace('code = "uk"', 'code = "qaa"').replace('labels = ["uk"]', 'labels = ["qaa"]')
    profile = profile.replace("абвгґд", "абвгґдў").replace('words = """', 'words = """\nзўтра ўзўтра пасланці')
    (pack / "language.toml").write_text(profile, encoding="utf-8")
    triggers = pack / "triggers.tsv"
    lines = triggers.read_text(encoding="utf-8").splitlines()
    row = ["qaa.t.consult.stub", "гопак", "N", "CONSULT", "", "gen", "", "", "", "Гопак Польщі та Чехії тривав."]
    triggers.write_text("\n".join([*lines, "\t".join(row)]) + "\n", encoding="utf-8")
    install(tmp_path, "stub-language", "chronika.languages", "qaa = stub_language:PACK")
    return tmp_path


def test_a_language_is_detected_read_and_coded(stub_language: Path) -> None:
    article = stub_language / "article.txt"
    article.write_text(ARTICLE, encoding="utf-8")
    extracted = chronika(stub_language, "extract", str(article), "--format", "json")
    assert extracted.returncode == 0, extracted.stderr
    document = json.loads(extracted.stdout)
    assert document["language"] == "qaa"
    rules = {rule for event in document["events"] for rule in event["rule_ids"]}
    assert "qaa.t.consult.stub" in rules


def test_without_the_folder_the_language_is_another(tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text(ARTICLE, encoding="utf-8")
    extracted = chronika(tmp_path, "extract", str(article), "--format", "json")
    assert "qaa" not in extracted.stdout
