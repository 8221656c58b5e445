"""A small HTTP port of each process: /healthz, /readyz, /metrics.

/healthz  200 as long as the process can answer at all
/readyz   200 when everything it was built with works, else 503 and the reasons
/metrics  Prometheus text format
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import eventlet
import structlog
from eventlet import wsgi
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Gauge, Histogram, generate_latest

MAX_CONNECTIONS = 20  # a scraper, a probe and a person
SOCKET_TIMEOUT_S = 5
PROBE_TIMEOUT_S = 3.0
TICK_S = 0.1

READY = Gauge("sails_ready", "1 when the process was ready at the last look.")
STALL = Histogram(
    "sails_hub_stall_seconds",
    "How late a timer of the event loop was: something held it up.",
    buckets=(0.005, 0.02, 0.1, 0.5, 1, 5, 15),
)

Probe = Callable[[], str | None]
Answer = tuple[str, str, bytes]
_log = structlog.get_logger()


class Health:
    """`probes` name what must work: each answers why it does not, or None.

    `observers` bring metrics up to date that are only worth computing when someone looks.
    """

    def __init__(
        self, probes: Mapping[str, Probe], observers: Iterable[Callable[[], None]] = ()
    ) -> None:
        self._probes, self._observers = dict(probes), list(observers)
        self.phase = "starting"  # then empty, then "draining"

    def serve(self, host: str, port: int) -> None:
        """Listen from now on, in a greenlet. Port 0: any free one, named in the log."""
        listener = eventlet.listen((host, port), reuse_port=False)
        _log.info("observable", address=":".join(map(str, listener.getsockname()[:2])))
        eventlet.spawn(
            wsgi.server,
            listener,
            self._application,
            log_output=False,
            max_size=MAX_CONNECTIONS,
            socket_timeout=SOCKET_TIMEOUT_S,
            keepalive=False,
        )
        eventlet.spawn(self._watch_hub)

    def reasons(self) -> list[str]:
        """Why the process should get no work; empty when it is ready."""
        found = [self.phase] if self.phase else []
        for name, probe in self._probes.items():
            reason = _ask(name, probe)
            if reason:
                found.append(reason)
        READY.set(not found)
        return found

    def _application(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        routes = {"/healthz": self._alive, "/readyz": self._ready, "/metrics": self._metrics}
        status, content_type, body = routes.get(environ["PATH_INFO"], self._missing)()
        start_response(status, [("Content-Type", content_type), ("Cache-Control", "no-store")])
        return [body]

    def _alive(self) -> Answer:
        return "200 OK", "application/json", b'{"status": "alive"}'

    def _ready(self) -> Answer:
        reasons = self.reasons()
        status = "503 Service Unavailable" if reasons else "200 OK"
        body = {"status": "not ready" if reasons else "ready", "reasons": reasons}
        return status, "application/json", json.dumps(body, ensure_ascii=False).encode()

    def _metrics(self) -> Answer:
        for observe in self._observers:
            try:
                observe()
            except Exception as error:  # stale gauges are better than no metrics at all
                _log.warning("not observed", error=type(error).__name__)
        return "200 OK", CONTENT_TYPE_LATEST, generate_latest(REGISTRY)

    def _missing(self) -> Answer:
        return "404 Not Found", "application/json", b"{}"

    def _watch_hub(self) -> None:
        hub = eventlet.hubs.get_hub()
        while True:
            expected = hub.clock() + TICK_S
            eventlet.sleep(TICK_S)
            STALL.observe(max(0.0, hub.clock() - expected))


def _ask(name: str, probe: Probe) -> str | None:
    """A probe that fails or hangs is a reason like any other."""
    try:
        with eventlet.Timeout(PROBE_TIMEOUT_S):
            return probe()
    except eventlet.Timeout:
        return f"{name}: no answer within {PROBE_TIMEOUT_S} s"
    except Exception as error:
        return f"{name}: {type(error).__name__}"
