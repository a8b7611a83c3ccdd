"""Measures ingest on JSON lines of articles: time a document, encodings told right, titles found without being told.

    python tools/measure_ingest.py ARTICLES.jsonl…

Each line holds `text`, and `title` where it is known. Times are processor seconds of one core.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Sequence

from chronika.domain.document import Document
from chronika.domain.errors import RefusedInputError
from chronika.ports.source import SourceOptions
from chronika_ingest import SOURCE
from chronika_ingest.decoding import decode
from chronika_ingest.language_data import furniture_rules
from chronika_ingest.minhash import signature
from chronika_ingest.titles import repeats_title

SAMPLES = 1_000
ENCODINGS = ("cp1251", "koi8-r", "koi8-u")


def main(paths: Sequence[str]) -> None:
    """Prints a line a measurement."""
    started = time.process_time()
    documents = [entry for entry in SOURCE(paths, SourceOptions()) if isinstance(entry, Document)]
    print(f"{len(documents)} documents, {per_document(started, documents):.2f} ms each")
    measure("layout", documents, lambda document: furniture_rules().lay_out(document.text, document.source.title))
    measure("signature", documents, lambda document: signature(document.text))
    print_titles(documents)
    for length in (8, 20, 40, 100):
        print_encodings(documents, length)


def measure(name: str, documents: Sequence[Document], work: Callable[[Document], object]) -> None:
    """The time that a part of the work takes."""
    started = time.process_time()
    for document in documents:
        work(document)
    print(f"{name}: {per_document(started, documents):.2f} ms a document")


def per_document(started: float, documents: Sequence[Document]) -> float:
    """Milliseconds a document since a start."""
    return 1000 * (time.process_time() - started) / max(1, len(documents))


def print_titles(documents: Sequence[Document]) -> None:
    """How many of the titles that the texts hold are found without being told."""
    known = [document for document in documents if document.source.title_span]
    found = [(document, furniture_rules().lay_out(document.text).title) for document in known]
    right = sum(bool(title) and repeats_title(title, document.source.title, whole=True) for document, title in found)
    missing = sum(not title for _, title in found)
    print(f"titles: {right} of {len(known)} found, {missing} not found, {len(known) - right - missing} others taken")


def print_encodings(documents: Sequence[Document], length: int) -> None:
    """The share of pieces of a length, cut from anywhere, that are read right, as they are and in capitals."""
    chance = random.Random(length)
    for name, change in (("as they are", str), ("in capitals", str.upper)):
        right = tried = 0
        while tried < SAMPLES:
            text = change(chance.choice(documents).text)
            start = chance.randrange(max(1, len(text) - length))
            encoding = chance.choice(ENCODINGS)
            piece = text[start : start + length].encode(encoding, "ignore").decode(encoding)
            if sum(letter > "\x7f" and letter.isalpha() for letter in piece) * 2 >= length:
                tried += 1
                right += reads_right(piece, encoding)
        print(f"{length} characters {name}: {right / SAMPLES:.1%} read right")


def reads_right(piece: str, encoding: str) -> bool:
    """Whether the bytes of a piece are read as what they were."""
    try:
        return decode(piece.encode(encoding), name="piece").text == piece
    except RefusedInputError:
        return False


if __name__ == "__main__":
    main(sys.argv[1:])
