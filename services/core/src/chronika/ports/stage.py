"""The port of a thinking stage: a pure function from documents to layers, over a batch, without I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from chronika.domain.document import Document, LayerValue
from chronika.domain.span import Span
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingStep:
    """A decision on the way to an event: what it settled ("trigger", "actor", "realis", "time", ...), the words that it
    is about, the id of the rule that made it and what that rule says, for a person."""

    settles: str
    span: Span | None = None
    rule_id: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Competitor:
    """What was considered as well: what it would have settled, its words, its rule, and why it was not taken."""

    settles: str
    span: Span | None = None
    rule_id: str = ""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """How a document's event came to be, in the order of the decisions, and what competed with them."""

    steps: tuple[ReadingStep, ...]
    competitors: tuple[Competitor, ...] = ()


@runtime_checkable
class Explainer(Protocol):
    """What a loaded stage that adds events may also be: it tells how one came to be, and why a word gave none."""

    def explain(self, document: Document, event_id: str) -> Explanation | None:
        """The way to an event of a document that holds the layers which the stage reads; None when the stage, as it is
        now, does not make that event of it."""
        ...

    def why_not(self, document: Document) -> tuple[Competitor, ...]:
        """The words of a document that are known to name events and gave none here, in the order of the text, with what
        was wanting; a word stands as often as it was tried. Empty when the document has no analysis or is in a
        language that the stage does not read."""
        ...


@runtime_checkable
class Lemmatiser(Protocol):
    """What a loaded stage that adds the analysis may also be: it knows the lemmas of a word out of context."""

    def lemmas(self, word: str) -> frozenset[str]:
        """All lemmas that the word may have in any language that the stage reads, written as the analysis writes them;
        empty for what it does not know."""
        ...
