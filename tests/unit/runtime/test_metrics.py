"""The table of metrics, the live objects made from it, and its reference page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from chronika.domain.document import LanguageLayer
from chronika.domain.event import Event, EventLayer, EventType, Realis, RealisValue
from chronika.domain.span import Span
from chronika.ports.store import TraceStep
from chronika.runtime.metrics import TABLE, MetricKind, Metrics, metrics_reference
from chronika.testing.documents import article


def _exposed(metrics: Metrics) -> dict[str, str]:
    families = text_string_to_metric_families(generate_latest(metrics.registry).decode())
    return {family.name: family.type for family in families if family.name.startswith("chronika_")}


def test_what_is_scraped_is_what_the_table_says() -> None:
    metrics = Metrics()
    metrics.start(version="1.2.3", stages=["ner"])
    exposed = {name: kind for name, kind in _exposed(metrics).items() if not name.endswith("_created")}
    expected = {spec.name.removesuffix("_total"): spec.kind.value for spec in TABLE}
    assert exposed == expected


def test_names_follow_the_custom_of_prometheus() -> None:
    for spec in TABLE:
        assert spec.name.startswith("chronika_")
        assert (spec.kind is MetricKind.COUNTER) == spec.name.endswith("_total")
        assert (spec.kind is MetricKind.HISTOGRAM) == bool(spec.buckets)
        assert list(spec.buckets) == sorted(spec.buckets)
        assert spec.unit == "" or spec.name.endswith(f"_{spec.unit}")
        assert spec.meaning.endswith(".")


def test_two_processes_worth_of_metrics_do_not_meet() -> None:
    one, other = Metrics(), Metrics()
    one.input_ended("stored")
    assert one.value("chronika_inputs_total", "stored", "") == 1
    assert other.value("chronika_inputs_total", "stored", "") == 0


def test_known_label_sets_are_there_before_anything_happens() -> None:
    metrics = Metrics()
    metrics.start(version="1.2.3", stages=["ner"])
    text = generate_latest(metrics.registry).decode()
    assert 'chronika_documents_total{outcome="dead-letter",stage="ner"} 0.0' in text
    assert 'chronika_worker_restarts_total{cause="crash"} 0.0' in text
    assert 'chronika_build_info{version="1.2.3"} 1.0' in text


def test_a_trace_is_counted_by_stage_and_outcome() -> None:
    metrics = Metrics()
    now = datetime(2025, 8, 22, tzinfo=UTC)
    metrics.traced(
        [
            TraceStep(stage="ner", outcome="produced", started=now, seconds=0.5),
            TraceStep(stage="ner", outcome="produced", started=now, seconds=1.5),
            TraceStep(stage="event-extract", outcome="dead-letter", started=now, seconds=0.0),
        ]
    )
    assert metrics.value("chronika_documents_total", "ner", "produced") == 2
    assert metrics.value("chronika_documents_total", "event-extract", "dead-letter") == 1
    labels = {"stage": "ner"}
    assert metrics.registry.get_sample_value("chronika_stage_seconds_sum", labels) == pytest.approx(2.0)


def test_a_stored_document_counts_its_events_and_its_way_from_ingest() -> None:
    from dataclasses import replace

    event = Event(
        id="e1",
        type=EventType.CONSULT,
        trigger=Span(0, 5),
        realis=Realis(value=RealisValue.ACTUAL),
        evidence=Span(0, 9),
        sentence=0,
        confidence=0.9,
        coder_version="1",
        codebook_version="1",
    )
    document = article("Встреча состоялась.")
    document = replace(
        document,
        source=replace(document.source, ingested=datetime.now(UTC) - timedelta(seconds=2)),
        language=LanguageLayer(language="ru", confidence=1.0, guess="ru"),
        events=EventLayer(coder_version="1", codebook_version="1", events=(event, replace(event, id="e2"))),
    )
    metrics = Metrics()
    metrics.stored(document)
    assert metrics.value("chronika_events_total", "CONSULT", "ru") == 2
    seconds = metrics.registry.get_sample_value("chronika_end_to_end_seconds_sum")
    assert seconds is not None
    assert 2 <= seconds < 60


def test_the_reference_page_has_a_line_a_metric() -> None:
    page = metrics_reference()
    for spec in TABLE:
        assert f"\n| `{spec.name}` | {spec.kind.value} |" in page
    assert "`stage`, `outcome`" in page
