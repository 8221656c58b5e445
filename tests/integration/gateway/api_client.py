"""The gateway's application in this process, at a real database: no socket, no broker."""

import json
import threading
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from alembic.config import Config
from sqlalchemy import Engine, text
from werkzeug.test import Client as WsgiClient
from werkzeug.test import TestResponse

from deploy.sails.migrate import chains
from services.contracts.envelope import Event
from services.contracts.problems import Problem
from services.gateway.access import Access
from services.gateway.api import Api
from services.gateway.bootstrap import bootstrap
from services.gateway.calls import Calls
from services.gateway.commands.four_eyes import PAIRS
from services.gateway.edge import direct
from services.gateway.edge.application import Edge, Serve
from services.gateway.edge.places import Places
from services.gateway.edge.rates import Rates
from services.gateway.ocds.releases import OpenData
from services.gateway.oidc.serving import Federation
from services.gateway.pages.site import Pages
from services.gateway.readmodel import feed, projector, telling
from services.gateway.readmodel.stream import Streams
from services.gateway.sessions import uses
from services.gateway.sessions.entrance import Entrance
from services.gateway.site import Site
from services.messaging import Clock, Ids, Reader, Statement, Transactions
from services.messaging.database import create_sessionmaker
from services.messaging.reader import Row
from services.settings import Rate

API = "/api/v1"
NO_BOUND = Rate(0, 0)
SITE = Site("http://sails.example")
OCDS_PREFIX = "ocds-test00"
WORKERS = 10  # as many as a process has; here every caller is one
Document = dict[str, Any]


class ScriptedOwners:
    """Stands for the other services: answers what the test has said, and keeps what was asked."""

    def __init__(self) -> None:
        self.replies: dict[str, Document | Problem] = {}
        self.asked: list[tuple[str, str, Document]] = []

    def call(self, service: str, method: str, payload: Document, timeout_s: float) -> Document:
        self.asked.append((service, method, payload))
        reply = self.replies.get(method, Problem("unavailable"))
        if isinstance(reply, Problem):
            raise reply
        return reply

    def state(self, method: str, *events: Event, result: Any = None) -> None:
        """From now on `method` answers these facts."""
        self.replies[method] = {"events": [event.to_json() for event in events], "result": result}

    def refuse(self, method: str, code: str, **params: Any) -> None:
        self.replies[method] = {"problem": Problem(code, **params).to_json()}


class CountingReader(Reader):
    """Keeps the names of the statements that it ran."""

    asked: list[str]

    def rows(self, statement: Statement, given: Sequence[Any]) -> list[Row]:
        self.__dict__.setdefault("asked", []).append(statement.name)
        return super().rows(statement, given)


class SharedNews:
    """Hears of numbered facts within this process."""

    def __init__(self) -> None:
        self.position = 0
        self._changed = threading.Condition()

    def tell(self, position: int) -> None:
        with self._changed:
            self.position = position
            self._changed.notify_all()

    def wait(self, after: int, timeout_s: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self.position > after, timeout_s)


class Gateway:
    """The application with everything around it that a test wants to look at."""

    def __init__(self, engine: Engine, *, demo_clock: bool = True) -> None:
        self.engine, self.sessionmaker = engine, create_sessionmaker(engine)
        self.clock = Clock(demo=demo_clock)
        self.work = Transactions("gateway", self.sessionmaker, self.clock, Ids())
        self.owners, self.news = ScriptedOwners(), SharedNews()
        self.reasons: list[str] = []
        self.ahead = timedelta()  # by which sessions think it is later than it is
        calls = Calls(self.work, self.owners, demo_clock=demo_clock, allow_private=True)
        sessions, self.reader = self.sessionmaker, CountingReader(engine.url)
        self.streams = Streams(sessions, self.reader, self.news)
        entrance = Entrance(self.work, SITE, now=lambda: self.now)
        self.access = Access(
            self.reader, SITE, entrance.touch, partial(uses.note, sessions), now=lambda: self.now
        )
        self.federation = Federation(entrance, None)
        api = Api(
            self.work, self.reader, self.access, calls, self.streams, entrance=entrance,
            federation=self.federation,
        )  # fmt: skip
        rates = Rates(NO_BOUND, NO_BOUND, NO_BOUND)
        actions = {**direct.actions(lambda: self.reasons), **self._open_to_all()}
        self.edge = Edge(api.serve, actions, Places(WORKERS), rates)
        first = bootstrap(self.sessionmaker)
        assert first.key is not None
        self.operator = Caller(self, first.key, first.party_id, first.user_id)
        self.nobody = Caller(self, "", "", "")

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def _open_to_all(self) -> Mapping[str, Serve]:
        """Pages and open data, as a process has them; nothing of them is kept for a minute."""
        site = Pages(self.reader, self.clock, OCDS_PREFIX, fresh_s=0.0)
        return {**site.actions(), **OpenData(self.reader, OCDS_PREFIX, SITE.public_url).actions()}

    def project(self, *events: Event) -> None:
        """Facts as the worker would take them from the broker, in one batch."""
        self.work.project(projector.keep, list(events))

    def number_feed(self) -> int:
        """What the relay does after commits; the newest position."""
        with self.engine.connect() as connection:
            telling.number(connection, 10_000)
        with self.sessionmaker() as session:
            self.news.tell(feed.newest(session))
        return self.news.position

    def rows(self, query: str, **given: Any) -> list[Any]:
        """For a look at the tables."""
        with self.engine.connect() as connection:
            return list(connection.execute(text(query), given))

    def execute(self, statement: str, **given: Any) -> None:
        """As another process would change the tables."""
        with self.engine.begin() as connection:
            connection.execute(text(statement), given)

    def migrations(self) -> Config:
        """What Alembic is told to go back and forth in this database."""
        config = Config()
        config.set_main_option("script_location", str(chains()["gateway"]))
        url = self.engine.url.render_as_string(hide_password=False)
        config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
        return config

    def forget_callers(self) -> None:
        """As after a second: keys and sessions are looked up anew."""
        self.access._known.clear()

    def organisation(self, name: str, *capacities: str, **more: Any) -> Document:
        """A registered party."""
        body = {"name": name, "capacities": list(capacities), **more}
        return self.operator.posts("/parties", body)

    def person(self, adder: "Caller", party_id: str, *roles: str, name: str = "张敏") -> "Caller":
        """A person of the party with their first key."""
        body = {"party_id": party_id, "name": name, "roles": list(roles)}
        user = adder.posts("/users", body)
        key = adder.posts("/api-keys", {"user_id": user["id"], "name": "系统"})
        return Caller(self, key["secret"], party_id, user["id"])

    def someone(self, capacity: str, *roles: str) -> "Caller":
        """The first person of a new organisation; one half of a pair is brought in by the first."""
        party = self.organisation(f"{capacity} {uuid.uuid4()}", capacity)
        adder = self.operator
        if not PAIRS.keys().isdisjoint(roles):
            adder = self.person(adder, party["id"])
        return self.person(adder, party["id"], *roles)


@dataclass
class Caller:
    """Someone with a key. `posts` and `gets` expect success, `post` and `get` show the answer."""

    gateway: Gateway
    key: str
    party_id: str
    user_id: str
    language: str = "en"
    _client: WsgiClient = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._client = WsgiClient(self.gateway.edge, use_cookies=False)

    def send(self, method: str, path: str, **request: Any) -> TestResponse:
        """Any request; its headers over the usual ones, None leaves one out."""
        usual: dict[str, str | None] = {
            "Authorization": f"Bearer {self.key}" if self.key else None,
            "Accept-Language": self.language,
        }
        headers = usual | request.pop("headers", {})
        kept = {name: value for name, value in headers.items() if value is not None}
        return self._client.open(path, method=method, headers=kept, **request)

    def get(self, path: str, **headers: str | None) -> TestResponse:
        return self.send("GET", API + path, headers=_dashed(headers))

    def gets(self, path: str) -> Document:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return dict(answer.json)

    def post(
        self, path: str, body: Any = None, *, key: str | None = None, **headers: str | None
    ) -> TestResponse:
        data = body if isinstance(body, bytes) else json.dumps({} if body is None else body)
        usual = {"Idempotency-Key": key or str(uuid.uuid4())}
        return self.send(
            "POST",
            API + path,
            data=data,
            content_type="application/json",
            headers=usual | _dashed(headers),
        )

    def posts(self, path: str, body: Any = None, **more: Any) -> Document:
        answer = self.post(path, body, **more)
        assert answer.status_code in (200, 201), answer.text
        return dict(answer.json)


def _dashed(headers: dict[str, str | None]) -> dict[str, str | None]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def problem_of(answer: TestResponse) -> tuple[int, str]:
    """Status and code of a refusal, which must be a whole problem document."""
    assert answer.mimetype == "application/problem+json", answer.text
    document = answer.json
    assert document["status"] == answer.status_code
    assert document["title"] and document["detail"]
    return answer.status_code, document["code"]
