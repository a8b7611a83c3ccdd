"""`chronika evaluate`: annotated articles in, figures out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

Call = Callable[..., Result]


def event(text: str, trigger: str, **fields: Any) -> dict[str, Any]:
    start = text.index(trigger)
    usual: dict[str, Any] = {"trigger": trigger, "trigger_span": [start, start + len(trigger)], "mode": None}
    usual |= {"recipients": [], "realis": "actual", "time": None, "place": None, "attribution": [], "background": False}
    return {**usual, "core": True, **fields}


def party(code: str) -> dict[str, Any]:
    return {"text": code, "code": code, "sector": None}


@pytest.fixture
def gold(toys: Path) -> Path:
    """Two articles: the toy coder finds one event with the right parties, one with wrong ones, and one too many; it
    misses one."""
    first = "Минск и Варшава встретились 2025-08-21. Прага требует ответа."
    second = "Минск не осудил Варшаву. Прага позвонил Киеву."
    lines = [
        {
            "id": "g1",
            "lang": "ru",
            "text": first,
            "events": [
                event(
                    first, "встретились", type="CONSULT", actors=[party("BLR"), party("POL")], time={"start": "2025-08"}
                ),
                event(first, "требует", type="REQUEST", actors=[party("CZE")]),
            ],
        },
        {
            "id": "g2",
            "lang": "uk",
            "text": second,
            "events": [
                event(
                    second, "осудил", type="ACCUSE", actors=[party("BLR")], recipients=[party("UKR")], realis="denied"
                )
            ],
        },
    ]
    path = toys / "gold.jsonl"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    return path


def test_the_figures_are_those_that_a_hand_counts(call: Call, gold: Path) -> None:
    result = call("evaluate", str(gold), "--format", "json")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    # Of three annotated events two are found, and three are predicted.
    assert report["all"]["events"] == {"p": 0.6667, "r": 0.6667, "f1": 0.6667, "tp": 2, "predicted": 3, "gold": 3}
    assert report["all"]["dyads"] == {"p": 0.3333, "r": 0.3333, "f1": 0.3333, "tp": 1, "predicted": 3, "gold": 3}
    assert report["all"]["realis"] == 1.0
    assert report["all"]["time"] == 1.0, "2025-08-21 lies in 2025-08"
    assert report["ru"]["events"] == {"p": 1.0, "r": 0.5, "f1": 0.6667, "tp": 1, "predicted": 1, "gold": 2}
    assert report["uk"]["documents"] == 1
    assert report["uk"]["nonactual"] == 1.0
    assert report["all"]["types"]["REQUEST"] == {"p": 0.0, "r": 0.0, "f1": 0.0, "tp": 0, "predicted": 0, "gold": 1}


def test_what_was_extracted_scores_the_same(call: Call, gold: Path) -> None:
    read = json.loads(call("evaluate", str(gold), "--format", "json").stdout)
    predicted = gold.parent / "predicted.jsonl"
    predicted.write_text(call("extract", str(gold), "--format", "gold").stdout, encoding="utf-8")
    scored = call("evaluate", str(gold), "--predicted", str(predicted), "--format", "json")
    assert json.loads(scored.stdout) == read


def test_tables_by_language_and_type_and_the_errors(call: Call, gold: Path) -> None:
    result = call("evaluate", str(gold), "--by", "type", "--errors", "1", columns=80)
    assert max(map(len, result.stdout.splitlines())) <= 80
    rows = [line.split() for line in result.stdout.splitlines()]
    assert ["all", "2", "3", "3", "2", "0.667", "0.667", "0.667", "0.667", "0.333"] in rows
    assert ["CONSULT", "1", "2", "1", "0.500", "1.000", "0.667"] in rows
    assert "missed  g1  REQUEST  требует" in result.stdout
    assert "extra  g2  CONSULT  позвонил" in result.stdout
    assert "gold BLR > UKR, found BLR > POL" in result.stdout


def test_a_document_that_fails_counts_as_empty_and_is_told(call: Call, gold: Path) -> None:
    line = {"id": "g3", "lang": "ru", "text": "FAIL", "events": []}
    gold.write_text(gold.read_text(encoding="utf-8") + "\n" + json.dumps(line), encoding="utf-8")
    result = call("evaluate", str(gold), "--format", "json")
    assert result.exit_code == 3
    assert json.loads(result.stdout)["all"]["documents"] == 3
    assert "failed  g3  stage-failed" in result.stderr


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("no json", "gold-line-invalid"),
        ('{"id": "x", "text": "y"}', "gold.jsonl:1 lacks 'events'"),
        ('{"id": "x", "text": "y", "events": [{"type": "AID"}]}', "lacks 'trigger_span'"),
        ("[]", "gold.jsonl:1 is not as it must be"),
    ],
)
def test_a_line_that_is_no_annotation_is_named(call: Call, toys: Path, line: str, told: str) -> None:
    (toys / "gold.jsonl").write_text(line, encoding="utf-8")
    result = call("evaluate", "gold.jsonl")
    assert result.exit_code == 3
    assert told in result.stderr
    assert "samples/README.md" in result.stderr.splitlines()[-1]


def test_a_missing_file_is_told(call: Call) -> None:
    result = call("evaluate", "nothing.jsonl")
    assert result.exit_code == 3
    assert "unreadable-file: nothing.jsonl cannot be read" in result.stderr
