"""The loaded analysis, which takes a third of a second, once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

import pytest

import chronika_languages
from chronika.ports.language_pack import LanguagePack
from chronika_languages import ru, uk
from chronika_ner.analyzer import Analyzer


@pytest.fixture(scope="session")
def packs() -> Mapping[str, LanguagePack]:
    return {"ru": ru.PACK, "uk": uk.PACK}


@pytest.fixture(scope="session")
def analyzer(packs: Mapping[str, LanguagePack]) -> Analyzer:
    return Analyzer(files(chronika_languages) / "models", packs)
