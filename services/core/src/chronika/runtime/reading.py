"""Reads a source in a thread of its own, ahead of the work but only so far.

A source may block (a pipe, a slow disk) while finished documents wait to be stored, hence the thread. What it holds
ready is bounded by number and by size, so that memory stays flat however long the source is.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator

from chronika.domain.document import Document
from chronika.ports.source import Refusal

Article = Document | Refusal


class SourceReader(threading.Thread):
    """Pulls a source and holds what it yields until it is taken; `on_news` is called, in this thread, for each.

    `on_stop` is to end what the source may be waiting for.
    """

    def __init__(
        self,
        articles: Iterator[Article],
        *,
        max_documents: int,
        max_characters: int = 20_000_000,
        on_news: Callable[[], None] = lambda: None,
        on_stop: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(name="chronika-reader", daemon=True)  # a source that blocks for ever must not hold up the end
        self._articles = articles
        self._max_documents = max_documents
        self._max_characters = max_characters
        self._on_news = on_news
        self._on_stop = on_stop
        self._changed = threading.Condition()
        self._held: deque[Article] = deque()
        self._characters = 0
        self._ended = False
        self._stopped = False
        self._failure: BaseException | None = None

    def run(self) -> None:
        """Pulls until the source ends, fails or `stop` is called."""
        try:
            for article in self._articles:
                if not self._hold(article):
                    break
        except BaseException as error:  # noqa: BLE001 - handed to the thread that takes
            self._failure = error
        with self._changed:
            self._ended = True
        self._on_news()

    def take(self, limit: int) -> list[Article]:
        """What is held, at most `limit`, without waiting. Raises what the source raised, after all before it."""
        with self._changed:
            taken = [self._held.popleft() for _ in range(min(limit, len(self._held)))]
            self._characters -= sum(map(_size, taken))
            self._changed.notify()
            if not taken and self._failure is not None:
                raise self._failure
            return taken

    @property
    def is_exhausted(self) -> bool:
        """Whether nothing is held and nothing more will come."""
        with self._changed:
            return self._ended and not self._held and self._failure is None

    def stop(self) -> None:
        """Reads nothing more and forgets what is held: nobody was told of it yet."""
        with self._changed:
            self._stopped = True
            self._ended = True
            self._held.clear()
            self._failure = None
            self._changed.notify()
        self._on_stop()

    def _hold(self, article: Article) -> bool:
        """Waits until there is room; False when the reading is stopped."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or self._has_room())
            if self._stopped:
                return False
            self._held.append(article)
            self._characters += _size(article)
        self._on_news()
        return True

    def _has_room(self) -> bool:
        return len(self._held) < self._max_documents and self._characters < self._max_characters


def _size(article: Article) -> int:
    return len(article.text) if isinstance(article, Document) else 0
