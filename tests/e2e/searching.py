"""Where a value may have gone to: answers of the API, rows, lines of logs, facts on the wire."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import kombu
import psycopg2
import requests
import urllib3
from psycopg2 import sql
from urllib3 import HTTPConnectionPool

from deploy.sails.database import SERVICES
from services.client import Client
from services.contracts.registry import EVENTS
from tests.e2e.scene import Scene

API = "/api/v1"
# Streams have no end, and what they tell is the feed's; the process's own pages tell of no deal.
ELSEWHERE = ("/api/v1/stream", "/portal", "/api/docs", "/api/openapi.json", "/metrics", "/healthz")
CALL_TIMEOUT_S = 30
FEED = f"{API}/feed"
FEED_PAGES = 100
MESSAGES = 100_000  # more than a deal has by far


@dataclass(frozen=True)
class Value:
    """An amount, as documents and tables write it: a whole number, of fen or of yuan."""

    amount_fen: int

    def is_in(self, text: str) -> bool:
        return re.search(self.pattern, text) is not None

    @property
    def pattern(self) -> str:
        """Means the same to Python and to PostgreSQL.

        Digits within a longer number, an id, a digest or the fraction of a second are none of it.
        """
        yuan, rest = divmod(self.amount_fen, 100)
        return rf"(?<![0-9a-f.])({self.amount_fen}|{yuan}\.{rest:02d})(?![0-9a-f])"


@dataclass(frozen=True)
class Texts:
    """Answers by their path."""

    by_path: Mapping[str, str]

    def with_(self, value: Value) -> list[str]:
        """Paths whose answer has the value in it."""
        return [path for path, text in self.by_path.items() if value.is_in(text)]


@dataclass
class Api:
    """All that can be read of the API, by its own document. `ids`: by plural, whose to look at."""

    url: str
    ids: Mapping[str, Sequence[str]]
    paths: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        document = requests.get(f"{self.url}/api/openapi.json", timeout=CALL_TIMEOUT_S).json()
        for path, operations in document["paths"].items():
            if "get" in operations and not path.startswith(ELSEWHERE):
                self.paths += self._places(path)
        self.paths += ["/", "/hall", "/suppliers", "/statistics"]
        self.paths += [f"/hall/{id}" for id in self.ids["demands"]]

    def read(self, client: Client | None) -> "Texts":
        """All that this caller gets to read; None is somebody without a key."""
        headers = {"Authorization": f"Bearer {client.api_key}"} if client else {}
        with urllib3.connection_from_url(self.url) as pool:
            return Texts({path: self._read(pool, path, headers) for path in self.paths})

    def _places(self, path: str) -> list[str]:
        if "{" not in path:
            views = ["", "?view=public", "?view=operator"] if self._is_list(path) else [""]
            form = "?format=csv" if path.endswith("/export") else ""
            return [path + (view or form) for view in views]
        plural = path.removeprefix(f"{API}/").split("/")[0]
        return [path.replace("{id}", id) for id in self.ids.get(plural, ())]

    def _is_list(self, path: str) -> bool:
        return path.removeprefix(f"{API}/") in self.ids

    def _read(self, pool: HTTPConnectionPool, path: str, headers: Mapping[str, str]) -> str:
        parts, after = [], 0
        for _ in range(FEED_PAGES):
            asked = f"{path}?after={after}&limit=200" if path == FEED else path
            answer = pool.request("GET", asked, headers=headers, timeout=CALL_TIMEOUT_S)
            assert answer.status < 500, (path, answer.data)
            assert answer.status != 429, path
            parts.append(answer.data.decode("utf-8", "replace"))
            if path != FEED or answer.status != 200 or _next(parts[-1]) == after:
                return "".join(parts)
            after = _next(parts[-1])
        raise AssertionError("a feed without an end")


@contextmanager
def wire(scene: Scene) -> Iterator[list[str]]:
    """Every fact that any service publishes meanwhile, as it is on the wire, once it is drained."""
    heard: list[str] = []
    with kombu.Connection(scene.platform.world.amqp_uri) as connection:
        channel = connection.channel()
        queue = kombu.Queue("", exclusive=True, auto_delete=True, channel=channel)
        queue.queue_declare()
        for exchange in {event.exchange for event in EVENTS.values()}:
            channel.queue_bind(queue.name, exchange, "#")
        yield heard
        for _ in range(MESSAGES):
            message = channel.basic_get(queue.name, no_ack=True)
            if message is None:
                return
            heard.append(json.dumps(message.headers, default=str) + _text(message.body))


def rows(scene: Scene, values: Sequence[Value]) -> dict[tuple[str, str], str]:
    """A row that has any of the values in it, whatever the column, by service and table."""
    found = {}
    for service in SERVICES:
        url = scene.platform.world.database_url(service).replace("+psycopg2", "")
        connection = psycopg2.connect(url)
        try:
            with connection, connection.cursor() as cursor:
                for table in _tables(cursor):
                    if row := _row(cursor, table, values):
                        found[service, table] = row
        finally:
            connection.close()
    return found


def logs(scene: Scene, values: Sequence[Value]) -> list[str]:
    """Files below the folders of all processes, sandboxes too, that have one of them in them."""
    [root] = {folder.parent for folder in scene.platform.folders.values()}
    files = [(file.name, _content(file)) for file in root.rglob("*") if file.is_file()]
    return [name for name, text in files if any(value.is_in(text) for value in values)]


def _next(page: str) -> int:
    return int(page.rpartition('"next":')[2].rstrip("}"))


def _content(file: Path) -> str:
    return file.read_bytes().decode("utf-8", "replace")


def _text(body: Any) -> str:
    return body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body)


def _tables(cursor: Any) -> list[str]:
    cursor.execute(
        "SELECT table_name FROM information_schema.tables"
        " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
    )
    return [name for (name,) in cursor.fetchall()]


def _row(cursor: Any, table: str, values: Sequence[Value]) -> str | None:
    question = sql.SQL("SELECT row::text FROM {table} AS row WHERE row::text ~ %s LIMIT 1").format(
        table=sql.Identifier(table)
    )
    cursor.execute(question, ("|".join(value.pattern for value in values),))
    found = cursor.fetchone()
    return str(found[0]) if found else None
