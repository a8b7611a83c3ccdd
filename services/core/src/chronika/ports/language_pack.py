"""The port of a language pack: a folder of data files, the same names in each language, and ways to read them.

Linguistic knowledge lives in these files, never in code. A stage reads the tables that it owns by name; a pack that
lacks a file, a column or a key says so in an error that names it.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any, cast

from chronika.domain.errors import ConfigurationError


class IncompleteFileError(ConfigurationError, KeyError):
    """`language-file-incomplete`: a file of a pack lacks what is asked of it. A KeyError too, as of any mapping."""


class _Part(dict[str, Any]):
    """A row of a table, or a table of a TOML file, which knows where it stands."""

    def __init__(self, where: str, content: Mapping[str, Any]) -> None:
        super().__init__(content)
        self._where = where

    def __missing__(self, key: str) -> Any:
        raise IncompleteFileError(
            "language-file-incomplete",
            f"{self._where} lacks {key!r}",
            cure="The file of the same name in another language pack shows what it holds.",
        )


@dataclass(frozen=True, slots=True)
class LanguagePack:
    """A language: its code as documents carry it ("ru"), its English name and the folder of its files."""

    code: str
    name: str
    files: Traversable

    def text(self, name: str) -> str:
        """A whole file, UTF-8.

        ConfigurationError `language-file-missing` when the pack lacks it, `language-file-invalid` in another encoding.
        """
        try:
            return (self.files / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            raise ConfigurationError(
                "language-file-missing",
                f"language pack {self.code!r} has no file {name}",
                cure="Every language pack holds the same files; docs/adding-a-language.md lists them.",
            ) from None
        except UnicodeDecodeError as error:
            raise self._invalid(name, error) from error

    def table(self, name: str) -> tuple[Mapping[str, str], ...]:
        """A TSV file with a header line; lines that begin with # are comments; missing cells are empty strings.

        Asked for a column that the header lacks, a row raises IncompleteFileError.
        """
        lines = [line for line in self.text(name).splitlines() if line.strip() and not line.startswith("#")]
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, restval="")
        where = self._file(name)
        return tuple(_Part(where, {key: (value or "").strip() for key, value in row.items()}) for row in rows)

    def words(self, name: str) -> tuple[str, ...]:
        """A word list, one entry a line; # begins a comment."""
        entries = (line.split("#", 1)[0].strip() for line in self.text(name).splitlines())
        return tuple(entry for entry in entries if entry)

    def settings(self, name: str) -> Mapping[str, Any]:
        """A TOML file; ConfigurationError `language-file-invalid` when it is none.

        Asked for a key that it lacks, the mapping, and any inside it, raises IncompleteFileError.
        """
        try:
            content = tomllib.loads(self.text(name))
        except tomllib.TOMLDecodeError as error:
            raise self._invalid(name, error) from error
        return cast(Mapping[str, Any], _marked(content, self._file(name)))

    def _file(self, name: str) -> str:
        return f"{name} of language pack {self.code!r}"

    def _invalid(self, name: str, error: Exception) -> ConfigurationError:
        return ConfigurationError(
            "language-file-invalid",
            f"{self._file(name)} cannot be read: {error}",
            cure="Correct the place that the message names.",
        )


def _marked(value: Any, where: str) -> Any:
    """A value of a TOML file whose tables know where they stand: "entry 2 of months of calendar.toml of …"."""
    if isinstance(value, dict):
        return _Part(where, {key: _marked(entry, f"{key} of {where}") for key, entry in value.items()})
    if isinstance(value, list):
        return [_marked(entry, f"entry {number} of {where}") for number, entry in enumerate(value, start=1)]
    return value
