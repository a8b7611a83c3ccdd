"""Reads the articles of the benchmark: JSON lines or folders of text files, halved into a cold and a warm part."""

from __future__ import annotations

import json
from pathlib import Path


def read_articles(path: Path, limit: int) -> list[str]:
    """Texts in the order of the file, at most `limit`, without empty ones."""
    if path.is_dir():
        texts = [file.read_text(encoding="utf-8") for file in sorted(path.glob("*.txt"))]
    else:
        with path.open(encoding="utf-8") as lines:
            texts = [json.loads(line)["text"] for line in lines if line.strip()]
    return [text for text in texts if text.strip()][:limit]


def halves(texts: list[str]) -> tuple[list[str], list[str]]:
    """The first half is read by a fresh process (cold), the second by the same process afterwards (warm)."""
    middle = (len(texts) + 1) // 2
    return texts[:middle], texts[middle:] or texts[:middle]
