"""`chronika serve`: health and metrics over HTTP, or a service that is installed under a name."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import Annotated

import typer

from chronika.cli.options import StoreOption, settings_for
from chronika.cli.terminal import note
from chronika.ports.store import Store, StoreStatus
from chronika.runtime.health import HealthState, Liveness, health_served
from chronika.runtime.logs import configure_logging
from chronika.runtime.metrics import Metrics
from chronika.runtime.plugins import SERVICES, load, open_store
from chronika.runtime.settings import Settings

EXAMPLES = """
    chronika serve
    chronika serve --store news.db
"""

_REFRESH_SECONDS = 5.0


def serve(
    service: Annotated[
        str, typer.Argument(metavar="SERVICE", help="An installed service; without one, health and metrics alone.")
    ] = "",
    store: StoreOption = None,
) -> None:
    """Serve until stopped by Ctrl-C or SIGTERM.

    Without a service: /healthz (does it live), /readyz (can the store be read) and /metrics on health_host and
    health_port. Services come with the members that are installed; `chronika doctor` lists them.
    """
    settings = settings_for(store=store).values
    configure_logging(level=settings.log_level, log_format=settings.log_format)
    if service:
        load(SERVICES, service)(settings)
        return
    with _stop_event() as stop:
        _serve_health(settings, stop)


def _serve_health(settings: Settings, stop: threading.Event) -> None:
    metrics = Metrics()
    metrics.start(version=version("chronika"), stages=())
    watch = _StoreWatch(settings.store, metrics)
    served = health_served(
        host=settings.health_host,
        port=settings.health_port,
        metrics=metrics,
        liveness=Liveness(stalled_seconds=settings.stalled_seconds).state,
        readiness=watch.state,
    )
    with served as (host, port):
        note(f"health and metrics on http://{host}:{port}/ until Ctrl-C")
        while not stop.wait(_REFRESH_SECONDS):
            watch.refresh()


class _StoreWatch:
    """Looks into the store for readiness and for how many documents wait there."""

    def __init__(self, address: str, metrics: Metrics) -> None:
        self._address = address
        self._metrics = metrics

    def state(self) -> HealthState:
        """Ready when the store can be read; what is wrong stands in the error that this raises."""
        status = self._status()
        return HealthState(
            True,
            {
                "documents": status.documents,
                "events": status.events,
                "inbox": status.inbox,
                "dead_letters": status.dead_letters,
            },
        )

    def refresh(self) -> None:
        """Sets the metrics that tell of the store."""
        self._metrics.queue_depth("inbox", self._status().inbox)

    def _status(self) -> StoreStatus:
        store: Store
        with open_store(self._address, read_only=True) as store:
            return store.status()


@contextmanager
def _stop_event() -> Iterator[threading.Event]:
    """Set by SIGINT and SIGTERM."""
    stop = threading.Event()
    earlier = {
        number: signal.signal(number, lambda _number, _frame: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stop
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
