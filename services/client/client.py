"""One caller of the public API: its key, its language, its patience."""

import itertools
import time
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from services.client.problems import NoAnswer, Refused
from services.client.retry import Patience, is_passing

API = "/api/v1"
CALL_TIMEOUT_S = (5.0, 30.0)  # to connect, to answer: above the platform's own deadline
CONNECTIONS = 32  # threads that share one caller wait for each other beyond this
PAGE_ITEMS = 200  # the most the API gives at once
PAGES = 1_000  # a listing that never ends is an error of the server

# The last is a server that died in the middle of its answer.
_AWAY = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)

Document = dict[str, Any]


class Client:
    """Threads may share one. Every call raises Refused or NoAnswer when it does not end well."""

    def __init__(
        self,
        url: str,
        api_key: str,
        *,
        language: str = "zh-CN",
        patience: Patience | None = None,
    ) -> None:
        self.url, self.api_key = url.rstrip("/"), api_key
        self.patience = patience or Patience()
        self._session = requests.Session()
        self._session.mount(self.url, HTTPAdapter(pool_maxsize=CONNECTIONS, pool_block=True))
        self._session.trust_env = urlsplit(url).hostname not in ("127.0.0.1", "localhost")
        self._session.headers.update(
            {"Authorization": f"Bearer {api_key}", "Accept-Language": language}
        )

    def get(self, path: str, **query: Any) -> Document:
        """The document at `path`, e.g. `/demands/{id}`; a query that is None is left out."""
        return self.send("GET", path, params=query)

    def post(
        self,
        path: str,
        body: Document | None = None,
        *,
        key: str | None = None,
        version: int | None = None,
    ) -> Document:
        """Send a command; answers the caller's document of what it changed.

        `key`: the Idempotency-Key, a fresh one if none is given; every retry carries the same.
        `version`: the sequence the caller has seen, for resources that need If-Match.
        """
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return self.send("POST", path, json=body or {}, headers=headers)

    def upload(
        self, path: str, body: bytes, media_type: str, *, key: str | None = None
    ) -> Document:
        """Send a file as a command; retries carry the same Idempotency-Key."""
        headers = {"Idempotency-Key": key or str(uuid.uuid4()), "Content-Type": media_type}
        return self.send("POST", path, data=body, headers=headers)

    def items(self, path: str, **query: Any) -> Iterator[Document]:
        """Every item of a listing, page by page."""
        cursor: str | None = None
        for _ in range(PAGES):
            page = self.get(path, limit=PAGE_ITEMS, cursor=cursor, **query)
            yield from page["items"]
            cursor = page["next"]
            if not cursor:
                return
        raise NoAnswer(f"{path}: more than {PAGES} pages")

    def feed(self, after: int, limit: int = PAGE_ITEMS) -> tuple[list[Document], int]:
        """The numbered facts after a position, and the position to go on from."""
        page = self.get("/feed", after=after, limit=limit)
        return page["items"], int(page["next"])

    def send(self, method: str, path: str, **request: Any) -> Document:
        """One call, repeated while the answer is a passing one and patience lasts.

        Repeating is safe for a GET, and for a POST because of its Idempotency-Key.
        """
        deadline = time.monotonic() + self.patience.total_s
        for tries in itertools.count(1):
            try:
                return self._once(method, path, request)
            except _Passing as passing:
                pause_s = self.patience.pause_s(tries, passing.retry_after)
                if time.monotonic() + pause_s > deadline:
                    raise NoAnswer(f"{method} {path}: {passing} ({tries} tries)") from passing
            time.sleep(pause_s)
        raise AssertionError("an endless count ended")

    def _once(self, method: str, path: str, request: dict[str, Any]) -> Document:
        """One request. Raises Refused for good, _Passing when it is worth repeating."""
        try:
            response = self._session.request(
                method, self.url + API + path, timeout=CALL_TIMEOUT_S, **request
            )
        except _AWAY as away:
            raise _Passing(str(away)) from away
        if response.ok:
            document: Document = response.json() if response.content else {}
            return document
        refused = Refused.of(response)
        if is_passing(refused.status, refused.code):
            raise _Passing(str(refused), response.headers.get("Retry-After")) from refused
        raise refused


class _Passing(Exception):
    """No answer yet, or one that may be another soon."""

    def __init__(self, reason: str, retry_after: str | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
