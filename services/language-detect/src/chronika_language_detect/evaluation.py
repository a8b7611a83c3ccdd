"""Measure language detection on labelled lines: `python -m chronika_language_detect.evaluation FILE...`.

A file holds JSON lines with `text` and `lang`. A language that no installed pack reads counts as right when it comes
out as "other". `--half first|second` takes one half of each language's lines, so that tuning and measuring can be
apart.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path

from chronika.domain.document import OTHER_LANGUAGE, Document, SourceLayer
from chronika.domain.identity import revision_of
from chronika.ports.language_pack import LanguagePack
from chronika_language_detect.detection import LanguageDetector
from chronika_language_detect.stage import load_detector


@dataclass(slots=True)
class Tally:
    """Outcomes by true language, and the time that detection took."""

    outcomes: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    seconds: float = 0.0

    @property
    def documents(self) -> int:
        """How many lines were read."""
        return sum(sum(counts.values()) for counts in self.outcomes.values())


def installed_packs() -> dict[str, LanguagePack]:
    """Language packs by code, from the entry points `chronika.languages`."""
    packs: list[LanguagePack] = [entry.load() for entry in entry_points(group="chronika.languages")]
    return {pack.code: pack for pack in packs}


def measure(detector: LanguageDetector, lines: Iterable[Mapping[str, str]]) -> Tally:
    """Detect each line as a document of its own."""
    tally = Tally()
    for line in lines:
        document = Document(id="line", revision=revision_of(line["text"]), source=SourceLayer(text=line["text"]))
        start = time.perf_counter()
        layer = detector.detect(document)
        tally.seconds += time.perf_counter() - start
        tally.outcomes[line["lang"]][layer.language] += 1
    return tally


def half_of(lines: Sequence[Mapping[str, str]], half: str) -> Iterator[Mapping[str, str]]:
    """The first or second half of each language's lines; "all" gives all."""
    totals = Counter(line["lang"] for line in lines)
    seen: Counter[str] = Counter()
    for line in lines:
        seen[line["lang"]] += 1
        is_first = seen[line["lang"]] <= totals[line["lang"]] // 2
        if half == "all" or is_first == (half == "first"):
            yield line


def table(tally: Tally, readable: Iterable[str]) -> Iterator[str]:
    """A line a language: share right in per cent, and what it came out as."""
    readable = frozenset(readable)
    for language, counts in sorted(tally.outcomes.items()):
        total = sum(counts.values())
        right = counts[language if language in readable else OTHER_LANGUAGE]
        outcomes = ", ".join(f"{outcome} {count}" for outcome, count in counts.most_common())
        yield f"  {language:<4} {100 * right / total:6.2f} %  of {total:5}   {outcomes}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table for each file."""
    parser = argparse.ArgumentParser(prog="python -m chronika_language_detect.evaluation", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="JSON lines with text and lang")
    parser.add_argument("--half", choices=("all", "first", "second"), default="all", help="lines of each language")
    options = parser.parse_args(arguments)
    packs = installed_packs()
    detector = load_detector(packs)
    for path in options.files:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        tally = measure(detector, half_of(lines, options.half))
        milliseconds = 1000 * tally.seconds / max(1, tally.documents)
        report = "\n".join(table(tally, packs))
        sys.stdout.write(f"{path.name}: {tally.documents} lines, {milliseconds:.3f} ms a line\n{report}\n")


if __name__ == "__main__":
    main()
