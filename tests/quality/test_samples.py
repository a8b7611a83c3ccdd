"""The sample articles are read at least as well as the floors say; `chronika evaluate --errors` lists the misses."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOORS = tomllib.loads((Path(__file__).parent / "floors.toml").read_text(encoding="utf-8"))
GOLD = [ROOT / "samples" / f"{language}.gold.jsonl" for language in ("ru", "uk")]


@pytest.fixture(scope="module")
def scores() -> Any:
    command = [str(Path(sys.executable).with_name("chronika")), "evaluate", *map(str, GOLD), "--format", "json"]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert finished.returncode == 0, finished.stderr[-2000:]
    return json.loads(finished.stdout)


@pytest.mark.parametrize(
    ("language", "figure"), [(language, figure) for language, floors in FLOORS.items() for figure in floors]
)
def test_floor_holds(scores: Any, language: str, figure: str) -> None:
    assert measured(scores[language], figure) >= FLOORS[language][figure]


def measured(report: Any, figure: str) -> float:
    """A figure by its name in the floors: "events_f1" is F1 of events, "realis" the share that is right."""
    group, _, measure = figure.rpartition("_")
    value = report.get(group) if group else report[figure]
    if isinstance(value, dict):
        return float(value[{"f1": "f1", "precision": "p", "recall": "r"}[measure]])
    return float(value)


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.name)
def test_annotations_stand_on_the_shipped_texts(path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        document = json.loads(line)
        language, _, name = document["id"].partition("-")
        assert (ROOT / "samples" / language / f"{name}.txt").read_text(encoding="utf-8") == document["text"]
        for event in document["events"]:
            start, end = event["trigger_span"]
            assert document["text"][start:end] == event["trigger"]
