"""Measures natasha's full chain on Russian articles, one core: segments, morphology, syntax, names, lemmas, forms.

python measure_natasha.py ARTICLES LIMIT    prints one JSON object; runs in an environment of its own
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from articles import halves, read_articles


def stand_in_for_pymorphy2() -> None:
    """natasha asks for pymorphy2, which is dead; pymorphy3 is its maintained continuation with the same names."""
    import pymorphy3
    import pymorphy3.analyzer
    import pymorphy3.opencorpora_dict
    import pymorphy3.shapes
    import pymorphy3.tagset
    import pymorphy3.units  # noqa: F401  # loaded so that the loop below sees it

    for name in [name for name in sys.modules if name.split(".")[0] == "pymorphy3"]:
        sys.modules[name.replace("pymorphy3", "pymorphy2", 1)] = sys.modules[name]


def load() -> Callable[[str], int]:
    """The chain as natasha's own documentation builds it; returns the number of tokens of a text."""
    stand_in_for_pymorphy2()
    from natasha import (
        Doc,
        MorphVocab,
        NewsEmbedding,
        NewsMorphTagger,
        NewsNERTagger,
        NewsSyntaxParser,
        Segmenter,
    )

    segmenter, vocabulary, embedding = Segmenter(), MorphVocab(), NewsEmbedding()
    morphology, syntax, names = NewsMorphTagger(embedding), NewsSyntaxParser(embedding), NewsNERTagger(embedding)

    def read(text: str) -> int:
        document = Doc(text)
        document.segment(segmenter)
        document.tag_morph(morphology)
        document.parse_syntax(syntax)
        document.tag_ner(names)
        for token in document.tokens:
            token.lemmatize(vocabulary)
        for span in document.spans:
            span.normalize(vocabulary)
        return len(document.tokens)

    return read


def measure(read: Callable[[str], int], texts: list[str]) -> dict[str, float]:
    """Documents and tokens a second of processor time."""
    started, tokens = time.process_time(), 0
    for text in texts:
        tokens += read(text)
    seconds = time.process_time() - started
    return {"documents": len(texts), "tokens": tokens, "seconds": seconds}


def main() -> None:
    """Reads, measures, prints."""
    cold, warm = halves(read_articles(Path(sys.argv[1]), int(sys.argv[2])))
    started = time.perf_counter()
    read = load()
    loading = time.perf_counter() - started
    result = {
        "loading_seconds": loading,
        "cold": measure(read, cold),
        "warm": measure(read, warm),
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
