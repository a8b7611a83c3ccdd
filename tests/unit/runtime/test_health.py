"""Health and metrics over HTTP."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

import pytest

from chronika.domain.errors import ConfigurationError, StoreError
from chronika.runtime.health import HealthState, Liveness, always_ready, health_served
from chronika.runtime.metrics import Metrics


@contextmanager
def served(
    *,
    metrics: Metrics | None = None,
    liveness: Callable[[], HealthState] = always_ready,
    readiness: Callable[[], HealthState] = always_ready,
) -> Iterator[Callable[..., tuple[int, str, str]]]:
    with health_served(
        host="127.0.0.1", port=0, metrics=metrics or Metrics(), liveness=liveness, readiness=readiness
    ) as (host, port):

        def ask(path: str, method: str = "GET") -> tuple[int, str, str]:
            connection = HTTPConnection(host, port, timeout=5)
            try:
                connection.request(method, path)
                answer = connection.getresponse()
                return answer.status, answer.headers["Content-Type"], answer.read().decode()
            finally:
                connection.close()

        yield ask


def test_metrics_are_served_in_the_text_format() -> None:
    metrics = Metrics()
    metrics.input_ended("refused", reason="empty")
    with served(metrics=metrics) as ask:
        status, content_type, body = ask("/metrics?name=ignored")
    assert status == 200
    assert content_type.startswith("text/plain; version=")
    assert 'chronika_inputs_total{outcome="refused",reason="empty"} 1.0' in body


def test_the_probes_tell_yes_and_no() -> None:
    with served(liveness=lambda: HealthState(False, {"seconds_since_progress": 900})) as ask:
        status, content_type, body = ask("/healthz")
        assert (status, content_type) == (503, "application/json")
        assert json.loads(body) == {"status": "not ok", "seconds_since_progress": 900}
        assert ask("/readyz")[0] == 200
        assert ask("/readyz", "HEAD") == (200, "application/json", "")
        assert ask("/elsewhere")[0] == 404
        assert ask("/metrics", "POST")[0] == 501


def test_a_probe_that_fails_says_why() -> None:
    def away() -> HealthState:
        raise StoreError("store-busy", "somebody else writes")

    with served(readiness=away) as ask:
        status, _, body = ask("/readyz")
    assert status == 503
    assert json.loads(body)["code"] == "store-busy"


def test_a_port_that_is_taken_is_a_clear_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(ConfigurationError, match="health-address") as caught,
            health_served(host="127.0.0.1", port=port, metrics=Metrics(), liveness=always_ready),
        ):
            pass
    assert "health_port" in caught.value.cure


def test_life_is_judged_by_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("chronika.runtime.health.monotonic", lambda: now[0])
    liveness = Liveness(stalled_seconds=60)
    now[0] += 1000
    assert liveness.state().ok, "nothing to do is well"
    liveness.work_waits(True)
    now[0] += 59
    assert liveness.state().ok, "its time runs from the moment that work came"
    liveness.work_waits(True)
    now[0] += 2
    assert not liveness.state().ok
    liveness.progressed()
    assert liveness.state().ok
