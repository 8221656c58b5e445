"""What a request says, read strictly: JSON, headers, query parameters."""

import hashlib
import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Request

from services.contracts.fields import Arguments, Count
from services.contracts.problems import Problem
from services.gateway.edge.problems import language_of
from services.gateway.edge.routes import Route
from services.gateway.readmodel.rendering import JSON
from services.messaging.request import MAX_KEY

MAX_SHOWN = 40  # characters of what was sent, in a refusal
MAX_COUNT = 10**18  # no number that a query is asked for is longer
_VERSION = re.compile(r'"(0|[1-9][0-9]{0,17})"')  # character by character as ETag writes it


@dataclass(frozen=True)
class Call:
    """One request that matched a route; `id` is the path's, `body` had arrived at `received_at`."""

    request: Request
    route: Route
    id: str | None
    body: bytes
    request_id: str
    received_at: datetime

    @property
    def language(self) -> str:
        return language_of(self.request.accept_languages)

    def parameters(self, *known: str) -> "Parameters":
        """The query string, which holds nothing else than these. Raises Problem query_invalid."""
        try:
            return Parameters(self.request.args, known)
        except UnicodeDecodeError as error:  # bytes that no client should send unescaped
            raise _wrong("", "Not valid UTF-8.") from error


def arguments(call: Call) -> dict[str, Any]:
    """The body as JSON; none at all is `{}`.

    Raises Problem malformed_json, unsupported_media_type, encoding_unsupported.
    """
    if not call.body:
        return {}
    if call.request.mimetype != JSON:
        raise Problem("unsupported_media_type")
    for given, plain in (
        (call.request.headers.get("Content-Encoding", ""), ("", "identity")),
        (call.request.mimetype_params.get("charset", ""), ("", "utf-8", "utf8")),
    ):
        if given.strip().lower() not in plain:
            raise Problem("encoding_unsupported", encoding=given[:MAX_SHOWN])
    try:
        parsed = json.loads(call.body.decode(), object_pairs_hook=_unique, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        raise Problem("malformed_json") from error
    if not isinstance(parsed, dict):
        raise Problem("invalid", errors=[{"pointer": "", "message": "Expected a JSON object."}])
    return parsed


def asked(call: Call, schema: Arguments) -> dict[str, Any]:
    """The arguments of a query: a POST has them in its body, a GET in its query string.

    Raises Problem.
    """
    if call.route.has_body:
        call.parameters()
        return arguments(call)
    return call.parameters(*schema.fields).arguments(schema)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is given twice")
    return found


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def digest(parsed: Any) -> str:
    """SHA-256 of the body's meaning: spaces and the order of keys do not make another request."""
    text = json.dumps(parsed, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def idempotency_key(request: Request) -> str:
    """Raises Problem idempotency_key_required, header_invalid."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        raise Problem("idempotency_key_required")
    if len(key) > MAX_KEY or not (key.isascii() and key.isprintable()):
        raise Problem("header_invalid", name="Idempotency-Key")
    return key


def expected_version(request: Request) -> int:
    """The sequence in If-Match. Raises Problem version_required, version_weak, header_invalid."""
    given = request.headers.get("If-Match", "").strip()
    if given in ("", "*"):  # any version is no version
        raise Problem("version_required")
    if given.startswith("W/"):  # RFC 9110 § 13.1.1: a weak one never matches
        raise Problem("version_weak")
    version = _VERSION.fullmatch(given)
    if version is None:
        raise Problem("header_invalid", name="If-Match")
    return int(version[1])


def check_accepts(request: Request, *offered: str) -> None:
    """Raises Problem("not_acceptable") when the caller wants nothing of what there is."""
    if request.headers.get("Accept") and not request.accept_mimetypes.best_match(offered):
        raise Problem("not_acceptable", offered=", ".join(offered))


class Parameters:
    """The query string, of which every parameter must be known and given once."""

    def __init__(self, given: MultiDict[str, str], known: Collection[str]) -> None:
        for name in given:
            if name not in known:
                raise _wrong(name, "Unknown parameter.")
            if len(given.getlist(name)) > 1:
                raise _wrong(name, "Given more than once.")
        self._given = given

    def text(self, name: str, choices: Collection[str] | None = None) -> str | None:
        """None when absent; else one of `choices`, if there are any."""
        value = self._given.get(name)
        if value is not None and choices is not None and value not in choices:
            raise _wrong(name, f"Must be one of: {', '.join(sorted(choices))}.")
        return value

    def count(self, name: str, default: int, low: int, high: int) -> int:
        """A whole number within bounds."""
        value = self._given.get(name)
        if value is None:
            return default
        if not (value.isascii() and value.isdigit() and len(value) <= 19):
            raise _wrong(name, "Not a valid integer.")
        if not low <= int(value) <= high:
            raise _wrong(
                name, f"Must be greater than or equal to {low} and less than or equal to {high}."
            )
        return int(value)

    def arguments(self, schema: Arguments) -> dict[str, Any]:
        """What is given, a number where the schema has one; its bounds are for it to judge."""
        return {
            name: self.count(name, 0, 0, MAX_COUNT)
            if isinstance(schema.fields[name], Count)
            else self.text(name)
            for name in self._given
        }

    def refuse(self, name: str, message: str) -> Problem:
        """The problem with one parameter, for the caller to raise."""
        return _wrong(name, message)


def _wrong(name: str, message: str) -> Problem:
    """`pointer` is of the query string, whose parameters have no JSON pointer."""
    error = {"pointer": f"?{name[:100]}", "message": message}
    return Problem("query_invalid", errors=[error])
