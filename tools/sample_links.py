"""Draws mentions that were linked to a state or an organisation, for a person to judge.

    python tools/sample_links.py ARTICLES.jsonl… --language ru --count 200 --seed 1

Reads articles in random order until enough mentions are found, at most three of one article, and prints them as TSV:
document, start, end, the words, identity, code, sector, and a column for the verdict. With `--sentences` the sentence
stands in one more column, for the eyes of who judges; the lists that are kept do without it.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from chronika.domain.analysis import Mention
from chronika.domain.document import Document
from chronika.ports.source import SourceOptions
from chronika.runtime.plugins import SOURCES, STAGES, load, load_languages
from chronika_languages.entities import EntityKind, EntityTable

COLUMNS = ("document", "start", "end", "words", "entity", "code", "sector", "verdict")
KINDS = frozenset({EntityKind.COUNTRY, EntityKind.CAPITAL, EntityKind.SEAT, EntityKind.ORGANIZATION})
MOST_OF_A_DOCUMENT = 3
BATCH = 16


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the sample."""
    chosen = options().parse_args(arguments)
    chance = random.Random(chosen.seed)
    unread = {identity for file in chosen.leave_out for identity in left_out(file)}
    documents = [
        entry
        for entry in load(SOURCES, "files")(chosen.articles, SourceOptions())
        if isinstance(entry, Document) and entry.id not in unread
    ]
    documents.sort(key=lambda document: document.id)
    chance.shuffle(documents)
    print("\t".join((*COLUMNS, "sentence") if chosen.sentences else COLUMNS))
    for document, mention in islice(drawn(documents, chosen.language, chance), chosen.count):
        print("\t".join(row(document, mention, with_sentence=chosen.sentences)))


def options() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("articles", nargs="+", help="JSON lines of articles")
    parser.add_argument("--language", required=True, help="only documents found to be in this language")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--leave-out", type=Path, action="append", default=[], help="TSV whose second column holds ids")
    parser.add_argument("--sentences", action="store_true", help="add the sentence of each mention")
    return parser


def left_out(file: Path) -> Iterator[str]:
    """The ids of documents that a list leaves out."""
    for line in file.read_text(encoding="utf-8").splitlines():
        cells = line.split("\t")
        if not line.startswith("#") and len(cells) > 1:
            yield cells[1]


def drawn(documents: Sequence[Document], language: str, chance: random.Random) -> Iterator[tuple[Document, Mention]]:
    """Random mentions of documents in one language, document after document."""
    table = EntityTable.load()
    for document in analysed(documents, language):
        mentions = document.analysis.mentions if document.analysis else ()
        linked = [mention for mention in mentions if is_judged(mention, table)]
        found = chance.sample(linked, min(MOST_OF_A_DOCUMENT, len(linked)))
        yield from ((document, mention) for mention in sorted(found, key=lambda one: one.span.start))


def analysed(documents: Sequence[Document], language: str) -> Iterator[Document]:
    """Documents in one language with their analysis, in batches as they are asked for."""
    packs = load_languages()
    detect, ner = (load(STAGES, name).load(packs) for name in ("language-detect", "ner"))
    for start in range(0, len(documents), BATCH):
        batch = documents[start : start + BATCH]
        told = [
            replace(document, language=layer)  # type: ignore[arg-type]
            for document, layer in zip(batch, detect(batch), strict=True)
        ]
        own = [document for document in told if document.language and document.language.language == language]
        for document, layer in zip(own, ner(own), strict=True):
            yield replace(document, analysis=layer)  # type: ignore[arg-type]


def is_judged(mention: Mention, table: EntityTable) -> bool:
    """Whether a mention is linked to a state, its capital or seat of government, an organisation or an organ."""
    entity = table.get(mention.entity_id)
    return mention.entity_id.startswith("organ:") or (entity is not None and entity.kind in KINDS)


def row(document: Document, mention: Mention, *, with_sentence: bool) -> list[str]:
    """The cells of a mention, the verdict empty."""
    start, end = mention.span.start, mention.span.end
    cells = [document.id, str(start), str(end), mention.span.of(document.text), mention.entity_id]
    cells += [mention.code, mention.sector, ""]
    layer = document.analysis
    if with_sentence and layer is not None:
        token = layer.token_starts.index(start)
        cells.append(layer.sentence_span(layer.sentence_of(token)).of(document.text))
    return [" ".join(cell.split()) for cell in cells]


if __name__ == "__main__":
    main(sys.argv[1:])
