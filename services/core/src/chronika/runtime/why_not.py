"""Reads a text in this process and asks the coder which words it saw and refused: nothing is stored.

The text is taken as it stands, as one article without title or outlet. No source looks at it, so that a sentence that
looks like a heading or like furniture of a page is read all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from chronika.domain.dead_letter import DeadLetter
from chronika.domain.document import Document, Layer, PublishedPrecision, SourceLayer
from chronika.domain.errors import ConfigurationError, RefusedInputError
from chronika.domain.identity import digest, revision_of
from chronika.ports.source import Refusal
from chronika.ports.stage import Competitor, Explainer
from chronika.runtime.intake import encoded
from chronika.runtime.outcomes import DeadLettered, Work
from chronika.runtime.plugins import load_languages
from chronika.runtime.process import Chain, LoadedStage, chosen_stages, load_stage
from chronika.runtime.settings import Settings
from chronika.wire import decode_document

_ORIGIN = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRead:
    """A text with all layers, the words of it that were known and gave no event, and the languages that are read."""

    document: Document
    refused: tuple[Competitor, ...]
    languages: tuple[str, ...]


def read_text(settings: Settings, text: str, *, published: date | None = None) -> TextRead | DeadLetter:
    """Runs the stages over a text; a dead letter, which is not kept, when a stage gave it up.

    ConfigurationError when nothing can start, or `no-explainer`; RefusedInputError when the text is too large.
    """
    work = _work(text, published, most=settings.max_article_bytes)
    packs = load_languages()
    stages = [LoadedStage(spec, load_stage(spec, packs)) for spec in chosen_stages(settings.stages)]
    coder = _explainer(stages)
    (outcome,) = Chain(stages, document_seconds=settings.document_seconds).run([work])
    if isinstance(outcome, DeadLettered):
        return outcome.letter
    document = decode_document(outcome.payload)
    return TextRead(document=document, refused=coder.why_not(document), languages=tuple(sorted(packs)))


def _explainer(stages: Sequence[LoadedStage]) -> Explainer:
    for stage in stages:
        if stage.spec.adds == Layer.EVENTS and isinstance(stage.call, Explainer):
            return stage.call
    raise ConfigurationError(
        "no-explainer",
        "no stage in use makes events and tells why a word gave none",
        cure="Add one to the setting `stages`, such as event-extract; `chronika doctor` lists what is installed.",
    )


def _work(text: str, published: date | None, *, most: int) -> Work:
    if len(text.encode("utf-8", "surrogatepass")) > most:
        raise RefusedInputError(
            "text-too-large",
            f"the text has more than {most} bytes",
            cure="Give one sentence or one article, or raise the setting `max_article_bytes`.",
        )
    payload = encoded(_document(_storable(text), published))
    if isinstance(payload, Refusal):
        raise RefusedInputError(payload.code, payload.message, cure=payload.cure)
    return Work(position=_ORIGIN, payload=payload)


def _document(text: str, published: date | None) -> Document:
    source = SourceLayer(
        text=text,
        published=datetime.combine(published, time(), UTC) if published else None,
        published_zone="UTC" if published else "",
        published_precision=PublishedPrecision.DAY if published else None,
        origin=_ORIGIN,
    )
    return Document(id=digest("text", text), revision=revision_of(text), source=source)


def _storable(text: str) -> str:
    """What no document holds, NUL and lone surrogates, becomes U+FFFD, one for one."""
    return "".join("\ufffd" if char == "\0" or "\ud800" <= char <= "\udfff" else char for char in text)
