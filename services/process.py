"""One process from its first to its last breath. Imported only after everything is patched."""

import importlib
import os
import signal
from typing import Any, NamedTuple

import eventlet
import structlog
from nameko.containers import ServiceContainer

from services import settings
from services.messaging.clock import Clock
from services.messaging.green import cooperate
from services.observability import logs
from services.observability.health import Health

DRAIN_TIMEOUT_S = 15.0  # the longest statement; a handler that takes longer is cut off
POLL_S = 0.1  # how soon SIGTERM is noticed

_log = structlog.get_logger()


class Program(NamedTuple):
    """Which class is run, on whose database."""

    service: str
    module: str
    name: str


PROGRAMS = {
    "orders": Program("orders", "services.orders.service", "Orders"),
    "matching": Program("matching", "services.matching.service", "Matching"),
    "finance": Program("finance", "services.finance.service", "Finance"),
    "gateway-worker": Program("gateway", "services.gateway.service", "GatewayWorker"),
    "gateway-http": Program("gateway", "services.gateway.http", "GatewayHttp"),
}


def main(name: str) -> int:
    """Run until SIGTERM or SIGINT, or until something fails that nothing catches."""
    logs.configure(name)
    program = PROGRAMS[name]
    service_class = getattr(importlib.import_module(program.module), program.name)
    return run(service_class, settings.load(program.service))


def run(service_class: type, loaded: settings.Settings) -> int:
    """The exit code: 0 after an orderly stop, 1 when it could not start or died."""
    cooperate()
    _log_greenlets()
    container = ServiceContainer(service_class, container_config(loaded))
    health = _health(container)
    stopping = _on_signals()
    health.serve(loaded.observe_host, loaded.observe_port)
    try:
        container.start()
    except Exception as error:
        # Nothing of its own text: a setting that cannot be read may hold a password.
        _log.error("not started", exc_info=error)
        return 1
    health.phase = ""
    _log.info("started")
    died = eventlet.spawn(container.wait)
    while not stopping and not died.dead:
        eventlet.sleep(POLL_S)
    if died.dead:
        return _report(died)
    _drain(container, health)
    return 0


def container_config(loaded: settings.Settings) -> dict[str, Any]:
    """What extensions find in `container.config`."""
    return {
        "AMQP_URI": loaded.amqp_uri,
        "DATABASE_URL": loaded.database_url,
        "CLOCK": Clock(demo=loaded.demo_clock, offset_s=loaded.demo_clock_offset_s),
        "SETTINGS": loaded,
        "DECLARE_TOPOLOGY": loaded.declare_topology,
        "max_workers": loaded.max_workers,
    }


def _health(container: ServiceContainer) -> Health:
    """Everything the container was built with that has something to say about itself."""
    extensions = list(container.extensions)
    probes = {repr(each): each.not_ready for each in extensions if hasattr(each, "not_ready")}
    observers = [each.observe for each in extensions if hasattr(each, "observe")]
    return Health(probes, observers)


def _log_greenlets() -> None:
    """What ends a greenlet is logged as all else; the library would print values with it."""

    def note(timer: Any, exc_info: Any) -> None:
        _log.error("greenlet ended", exc_info=exc_info[1])

    eventlet.hubs.get_hub().squelch_timer_exception = note


def _on_signals() -> list[int]:
    """Grows when the process is told to stop."""
    received: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: received.append(number))
    return received


def _drain(container: ServiceContainer, health: Health) -> None:
    """No new work from here on; what is in hand is finished, within bounds."""
    health.phase = "draining"
    _log.info("draining")
    with eventlet.Timeout(DRAIN_TIMEOUT_S, False):
        container.stop()
        _log.info("stopped")
        return
    _log.error("not drained in time")
    os._exit(1)  # the broker and the database take back whatever is still open


def _report(died: Any) -> int:
    try:
        died.wait()
    except Exception as error:
        _log.error("died", exc_info=error)
    return 1
