"""All metrics in one table, from which the live objects and their reference page are made.

Both runners count the same things under the same names. Workers hold no metrics: what they saw comes back to the parent
as the trace of each outcome, and the parent counts it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

from chronika.domain.dead_letter import DeadLetter
from chronika.domain.document import OTHER_LANGUAGE, Document
from chronika.ports.store import TraceStep


class MetricKind(StrEnum):
    """Kinds of Prometheus."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricSpec:
    """A row of the table: the name as it is scraped, its labels, and the upper bounds of a histogram's buckets."""

    name: str
    kind: MetricKind
    meaning: str
    labels: tuple[str, ...] = ()
    unit: str = ""
    buckets: tuple[float, ...] = ()


_STAGE_BUCKETS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
_END_TO_END_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0)

TABLE: tuple[MetricSpec, ...] = (
    MetricSpec(
        name="chronika_inputs_total",
        kind=MetricKind.COUNTER,
        labels=("outcome", "reason"),
        meaning="What became of the inputs: stored, unchanged, superseded, refused (by code) or dead-letter (by code).",
    ),
    MetricSpec(
        name="chronika_documents_total",
        kind=MetricKind.COUNTER,
        labels=("stage", "outcome"),
        meaning="Documents that left a stage, by outcome: produced, skipped or dead-letter.",
    ),
    MetricSpec(
        name="chronika_stage_seconds",
        kind=MetricKind.HISTOGRAM,
        labels=("stage",),
        unit="seconds",
        buckets=_STAGE_BUCKETS,
        meaning="Time that a stage took for a document; of a batch, each document's equal share.",
    ),
    MetricSpec(
        name="chronika_end_to_end_seconds",
        kind=MetricKind.HISTOGRAM,
        unit="seconds",
        buckets=_END_TO_END_BUCKETS,
        meaning="Time from the reading of an article to the commit of its events.",
    ),
    MetricSpec(
        name="chronika_queue_depth",
        kind=MetricKind.GAUGE,
        labels=("queue",),
        meaning="Documents that wait: in the inbox, or in work.",
    ),
    MetricSpec(
        name="chronika_dead_letters_total",
        kind=MetricKind.COUNTER,
        labels=("stage", "code"),
        meaning="Documents that a stage gave up, by the error's code.",
    ),
    MetricSpec(
        name="chronika_events_total",
        kind=MetricKind.COUNTER,
        labels=("type", "language"),
        meaning="Events of the documents that were stored, by type and the document's language.",
    ),
    MetricSpec(
        name="chronika_worker_restarts_total",
        kind=MetricKind.COUNTER,
        labels=("cause",),
        meaning="Workers that were replaced: crash (it died), timeout (it was ended), idle (it died without work), "
        "start (it died while loading), retired (it left after a time limit).",
    ),
    MetricSpec(
        name="chronika_store_seconds",
        kind=MetricKind.HISTOGRAM,
        labels=("operation",),
        unit="seconds",
        buckets=_STAGE_BUCKETS,
        meaning="Time of a batch in the store: enqueue, take or finish.",
    ),
    MetricSpec(
        name="chronika_last_progress_timestamp_seconds",
        kind=MetricKind.GAUGE,
        unit="seconds",
        meaning="When a document was last finished, as Unix time.",
    ),
    MetricSpec(
        name="chronika_build_info",
        kind=MetricKind.GAUGE,
        labels=("version",),
        meaning="Always 1; the label holds the version.",
    ),
)

BY_NAME = MappingProxyType({spec.name: spec for spec in TABLE})


class Metrics:
    """The live metrics of a process, in a registry of their own."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry if registry is not None else CollectorRegistry()
        self._counters = {spec.name: self._counter(spec) for spec in TABLE if spec.kind is MetricKind.COUNTER}
        self._gauges = {spec.name: self._gauge(spec) for spec in TABLE if spec.kind is MetricKind.GAUGE}
        self._histograms = {spec.name: self._histogram(spec) for spec in TABLE if spec.kind is MetricKind.HISTOGRAM}
        ProcessCollector(registry=self.registry)

    def _counter(self, spec: MetricSpec) -> Counter:
        return Counter(spec.name, spec.meaning, spec.labels, registry=self.registry)

    def _gauge(self, spec: MetricSpec) -> Gauge:
        return Gauge(spec.name, spec.meaning, spec.labels, registry=self.registry)

    def _histogram(self, spec: MetricSpec) -> Histogram:
        return Histogram(spec.name, spec.meaning, spec.labels, buckets=spec.buckets, registry=self.registry)

    def start(self, *, version: str, stages: Iterable[str]) -> None:
        """Sets what is known before the first document, so that nothing is absent until it happens."""
        self._gauges["chronika_build_info"].labels(version).set(1)
        for outcome in ("stored", "unchanged", "superseded"):
            self._counters["chronika_inputs_total"].labels(outcome, "")
        for stage in stages:
            for outcome in ("produced", "skipped", "dead-letter"):
                self._counters["chronika_documents_total"].labels(stage, outcome)
        for cause in ("crash", "timeout", "idle", "start", "retired"):
            self._counters["chronika_worker_restarts_total"].labels(cause)
        for queue in ("inbox", "in-work"):
            self._gauges["chronika_queue_depth"].labels(queue).set(0)

    def traced(self, steps: Iterable[TraceStep]) -> None:
        """Counts a document's way through the stages."""
        for step in steps:
            self._counters["chronika_documents_total"].labels(step.stage, step.outcome).inc()
            self._histograms["chronika_stage_seconds"].labels(step.stage).observe(step.seconds)

    def input_ended(self, outcome: str, *, reason: str = "") -> None:
        """Counts the end of an input."""
        self._counters["chronika_inputs_total"].labels(outcome, reason).inc()
        self._gauges["chronika_last_progress_timestamp_seconds"].set_to_current_time()

    def stored(self, document: Document) -> None:
        """Counts the events of a document that was stored, and how long it took from its reading."""
        language = document.language.language if document.language else OTHER_LANGUAGE
        for event in document.events.events if document.events else ():
            self._counters["chronika_events_total"].labels(event.type.value, language).inc()
        if document.source.ingested is not None:
            seconds = (datetime.now(UTC) - document.source.ingested).total_seconds()
            self._histograms["chronika_end_to_end_seconds"].observe(max(0.0, seconds))

    def dead_letter(self, letter: DeadLetter) -> None:
        """Counts a dead letter."""
        self._counters["chronika_dead_letters_total"].labels(letter.stage, letter.code).inc()

    def worker_restarted(self, cause: str) -> None:
        """Counts a worker that is replaced."""
        self._counters["chronika_worker_restarts_total"].labels(cause).inc()

    def queue_depth(self, queue: str, documents: int) -> None:
        """Sets how many documents wait: `queue` is "inbox" or "in-work"."""
        self._gauges["chronika_queue_depth"].labels(queue).set(documents)

    @contextmanager
    def store_operation(self, operation: str) -> Iterator[None]:
        """Times a batch in the store."""
        started = time.perf_counter()
        try:
            yield
        finally:
            elapsed = time.perf_counter() - started
            self._histograms["chronika_store_seconds"].labels(operation).observe(elapsed)

    def value(self, name: str, *labels: str) -> float:
        """The present value of a metric, for tests and summaries; 0 where nothing was counted yet."""
        names = BY_NAME[name].labels
        found = self.registry.get_sample_value(name, dict(zip(names, labels, strict=True)))
        return 0.0 if found is None else found


_REFERENCE_HEAD = """\
# Metrics

Made from `chronika.runtime.metrics`; not edited by hand.

Served under `/metrics` by `chronika serve` and by every service. Both runners, with and without a bus, count the same.
Beside these there are the usual `process_` metrics (memory, processor time, open files) of the parent process.

| metric | kind | labels | meaning | buckets |
|---|---|---|---|---|"""


def metrics_reference(table: Sequence[MetricSpec] = TABLE) -> str:
    """docs/reference/metrics.md, made from the table."""
    lines = [_REFERENCE_HEAD]
    for spec in table:
        labels = ", ".join(f"`{label}`" for label in spec.labels)
        buckets = ", ".join(f"{bound:g}" for bound in spec.buckets)
        lines.append(f"| `{spec.name}` | {spec.kind.value} | {labels} | {spec.meaning} | {buckets} |")
    return "\n".join([*lines, ""])
