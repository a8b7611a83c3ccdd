"""What is known of each language: its letters, frequent words, endings and the labels of the fastText model.

A language that a pack reads brings its own `language.toml`; the neighbours that no pack reads share `neighbours.toml`
of the languages member. Adding a pack adds a profile: nothing here names a language.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from chronika.domain.errors import ConfigurationError
from chronika.ports.language_pack import LanguagePack

PROFILE_FILE = "language.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageProfile:
    """A language: BCP 47 `code`, whether a pack reads it, and what speaks for it.

    `prior` is in natural log-odds; `dictionary` names a dictionary of pymorphy3, empty when there is none.
    """

    code: str
    readable: bool
    labels: tuple[str, ...]
    letters: frozenset[str]
    words: frozenset[str]
    endings: frozenset[str]
    prior: float
    dictionary: str = ""


def load_profiles(packs: Mapping[str, LanguagePack]) -> tuple[LanguageProfile, ...]:
    """Profiles of the packs, then of the neighbours that no pack reads.

    ConfigurationError `language-file-missing` or `language-profile-invalid` names the pack whose file is lacking.
    """
    readable = tuple(_profile(pack.settings(PROFILE_FILE), pack.code, readable=True) for pack in packs.values())
    neighbours = tomllib.loads((files("chronika_languages") / "neighbours.toml").read_text(encoding="utf-8"))
    others = (_profile(entry, str(entry.get("code", "?")), readable=False) for entry in neighbours["language"])
    return readable + tuple(profile for profile in others if profile.code not in packs)


def _profile(entry: Mapping[str, Any], code: str, *, readable: bool) -> LanguageProfile:
    try:
        return LanguageProfile(
            code=code,
            readable=readable,
            labels=tuple(entry["labels"]),
            letters=frozenset(entry["letters"]),
            words=frozenset(entry["words"].split()),
            endings=frozenset(entry["endings"].split()),
            prior=float(entry["prior"]),
            dictionary=str(entry.get("dictionary", "")),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConfigurationError(
            "language-profile-invalid",
            f"{PROFILE_FILE} of language {code!r} cannot be read: {error!r}",
            cure="It needs labels, letters, words, endings and prior; those of ru are an example.",
        ) from error
