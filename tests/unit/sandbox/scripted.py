"""A platform that answers what the test has written down, over real HTTP, and remembers."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

Answer = tuple[int, dict[str, Any], dict[str, str]]


def ok(document: dict[str, Any]) -> Answer:
    return 200, document, {}


def problem(status: int, code: str, **headers: str) -> Answer:
    return status, {"code": code, "detail": code}, headers


@dataclass
class Scripted:
    """`script["POST /x"]` is what to answer, in turn; the last answer is given from then on."""

    script: dict[str, list[Answer]]
    url: str = ""
    calls: list[tuple[str, Any, dict[str, str]]] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        request = Request(environ)
        route = f"{request.method} {request.path.removeprefix('/api/v1')}"
        body = json.loads(request.get_data() or b"null")
        self.calls.append((route, body, dict(request.headers)))
        answers = self.script.get(route, [problem(404, "not_found")])
        status, document, headers = answers.pop(0) if len(answers) > 1 else answers[0]
        response = Response(json.dumps(document), status, headers, "application/json")
        return response(environ, start_response)

    def bodies(self, route: str) -> list[Any]:
        return [body for called, body, _ in self.calls if called == route]

    def keys(self, route: str) -> list[str]:
        return [headers["Idempotency-Key"] for called, _, headers in self.calls if called == route]


@contextmanager
def serving(script: dict[str, list[Answer]]) -> Iterator[Scripted]:
    scripted = Scripted(script)
    server = make_server("127.0.0.1", 0, scripted, threaded=True)
    scripted.url = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield scripted
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
