"""The gateway's HTTP process. It consumes no facts: a burst of those must not delay a request."""

from functools import partial
from typing import Any

from eventlet import tpool
from nameko.extensions import DependencyProvider
from werkzeug.wrappers import Response

from services.gateway.access import Access
from services.gateway.api import Api
from services.gateway.calls import Calls
from services.gateway.edge.application import Serve
from services.gateway.edge.intake import Call
from services.gateway.edge.places import PASSWORDS_AT_ONCE
from services.gateway.edge.server import HttpServer, http_server
from services.gateway.ocds.releases import OpenData
from services.gateway.oidc.issuer import Issuer, Registered
from services.gateway.oidc.serving import Federation
from services.gateway.pages.site import Pages
from services.gateway.readmodel.rendering import API
from services.gateway.readmodel.stream import Streams
from services.gateway.sessions import uses
from services.gateway.sessions.entrance import Entrance
from services.gateway.site import Site
from services.messaging import Database, Reader, Rpc, Tail
from services.settings import Settings

DIRECT = ("detail", "list", "count")  # short statements; a worker would cost them a third more


class ApiProvider(DependencyProvider):
    """The process's one Api, at its database, its way to the owners and its news of the feed."""

    def setup(self) -> None:
        self._api: Api | None = None
        self._reader = Reader(self.container.config["DATABASE_URL"])

    def stop(self) -> None:
        self._reader.close()

    def get_dependency(self, worker_ctx: Any) -> Api:
        return self._whole()

    def direct(self) -> dict[str, Serve]:
        """Reads, of pages too, wait for one of the Reader's connections: those are their places."""
        settings = self.container.config["SETTINGS"]
        prefix = settings.ocds_prefix
        site = Pages(self._reader, self._one(Database).transactions.clock, prefix)
        data = OpenData(self._reader, prefix, _place(settings))
        return {**dict.fromkeys(DIRECT, self._whole().serve), **site.actions(), **data.actions()}

    def _whole(self) -> Api:
        if self._api is None:
            self._api = self._assembled()
        return self._api

    def _assembled(self) -> Api:
        work = self._one(Database).transactions
        settings = self.container.config["SETTINGS"]
        calls = Calls(
            work,
            self._one(Rpc),
            demo_clock=settings.demo_clock,
            allow_private=settings.webhooks_allow_private,
        )
        server = self._one(HttpServer)
        sessions = work.sessionmaker
        streams = Streams(
            sessions,
            self._reader,
            self._one(Tail),
            lambda: server.is_draining,
            settings.streams_per_person,
        )
        site = Site(settings.public_url)
        tpool.set_num_threads(PASSWORDS_AT_ONCE)  # nothing else needs a native thread
        entrance = Entrance(work, site, apart=tpool.execute)
        known = Access(self._reader, site, entrance.touch, partial(uses.note, sessions))
        return Api(
            work,
            self._reader,
            known,
            calls,
            streams,
            entrance=entrance,
            federation=Federation(entrance, _issuer(settings)),
        )

    def _one(self, kind: type[Any]) -> Any:
        (found,) = (each for each in self.container.extensions if isinstance(each, kind))
        return found


def _place(settings: Settings) -> str:
    """Where the platform is found; without a word of it, where this process listens."""
    return settings.public_url or f"http://{settings.http_host}:{settings.http_port}"


def _issuer(settings: Settings) -> Issuer | None:
    """By whom people may sign in, if anybody is configured."""
    if not settings.oidc_issuer:
        return None
    back = f"{settings.public_url}{API}/session/oidc/callback"
    known_as = settings.oidc_client_id, back, settings.oidc_client_secret
    return Issuer(Registered(settings.oidc_issuer, *known_as))


class GatewayHttp:
    """Every request of the route table (`routes.ROUTES`) comes in by `serve`."""

    name = "gateway-http"
    database = Database("gateway")
    rpc = Rpc()
    tail = Tail("feed")
    api = ApiProvider()

    @http_server
    def serve(self, call: Call) -> Response:
        """Answer one request. Raises Problem."""
        api: Any = self.api  # what the provider gives a worker
        response: Response = api.serve(call)
        return response
