"""The port of a language pack: a folder of data files, the same names in each language, and ways to read them.

Linguistic knowledge lives in these files, never in code. A stage reads the tables that it owns by name; a pack that
lacks a file says so in an error that names the file.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

from chronika.domain.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class LanguagePack:
    """A language: its code as documents carry it ("ru"), its English name and the folder of its files."""

    code: str
    name: str
    files: Traversable

    def text(self, name: str) -> str:
        """A whole file, UTF-8. ConfigurationError `language-file-missing` when the pack lacks it."""
        try:
            return (self.files / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            raise ConfigurationError(
                "language-file-missing",
                f"language pack {self.code!r} has no file {name}",
                cure="Every language pack holds the same files; docs/adding-a-language.md lists them.",
            ) from None

    def table(self, name: str) -> tuple[Mapping[str, str], ...]:
        """A TSV file with a header line; lines that begin with # are comments; missing cells are empty strings."""
        lines = [line for line in self.text(name).splitlines() if line.strip() and not line.startswith("#")]
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, restval="")
        return tuple({key: (value or "").strip() for key, value in row.items()} for row in rows)

    def words(self, name: str) -> tuple[str, ...]:
        """A word list, one entry a line; # begins a comment."""
        entries = (line.split("#", 1)[0].strip() for line in self.text(name).splitlines())
        return tuple(entry for entry in entries if entry)

    def settings(self, name: str) -> Mapping[str, Any]:
        """A TOML file."""
        return tomllib.loads(self.text(name))
