"""What reads are measured against, each in processes of its own on one shared port.

`python -m tests.bench.http_yardsticks route|read PORT [DATABASE_URL]`.

`route`: nameko's own HTTP route that dumps a document as JSON, without a database. `read`: the
same keyed read of stored JSON as the gateway's, as a bare WSGI application on eventlet's server
with psycopg2, one statement on a kept connection, the key found in a dictionary.
"""

import warnings

warnings.filterwarnings("ignore")
import eventlet  # noqa: E402

eventlet.monkey_patch()

import json  # noqa: E402
import sys  # noqa: E402
from collections.abc import Iterable  # noqa: E402
from contextlib import contextmanager  # noqa: E402
from typing import Any  # noqa: E402

import psycopg2  # noqa: E402
from eventlet import wsgi  # noqa: E402
from eventlet.queue import LifoQueue  # noqa: E402
from nameko.containers import ServiceContainer  # noqa: E402
from nameko.web.handlers import http  # noqa: E402

from deploy.sails.ports import LOOPBACK  # noqa: E402
from services.messaging.green import cooperate  # noqa: E402

WORKERS = 10
DOCUMENT = {"id": "x" * 36, "title": "精密轴承采购", "text": "技术要求与交付条件。" * 40}
READ = """
    SELECT document FROM views WHERE kind = 'demand' AND id = %s AND audience = ANY(%s)
    ORDER BY array_position(%s, audience) LIMIT 1
"""
MINE = ["public"]


class Route:
    """The framework as it comes."""

    name = "route"

    @http("GET", "/api/v1/demands/<string:id>")
    def get(self, request: Any, id: str) -> str:
        return json.dumps(DOCUMENT | {"id": id}, ensure_ascii=False)


class Read:
    """One statement per request."""

    def __init__(self, url: str) -> None:
        self._free: LifoQueue = LifoQueue()
        for _ in range(WORKERS):
            connection = psycopg2.connect(url.replace("+psycopg2", ""))
            connection.autocommit = True
            self._free.put(connection)
        self._actors: dict[str, list[str]] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        mine = self._actors.setdefault(environ["HTTP_AUTHORIZATION"], MINE)
        with self._cursor() as cursor:
            cursor.execute(READ, (environ["PATH_INFO"].rpartition("/")[2], mine, mine))
            text = cursor.fetchone()[0].encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(text)))]
        start_response("200 OK", headers)
        return [text]

    @contextmanager
    def _cursor(self) -> Any:
        connection = self._free.get()
        try:
            with connection.cursor() as cursor:
                yield cursor
        finally:
            self._free.put(connection)


def main(kind: str, port: int, url: str = "") -> None:
    """Until it is killed."""
    if kind == "route":
        container = ServiceContainer(Route, {"WEB_SERVER_ADDRESS": f"{LOOPBACK}:{port}"})
        container.start()
        container.wait()
    cooperate()
    wsgi.server(eventlet.listen((LOOPBACK, port), reuse_port=True), Read(url), log_output=False)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
