"""What ingest reads of the language packs: calendars and the habits of pages.

An article's language is not known before it is read, so that the data of all installed packs is applied together.
Packs are found through the entry points `chronika.languages`: a new language brings its own files and needs no edit
here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import entry_points
from importlib.resources import files
from typing import Any

from chronika.domain.errors import ConfigurationError
from chronika.ports.language_pack import LanguagePack
from chronika_ingest.dates import DateGrammar
from chronika_ingest.furniture import FurnitureRules


@lru_cache(maxsize=1)
def language_packs() -> tuple[LanguagePack, ...]:
    """All installed packs by code. ConfigurationError `broken-language-pack` when one cannot be loaded."""
    packs: dict[str, LanguagePack] = {}
    for entry in sorted(entry_points(group="chronika.languages"), key=lambda entry: entry.name):
        try:
            packs[entry.name] = entry.load()
        except Exception as error:
            raise ConfigurationError(
                "broken-language-pack",
                f"the language pack {entry.name!r} cannot be loaded: {error}",
                cure="Install the pack again, or remove it.",
            ) from error
    return tuple(packs.values())


@lru_cache(maxsize=1)
def date_grammar() -> DateGrammar:
    """Dates in the words of all packs."""
    return DateGrammar(pack.settings("calendar.toml") for pack in language_packs())


@lru_cache(maxsize=1)
def furniture_rules() -> FurnitureRules:
    """The habits of pages that hold in any language, then those of each pack."""
    tables: list[Mapping[str, Any]] = [
        tomllib.loads((files(__package__) / "furniture.toml").read_text(encoding="utf-8"))
    ]
    tables.extend(pack.settings("furniture.toml") for pack in language_packs())
    return FurnitureRules(tables, date_grammar())
