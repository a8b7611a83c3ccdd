"""The stage that adds the language layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chronika.domain.document import Document, LanguageLayer, Layer
from chronika.ports.language_pack import LanguagePack
from chronika.ports.stage import Stage, StageSpec
from chronika_language_detect.detection import LanguageDetector
from chronika_language_detect.dictionary import load_words
from chronika_language_detect.fasttext_model import load_model
from chronika_language_detect.profiles import load_profiles
from chronika_language_detect.scoring import Scorer

VERSION = "1"
"""Goes up whenever the language of some text may come out differently."""


class LanguageDetectStage:
    """Detects the language of each document of a batch."""

    def __init__(self, detector: LanguageDetector) -> None:
        self._detector = detector

    def __call__(self, documents: Sequence[Document]) -> Sequence[LanguageLayer]:
        """The language layers of the documents, in order."""
        return [self._detector.detect(document) for document in documents]


def load(packs: Mapping[str, LanguagePack]) -> Stage:
    """Read profiles, dictionaries and model. ConfigurationError when one is missing or cannot be read."""
    return LanguageDetectStage(load_detector(packs))


def load_detector(packs: Mapping[str, LanguagePack]) -> LanguageDetector:
    """A detector of the languages of these packs; it tells their neighbours apart from them."""
    profiles = load_profiles(packs)
    dictionaries = {profile.code: load_words(profile.dictionary) for profile in profiles if profile.dictionary}
    return LanguageDetector(Scorer(profiles, load_model(), dictionaries), readable=tuple(packs))


STAGE = StageSpec(
    name="language-detect",
    reads=frozenset({Layer.SOURCE}),
    adds=Layer.LANGUAGE,
    version=VERSION,
    load=load,
)
