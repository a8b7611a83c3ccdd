"""`explain`, `documents`, `trace` and `dead-letters` over a small store."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Call = Callable[..., Result]


def event_of(call: Call, document_id: str) -> str:
    lines = call("query", "events", "--format", "json", "--denied", "--background").stdout.splitlines()
    return str(next(event["id"] for event in map(json.loads, lines) if event["document"]["id"] == document_id))


# explain


def test_explain_shows_the_evidence_of_every_field(call: Call, stored: Path) -> None:
    result = call("explain", event_of(call, "a1"))
    assert result.exit_code == 0
    assert "CONSULT  score +2.5  confidence 0.50" in result.stdout
    assert "who      POL GOV Варшава  «Варшава»" in result.stdout
    assert "when     2025-08-21  explicit  «2025-08-21»" in result.stdout
    assert "  Минск и Варшава [встретились] 2025-08-21.\n" in result.stdout


def test_explain_draws_the_tree_and_says_what_each_word_is(call: Call, stored: Path) -> None:
    tree = call("explain", event_of(call, "a2")).stdout.partition("\ntree\n")[2]
    assert [line.split() for line in tree.splitlines()[:4]] == [
        ["─┬╼", "Минск", "root", "X", "Минск", "who"],
        ["╰─┬╼", "не", "dep", "X", "не", "realis"],
        ["╰─┬╼", "обстреляли", "dep", "VERB", "обстреляли", "trigger"],
        ["╰─╼", ".", "dep", "X", "."],
    ]


def test_explain_tells_what_the_rules_say_and_what_competed(call: Call, stored: Path) -> None:
    shown = call("explain", event_of(call, "a1")).stdout
    assert "trigger  «встретились»  toy.consult  a verb that the toy knows" in shown
    assert "no verb of the toy" in shown.partition("what competed")[2]


def test_explain_without_the_coder_gives_the_ids_of_the_rules(
    call: Call, stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = event_of(call, "a1")
    monkeypatch.setenv("CHRONIKA_STAGES", "obedient,toy-words")
    result = call("explain", event)
    assert result.exit_code == 0
    assert "rules\n  toy.consult\n" in result.stdout
    assert "no installed stage tells what the rules say" in result.stderr


def test_an_event_that_is_not_there_is_not_found(call: Call, stored: Path) -> None:
    result = call("explain", "0" * 20)
    assert result.exit_code == 6
    assert result.stderr.startswith("event-unknown: ")
    assert "query events" in result.stderr.splitlines()[1]


# documents and trace


def test_documents_are_listed_latest_first(call: Call, stored: Path) -> None:
    result = call("documents")
    assert [line.split()[0] for line in result.stdout.splitlines()[1:]] == ["a5", "a3", "a2", "a1", "a4"]
    assert "5 of 5 documents" in result.stderr
    assert "a1        2025-08-22  ru    1       Вестник  Переговоры" in result.stdout


def test_documents_are_found_by_their_words(call: Call, stored: Path) -> None:
    result = call("documents", "--text", "Варшаву", "--format", "json")
    (document,) = map(json.loads, result.stdout.splitlines())
    assert (document["document_id"], document["events"], document["outlet"]) == ("a1", 1, "Вестник")


def test_documents_as_csv(call: Call, stored: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(call("documents", "--format", "csv", "--limit", "2").stdout)))
    assert [row["document_id"] for row in rows] == ["a5", "a3"]
    assert rows[0]["published"] == "2025-08-25T00:00:00+00:00"


def test_a_limit_says_that_there_are_more(call: Call, stored: Path) -> None:
    assert "2 of 5 documents; there are more: --limit 5" in call("documents", "--limit", "2").stderr


def test_trace_tells_each_stage_in_order(call: Call, stored: Path) -> None:
    result = call("trace", "a2")
    assert result.exit_code == 0
    steps = [line.split()[2:4] for line in result.stdout.splitlines()[1:]]
    assert steps == [
        ["ingest", "produced"],
        ["obedient", "produced"],
        ["toy-words", "produced"],
        ["toy-coder", "produced"],
        ["storage", "stored"],
    ]
    assert "articles.jsonl:2" in result.stdout
    assert "2 events" in result.stdout


def test_the_trace_of_an_unknown_document_is_not_found(call: Call, stored: Path) -> None:
    result = call("trace", "nobody")
    assert result.exit_code == 6
    assert result.stderr.startswith("document-unknown: ")


# dead letters


@pytest.fixture
def letters(call: Call, toys: Path) -> list[str]:
    """A store with two dead letters; their ids."""
    text = '{"id": "b1", "text": "FAIL:first"}\n{"id": "b2", "text": "FAIL:second"}\n{"id": "g", "text": "Тихо."}\n'
    (toys / "bad.jsonl").write_text(text, encoding="utf-8")
    assert call("run", "bad.jsonl", "--quiet").exit_code == 3
    return [json.loads(line)["id"] for line in call("dead-letters", "list", "--format", "json").stdout.splitlines()]


def test_dead_letters_are_listed(call: Call, letters: list[str]) -> None:
    result = call("dead-letters", "list")
    assert len(letters) == 2
    assert all(letter in result.stdout for letter in letters)
    assert result.stdout.count("stage-failed") == 2
    assert "2 dead letters" in result.stderr
    assert call("dead-letters", "list", "--code", "other").stdout == ""


def test_a_dead_letter_is_shown_with_its_document_and_its_bytes(call: Call, letters: list[str], toys: Path) -> None:
    result = call("dead-letters", "show", letters[0], "--payload", "document.bin")
    assert result.exit_code == 0
    assert "bad.jsonl:" in result.stdout
    assert "FAIL:" in result.stdout
    assert b"FAIL:" in (toys / "document.bin").read_bytes()


def test_the_trace_of_a_dead_letter_says_at_which_stage_it_was_given_up(call: Call, letters: list[str]) -> None:
    steps = [line.split()[2:] for line in call("trace", "b1").stdout.splitlines()[1:]]
    assert steps == [["obedient", "dead-letter", "stage-failed"]]


def test_replayed_documents_are_read_by_the_next_run(call: Call, letters: list[str]) -> None:
    assert call("dead-letters", "replay", letters[0]).stdout == "1 back in the inbox\n"
    again = call("run")
    assert again.exit_code == 3
    assert again.stdout.splitlines()[-1] == (
        "inputs 0 + left by an earlier run 1 = stored 0 + unchanged 0 + refused 0 + dead letters 1 (stage-failed 1)"
    )
    assert call("dead-letters", "replay", "--all", "--code", "stage-failed").stdout == "2 back in the inbox\n"
    assert call("dead-letters", "list").stdout == ""


def test_all_are_dropped_only_on_a_yes(call: Call, letters: list[str]) -> None:
    refused = call("dead-letters", "drop", "--all", stdin="n\n")
    assert refused.exit_code == 1
    assert "2 dead letters" in refused.stderr
    assert len(call("dead-letters", "list", "--format", "json").stdout.splitlines()) == 2
    assert call("dead-letters", "drop", letters[0]).stdout == "1 dropped\n"
    assert call("dead-letters", "drop", "--all", "--yes").stdout == "1 dropped\n"


@pytest.mark.parametrize("arguments", [[], ["abc", "--all"], ["abc", "--code", "x"]])
def test_it_must_be_plain_which_are_meant(call: Call, letters: list[str], arguments: list[str]) -> None:
    result = call("dead-letters", "drop", *arguments)
    assert result.exit_code == 2
    assert len(call("dead-letters", "list", "--format", "json").stdout.splitlines()) == 2


def test_an_unknown_dead_letter_is_not_found(call: Call, letters: list[str]) -> None:
    for verb in ("show", "replay", "drop"):
        assert call("dead-letters", verb, "nothing").exit_code == 6
