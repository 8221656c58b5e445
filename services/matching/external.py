"""An external text index: OpenSearch, or what speaks its API. One index for each process.

A supply is one document under its id, its deals are nested in it: it is replaced as a whole. What
cannot be written or read raises, and matching stops following until it can.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
import requests

from services.matching.asking import DEAL, Asked, Filters, Mark
from services.matching.documents import STAMP, answering, fields, unpacked, written
from services.matching.profile import Known
from services.matching.ragged import Ints

TIMEOUT_S = 5.0  # of one request; the slowest, a batch, takes a tenth of that
BATCH = 500  # documents of one request: some 2 MB, a fiftieth of what the engine takes
PAGE = 1_000  # documents read at once
_MARK = "mark"
_WORDS = {"type": "text", "analyzer": "whitespace"}  # words are cut by us and joined by spaces
_MAPPING = {
    "dynamic": "strict",
    "properties": {
        "supplier_id": {"type": "keyword"},
        "answers": {"type": "keyword"},
        "number": {"type": "long"},
        "price_min_fen": {"type": "long"},
        "text": _WORDS,
        "deals": {"type": "nested", "properties": {"deal": _WORDS}},
        "kept": {"type": "binary"},
        "mark": {"type": "object", "enabled": False},
    },
}
Json = dict[str, Any]


class ExternalIndex:
    """An Index behind HTTP."""

    def __init__(self, url: str, name: str) -> None:
        """Open it, or make an empty one. Raises requests.RequestException."""
        self._url = f"{url.rstrip('/')}/{name}"
        self._session = requests.Session()
        if self._call("HEAD", "", missing_is_fine=True) is None:
            self._call("PUT", "", {"mappings": _MAPPING})
        self.mark = self._read_mark()

    def follow(self, supplies: Iterable[Known], mark: Mark) -> None:
        """What is found and where the feed is are two writes, in this order."""
        rest = iter(supplies)
        while batch := list(islice(rest, BATCH)):
            self._bulk([line for known in batch for line in _lines(known)])
        self._bulk([{"index": {"_id": _MARK}}, {"mark": mark._asdict()}])
        self.mark = mark

    def search(self, field: str, asked: Asked, filters: Filters, limit: int) -> Ints:
        """A supply comes once, by the best of its deals."""
        if not asked.words:
            return np.zeros(0, np.int64)
        query = _nested(asked) if field == DEAL else _any_of("text", asked)
        best = ["_score", {"number": "asc"}]  # of equals the same ones whenever it is asked
        body = {"query": {"bool": {"must": [query], **_filters(filters)}}, "size": limit}
        body["sort"] = best
        hits = self._hits(body | {"_source": ["number"]})
        return np.array([hit["_source"]["number"] for hit in hits], np.int64)

    def kept(self) -> Iterator[Known]:
        """By number, a page after the other."""
        after = -1
        while page := self._page(after):
            for source in page:
                yield unpacked(base64.b64decode(source["kept"]))
            after = page[-1]["number"]

    def close(self) -> None:
        self._session.close()

    def clear(self) -> None:
        """Nothing is left of it, and it has no mark."""
        self._call("DELETE", "")
        self._call("PUT", "", {"mappings": _MAPPING})
        self.mark = None

    def _page(self, after: int) -> list[Json]:
        later = {"range": {"number": {"gt": after}}}
        body = {"query": later, "size": PAGE, "sort": [{"number": "asc"}]}
        return [hit["_source"] for hit in self._hits(body | {"_source": ["number", "kept"]})]

    def _hits(self, body: Json) -> list[Json]:
        hits: list[Json] = self._call("POST", "/_search", body)["hits"]["hits"]
        return hits

    def _read_mark(self) -> Mark | None:
        found = self._call("GET", f"/_doc/{_MARK}", missing_is_fine=True)
        return Mark(**found["_source"]["mark"]) if found else None

    def _bulk(self, lines: Sequence[Json]) -> None:
        """All of it can be found when this returns."""
        body = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        found = self._call("POST", "/_bulk?refresh=true", body)
        if found["errors"]:
            raise requests.RequestException(f"{self._url}: {_first_error(found)}")

    def _call(
        self, method: str, path: str, body: Any = None, *, missing_is_fine: bool = False
    ) -> Any:
        given = body if isinstance(body, str) else body and json.dumps(body)
        kind = "application/x-ndjson" if isinstance(body, str) else "application/json"
        answer = self._session.request(
            method,
            self._url + path,
            data=given and given.encode(),
            headers={"Content-Type": kind},
            timeout=TIMEOUT_S,
        )
        if missing_is_fine and answer.status_code == requests.codes.not_found:
            return None
        answer.raise_for_status()
        return answer.json() if answer.content else {}


def open_external(
    url: str,
    replica: str,
    is_of_feed: Callable[[Mark], bool],
    rebuild: Callable[[ExternalIndex], None],
) -> ExternalIndex:
    """The replica's index of this stamp; filled anew unless it is whole and of this very feed."""
    index = ExternalIndex(url, f"sails-supplies-{replica}-{_short(STAMP)}")
    if index.mark is None or not is_of_feed(index.mark):
        index.clear()
        rebuild(index)
    return index


def _short(stamp: str) -> str:
    return hashlib.sha256(stamp.encode()).hexdigest()[:16]


def _lines(known: Known) -> list[Json]:
    """Of a bulk request: the newest state of one supply, in when it is active, else out."""
    named = {"_id": known.state["id"]}
    if known.state["state"] != "active":
        return [{"delete": named}]
    text, deals, kept = written(known)
    nested = [{"deal": deal} for deal in deals]
    said = {"text": text, "deals": nested, "kept": base64.b64encode(kept).decode()}
    return [{"index": named}, fields(known.state) | said]


def _any_of(field: str, asked: Asked) -> Json:
    """One of the words has to be there; places add to the score."""
    words = [{"term": {field: word}} for word in asked.words]
    places = [{"term": {field: place}} for place in asked.places]
    found = {"bool": {"should": words, "minimum_should_match": 1}}
    return {"bool": {"must": [found], "should": places}}


def _nested(asked: Asked) -> Json:
    query = _any_of("deals.deal", asked)
    return {"nested": {"path": "deals", "query": query, "score_mode": "max"}}


def _filters(filters: Filters) -> Json:
    holds: list[Json] = [{"terms": {"answers": answering(filters)}}]
    if filters.budget_fen is not None:
        holds.append({"range": {"price_min_fen": {"lte": filters.budget_fen}}})
    return {"filter": holds, "must_not": [{"term": {"supplier_id": filters.buyer_id}}]}


def _first_error(found: Json) -> str:
    results = [result for item in found["items"] for result in item.values()]
    return str(next(result["error"] for result in results if "error" in result))
