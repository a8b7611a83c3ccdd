"""Standard input that can be waited for without holding up the end."""

from __future__ import annotations

import io
import os
import threading
from pathlib import Path

import pytest

from chronika.runtime.standard_input import stoppable_standard_input


def test_a_file_is_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "articles.txt"
    file.write_bytes("первая\nвторая\n".encode() * 10_000)
    with file.open() as redirected:
        monkeypatch.setattr("sys.stdin", redirected)
        with stoppable_standard_input() as (stream, _):
            assert stream is not None
            assert stream.readline().decode() == "первая\n"
            assert len(stream.read().splitlines()) == 19_999


def test_waiting_in_a_pipe_ends_when_it_is_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    read_end, write_end = os.pipe()
    lines: list[bytes] = []
    with os.fdopen(read_end) as pipe, os.fdopen(write_end, "wb") as feeder:
        monkeypatch.setattr("sys.stdin", pipe)
        with stoppable_standard_input() as (stream, end):
            assert stream is not None
            waiting = threading.Thread(target=lambda: lines.extend(stream), daemon=True)
            waiting.start()
            feeder.write(b"one\ntwo\n")
            feeder.flush()
            waiting.join(0.2)
            assert waiting.is_alive()
            end()
            waiting.join(5)
            assert not waiting.is_alive()
    assert lines == [b"one\n", b"two\n"]


@pytest.mark.parametrize("replacement", [None, io.StringIO("text")])
def test_what_is_no_file_of_the_system_is_left_alone(
    replacement: io.StringIO | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", replacement)
    with stoppable_standard_input() as (stream, end):
        assert stream is None
        end()
