"""A stand-in for OpenSearch: of its API what the adapter uses, over real HTTP, held in memory.

It matches exactly and scores roughly: a term is worth the more the fewer documents have it.
"""

import json
import math
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class OpenSearch:
    """`url` while it runs; `indexes`: name → document id → source."""

    def __init__(self):
        self.indexes = {}
        handler = type("Handler", (_Handler,), {"indexes": self.indexes})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """Tests are quiet."""

    def do_HEAD(self):
        self._answer(200 if self._index() is not None else 404, None)

    def do_PUT(self):
        assert "mappings" in self._body()
        self.indexes[self._name()] = {}
        self._answer(200, {"acknowledged": True})

    def do_DELETE(self):
        self.indexes.pop(self._name(), None)
        self._answer(200, {"acknowledged": True})

    def do_GET(self):
        found = self._index().get(self._path()[2])
        self._answer(200 if found else 404, {"found": bool(found), "_source": found})

    def do_POST(self):
        if self._path()[1] == "_bulk":
            self._answer(200, _bulk(self._index(), self._text()))
        else:
            self._answer(200, {"hits": {"hits": _search(self._index(), self._body())}})

    def _path(self):
        return urlsplit(self.path).path.strip("/").split("/")

    def _name(self):
        return self._path()[0]

    def _index(self):
        return self.indexes.get(self._name())

    def _text(self):
        return self.rfile.read(int(self.headers["Content-Length"])).decode()

    def _body(self):
        return json.loads(self._text())

    def _answer(self, status, body):
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _bulk(index, text):
    lines = iter([json.loads(line) for line in text.splitlines()])
    for action in lines:
        ((verb, named),) = action.items()
        if verb == "index":
            index[named["_id"]] = next(lines)
        else:
            index.pop(named["_id"], None)
    return {"errors": False, "items": []}


def _search(index, body):
    everything = list(index.values())
    scored = [(_score(body["query"], source, everything), source) for source in everything]
    found = [(score, source) for score, source in scored if score is not None]
    found.sort(key=lambda hit: hit[1]["number"])
    if "_score" in body["sort"]:
        found.sort(key=lambda hit: -hit[0])
    shown = [{name: source[name] for name in body["_source"]} for _, source in found]
    return [{"_source": source} for source in shown[: body["size"]]]


def _score(query, source, everything):
    """None where it does not match."""
    ((kind, given),) = query.items()
    return _KINDS[kind](given, source, everything)


def _bool(given, source, everything):
    def scores(name):
        return [_score(each, source, everything) for each in given.get(name, [])]

    must, should = scores("must"), [one for one in scores("should") if one is not None]
    if None in must + scores("filter") or any(one is not None for one in scores("must_not")):
        return None
    if len(should) < given.get("minimum_should_match", 0):
        return None
    return sum(must) + sum(should)


def _term(given, source, everything):
    ((field, value),) = given.items()
    if not _has(source, field, value):
        return None
    return math.log(1 + len(everything) / sum(_has(one, field, value) for one in everything))


def _has(source, field, value):
    found = source.get(field.rpartition(".")[2])
    return value in (
        found.split() if field.endswith(("text", "deal")) and found else [found, *_l(found)]
    )


def _l(found):
    return found if isinstance(found, list) else []


def _terms(given, source, everything):
    ((field, values),) = given.items()
    return 0.0 if any(_has(source, field, value) for value in values) else None


def _range(given, source, everything):
    ((field, bounds),) = given.items()
    value = source.get(field)
    holds = value is not None and all(_BOUNDS[name](value, at) for name, at in bounds.items())
    return 0.0 if holds else None


def _nested(given, source, everything):
    nested = [one for each in everything for one in each.get(given["path"], [])]
    scores = [_score(given["query"], one, nested) for one in source.get(given["path"], [])]
    return max((one for one in scores if one is not None), default=None)


_BOUNDS = {"lte": lambda value, at: value <= at, "gt": lambda value, at: value > at}
_KINDS = {"bool": _bool, "term": _term, "terms": _terms, "range": _range, "nested": _nested}
