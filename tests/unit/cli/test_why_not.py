"""`chronika explain --why-not`: what became of the words of a sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Call = Callable[..., Result]


def part(result: Result, name: str) -> list[str]:
    """The lines under a heading."""
    found = result.stdout.partition(f"\n{name}\n")[2]
    assert found, result.output
    return found.partition("\n\n")[0].splitlines()


def test_a_word_that_was_refused_tells_its_rule_and_why(call: Call) -> None:
    result = call("explain", "--why-not", "Обстреляли Минск.")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("ru  no date  0 events\n")
    assert "\nevents\n" not in result.stdout
    head, row = part(result, "seen, and gave no event")
    assert head.split("  ")[0] == "words"
    assert row.split("  ") == ["«Обстреляли»", "toy.assault", "the toy reads no capitals"]


def test_the_events_that_it_gives_are_told_beside(call: Call) -> None:
    result = call("explain", "--why-not", "Прага осудил Минск. Обстреляли Киев.")
    assert result.stdout.startswith("ru  no date  1 event\n")
    (row,) = part(result, "events")[1:]
    assert row.split("  ") == ["«осудил»", "ACCUSE disapprove", "CZE GOV Прага → BLR GOV Минск", "actual"]
    assert len(part(result, "seen, and gave no event")) == 2


def test_when_nothing_was_seen_it_says_so_and_lists_the_words(call: Call) -> None:
    result = call("explain", "--why-not", "Погода была хорошая, погода.")
    assert part(result, "seen, and gave no event") == ["  no word of the lexicon"]
    assert part(result, "not in the lexicon of triggers") == ["  Погода, была, хорошая, погода"]


def test_when_every_known_word_gave_an_event_there_is_no_other(call: Call) -> None:
    result = call("explain", "--why-not", "Прага осудил Минск.")
    assert part(result, "seen, and gave no event") == ["  no other word of the lexicon"]
    assert part(result, "not in the lexicon of triggers") == ["  Прага, Минск"]


def test_of_a_whole_article_only_the_first_words_are_listed(call: Call) -> None:
    words = [f"слово{chr(0x430 + number // 32)}{chr(0x430 + number % 32)}" for number in range(50)]
    result = call("explain", "--why-not", " ".join(words))
    (line,) = part(result, "not in the lexicon of triggers")
    assert words[39] in line
    assert words[40] not in line
    assert line.endswith("… (10 more)")


def test_the_day_is_that_of_the_publication(call: Call) -> None:
    result = call("explain", "--why-not", "-", "--published", "2025-08-22", stdin="\ufeffПрага осудил Минск.")
    assert result.stdout.startswith("ru  2025-08-22  1 event\n")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_days_at_the_ends_of_the_calendar(call: Call, day: str) -> None:
    result = call("explain", "--why-not", "Прага осудил Минск.", "--published", day)
    assert result.stdout.startswith(f"ru  {day}  1 event\n")


def test_no_store_is_made_or_read(call: Call, toys: Path) -> None:
    call("explain", "--why-not", "Прага осудил Минск.")
    assert list(toys.iterdir()) == []


@pytest.mark.parametrize("columns", [80, 120])
def test_lines_keep_to_the_terminal(call: Call, columns: int) -> None:
    text = "Обстреляли Долгое Предолгое Собрание осудил Минск и Киев и Прага и Варшава и Минск. " * 3
    result = call("explain", "--why-not", text, columns=columns)
    assert max(map(len, result.stdout.splitlines())) <= columns
    assert result.stdout.count("the toy reads no capitals") == 3


def test_a_language_that_is_not_read_is_said_to_be(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHRONIKA_STAGES", "language-detect,toy-words,toy-coder")
    result = call("explain", "--why-not", "The ministers met on Friday to talk about grain exports.")
    assert result.exit_code == 0, result.output
    assert result.stdout == (
        "en, which is not read  no date  0 events\nnothing was looked for: only ru and uk are read\n"
    )


def test_texts_cannot_steer_the_terminal(call: Call) -> None:
    shown = call("explain", "--why-not", "-", stdin="Слово\x1b[2J \u202eчто-то\x00 осудил.").stdout
    assert "«осудил»" in shown
    assert not set(shown) & set("\x1b\x00\u202e")


@pytest.mark.parametrize(
    ("arguments", "cure"),
    [
        ((), "--why-not"),
        (("1f0c", "--why-not", "Погода."), "either"),
        (("1f0c", "--published", "2025-08-22"), "goes with --why-not"),
        (("--why-not", "Погода.", "--store", "x.db"), "goes with EVENT_ID"),
        (("--why-not", " \n"), "the text is empty"),
        (("--why-not", "Погода.", "--published", "вчера"), "2025-08-22"),
    ],
)
def test_a_wrong_command_line_tells_the_cure(call: Call, arguments: tuple[str, ...], cure: str) -> None:
    result = call("explain", *arguments)
    assert result.exit_code == 2
    assert cure in result.stderr
    assert result.stdout == ""


def test_bytes_that_are_no_text_are_told(call: Call) -> None:
    result = call("explain", "--why-not", "-", stdin="Погода.".encode("cp1251"))
    assert result.exit_code == 2
    assert "UTF-8" in result.stderr


def test_a_text_that_is_too_large_is_refused(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHRONIKA_MAX_ARTICLE_BYTES", "1000")
    result = call("explain", "--why-not", "-", stdin="слово " * 1000)
    assert result.exit_code == 3
    assert result.stderr.startswith("text-too-large: the text has more than 1000 bytes")


def test_a_stage_that_fails_is_told(call: Call) -> None:
    result = call("explain", "--why-not", "FAIL осудил")
    assert result.exit_code == 3
    assert "stage-failed" in result.stderr


def test_without_a_stage_that_explains_nothing_starts(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHRONIKA_STAGES", "obedient,toy-words")
    result = call("explain", "--why-not", "Прага осудил Минск.")
    assert result.exit_code == 4
    assert result.stderr.startswith("no-explainer: ")
    assert "event-extract" in result.stderr.splitlines()[1]
