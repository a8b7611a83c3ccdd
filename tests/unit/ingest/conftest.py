"""What the tests of ingest share: a folder that they write articles to, and one way to read it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chronika.domain.document import Document
from chronika.ports.source import Refusal, SourceOptions
from chronika_ingest import FileSource

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def source() -> FileSource:
    return FileSource(clock=lambda: NOW)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], str]:
    """Writes a file below the test's folder and gives its path."""

    def write_file(name: str, content: str | bytes) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    return write_file


@pytest.fixture
def read(source: FileSource) -> Callable[..., list[Document | Refusal]]:
    """Everything that the sources yield."""

    def read_all(*sources: str, **options: Any) -> list[Document | Refusal]:
        return list(source(sources, SourceOptions(**options)))

    return read_all


@pytest.fixture
def read_one(source: FileSource) -> Callable[..., Document]:
    """The one document of a text, page or line that comes by standard input."""

    def read_document(content: str | bytes, **options: Any) -> Document:
        data = content.encode() if isinstance(content, str) else content
        (document,) = source(["-"], SourceOptions(standard_input=io.BytesIO(data), **options))
        assert isinstance(document, Document), document
        return document

    return read_document


@pytest.fixture
def refuse_one(source: FileSource) -> Callable[..., Refusal]:
    """The one refusal of what comes by standard input."""

    def read_refusal(content: str | bytes, **options: Any) -> Refusal:
        data = content.encode() if isinstance(content, str) else content
        (refusal,) = source(["-"], SourceOptions(standard_input=io.BytesIO(data), **options))
        assert isinstance(refusal, Refusal), refusal
        return refusal

    return read_refusal
