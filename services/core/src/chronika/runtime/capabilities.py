"""Asks the installed stages for what they can do beside their layer: explain an event, know the lemmas of a word."""

from __future__ import annotations

from collections.abc import Sequence

from chronika.domain.document import Layer
from chronika.ports.stage import Explainer, Lemmatiser
from chronika.runtime.plugins import STAGES, installed, load, load_languages
from chronika.runtime.process import load_stage


def explainer(stages: Sequence[str] = ()) -> Explainer | None:
    """What explains events: the stage that adds them, when it can and is among `stages` (none for all installed)."""
    stage = _stage_that_adds(Layer.EVENTS, stages)
    return stage if isinstance(stage, Explainer) else None


def lemmatiser(stages: Sequence[str] = ()) -> Lemmatiser | None:
    """What knows lemmas: the stage that adds the analysis, when it can and is among `stages` (none for all)."""
    stage = _stage_that_adds(Layer.ANALYSIS, stages)
    return stage if isinstance(stage, Lemmatiser) else None


def _stage_that_adds(layer: Layer, names: Sequence[str]) -> object:
    for name in names or installed(STAGES):
        spec = load(STAGES, name)
        if spec.adds == layer:
            return load_stage(spec, load_languages())
    return None
