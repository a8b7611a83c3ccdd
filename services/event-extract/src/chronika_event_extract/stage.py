"""The stage event-extract: from a document with sentences, trees and names to its events, without I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chronika.domain.codebook import CODEBOOK_VERSION
from chronika.domain.document import Document, Layer
from chronika.domain.event import EventLayer
from chronika.ports.language_pack import LanguagePack
from chronika.ports.stage import Competitor, Explanation, Stage, StageSpec
from chronika_event_extract.coder import Coder, read_knowledge
from chronika_event_extract.explain import explain_event, why_not
from chronika_event_extract.version import CODER_VERSION
from chronika_languages.entities import EntityTable


class EventExtract:
    """Codes each document with the coder of its language; a document of another language has no events."""

    def __init__(self, coders: Mapping[str, Coder]) -> None:
        self.coders = coders

    def __call__(self, documents: Sequence[Document]) -> Sequence[EventLayer]:
        """The event layers of the documents, in order."""
        return [self._code(document) for document in documents]

    def explain(self, document: Document, event_id: str) -> Explanation | None:
        """The way to an event of a document that holds its analysis; None when it is not made of it now."""
        coder = self._coder(document)
        return explain_event(coder, document, event_id) if coder is not None else None

    def why_not(self, document: Document) -> tuple[Competitor, ...]:
        """The words that the lexicon knows and that gave no event, in the order of the text, with what was wanting."""
        coder = self._coder(document)
        return why_not(coder, document) if coder is not None else ()

    def _coder(self, document: Document) -> Coder | None:
        return self.coders.get(document.language.language) if document.language is not None else None

    def _code(self, document: Document) -> EventLayer:
        coder = self._coder(document)
        if coder is None:
            return EventLayer(coder_version=CODER_VERSION, codebook_version=CODEBOOK_VERSION)
        return coder.code(document)


def load(packs: Mapping[str, LanguagePack]) -> Stage:
    """Reads the tables of every installed language."""
    entities = EntityTable.load()
    return EventExtract({code: Coder(read_knowledge(pack, entities)) for code, pack in packs.items()})


STAGE = StageSpec(
    name="event-extract",
    reads=frozenset({Layer.SOURCE.value, Layer.LANGUAGE.value, Layer.ANALYSIS.value}),
    adds=Layer.EVENTS.value,
    version=CODER_VERSION,
    load=load,
)
