"""`chronika query events`: what is listed, what is left out, and how it is narrowed."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Call = Callable[..., Result]


def found(call: Call, *options: str) -> list[str]:
    """Documents of the events that are listed, in order."""
    result = call("query", "events", "--format", "json", *options)
    assert result.exit_code == 0, result.output
    return [json.loads(line)["document"]["id"] for line in result.stdout.splitlines()]


def test_background_and_denied_are_left_out_and_that_is_told(call: Call, stored: Path) -> None:
    result = call("query", "events")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-2:] == [
        "3 events",
        "2 left out as background or denied (--background, --denied)",
    ]
    assert found(call) == ["a5", "a2", "a1"]


def test_they_come_when_asked_for(call: Call, stored: Path) -> None:
    assert found(call, "--background") == ["a5", "a3", "a2", "a1"]
    assert found(call, "--denied").count("a2") == 2
    result = call("query", "events", "--background", "--denied")
    assert "left out" not in result.output
    assert found(call, "--realis", "denied") == ["a2"]


@pytest.mark.parametrize(
    ("options", "documents"),
    [
        (["--type", "accuse"], ["a2"]),
        (["--type", "ACCUSE", "--type", "CONSULT"], ["a5", "a2", "a1"]),
        (["--actor", "POL"], ["a1"]),
        (["--actor", "BLR GOV"], ["a5", "a1"]),
        (["--actor", "варшава"], ["a1"]),
        (["--recipient", "BLR"], ["a2"]),
        (["--from", "2025-08-22"], ["a5", "a2"]),
        (["--to", "2025-08-21"], ["a1"]),
        (["--language", "uk"], []),
        (["--country", "UKR"], []),
    ],
)
def test_options_narrow(call: Call, stored: Path, options: list[str], documents: list[str]) -> None:
    assert found(call, *options) == documents


@pytest.mark.parametrize("words", ["Варшава", "Варшаву", "варшаву встретиться", "переговоры"])
def test_words_are_found_in_any_form(call: Call, stored: Path, words: str) -> None:
    assert found(call, "--text", words) == ["a1"]


def test_words_that_no_article_holds_find_nothing(call: Call, stored: Path) -> None:
    result = call("query", "events", "--text", "Варшава Прага")
    assert result.exit_code == 0
    assert result.stdout == "no events\n"


def test_without_a_lemmatiser_words_are_searched_as_they_are(
    call: Call, stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHRONIKA_STAGES", "obedient")
    result = call("query", "events", "--text", "Варшаву")
    assert "as they are written" in result.stderr
    assert result.stdout == "no events\n"


def test_a_list_goes_on_where_it_ended(call: Call, stored: Path) -> None:
    first = call("query", "events", "--limit", "2")
    (token,) = re.findall(r"--page-token (\S+)$", first.stdout, flags=re.MULTILINE)
    assert found(call, "--limit", "2") + found(call, "--limit", "2", "--page-token", token) == ["a5", "a2", "a1"]
    rest = call("query", "events", "--page-token", token)
    assert "more" not in rest.stdout
    other = call("query", "events", "--page-token", token, "--type", "CONSULT")
    assert other.exit_code == 5
    assert other.stderr.startswith("page-token-invalid: ")


def test_csv_has_a_row_an_event_and_nothing_else(call: Call, stored: Path) -> None:
    result = call("query", "events", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [row["document_id"] for row in rows] == ["a5", "a2", "a1"]
    assert rows[2]["actors"] == "BLR GOV; POL GOV"
    assert rows[2]["time"] == "2025-08-21"
    assert rows[1]["trigger"] == "осудил"
    assert "2 left out" in result.stderr


@pytest.mark.parametrize("columns", [80, 120])
def test_the_table_keeps_to_the_terminal_and_shows_ids(call: Call, stored: Path, columns: int) -> None:
    result = call("query", "events", columns=columns)
    assert max(map(len, result.stdout.splitlines())) <= columns
    ids = re.findall(r"^  ([0-9a-f]{20})  ru  2025", result.stdout, flags=re.MULTILINE)
    assert len(ids) == 3
    assert call("explain", ids[0]).exit_code == 0


@pytest.mark.parametrize(
    "options", [["--type", "DANCE"], ["--from", "August"], ["--limit", "0"], ["--realis", "maybe"], ["--color", "red"]]
)
def test_a_wrong_option_is_a_matter_of_usage(call: Call, stored: Path, options: list[str]) -> None:
    result = call("query", "events", *options)
    assert result.exit_code == 2
    assert options[0] in result.stderr


def test_a_store_that_is_not_there_is_not_made(call: Call, toys: Path) -> None:
    result = call("query", "events", "--store", "nothing.db")
    assert result.exit_code == 5
    assert result.stderr.splitlines()[0].startswith("store-missing: ")
    assert "chronika run" in result.stderr.splitlines()[1]
    assert list(toys.iterdir()) == []
