"""Whatever comes in, a document or a refusal comes out: nothing raises, and every document can be written."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chronika.domain.document import Document
from chronika.ports.source import Refusal, SourceOptions
from chronika_ingest import SOURCE

WORDS = [
    *(
        "Эстония построит паром",
        "Парламент одобрил соглашение с Финляндией о рыбных запасах.",
        "Сергій Іванов",
        "п’ять",
    ),
    *(
        "- 10.01.2022, 19:45",
        "1 193",
        "Главная / Мир",
        "Теги: а, б",
        "Читайте также:",
        "Фото: архив",
        "(vesti.example)",
    ),
    *(
        " date 2025-08-22 ",
        "2 ноября 2016",
        "99.99.9999",
        "10:30 +99:00",
        "#тег",
        "@имя",
        "https://a.b/c",
        "© 2020",
        "0 0. ",
    ),
    *(
        "ТАЛЛИН, 10 авг - Балт. ",
        "Обновлено: 1 мая 2020",
        "\ufeff",
        "\u202e",
        "\x00",
        "\ufffd",
        "\u2028",
        "\r\n",
        "\n\n",
    ),
    *(
        "<html>",
        "<p>",
        "</p>",
        "<h1>",
        "<table><tr><td>",
        "<time datetime='2020-99-99'>",
        "<meta charset='utf-7'>",
        "<!--",
    ),
    *(
        "<script type='application/ld+json'>",
        '{"@graph": [',
        "</script>",
        "&#xD800;",
        "&#0;",
        "<![CDATA[",
        "<?xml",
        "]]>",
    ),
]
texts = st.lists(st.sampled_from(WORDS) | st.text(max_size=20), max_size=25).map("\n".join)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(st.characters(), max_size=20), texts),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
fields = st.dictionaries(
    st.sampled_from(
        ["id", "text", "title", "published", "date", "source", "url", "author", "authors", "lang", "events"]
    ),
    values,
)


def check(result: Document | Refusal) -> None:
    if isinstance(result, Refusal):
        assert result.code
        assert result.cure
        f"{result.origin} {result.message}".encode()
        return
    source = result.source
    for value in (result.id, source.text, source.title, source.outlet, source.url, source.origin, *source.authors):
        value.encode()
        assert "\x00" not in value
    assert source.published is None or source.published.utcoffset().total_seconds() == 0
    assert len(source.minhash) in (0, 128)
    end = 0
    for run in source.furniture:
        assert end <= run.span.start < run.span.end <= len(source.text)
        end = run.span.end
    if source.title_span is not None:
        assert source.title_span.of(source.text).strip()


def read(data: bytes) -> list[Document | Refusal]:
    results = list(SOURCE(["-"], SourceOptions(standard_input=io.BytesIO(data), zone="Europe/Kyiv")))
    for result in results:
        check(result)
    return results


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_bytes(data):
    assert read(data)


@given(texts, st.sampled_from(["utf-8", "utf-16", "cp1251", "koi8-u", "cp866"]))
@settings(max_examples=300, deadline=None)
def test_any_text(text, encoding):
    assert read(text.encode(encoding, "ignore"))


@given(fields, st.booleans())
@settings(max_examples=300, deadline=None)
def test_any_line(line, ascii_only):
    data = json.dumps(line, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")

    (result,) = read(data + b"\n")

    if isinstance(result, Document):
        assert len(result.text) == len(line["text"])


@pytest.mark.parametrize("suffix", [".html", ".jsonl", ".gz", ".txt"])
@given(data=texts)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file(tmp_path: Path, suffix, data):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(data.encode())

    results = list(SOURCE([str(path)], SourceOptions()))

    assert results
    for result in results:
        check(result)
    assert SOURCE.count([str(path)]) >= 0
