"""Documents built by hand, and the knowledge of both languages, read once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

import pytest

from chronika.domain.analysis import AnalysisLayer, Mention, MentionKind
from chronika.domain.document import Document, LanguageLayer, SourceLayer
from chronika.domain.identity import revision_of
from chronika.domain.span import Span
from chronika.ports.language_pack import LanguagePack
from chronika_event_extract.coder import Coder, Knowledge, read_knowledge
from chronika_event_extract.tree import Tree
from chronika_languages import ru, uk
from chronika_languages.entities import EntityTable

Build = Callable[..., Document]
Name = tuple[str, ...]
"""Words of the text, kind, code, sector and, where it matters, the id of the entity."""
_NO_SPACE_BEFORE = frozenset(",.:;!?»”)")
_NO_SPACE_AFTER = frozenset("«“(")


def analysis_of(rows: str, names: Sequence[Name] = ()) -> tuple[str, AnalysisLayer]:
    """A text and its analysis from rows of `form lemma POS head relation features`; an empty line ends a sentence.

    Heads count from 1 in their sentence, 0 is the root. The words of a name must occur.
    """
    text = ""
    starts: list[int] = []
    ends: list[int] = []
    sentence_starts: list[int] = []
    columns: dict[str, list[str]] = {"lemma": [], "pos": [], "relation": [], "features": []}
    heads: list[int] = []
    for block in rows.strip().split("\n\n"):
        base = len(starts)
        sentence_starts.append(base)
        for row in block.strip().splitlines():
            form, lemma, pos, head, relation, *features = row.split()
            glue = not text or form in _NO_SPACE_BEFORE or text[-1] in _NO_SPACE_AFTER
            text += form if glue else f" {form}"
            starts.append(len(text) - len(form))
            ends.append(len(text))
            columns["lemma"].append(lemma)
            columns["pos"].append(pos)
            columns["relation"].append(relation)
            columns["features"].append(features[0] if features else "")
            heads.append(base + int(head) - 1 if int(head) else -1)
    layer = AnalysisLayer(
        model="by hand",
        sentence_starts=tuple(sentence_starts),
        sentence_languages=("ru",) * len(sentence_starts),
        token_starts=tuple(starts),
        token_ends=tuple(ends),
        lemmas=tuple(columns["lemma"]),
        parts_of_speech=tuple(columns["pos"]),
        features=tuple(columns["features"]),
        heads=tuple(heads),
        relations=tuple(columns["relation"]),
        mentions=tuple(_mention(text, *name) for name in names),
    )
    return text, layer


def _mention(text: str, words: str, kind: str, code: str, sector: str, entity_id: str = "") -> Mention:
    start = text.index(words)
    entity_id = entity_id or (f"test:{code}:{words}" if code else "")
    span = Span(start, start + len(words))
    return Mention(span=span, kind=MentionKind(kind), name=words, entity_id=entity_id, code=code, sector=sector)


@pytest.fixture(scope="session")
def packs() -> Mapping[str, LanguagePack]:
    return {"ru": ru.PACK, "uk": uk.PACK}


@pytest.fixture(scope="session")
def knowledge(packs: Mapping[str, LanguagePack]) -> Mapping[str, Knowledge]:
    entities = EntityTable.load()
    return {code: read_knowledge(pack, entities) for code, pack in packs.items()}


@pytest.fixture(scope="session")
def coder(knowledge: Mapping[str, Knowledge]) -> Coder:
    """The Russian coder."""
    return Coder(knowledge["ru"])


@pytest.fixture(scope="session")
def build() -> Build:
    """A Russian document from rows (see `analysis_of`), published on a day at noon UTC."""

    def build(rows: str, *, names: Sequence[Name] = (), published: str = "2026-02-11") -> Document:
        text, layer = analysis_of(rows, names)
        when = datetime.fromisoformat(f"{published}T12:00:00").replace(tzinfo=UTC) if published else None
        return Document(
            id="by-hand",
            revision=revision_of(text),
            source=SourceLayer(text=text, published=when),
            language=LanguageLayer(language="ru", confidence=1.0, guess="ru"),
            analysis=layer,
        )

    return build


@pytest.fixture(scope="session")
def tree(knowledge: Mapping[str, Knowledge]) -> Callable[..., Tree]:
    """A tree over rows (see `analysis_of`), with the grammar of Russian."""

    def tree(rows: str, language: str = "ru") -> Tree:
        text, layer = analysis_of(rows)
        return Tree(layer, text, knowledge[language].grammar)

    return tree
