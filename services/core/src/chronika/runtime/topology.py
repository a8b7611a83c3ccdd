"""Puts the installed stages in order by the layers that they read and add, and refuses those that do not fit."""

from __future__ import annotations

from collections.abc import Iterable

from chronika.domain.document import Layer
from chronika.domain.errors import ConfigurationError
from chronika.ports.stage import StageSpec

GIVEN = frozenset({Layer.SOURCE.value})
"""Layers that a document has before any stage: ingest made it."""


def ordered(specs: Iterable[StageSpec]) -> tuple[StageSpec, ...]:
    """The stages in an order in which each reads only what was added before it; ties go by name.

    ConfigurationError: `no-stages`, `layer-added-twice`, `layer-missing` (somebody reads what nobody adds),
    `stage-cycle`.
    """
    waiting = sorted(specs, key=lambda spec: spec.name)
    if not waiting:
        raise ConfigurationError(
            "no-stages", "no stage is installed", cure="Install chronika-language-detect, chronika-ner and the others."
        )
    _check_layers(waiting)
    added = set(GIVEN)
    order: list[StageSpec] = []
    while waiting:
        ready = next((spec for spec in waiting if spec.reads <= added), None)
        if ready is None:
            raise _cycle(waiting)
        waiting.remove(ready)
        order.append(ready)
        added.add(ready.adds)
    return tuple(order)


def _check_layers(specs: Iterable[StageSpec]) -> None:
    adders = dict.fromkeys(GIVEN, "ingest")
    for spec in specs:
        if spec.adds in adders:
            raise ConfigurationError(
                "layer-added-twice",
                f"{adders[spec.adds]} and stage {spec.name} both add the layer {spec.adds!r}",
                cure="Uninstall one of the two, or let one add a layer of another name.",
            )
        adders[spec.adds] = f"stage {spec.name}"
    for spec in specs:
        missing = sorted(spec.reads - adders.keys())
        if missing:
            raise ConfigurationError(
                "layer-missing",
                f"stage {spec.name} reads the layer {missing[0]!r}, which nobody adds",
                cure=f"Install the stage that adds {missing[0]!r}.",
            )


def _cycle(waiting: Iterable[StageSpec]) -> ConfigurationError:
    links = "; ".join(f"{spec.name} reads {', '.join(sorted(spec.reads))} and adds {spec.adds}" for spec in waiting)
    return ConfigurationError(
        "stage-cycle",
        f"stages wait for each other: {links}",
        cure="A stage reads only layers that stages before it add.",
    )
