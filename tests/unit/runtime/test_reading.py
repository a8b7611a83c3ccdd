"""The reader of a source: ahead of the work, but only so far."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from chronika.ports.source import Refusal
from chronika.runtime.reading import Article, SourceReader
from chronika.testing.documents import article

REFUSAL = Refusal(origin="b.txt", code="empty", message="nothing there", cure="Remove it.")


class Tap:
    """A source that counts what was pulled from it."""

    def __init__(self, articles: list[Article]) -> None:
        self._articles = articles
        self.pulled = 0

    def __iter__(self) -> Iterator[Article]:
        for one in self._articles:
            self.pulled += 1
            yield one


def _all(reader: SourceReader) -> list[Article]:
    taken: list[Article] = []
    end = time.monotonic() + 10
    while not reader.is_exhausted:
        assert time.monotonic() < end
        taken += reader.take(3)
        time.sleep(0.001)
    return taken


def test_everything_comes_through_in_order() -> None:
    articles: list[Article] = [article(f"text {number}") for number in range(20)]
    articles.insert(7, REFUSAL)
    reader = SourceReader(iter(articles), max_documents=4)
    reader.start()
    assert _all(reader) == articles


def test_no_more_is_held_than_there_is_room_for() -> None:
    tap = Tap([article(f"text {number}") for number in range(50)])
    reader = SourceReader(iter(tap), max_documents=5)
    reader.start()
    time.sleep(0.1)
    assert tap.pulled == 6  # five are held, and one more waits for room
    assert len(reader.take(2)) == 2
    time.sleep(0.1)
    assert tap.pulled == 8
    reader.stop()
    reader.join(5)
    assert not reader.is_alive()


def test_large_articles_count_by_their_size() -> None:
    tap = Tap([article("x" * 1000 + str(number)) for number in range(50)])
    reader = SourceReader(iter(tap), max_documents=40, max_characters=3500)
    reader.start()
    time.sleep(0.1)
    assert tap.pulled == 5
    reader.stop()


def test_what_the_source_raises_is_raised_after_all_before_it() -> None:
    def breaking() -> Iterator[Article]:
        yield article("first")
        raise RuntimeError("the source broke")

    reader = SourceReader(breaking(), max_documents=5)
    reader.start()
    reader.join(5)
    assert not reader.is_exhausted
    assert len(reader.take(5)) == 1
    with pytest.raises(RuntimeError, match="the source broke"):
        reader.take(5)


def test_taking_does_not_wait_for_a_source_that_blocks_and_stopping_ends_it() -> None:
    gate = threading.Event()

    def blocking() -> Iterator[Article]:
        yield article("first")
        gate.wait(10)
        yield article("second")

    news: list[None] = []
    reader = SourceReader(blocking(), max_documents=5, on_news=lambda: news.append(None))
    reader.start()
    time.sleep(0.1)
    assert len(reader.take(5)) == 1
    assert reader.take(5) == []
    assert len(news) == 1
    reader.stop()
    assert reader.is_exhausted
    gate.set()
    reader.join(5)
    assert reader.take(5) == []
