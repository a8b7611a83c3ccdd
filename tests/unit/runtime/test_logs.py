"""Log lines: one form for ours and for those of libraries, quiet by default."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from chronika.runtime.logs import LogFormat, LogLevel, configure_logging, get_logger


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def _lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_carries_its_fields_as_json() -> None:
    stream = io.StringIO()
    configure_logging(level=LogLevel.INFO, log_format=LogFormat.JSON, stream=stream)
    get_logger("chronika.test").warning("dead letter", document_id="d1", stage="ner", reason="слишком длинно")
    (line,) = _lines(stream)
    assert line["event"] == "dead letter"
    assert (line["document_id"], line["stage"], line["level"]) == ("d1", "ner", "warning")
    assert line["logger"] == "chronika.test"
    assert str(line["timestamp"]).endswith("Z")
    assert "слишком длинно" in stream.getvalue()


def test_loggers_of_plain_structlog_and_logging_take_the_same_form() -> None:
    stream = io.StringIO()
    configure_logging(level=LogLevel.INFO, log_format=LogFormat.JSON, stream=stream)
    structlog.get_logger("chronika.storage").info("store opened", store="a.db")
    logging.getLogger("chronika_other").info("plain %s", "words")
    assert [line["event"] for line in _lines(stream)] == ["store opened", "plain words"]


def test_libraries_are_heard_when_they_warn() -> None:
    stream = io.StringIO()
    configure_logging(level=LogLevel.INFO, log_format=LogFormat.JSON, stream=stream)
    logging.getLogger("somebody.else").info("chatter")
    logging.getLogger("somebody.else").warning("trouble")
    assert [line["event"] for line in _lines(stream)] == ["trouble"]


def test_the_level_holds_and_a_second_call_replaces_the_first() -> None:
    first, second = io.StringIO(), io.StringIO()
    configure_logging(level=LogLevel.INFO, log_format=LogFormat.JSON, stream=first)
    configure_logging(level=LogLevel.ERROR, log_format=LogFormat.JSON, stream=second)
    get_logger("chronika.test").warning("not shown")
    get_logger("chronika.test").error("shown")
    assert first.getvalue() == ""
    assert [line["event"] for line in _lines(second)] == ["shown"]


def test_words_for_a_person_away_from_a_terminal_have_no_colours() -> None:
    stream = io.StringIO()
    configure_logging(level=LogLevel.INFO, log_format=LogFormat.CONSOLE, stream=stream)
    get_logger("chronika.test").info("run drains", in_work=3)
    assert "run drains" in stream.getvalue()
    assert "in_work=3" in stream.getvalue()
    assert "\x1b[" not in stream.getvalue()
