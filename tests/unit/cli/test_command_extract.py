"""`chronika extract`: events of articles, printed and not stored."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Call = Callable[..., Result]


def test_nothing_is_stored(call: Call, articles: Path) -> None:
    assert call("extract", str(articles)).exit_code == 0
    assert [path.name for path in articles.parent.iterdir()] == ["articles.jsonl"]


@pytest.mark.parametrize("columns", [80, 120])
def test_the_table_keeps_to_the_terminal(call: Call, articles: Path, columns: int) -> None:
    name = "Долгое-Предолгое Собрание Представителей " * 4
    with articles.open("a", encoding="utf-8") as file:
        line = {"id": "long", "text": f"{name} встретились с {name} на долгих переговорах о {name}."}
        file.write(json.dumps(line) + "\n")
    result = call("extract", str(articles), columns=columns)
    assert max(map(len, result.stdout.splitlines())) <= columns
    assert "  Минск и Варшава [встретились] 2025-08-21.\n" in result.stdout
    assert result.stdout.count("Представителей") >= 20, "nothing is cut off"


def test_the_table_tells_the_parties_the_realis_and_who_says_so(call: Call, articles: Path) -> None:
    result = call("extract", str(articles), columns=120)
    assert result.stdout.startswith("Переговоры\n2025-08-22  Вестник  ru  1 event  ")
    assert "articles.jsonl:1\n" in result.stdout
    assert "  says Киев\n  Киев сказал, что Минск [встретились].\n" in result.stdout
    assert "CZE GOV Прага → BLR GOV Минск" in result.stdout
    assert "denied" in result.stdout
    assert "0 events" in result.stdout


def test_in_a_pipe_an_event_is_a_line(call: Call, articles: Path) -> None:
    result = call("extract", str(articles))
    (line,) = [line for line in result.stdout.splitlines() if "ACCUSE" in line]
    assert line.split("  ")[0] == "ACCUSE disapprove"
    assert "CZE GOV Прага → BLR GOV Минск" in line
    assert "actual" in line


def test_json_holds_everything_with_the_words_of_every_span(call: Call, articles: Path) -> None:
    result = call("extract", str(articles), "--format", "json")
    documents = [json.loads(line) for line in result.stdout.splitlines()]
    assert [document["id"] for document in documents] == ["a1", "a2", "a3", "a4", "a5"]
    (event,) = documents[0]["events"]
    assert event["trigger"] == {"text": "встретились", "start": 16, "end": 27}
    assert [party["code"] for party in event["actors"]] == ["BLR", "POL"]
    assert event["time"]["start"] == "2025-08-21"
    assert documents[1]["events"][0]["realis"] == "denied"
    assert documents[1]["events"][0]["realis_cues"] == [{"text": "не", "start": 6, "end": 8}]
    assert documents[4]["events"][0]["attribution"][0]["name"] == "Киев"


def test_gold_output_is_what_is_scored(call: Call, articles: Path) -> None:
    result = call("extract", str(articles), "--format", "gold")
    first = json.loads(result.stdout.splitlines()[0])
    assert set(first) == {"id", "events"}
    (event,) = first["events"]
    assert event["type"] == "CONSULT"
    assert (event["trigger"]["start"], event["trigger"]["end"]) == (16, 27)
    assert event["actors"] == [
        {"text": "Минск", "code": "BLR", "sector": "GOV"},
        {"text": "Варшава", "code": "POL", "sector": "GOV"},
    ]
    assert event["time"] == {"start": "2025-08-21", "end": None}
    assert (event["place"], event["mode"], event["background"]) == (None, None, False)


def test_conllu_is_valid(call: Call, articles: Path) -> None:
    result = call("extract", str(articles), "--format", "conllu")
    text = json.loads(articles.read_text(encoding="utf-8").splitlines()[0])["text"]
    sentences = [block for block in result.stdout.split("\n\n") if block.strip()]
    assert result.stdout.endswith("\n\n")
    assert sentences[0].startswith(
        "# newdoc id = a1\n# sent_id = a1-1\n# text = Минск и Варшава встретились 2025-08-21.\n"
    )
    for block in sentences:
        comments = dict(line[2:].split(" = ", 1) for line in block.splitlines() if line.startswith("#"))
        rows = [line.split("\t") for line in block.splitlines() if not line.startswith("#")]
        assert [row[0] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
        assert all(len(row) == 10 and all(row) for row in rows)
        assert [row[7] for row in rows if row[6] == "0"] == ["root"]
        glued = "".join(row[1] + ("" if "SpaceAfter=No" in row[9] else " ") for row in rows)
        assert glued.rstrip() == comments["text"]
    misc = dict(pair.split("=") for pair in sentences[0].splitlines()[-3].split("\t")[9].split("|"))
    assert text[int(misc["start_char"]) : int(misc["end_char"])] == "встретились"


def test_a_document_that_fails_does_not_stop_the_others(call: Call, articles: Path) -> None:
    with articles.open("a", encoding="utf-8") as file:
        file.write('{"id": "bad", "text": "FAIL"}\nno json\n{"id": "good", "text": "Минск встретились."}\n')
    result = call("extract", str(articles), "--format", "json")
    assert result.exit_code == 3
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()][-1] == "good"
    assert "failed  bad  stage-failed" in result.stderr
    assert "articles.jsonl:7  bad-json-line" in result.stderr


def test_many_documents_are_read_by_workers_in_order(call: Call, toys: Path) -> None:
    """A document that ends its process costs itself alone; in this process it would end the test."""
    texts = ["Минск встретились.", "KILL", *["Прага осудил Минск."] * 18]
    lines = [json.dumps({"id": f"d{number}", "text": text}) for number, text in enumerate(texts)]
    (toys / "many.jsonl").write_text("\n".join(lines), encoding="utf-8")
    result = call("extract", "many.jsonl", "--format", "gold", "--workers", "2")
    assert result.exit_code == 3
    expected = [f"d{number}" for number in range(20) if number != 1]
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == expected
    assert "failed  d1  worker-crashed" in result.stderr


def test_standard_input_is_read(call: Call) -> None:
    result = call("extract", "-", "--published", "2025-08-22", stdin="Минск и Варшава встретились.")
    assert result.exit_code == 0
    assert "2025-08-22  ru  1 event" in result.stdout


def test_texts_cannot_steer_the_terminal(call: Call, toys: Path) -> None:
    evil = {"title": "Заголовок \x1b[2J\u202e", "text": "Минск \x1b]0;x\x07 встретились\u2066."}
    (toys / "evil.jsonl").write_text(json.dumps(evil), encoding="utf-8")
    shown = call("extract", "evil.jsonl").stdout
    assert "встретились" in shown
    assert not set(shown) & set("\x1b\x07\u202e\u2066")


def test_a_language_that_is_not_read_is_said_to_be(call: Call, toys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHRONIKA_STAGES", "language-detect")
    (toys / "english.txt").write_text("The ministers met on Friday to talk about grain exports.", encoding="utf-8")
    assert "en, which is not read" in call("extract", "english.txt").stdout
