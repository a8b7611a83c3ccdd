"""The last line of a run: what became of every input, so that both sides add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from chronika.runtime.run_report import RunSummary


def balance(summary: RunSummary) -> str:
    """`inputs 12 = stored 9 + unchanged 0 + refused 2 (empty 1, binary 1) + dead letters 1 (stage-timeout 1)`.

    Terms that are rare (what an earlier run left behind, what a newer revision superseded, what waits after an
    interrupt) stand there only when they are not zero.
    """
    given = [f"inputs {summary.inputs}", *_if_any("left by an earlier run", summary.resumed)]
    became = [
        f"stored {summary.stored}",
        f"unchanged {summary.unchanged}",
        *_if_any("superseded", summary.superseded),
        f"refused {summary.refused.total()}{_reasons(summary.refused)}",
        f"dead letters {summary.dead_letters.total()}{_reasons(_by_code(summary.dead_letters))}",
        *_if_any("waiting", summary.waiting),
    ]
    return f"{' + '.join(given)} = {' + '.join(became)}"


def _if_any(word: str, count: int) -> list[str]:
    return [f"{word} {count}"] if count else []


def _by_code(letters: Mapping[tuple[str, str], int]) -> Counter[str]:
    by_code: Counter[str] = Counter()
    for (_stage, code), count in letters.items():
        by_code[code] += count
    return by_code


def _reasons(counts: Counter[str]) -> str:
    """ " (empty 2, binary 1)", the most frequent first."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return f" ({', '.join(f'{code} {count}' for code, count in ordered)})" if ordered else ""
