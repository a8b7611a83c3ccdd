"""Articles made by hand, and a store of each kind to put them into."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chronika.domain.analysis import ROOT, AnalysisLayer, Mention, MentionKind
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
from chronika.domain.identity import event_id, revision_of
from chronika.domain.span import Span
from chronika.ports.store import Finished, InboxItem, InboxRow, Store, StoreOutcome
from chronika.wire import encode_document
from chronika_storage import open_store

MORNING = datetime(2025, 8, 22, 6, 30, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Told:
    """An event to be made: the word that names it and what differs from the usual."""

    trigger: str
    type: EventType = EventType.CONSULT
    actors: tuple[Participant, ...] = ()
    recipients: tuple[Participant, ...] = ()
    country: str = ""
    day: str = ""
    last_day: str = ""
    realis: RealisValue = RealisValue.ACTUAL
    background: bool = False


class Newsroom:
    """Makes articles, and takes them through a store as the embedded runner does."""

    told = Told

    @staticmethod
    def party(name: str, *, code: str = "UNK", sector: str = "", entity_id: str = "") -> Participant:
        return Participant(span=Span(0, 1), name=name, code=code, sector=sector, entity_id=entity_id)

    @staticmethod
    def at(minutes: float) -> datetime:
        """An instant so many minutes after the morning of 22 August 2025."""
        return MORNING + timedelta(minutes=minutes)

    def article(
        self,
        document_id: str = "a1",
        text: str = "Послы встретились в Киеве.",
        *,
        told: Sequence[Told] = (),
        names: Sequence[tuple[str, str]] = (),
        lemmas: Sequence[str] = (),
        coder: str = "1.0.0",
        ingested: float | None = 0,
        published: datetime | None = MORNING,
        zone: str = "Europe/Kyiv",
        language: str = "ru",
        title: str = "",
        outlet: str = "Вестник",
        minhash: Sequence[int] = (),
    ) -> Document:
        """A document with all layers. `names` are words of the text with the entity that they name; `lemmas` stand for
        the words of the text in order (those that are not given are the words themselves)."""
        revision = revision_of(text)
        layer = EventLayer(
            coder_version=coder,
            codebook_version="plover-2.0+1",
            events=tuple(self._event(document_id, text, coder, item) for item in told),
        )
        return Document(
            id=document_id,
            revision=revision,
            source=SourceLayer(
                text=text,
                title=title,
                outlet=outlet,
                published=published,
                published_zone=zone,
                minhash=tuple(minhash),
                ingested=None if ingested is None else self.at(ingested),
            ),
            language=LanguageLayer(language=language, confidence=1.0, guess=language),
            analysis=self._analysis(text, names, lemmas, language),
            events=layer,
        )

    @staticmethod
    def _event(document_id: str, text: str, coder: str, told: Told) -> Event:
        start = text.index(told.trigger)
        trigger = Span(start, start + len(told.trigger))
        time = None
        if told.day:
            granularity = {4: TimeGranularity.YEAR, 7: TimeGranularity.MONTH}.get(len(told.day), TimeGranularity.DAY)
            time = EventTime(
                start=told.day, end=told.last_day, granularity=granularity, basis=TimeBasis.EXPLICIT, span=trigger
            )
        return Event(
            id=event_id(document_id=document_id, revision=revision_of(text), trigger=trigger, event_type=told.type),
            type=told.type,
            trigger=trigger,
            actors=told.actors,
            recipients=told.recipients,
            place=Place(span=trigger, name="место", country=told.country) if told.country else None,
            time=time,
            realis=Realis(value=told.realis),
            background=told.background,
            evidence=Span(0, len(text)),
            sentence=0,
            rule_ids=("trigger.test",),
            confidence=0.5,
            coder_version=coder,
            codebook_version="plover-2.0+1",
        )

    @staticmethod
    def _analysis(text: str, names: Sequence[tuple[str, str]], lemmas: Sequence[str], language: str) -> AnalysisLayer:
        words = list(re.finditer(r"\w+", text))
        column = [*lemmas, *(word.group().casefold() for word in words[len(lemmas) :])]
        mentions = []
        for name, entity_id in names:
            start = text.index(name)
            mentions.append(
                Mention(
                    span=Span(start, start + len(name)),
                    kind=MentionKind.LOCATION,
                    name=name,
                    entity_id=entity_id,
                )
            )
        return AnalysisLayer(
            model="test",
            sentence_starts=(0,) if words else (),
            sentence_languages=(language,) if words else (),
            token_starts=tuple(word.start() for word in words),
            token_ends=tuple(word.end() for word in words),
            lemmas=tuple(column[: len(words)]),
            parts_of_speech=("X",) * len(words),
            features=("_",) * len(words),
            heads=(ROOT, *(0 for _ in words[1:])) if words else (),
            relations=("dep",) * len(words),
            mentions=tuple(mentions),
        )

    @staticmethod
    def item(document: Document) -> InboxItem:
        """The document as ingest gives it to the inbox."""
        bare = replace(document, language=None, analysis=None, events=None)
        return InboxItem(document_id=document.id, revision=document.revision, payload=encode_document(bare))

    def store(self, store: Store, *documents: Document) -> list[StoreOutcome]:
        """Stores documents that came another way than through the inbox."""
        return store.finish(
            [Finished(row_id=0, document=document, payload=encode_document(document)) for document in documents]
        )

    def queue(self, store: Store, *documents: Document, coder: str = "1.0.0") -> list[InboxRow]:
        """Puts documents into the inbox and takes them."""
        store.enqueue([self.item(document) for document in documents], coder_version=coder)
        return store.take(len(documents))

    @staticmethod
    def minhash(seed: str, *, changed: int = 0, by: str = "") -> tuple[int, ...]:
        """A signature that follows from its seed; `changed` of its 128 numbers are others, which `by` chooses."""
        source, other = random.Random(seed), random.Random(f"{seed}/{by}")
        numbers = [source.getrandbits(32) for _ in range(128)]
        for position in random.Random(f"{by}").sample(range(128), changed):
            numbers[position] = other.getrandbits(32)
        return tuple(numbers)


@pytest.fixture(scope="session")
def newsroom() -> Newsroom:
    return Newsroom()


OpenStore = Callable[..., Store]


@pytest.fixture(params=["sqlite"])
def kind(request: pytest.FixtureRequest) -> str:
    """Every kind of store that there is goes through every test."""
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store as a file, to be copied: a tenth of the time that making one takes."""
    path = tmp_path_factory.mktemp("empty") / "store.db"
    open_store(str(path)).close()
    return path


@pytest.fixture
def new_store(kind: str, empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenStore]:
    """Makes an empty store at each call."""
    opened: list[Store] = []

    def make() -> Store:
        path = tmp_path_factory.mktemp("store") / "store.db"
        shutil.copyfile(empty_file, path)
        opened.append(open_store(f"{kind}:///{path}"))
        return opened[-1]

    yield make
    for store in opened:
        store.__exit__()


@pytest.fixture
def open_again(kind: str, tmp_path: Path) -> Iterator[OpenStore]:
    """Opens the test's store, each time the same."""
    opened: list[Store] = []

    def open_it(*, read_only: bool = False) -> Store:
        opened.append(open_store(f"{kind}:///{tmp_path / 'store.db'}", read_only=read_only))
        return opened[-1]

    yield open_it
    for store in opened:
        store.__exit__()


@pytest.fixture
def store(open_again: OpenStore) -> Store:
    return open_again()
