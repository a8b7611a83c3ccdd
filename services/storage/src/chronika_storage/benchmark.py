"""Measures what storing and asking costs: `python -m chronika_storage.benchmark [--documents 1000] [--batch 16]`.

Documents are made up: 390 words (8 kB) with lemmas, 30 mentions, 10 events. They go through the inbox into a new store
in a temporary folder and come back by questions. Prints milliseconds of the clock and of the processor.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from chronika.domain.analysis import AnalysisLayer, Mention, MentionKind
from chronika.domain.document import Document, LanguageLayer, SourceLayer
from chronika.domain.event import (
    Event,
    EventLayer,
    EventTime,
    EventType,
    Participant,
    Place,
    Realis,
    RealisValue,
    TimeBasis,
    TimeGranularity,
)
from chronika.domain.identity import digest, revision_of
from chronika.domain.span import Span
from chronika.ports.store import EventFilter, Finished, InboxItem, Store
from chronika.wire import encode_document
from chronika_storage.store import open_store

_SYLLABLES = ("ко", "ми", "на", "ра", "ту", "ло", "ве", "ши", "ге", "по", "сту", "дар", "бер", "кли", "мо", "за", "тор")
_WORDS, _MENTIONS, _EVENTS, _SENTENCE = 390, 30, 10, 13
_START = datetime(2025, 1, 1, tzinfo=UTC)


class Press:
    """Makes up documents, the same for the same seed."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)  # noqa: S311 - made-up words
        self._vocabulary = [self._word() for _ in range(20_000)]

    def document(self, number: int) -> Document:
        """A document with all its layers."""
        words = [self._vocabulary[int(self._random.paretovariate(0.7)) % 20_000] for _ in range(_WORDS)]
        text = " ".join(words)
        ends = [end - 1 for end in accumulate(len(word) + 1 for word in words)]
        spans = [Span(end - len(word), end) for word, end in zip(words, ends, strict=True)]
        starts = range(0, _WORDS, _SENTENCE)
        published = _START + timedelta(minutes=number)
        return Document(
            id=f"benchmark-{number}",
            revision=revision_of(text),
            source=SourceLayer(
                text=text,
                title=" ".join(words[:6]),
                outlet="Вестник",
                published=published,
                ingested=published,
                minhash=tuple(self._random.getrandbits(32) for _ in range(128)),
            ),
            language=LanguageLayer(language="ru", confidence=1.0, guess="ru"),
            analysis=AnalysisLayer(
                model="benchmark",
                sentence_starts=tuple(starts),
                sentence_languages=("ru",) * len(starts),
                token_starts=tuple(span.start for span in spans),
                token_ends=tuple(span.end for span in spans),
                lemmas=tuple(word[:-1] for word in words),
                parts_of_speech=("NOUN",) * _WORDS,
                features=("Case=Gen|Number=Sing",) * _WORDS,
                heads=tuple(place - place % _SENTENCE for place in range(_WORDS)),
                relations=("dep",) * _WORDS,
                mentions=tuple(self._mention(spans[place * 13], text) for place in range(_MENTIONS)),
            ),
            events=EventLayer(
                coder_version="1.0.0",
                codebook_version="benchmark",
                events=tuple(self._event(number, spans, place) for place in range(_EVENTS)),
            ),
        )

    def _word(self) -> str:
        return "".join(self._random.choices(_SYLLABLES, k=self._random.randint(2, 5)))

    def _mention(self, span: Span, text: str) -> Mention:
        entity_id = f"entity:{int(self._random.paretovariate(0.5)) % 3000}"
        return Mention(span=span, kind=MentionKind.PERSON, name=span.of(text), entity_id=entity_id)

    def _party(self, span: Span) -> Participant:
        code = f"C{int(self._random.paretovariate(0.8)) % 100:02}"
        return Participant(span=span, name=f"Сторона {code}", code=code, sector="GOV", entity_id=f"country:{code}")

    def _event(self, number: int, spans: Sequence[Span], place: int) -> Event:
        first = place * 39
        trigger, sentence = spans[first], Span(spans[first].start, spans[first + _SENTENCE - 1].end)
        day = (_START + timedelta(days=self._random.randint(0, 360))).date().isoformat()
        time_of_it = EventTime(
            start=day, granularity=TimeGranularity.DAY, basis=TimeBasis.EXPLICIT, span=spans[first + 1]
        )
        return Event(
            id=digest("benchmark", str(number), str(place)),
            type=self._random.choice(list(EventType)),
            trigger=trigger,
            actors=(self._party(spans[first + 2]),),
            recipients=(self._party(spans[first + 3]),),
            place=Place(span=spans[first + 4], name="Место", country="UKR"),
            time=time_of_it,
            realis=Realis(value=self._random.choice(list(RealisValue))),
            background=self._random.random() < 0.1,
            evidence=sentence,
            sentence=place * 3,
            rule_ids=("trigger.benchmark", "role.benchmark"),
            confidence=0.5,
            coder_version="1.0.0",
            codebook_version="benchmark",
        )


@contextmanager
def _measured(what: str, count: int) -> Iterator[None]:
    clock, processor = time.perf_counter(), time.process_time()
    yield
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    sys.stdout.write(f"{what:34}{clock / count * 1000:9.2f} ms{processor / count * 1000:9.2f} ms of the processor\n")


def _store_all(store: Store, documents: Sequence[Document], batch: int) -> None:
    encoded = {document.id: (document, encode_document(document)) for document in documents}
    bare = [replace(document, language=None, analysis=None, events=None) for document in documents]
    items = [InboxItem(document_id=one.id, revision=one.revision, payload=encode_document(one)) for one in bare]
    with _measured("let in, a document", len(items)):
        for first in range(0, len(items), 64):
            store.enqueue(items[first : first + 64], coder_version="1.0.0")
    with _measured("take and finish, a document", len(items)):
        while rows := store.take(batch):
            made = [(row.row_id, *encoded[row.document_id]) for row in rows]
            store.finish([Finished(row_id=row_id, document=one, payload=data) for row_id, one, data in made])


def _ask_all(store: Store, word: str) -> None:
    questions: dict[str, Callable[[], object]] = {
        "100 events": lambda: store.events(EventFilter()),
        "100 events of an actor": lambda: store.events(EventFilter(actors=frozenset({"C01"}))),
        "100 events of a rare actor": lambda: store.events(EventFilter(actors=frozenset({"C97"}))),
        "100 events of documents by a word": lambda: store.events(EventFilter(text=word)),
        "100 documents": store.documents,
    }
    for what, ask in questions.items():
        with _measured(what, 5):
            for _ in range(5):
                ask()


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--batch", type=int, default=16, help="documents a transaction")
    options = parser.parse_args()
    press = Press()
    documents = [press.document(number) for number in range(options.documents)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        with open_store(str(path)) as store:
            _store_all(store, documents, options.batch)
            with _measured("store again what is known", len(documents)):
                store.finish([Finished(row_id=0, document=document) for document in documents])
            _ask_all(store, documents[0].text.split()[0])
        sys.stdout.write(f"{path.stat().st_size / len(documents) / 1000:.1f} kB a document on disk\n")


if __name__ == "__main__":
    main()
