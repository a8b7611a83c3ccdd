"""Counts which letter follows which in the sample articles; ingest tells windows-1251 from KOI8 by it.

    python training/letter_pairs.py > services/ingest/src/chronika_ingest/letter_pairs.txt

The counts are of our own samples, both languages pooled, in lower case; `_` stands for the border of a word.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

SAMPLES = Path(__file__).parent.parent / "samples"
WORD = re.compile(r"[а-яёіїєґ]+")


def main() -> None:
    """Prints one line a letter: the letter, a tab, what follows it with counts, most frequent first."""
    pairs: dict[str, Counter[str]] = {}
    for path in sorted(SAMPLES.glob("*/*.txt")):
        for word in WORD.findall(path.read_text(encoding="utf-8").lower()):
            for first, second in zip(f"_{word}", f"{word}_", strict=True):
                pairs.setdefault(first, Counter())[second] += 1
    print("# Which letter follows which in Russian and Ukrainian news; made by training/letter_pairs.py.")
    for first in sorted(pairs):
        counts = sorted(pairs[first].items(), key=lambda pair: (-pair[1], pair[0]))
        print(first + "\t" + " ".join(f"{second}{count}" for second, count in counts))


if __name__ == "__main__":
    main()
