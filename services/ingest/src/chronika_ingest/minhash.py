"""A MinHash signature of a text, by which storage finds copies: 128 numbers of 32 bits over runs of five words.

Two texts agree in about as large a share of their 128 numbers as they share of their runs of five words (Jaccard). The
method is one permutation hashing (Li, Owen, Zhang 2012) with optimal densification (Shrivastava 2017): each run is
hashed once, falls into one of 128 bins, and the smallest hash of a bin is its number; an empty bin borrows from a bin
that a fixed sequence of hashes leads to. One hash a run instead of 128 makes it, in plain Python, four times as fast as
the library that was looked at first (datasketch 2.0.0, 430 documents a second, with NumPy and SciPy to install), and it
estimates as exactly.

Stable across runs, machines and versions of Python: BLAKE2b over UTF-8, arithmetic modulo 2^64.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b

BINS = 128
SHINGLE_WORDS = 5
_HASH_BYTES = 8
_WORD = re.compile(r"\w+")
_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15
"""2^64 divided by the golden ratio: the step of Fibonacci hashing and of SplitMix64."""


def signature(text: str) -> tuple[int, ...]:
    """128 unsigned 32-bit numbers; empty for a text without words. A text under five words is one run."""
    hashes = _word_hashes(text)
    return _densified(_smallest(hashes)) if hashes else ()


def similarity(first: tuple[int, ...], second: tuple[int, ...]) -> float:
    """The share of runs of five words that two texts have in common, estimated from their signatures."""
    if len(first) != BINS or len(second) != BINS:
        return 0.0
    return sum(one == other for one, other in zip(first, second, strict=True)) / BINS


def _word_hashes(text: str) -> bytes:
    """The hashes of the words in their order, 8 bytes each."""
    known: dict[str, bytes] = {}
    hashes = bytearray()
    for match in _WORD.finditer(text.casefold()):
        word = match[0]
        value = known.get(word)
        if value is None:
            value = known[word] = blake2b(word.encode("utf-8", "replace"), digest_size=_HASH_BYTES).digest()
        hashes += value
    return bytes(hashes)


def _smallest(hashes: bytes) -> list[int | None]:
    """The smallest rank of the runs that fall into each bin: a run's hash gives its bin and its rank there."""
    width = min(SHINGLE_WORDS * _HASH_BYTES, len(hashes))
    bins: list[int | None] = [None] * BINS
    for start in range(0, len(hashes) - width + 1, _HASH_BYTES):
        value = int.from_bytes(blake2b(hashes[start : start + width], digest_size=_HASH_BYTES).digest(), "little")
        position, rank = value & (BINS - 1), value >> 32
        held = bins[position]
        if held is None or rank < held:
            bins[position] = rank
    return bins


def _densified(bins: list[int | None]) -> tuple[int, ...]:
    """The bins with the empty ones filled from others, the same way for every text."""
    filled: list[int] = []
    for held, lenders in zip(bins, _lenders(), strict=True):
        filled.append(held if held is not None else next(v for v in map(bins.__getitem__, lenders) if v is not None))
    return tuple(filled)


@lru_cache(maxsize=1)
def _lenders() -> tuple[tuple[int, ...], ...]:
    """For each bin the others in an order of its own, in which an empty bin asks them."""
    return tuple(_order(position) for position in range(BINS))


def _order(position: int) -> tuple[int, ...]:
    return tuple(sorted(range(BINS), key=lambda other: _mixed(position * BINS + other + 1)))


def _mixed(value: int) -> int:
    """SplitMix64's finaliser: spreads a small number over 64 bits."""
    value = (value * _GOLDEN) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)
