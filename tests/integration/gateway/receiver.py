"""A party's own system: takes webhooks, answers as the test says, keeps what it was told."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks.webhooks import Webhook as Verifier


class Receiver:
    """`answers` are given in turn, then 200. Only calls whose signature holds are kept.

    It gives out cookies, and keeps those that come back.
    """

    def __init__(self, *answers: int) -> None:
        self.answers = list(answers)
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.cookies: list[str] = []
        self.secret = ""
        self.calls: list[dict[str, Any]] = []
        self.ids: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/hooks"

    @property
    def told(self) -> list[str]:
        """The facts that were taken (answered 2xx), by id, in order."""
        return [call["data"]["id"] for call in self.calls if call["answered"] < 300]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, headers: dict[str, str], body: bytes) -> int:
        message = Verifier(self.secret).verify(body, headers)
        self.ids.append(headers["webhook-id"])
        self.cookies += [headers["cookie"]] if "cookie" in headers else []
        answer = self.answers.pop(0) if self.answers else 200
        self.calls.append(message | {"answered": answer})
        return answer

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                answer = receiver.take({k.lower(): v for k, v in self.headers.items()}, body)
                receiver.may_answer.wait(30)
                self.send_response(answer)
                self.send_header("Set-Cookie", "track=1; Max-Age=99999")
                if answer == 302:
                    self.send_header("Location", receiver.url)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        return Handler


def pretty(calls: list[dict[str, Any]]) -> str:
    """For a failing test."""
    return json.dumps(calls, ensure_ascii=False, indent=1)
