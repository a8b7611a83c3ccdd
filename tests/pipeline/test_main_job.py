"""The main job, by command: the sample articles become stored events that can be listed, explained and traced."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from chronika.cli.main import app

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
ARTICLES = [path for language in ("ru", "uk") for path in sorted((SAMPLES / language).glob("*.txt"))]

Call = Callable[..., Result]


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Call]:
    """Calls the command in a folder of its own, with the settings that everybody has."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("CHRONIKA_")]:
            patch.delenv(name)
        patch.delenv("COLUMNS", raising=False)
        patch.chdir(tmp_path_factory.mktemp("main-job"))
        yield lambda *arguments: CliRunner().invoke(app, list(arguments), prog_name="chronika")


@pytest.fixture(scope="module")
def first_run(call: Call) -> Result:
    """The samples, read into a store."""
    return call("run", str(SAMPLES / "ru"), str(SAMPLES / "uk"))


@pytest.fixture(scope="module")
def events(call: Call, first_run: Result) -> list[dict[str, Any]]:
    """All stored events."""
    result = call("query", "events", "--background", "--denied", "--limit", "5000", "--format", "json")
    return [json.loads(line) for line in result.stdout.splitlines()]


def ids(result: Result) -> set[str]:
    return {json.loads(line)["id"] for line in result.stdout.splitlines()}


def test_every_sample_is_stored_with_its_language(call: Call, first_run: Result) -> None:
    assert first_run.exit_code == 0, first_run.output
    count = len(ARTICLES)
    assert first_run.stdout.splitlines()[-1] == (
        f"inputs {count} = stored {count} + unchanged 0 + refused 0 + dead letters 0"
    )
    result = call("documents", "--format", "json")
    languages = [json.loads(line)["language"] for line in result.stdout.splitlines()]
    assert sorted(languages) == sorted(path.parent.name for path in ARTICLES)


def test_a_second_run_changes_nothing(call: Call, first_run: Result, events: list[dict[str, Any]]) -> None:
    again = call("run", str(SAMPLES / "ru"), str(SAMPLES / "uk"))
    assert again.exit_code == 0
    count = len(ARTICLES)
    assert again.stdout.splitlines()[-1] == (
        f"inputs {count} = stored 0 + unchanged {count} + refused 0 + dead letters 0"
    )
    result = call("query", "events", "--background", "--denied", "--limit", "5000", "--format", "json")
    assert [json.loads(line) for line in result.stdout.splitlines()] == events


def test_every_article_gave_events_whose_words_stand_in_it(call: Call, events: list[dict[str, Any]]) -> None:
    assert len({event["document"]["id"] for event in events}) == len(ARTICLES)
    texts = [path.read_text(encoding="utf-8") for path in ARTICLES]
    for event in events:
        trigger = event["trigger"]
        assert any(text[trigger["start"] : trigger["end"]] == trigger["text"] for text in texts)
        assert event["rule_ids"]


def test_what_is_left_out_is_what_the_options_bring(call: Call, events: list[dict[str, Any]]) -> None:
    shown = call("query", "events", "--limit", "5000", "--format", "json")
    hidden = [event for event in events if event["background"] or event["realis"] == "denied"]
    assert hidden
    assert len(ids(shown)) + len(hidden) == len(events)
    assert f"{len(hidden)} left out" in shown.stderr


def test_events_are_narrowed_by_type_and_language(call: Call, events: list[dict[str, Any]]) -> None:
    result = call(
        "query", "events", "--type", "CONSULT", "--language", "uk", "--background", "--denied", "--format", "json"
    )
    expected = {event["id"] for event in events if event["type"] == "CONSULT" and event["document"]["language"] == "uk"}
    assert expected
    assert ids(result) == expected


@pytest.mark.parametrize(
    "forms",
    [("санкции", "санкциями"), ("переговоры", "переговоров"), ("кордон", "кордону"), ("переговори", "переговорів")],
)
def test_words_are_found_in_any_form_in_both_languages(call: Call, first_run: Result, forms: tuple[str, str]) -> None:
    found = []
    for form in forms:
        lines = call("documents", "--text", form, "--format", "json").stdout.splitlines()
        found.append({json.loads(line)["document_id"] for line in lines})
    assert found[0] == found[1]
    assert found[0]


def test_every_event_is_explained_by_the_rules_that_made_it(call: Call, events: list[dict[str, Any]]) -> None:
    for event in events[:: max(1, len(events) // 12)]:
        result = call("explain", event["id"])
        assert result.exit_code == 0, result.output
        assert f"«{event['trigger']['text']}»" in result.stdout
        rules = result.stdout.partition("\nrules\n")[2]
        assert event["rule_ids"][0] in rules
        assert result.stderr == "", "the coder explains what it made"


def test_a_document_is_traced_through_every_stage(call: Call, events: list[dict[str, Any]]) -> None:
    result = call("trace", events[0]["document"]["id"])
    assert [line.split()[2:4] for line in result.stdout.splitlines()[1:]] == [
        ["ingest", "produced"],
        ["language-detect", "produced"],
        ["ner", "produced"],
        ["event-extract", "produced"],
        ["storage", "stored"],
    ]


def test_extract_finds_the_same_events_as_the_run(call: Call, events: list[dict[str, Any]]) -> None:
    result = call("extract", str(SAMPLES / "ru"), str(SAMPLES / "uk"), "--format", "json")
    assert result.exit_code == 0, result.output
    read = [event["id"] for line in result.stdout.splitlines() for event in json.loads(line)["events"]]
    assert sorted(read) == sorted(event["id"] for event in events)


def test_the_samples_are_scored(call: Call) -> None:
    gold = [str(SAMPLES / f"{language}.gold.jsonl") for language in ("ru", "uk")]
    result = call("evaluate", *gold, "--format", "json")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    annotated = [json.loads(line) for path in gold for line in Path(path).read_text(encoding="utf-8").splitlines()]
    core = sum(event.get("core", True) for document in annotated for event in document["events"])
    assert (report["all"]["documents"], report["all"]["events"]["gold"]) == (len(ARTICLES), core)
    assert report["ru"]["events"]["tp"] + report["uk"]["events"]["tp"] == report["all"]["events"]["tp"]


def test_the_doctor_finds_all_well(call: Call, first_run: Result) -> None:
    result = call("doctor")
    assert result.exit_code == 0, result.output
    assert "event-extract is ready after" in result.stdout


@pytest.mark.parametrize(
    ("sentence", "word", "block"),
    [
        ("Удар по экономике оказался сильным.", "«Удар»", "blocked by по=@abstract"),
        ("Удар по економіці виявився сильним.", "«Удар»", "blocked by по=@abstract"),
    ],
)
def test_a_sentence_without_events_tells_what_refused_its_words(
    call: Call, sentence: str, word: str, block: str
) -> None:
    result = call("explain", "--why-not", sentence)
    assert result.exit_code == 0, result.output
    assert "0 events" in result.stdout.splitlines()[0]
    seen = result.stdout.partition("\nseen, and gave no event\n")[2]
    assert word in seen
    assert block in seen
