"""The HTTP server of a process: it listens, hands requests to workers, and drains."""

from typing import Any

import eventlet
import structlog
from werkzeug.middleware.proxy_fix import ProxyFix

from services.gateway.edge import direct
from services.gateway.edge.application import Edge, Serve
from services.gateway.edge.guests import MAX_CONNECTIONS, Guests
from services.gateway.edge.listener import WsgiServer
from services.gateway.edge.places import Places
from services.gateway.edge.rates import Rates
from services.gateway.site import Site
from services.messaging.worker import WorkerEntrypoint
from services.settings import Settings

BACKLOG = 512
DRAIN_S = 10.0  # for requests under way; one waits 1.5 s for a place and 8 s for its owner
POLL_S = 0.05

_log = structlog.get_logger()


class HttpServer(WorkerEntrypoint):
    """Runs the service's method for each call, in a worker; see `Edge` for what comes before."""

    def setup(self) -> None:
        self._settings: Settings = self.container.config["SETTINGS"]
        self._address = (self._settings.http_host, self._settings.http_port)

    def start(self) -> None:
        self._socket = eventlet.listen(self._address, backlog=BACKLOG)
        # Behind a proxy everybody has one address.
        guests = Guests(per_site=MAX_CONNECTIONS) if self._settings.proxies else Guests()
        self._wsgi = WsgiServer(self._socket, self._application(), guests)
        self._accepting = eventlet.spawn(self._wsgi.accept_on)
        _log.info("serving", address=":".join(map(str, self._address)))
        if not (self._settings.demo_clock or Site(self._settings.public_url).is_secure):
            _log.warning("people sign in without https", advice="set SAILS_PUBLIC_URL=https://...")

    def _application(self) -> Any:
        given = self._settings
        site = Site(given.public_url)
        rates = Rates(
            given.rate_reads,
            given.rate_commands,
            given.rate_strangers,
            site=site,
            joining=given.rate_joining,
        )
        places = Places(self.container.max_workers)
        edge = Edge(self.call, self._direct(), places, rates)
        return ProxyFix(edge, x_for=given.proxies, x_proto=0) if given.proxies else edge

    def _direct(self) -> dict[str, Serve]:
        """What needs no worker: of the documents and health, and what others of the process say."""
        found = dict(direct.actions(self.reasons))
        for each in self.container.extensions:
            found |= each.direct() if hasattr(each, "direct") else {}
        return found

    def stop(self) -> None:
        """Say so, stop accepting, finish what was begun.

        During the notice requests are still taken, each as the last of its connection.
        """
        self._wsgi.is_draining = True
        eventlet.sleep(self._settings.drain_notice_s)
        self._accepting.kill()
        self._socket.close()
        self._wsgi.guests.dismiss()
        self._wsgi.drain(DRAIN_S, POLL_S)

    @property
    def is_draining(self) -> bool:
        """Whether open streams should end."""
        return bool(self._wsgi.is_draining)

    def reasons(self) -> list[str]:
        """Why this process should get no requests."""
        found = ["draining"] if self.is_draining else []
        probes = [
            each.not_ready for each in self.container.extensions if hasattr(each, "not_ready")
        ]
        return found + [reason for probe in probes if (reason := probe())]


http_server = HttpServer.decorator
