"""The stages that read a text, loaded once for all golden tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chronika.domain.document import Document, LanguageLayer, SourceLayer
from chronika.domain.identity import revision_of
from chronika_event_extract import STAGE as EVENT_EXTRACT
from chronika_languages import ru, uk
from chronika_ner import STAGE as NER

Read = Callable[[str, str, str], Document]


@pytest.fixture(scope="session")
def read() -> Read:
    """Reads a text of a language, published on a day at noon: a document with its analysis and events.

    Texts are read one at a time: what stands beside a text in a batch is no part of the specification.
    """
    packs = {"ru": ru.PACK, "uk": uk.PACK}
    analyse, code = NER.load(packs), EVENT_EXTRACT.load(packs)

    def read(text: str, language: str, published: str) -> Document:
        when = datetime.fromisoformat(f"{published}T12:00:00").replace(tzinfo=UTC) if published else None
        document = Document(
            id="golden",
            revision=revision_of(text),
            source=SourceLayer(text=text, published=when),
            language=LanguageLayer(language=language, confidence=1.0, guess=language),
        )
        document = replace(document, analysis=analyse([document])[0])
        return replace(document, events=code([document])[0])

    return read
