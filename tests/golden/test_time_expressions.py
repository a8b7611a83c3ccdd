"""Golden expressions of time: what each means, read by the date grammar alone. A mended fault becomes a row."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest

from chronika_event_extract.dates import DateGrammar, Reference, read_date_grammar
from chronika_languages import ru, uk

HERE = Path(__file__).parent
LANGUAGES = ("ru", "uk")
LEAST = 90
LEAST_WITHOUT_TIME = 10
NOTHING = "-"
Value = tuple[str, str, str]


@pytest.fixture(scope="module")
def grammars() -> Mapping[str, DateGrammar]:
    return {"ru": read_date_grammar(ru.PACK), "uk": read_date_grammar(uk.PACK)}


def _rows(language: str) -> list[Mapping[str, str]]:
    lines = (HERE / f"times.{language}.tsv").read_text(encoding="utf-8").splitlines()
    return list(
        csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE)
    )


def _cases() -> Iterator[object]:
    for language in LANGUAGES:
        for row in _rows(language):
            yield pytest.param(language, row, id=f"{language}: {row['text']} ({row['published']}, {row['direction']})")


def _read(grammar: DateGrammar, text: str, row: Mapping[str, str]) -> list[Value]:
    published = None if row["published"] == NOTHING else date.fromisoformat(row["published"])
    reference = Reference(published=published, forward=row["direction"] == "future")
    times = (grammar.resolve(found, reference) for found in grammar.find(text, 0, len(text)))
    return [(time.start, time.end, time.granularity.value) for time in times if time is not None]


def _wanted(row: Mapping[str, str]) -> list[Value]:
    return [] if row["start"] == NOTHING else [(row["start"], row["end"], row["granularity"])]


@pytest.mark.parametrize(("language", "row"), list(_cases()))
def test_an_expression_means_what_the_table_says(
    language: str, row: Mapping[str, str], grammars: Mapping[str, DateGrammar]
) -> None:
    assert row["direction"] in {"past", "future"}
    assert _read(grammars[language], row["text"], row) == _wanted(row)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_space_that_does_not_break_is_a_space(language: str, grammars: Mapping[str, DateGrammar]) -> None:
    rows = [row for row in _rows(language) if " " in row["text"]]

    for row in rows:
        assert _read(grammars[language], row["text"].replace(" ", "\u00a0"), row) == _wanted(row), row["text"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tables_are_wide_enough(language: str) -> None:
    rows = _rows(language)
    silent = [row for row in rows if row["start"] == NOTHING]

    assert len(rows) - len(silent) >= LEAST
    assert len(silent) >= LEAST_WITHOUT_TIME
