"""Serves health and metrics over HTTP: /healthz (does the work go on?), /readyz (can it begin?), /metrics.

Liveness is judged by progress alone. That a server elsewhere is away is no reason to restart this process: it shows in
readiness and in the metrics.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from urllib.parse import urlsplit

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from chronika.domain.errors import ChronikaError, ConfigurationError
from chronika.runtime.logs import get_logger
from chronika.runtime.metrics import Metrics

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class HealthState:
    """An answer: whether all is well, and what a person may want to know."""

    ok: bool
    details: Mapping[str, object]


class Liveness:
    """Watches that work goes on. Nothing to do is well; work that waits without progress for too long is not."""

    def __init__(self, *, stalled_seconds: float) -> None:
        self._stalled_seconds = stalled_seconds
        self._last = monotonic()
        self._work_waits = False

    def progressed(self) -> None:
        """A document has come to its end."""
        self._last = monotonic()

    def work_waits(self, waits: bool) -> None:
        """Tells whether there is work; its time runs from the moment that it came."""
        if waits and not self._work_waits:
            self._last = monotonic()
        self._work_waits = waits

    def state(self) -> HealthState:
        """Whether the work goes on."""
        still = monotonic() - self._last
        ok = not self._work_waits or still <= self._stalled_seconds
        return HealthState(ok, {"work_waits": self._work_waits, "seconds_since_progress": round(still, 1)})


def always_ready() -> HealthState:
    """Readiness of what can always begin."""
    return HealthState(True, {})


@contextmanager
def health_served(
    *,
    host: str,
    port: int,
    metrics: Metrics,
    liveness: Callable[[], HealthState],
    readiness: Callable[[], HealthState] = always_ready,
) -> Iterator[tuple[str, int]]:
    """Serves in a thread while the context lasts; yields the address and the port that were taken (for port 0).

    ConfigurationError `health-address` when the address or port cannot be had.
    """
    server = _Server(host, port, metrics, {"/healthz": liveness, "/readyz": readiness})
    thread = threading.Thread(target=server.serve_forever, name="chronika-health", daemon=True)
    thread.start()
    try:
        yield host, server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, host: str, port: int, metrics: Metrics, probes: Mapping[str, Callable[[], HealthState]]) -> None:
        self.metrics = metrics
        self.probes = probes
        try:
            super().__init__((host, port), _Handler)
        except (OSError, OverflowError) as error:
            raise ConfigurationError(
                "health-address",
                f"health cannot be served on {host}:{port}: {error}",
                cure="Set health_port to a free port (0 takes any) and health_host to an address of this machine.",
            ) from None


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 10  # a client that sends nothing does not hold a thread

    def do_GET(self) -> None:
        """Answers a probe or a scrape."""
        path = urlsplit(self.path).path
        if path == "/metrics":
            self._answer(HTTPStatus.OK, CONTENT_TYPE_LATEST, generate_latest(self.server.metrics.registry))
        elif path in self.server.probes:
            state = _asked(self.server.probes[path])
            status = HTTPStatus.OK if state.ok else HTTPStatus.SERVICE_UNAVAILABLE
            body = {"status": "ok" if state.ok else "not ok", **state.details}
            self._answer(status, "application/json", json.dumps(body).encode())
        else:
            self._answer(HTTPStatus.NOT_FOUND, "text/plain", b"/healthz /readyz /metrics\n")

    do_HEAD = do_GET  # noqa: N815 - the base class looks for this name

    def _answer(self, status: HTTPStatus, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def version_string(self) -> str:
        """Tells strangers no versions."""
        return "chronika"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Requests are logged at DEBUG."""
        _log.debug("request", client=self.client_address[0], line=format % args)


def _asked(probe: Callable[[], HealthState]) -> HealthState:
    try:
        return probe()
    except ChronikaError as error:
        return HealthState(False, {"code": error.code, "message": error.message})
