"""The measuring of language detection on labelled lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chronika_language_detect.evaluation import half_of, main

LINES = [
    {"text": "Суд отменил решение совета", "lang": "ru"},
    {"text": "Рада скасувала рішення суду", "lang": "uk"},
    {"text": "Съдът отмени решението на министъра", "lang": "bg"},
    {"text": "Це речення написане українською, а позначене інакше", "lang": "ru"},
]


def test_the_table_tells_shares_and_outcomes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in LINES), encoding="utf-8")
    main([str(path)])
    rows = [line.split() for line in capsys.readouterr().out.splitlines()[1:]]
    assert [(row[0], float(row[1])) for row in rows] == [("bg", 100.0), ("ru", 50.0), ("uk", 100.0)]


def test_halves_are_taken_language_by_language() -> None:
    assert [line["lang"] for line in half_of(LINES, "first")] == ["ru"]
    assert [line["text"][:3] for line in half_of(LINES, "second")] == ["Рад", "Съд", "Це "]
