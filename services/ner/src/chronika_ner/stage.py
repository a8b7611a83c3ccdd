"""The stage ner: from a document and its languages to sentences, tokens, trees and linked names, without I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.resources import files

from chronika.domain.analysis import AnalysisLayer
from chronika.domain.civil_day import civil_day
from chronika.domain.document import Document, Layer
from chronika.ports.language_pack import LanguagePack
from chronika.ports.stage import Stage, StageSpec
from chronika_languages.entities import EntityTable
from chronika_ner.analyzer import Analysis, Analyzer
from chronika_ner.linking import Linker
from chronika_ner.outline import Text
from chronika_ner.spelling import spell

VERSION = "0.1.0"


class Ner:
    """Analyses documents together and links their names; in a language that is not read the layer is empty."""

    def __init__(self, analyzer: Analyzer, linker: Linker) -> None:
        self._analyzer = analyzer
        self._linker = linker

    def __call__(self, documents: Sequence[Document]) -> Sequence[AnalysisLayer]:
        """The analysis layers of the documents, in order."""
        analyses = self._analyzer.analyze([_text(document) for document in documents])
        return [self._layer(document, analysis) for document, analysis in zip(documents, analyses, strict=True)]

    def _layer(self, document: Document, analysis: Analysis) -> AnalysisLayer:
        day = civil_day(document.source.published, document.source.published_zone)
        published = "" if day is None else day.isoformat()
        return replace(analysis.layer, mentions=self._linker.mentions(document.text, analysis, day=published))

    def lemmas(self, word: str) -> frozenset[str]:
        """All lemmas that a word may have in any language that is read; empty for what no dictionary holds."""
        entries = [dictionary.look_up(spell(word)) for dictionary in self._analyzer.dictionaries.values()]
        return frozenset(reading.lemma for entry in entries if entry.known for reading in entry.readings)


def _text(document: Document) -> Text:
    layer = document.language
    if layer is None:
        return Text(text=document.text, language="")
    return Text(
        text=document.text,
        language=layer.language,
        passages=[
            ((paragraph.span.start, paragraph.span.end), paragraph.language)
            for paragraph in layer.paragraphs
            if paragraph.language != layer.language
        ],
        furniture=[(piece.span.start, piece.span.end) for piece in document.source.furniture],
    )


def load(packs: Mapping[str, LanguagePack]) -> Stage:
    """Reads model, dictionaries and tables."""
    analyzer = Analyzer(files("chronika_languages") / "models", packs)
    linker = Linker(packs, analyzer.dictionaries, EntityTable.load())
    return Ner(analyzer, linker)


STAGE = StageSpec(
    name="ner",
    reads=frozenset({Layer.SOURCE.value, Layer.LANGUAGE.value}),
    adds=Layer.ANALYSIS.value,
    version=VERSION,
    load=load,
)
