"""The routes of the open data: a package of releases by cursor, and the package of one."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from werkzeug.wrappers import Response

from services.contracts.problems import Problem
from services.days import end_of_day, start_of_day
from services.gateway.edge.application import Serve
from services.gateway.edge.intake import Call, Parameters
from services.gateway.ocds.mapping import number_of, release
from services.gateway.readmodel import releases
from services.gateway.readmodel.reads import Cursor
from services.gateway.readmodel.releases import Published
from services.gateway.readmodel.rendering import JSON, to_text
from services.messaging import Reader

Node = dict[str, Any]

VERSION = "1.1"
PUBLISHER = "千帆 Thousand Sails"
# What a licence may allow is for whoever runs the platform to say; until then nothing is claimed.
CACHED = {"Cache-Control": "public, max-age=60"}
_NUMBER = re.compile(r"[0-9A-Za-z-]{1,40}")


class OpenData:
    """One per process. `prefix`: the publisher's, of every ocid.

    `place`: where the platform is found, `https://host`. What is kept by others on the way says no
    other: whoever asks chooses the Host of their request.
    """

    def __init__(self, reader: Reader, prefix: str, place: str) -> None:
        self._reader, self._prefix, self._place = reader, prefix, place

    def actions(self) -> Mapping[str, Serve]:
        """By the action of its route, what answers it."""
        return {"ocds_releases": self._page, "ocds_release": self._one}

    def _page(self, call: Call) -> Response:
        given = call.parameters("from", "to", "cursor", "limit")
        start, end = _day(given, "from"), _day(given, "to")
        limit = given.count("limit", releases.PAGE_ITEMS, 1, releases.MAX_PAGE_ITEMS)
        found, following = releases.page(
            self._reader,
            None if start is None else start_of_day(start),
            None if end is None else end_of_day(end),
            _cursor(given),
            limit,
        )
        links = {}
        if following is not None:
            asked = {"from": start, "to": end, "limit": limit, "cursor": following.write()}
            links = {"links": {"next": self._address(call, asked)}}
        return _answer(call, self._package(call, found) | links)

    def _one(self, call: Call) -> Response:
        call.parameters()
        number = number_of(self._prefix, call.id or "")
        found = releases.one(self._reader, number) if number and _is_one(number) else None
        if found is None:
            raise Problem("not_found")
        return _answer(call, self._package(call, [found]))

    def _package(self, call: Call, found: Sequence[Published]) -> Node:
        """Made when asked for, so its date is that of its newest content."""
        newest = max((each.changed_at for each in found), default=None)
        return {
            "uri": self._address(call, call.request.args),
            "version": VERSION,
            "publishedDate": newest or datetime.now(UTC).isoformat(timespec="seconds"),
            "publisher": {"name": PUBLISHER},
            "releases": [
                release(self._prefix, each.demand, each.buyer, each.etag, each.changed_at)
                for each in found
            ],
        }

    def _address(self, call: Call, asked: Mapping[str, Any]) -> str:
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{self._place}{call.request.path}" + (f"?{query}" if query else "")


def _is_one(number: str) -> bool:
    return _NUMBER.fullmatch(number) is not None


def _answer(call: Call, package: Node) -> Response:
    body = to_text(package).encode(errors="replace")
    response = Response(body, headers=CACHED, mimetype=JSON)
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    environ = call.request.environ
    return response.make_conditional(
        {name: value for name, value in environ.items() if name != "HTTP_IF_MATCH"}
    )


def _day(given: Parameters, name: str) -> date | None:
    """Raises Problem query_invalid for what is no day between 2000 and 2100."""
    text = given.text(name)
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise given.refuse(name, "Not a valid date.") from None
    if day.isoformat() != text or not 2000 <= day.year <= 2100:
        raise given.refuse(name, "Not a valid date.")
    return day


def _cursor(given: Parameters) -> Cursor | None:
    text = given.text("cursor")
    try:
        return None if text is None else Cursor.read(text)
    except ValueError:
        raise given.refuse("cursor", "Not a valid cursor.") from None
