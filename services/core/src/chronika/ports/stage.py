"""The port of a thinking stage: a pure function from documents to layers, over a batch, without I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from chronika.domain.document import Document, LayerValue
from chronika.ports.language_pack import LanguagePack


class Stage(Protocol):
    """A loaded stage. It returns one layer a document, in order; an error it raises concerns the whole batch."""

    def __call__(self, documents: Sequence[Document]) -> Sequence[LayerValue]:
        """The layers of the documents."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StageSpec:
    """What a stage declares under the entry point group `chronika.stages`.

    `reads` and `adds` are names of layers; a topology in which somebody reads what nobody adds does not start.
    `load` makes the stage ready (models are read here, never at import) and gets the installed language packs by code.
    `version` changes whenever the stage's output may change.
    """

    name: str
    reads: frozenset[str]
    adds: str
    version: str
    load: Callable[[Mapping[str, LanguagePack]], Stage]
