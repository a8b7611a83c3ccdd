"""Measures Chronika's thinking stages on articles, one core, by stage: what the worker of a run does, bytes to bytes.

python measure_chronika.py ARTICLES LIMIT    prints one JSON object
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from articles import halves, read_articles

from chronika.domain.analysis import AnalysisLayer
from chronika.domain.document import Document, LanguageLayer, LayerValue, SourceLayer
from chronika.domain.event import EventLayer
from chronika.domain.identity import digest, revision_of
from chronika.ports.stage import Stage
from chronika.runtime import plugins
from chronika.runtime.topology import ordered
from chronika.wire import encode_document, encode_layer

BATCH = 8
"""Documents a call of a stage, as in a run."""


def load() -> list[tuple[str, Stage]]:
    """The stages in the order of the topology."""
    packs = plugins.load_languages()
    specs = ordered(plugins.load_all(plugins.STAGES).values())
    return [(spec.name, spec.load(packs)) for spec in specs]


def document(text: str) -> Document:
    """An article as ingest hands it on, without furniture."""
    return Document(id=digest("bench", text), revision=revision_of(text), source=SourceLayer(text=text))


def with_layer(read: Document, layer: LayerValue) -> Document:
    """The document with a layer more."""
    if isinstance(layer, LanguageLayer):
        return replace(read, language=layer)
    if isinstance(layer, AnalysisLayer):
        return replace(read, analysis=layer)
    if isinstance(layer, EventLayer):
        return replace(read, events=layer)
    return read


class Measurement:
    """Processor seconds by stage, and what came of them."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.documents = self.tokens = self.events = self.bytes = 0

    def read(self, stages: Sequence[tuple[str, Stage]], texts: Sequence[str], batch: int = BATCH) -> None:
        """Runs the stages over some texts."""
        for start in range(0, len(texts), batch):
            documents = [document(text) for text in texts[start : start + batch]]
            payloads = [encode_document(read) for read in documents]
            for name, stage in stages:
                began = time.process_time()
                layers = stage(documents)
                self.seconds[name] += time.process_time() - began
                began = time.process_time()
                payloads = [payload + encode_layer(layer) for payload, layer in zip(payloads, layers, strict=True)]
                self.seconds["encoding"] += time.process_time() - began
                documents = [with_layer(read, layer) for read, layer in zip(documents, layers, strict=True)]
            self.count(documents, payloads)

    def count(self, documents: Sequence[Document], payloads: Sequence[bytes]) -> None:
        """Counts what was read."""
        self.documents += len(documents)
        self.bytes += sum(map(len, payloads))
        self.tokens += sum(len(read.analysis) for read in documents if read.analysis)
        self.events += sum(len(read.events.events) for read in documents if read.events)

    def report(self) -> dict[str, object]:
        """Plain figures."""
        return {
            "documents": self.documents,
            "tokens": self.tokens,
            "events": self.events,
            "bytes": self.bytes,
            "seconds": sum(self.seconds.values()),
            "stages": dict(self.seconds),
        }


def main() -> None:
    """Reads, measures, prints."""
    texts = read_articles(Path(sys.argv[1]), int(sys.argv[2]))
    cold, warm = halves(texts)
    started = time.perf_counter()
    stages = load()
    loading = time.perf_counter() - started
    first = Measurement()
    first.read(stages, cold)
    second = Measurement()
    second.read(stages, warm)
    result = {
        "loading_seconds": loading,
        "cold": first.report(),
        "warm": second.report(),
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
