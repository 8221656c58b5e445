"""What comes in and goes out at the edge: money, JSON, headers, parameters, cursors."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from services.contracts.demand import ImportDemandsCommand
from services.contracts.problems import Problem
from services.gateway.edge import bodies, intake
from services.gateway.edge.bodies import Memory
from services.gateway.edge.intake import Call, Parameters
from services.gateway.edge.routes import ROUTES, Route
from services.gateway.readmodel.reads import Cursor, is_uuid
from services.gateway.readmodel.rendering import render, to_text

COMMAND = next(route for route in ROUTES if route.path == "/api/v1/demands/<id>/publish")
IMPORT = next(route for route in ROUTES if route.target is ImportDemandsCommand)


def a_request(body: bytes = b"", **given: Any) -> Request:
    return Request(EnvironBuilder(method="POST", data=body, **given).get_environ())


def a_call(body: bytes, content_type: str = "application/json") -> Call:
    request = a_request(content_type=content_type)
    return Call(request, COMMAND, None, body, "id", datetime.now(UTC))


def refused(call: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        call()
    return caught.value


def read(request: Request, route: Route, memory: Memory | None = None) -> bytes:
    with (memory or Memory()).share() as grow:
        return bodies.read_body(request, bodies.limit_bytes(route), grow)


def test_money_is_an_object_at_every_depth() -> None:
    state = {
        "amount_fen": 1234567,
        "fee_fen": None,
        "paid_fen": 0,
        "shares": [{"amount_fen": 5, "id": "x"}],
        "invoice": {"total_fen": 100},
        "count": 3,
    }
    assert render(state) == {
        "amount": {"amount": "12345.67", "currency": "CNY"},
        "fee": None,
        "paid": {"amount": "0.00", "currency": "CNY"},
        "shares": [{"amount": {"amount": "0.05", "currency": "CNY"}, "id": "x"}],
        "invoice": {"total": {"amount": "1.00", "currency": "CNY"}},
        "count": 3,
    }


def test_text_keeps_emoji_and_chinese() -> None:
    assert to_text({"title": "数控机床🚜"}) == '{"title":"数控机床🚜"}'


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": 1, "b": 1}}',
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b"\xff\xfe",
        b'{"a": "\xc3"}',
        b"[" * 100_000,
        b'{"a": ' + b"9" * 5_000 + b"}",
        b"{} {}",
    ],
)
def test_what_is_not_json_is_refused(body: bytes) -> None:
    assert refused(lambda: intake.arguments(a_call(body))).code == "malformed_json"


def test_no_body_is_an_empty_one() -> None:
    assert intake.arguments(a_call(b"", content_type="")) == {}


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_body_must_be_json(media: str) -> None:
    assert refused(lambda: intake.arguments(a_call(b"{}", media))).code == "unsupported_media_type"


def test_a_charset_is_fine() -> None:
    assert intake.arguments(a_call(b'{"a": 1}', "application/json; charset=utf-8")) == {"a": 1}


@pytest.mark.parametrize(
    ("content_type", "headers", "named"),
    [
        ("application/json", {"Content-Encoding": "gzip"}, "gzip"),
        ("application/json; charset=gbk", {}, "gbk"),
    ],
)
def test_a_body_is_plain_utf_8(content_type: str, headers: dict[str, str], named: str) -> None:
    request = a_request(content_type=content_type, headers=headers)
    problem = refused(
        lambda: intake.arguments(Call(request, COMMAND, None, b"{}", "id", datetime.now(UTC)))
    )
    assert (problem.status, problem.code) == (415, "encoding_unsupported")
    assert named in problem.text("zh-CN")


def test_a_body_over_the_limit_is_refused_before_it_is_read() -> None:
    request = a_request(b"x" * 2_000_000)
    problem = refused(lambda: read(request, IMPORT))
    assert (problem.code, problem.status) == ("body_too_large", 413)
    assert len(request.environ["wsgi.input"].read()) == 2_000_000


def test_an_import_may_be_larger_than_a_command() -> None:
    body = b"x" * (bodies.COMMAND_BYTES + 1)
    assert read(a_request(body), IMPORT) == body
    assert refused(lambda: read(a_request(body), COMMAND)).code == "body_too_large"


def test_a_body_that_ends_early_is_refused() -> None:
    request = a_request(b"abc")
    request.environ["CONTENT_LENGTH"] = "10"
    assert refused(lambda: read(request, COMMAND)).code == "body_incomplete"


def test_all_bodies_together_are_bounded_and_small_ones_always_get_in() -> None:
    memory, large = Memory(total=100_000), b"x" * 60_000
    with memory.share() as grow:
        assert bodies.read_body(a_request(large), len(large), grow) == large
        refusal = refused(lambda: read(a_request(b"x" * 90_000), COMMAND, memory))
        assert (refusal.code, refusal.status) == ("unavailable", 503)
        assert read(a_request(b"x" * 16_000), COMMAND, memory)
    assert read(a_request(b"x" * 90_000), COMMAND, memory)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("CONTENT_LENGTH", "+40"),
        ("CONTENT_LENGTH", "4_0"),
        ("CONTENT_LENGTH", "-1"),
        ("CONTENT_LENGTH", "４０"),
        ("CONTENT_LENGTH", "40,40"),
        ("CONTENT_LENGTH", "9" * 19),
        ("HTTP_TRANSFER_ENCODING", "gzip, chunked"),
        ("HTTP_TRANSFER_ENCODING", "chunked,chunked"),
        ("HTTP_TRANSFER_ENCODING", "chunked\x0b"),
        ("HTTP_TRANSFER_ENCODING", "identity"),
        ("HTTP_TRANSFER_ENCODING", "chunked"),  # beside a length
    ],
)
def test_a_body_of_doubtful_length_is_refused(header: str, value: str) -> None:
    request = a_request(b"x" * 40)
    request.environ[header] = value
    problem = refused(lambda: read(request, COMMAND))
    assert (problem.status, problem.code) == (400, "header_invalid")


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("", "idempotency_key_required"),
        ("   ", "idempotency_key_required"),
        ("k" * 129, "header_invalid"),
        ("ключ", "header_invalid"),
        ("a\tb", "header_invalid"),
    ],
)
def test_a_key_must_be_short_and_printable(key: str, code: str) -> None:
    request = a_request()
    request.environ["HTTP_IDEMPOTENCY_KEY"] = key
    assert refused(lambda: intake.idempotency_key(request)).code == code


def test_a_key_of_any_printable_kind_is_taken() -> None:
    request = a_request(headers={"Idempotency-Key": "pay 2026/03 #1"})
    assert intake.idempotency_key(request) == "pay 2026/03 #1"


def test_a_weak_version_never_matches() -> None:
    problem = refused(lambda: intake.expected_version(a_request(headers={"If-Match": 'W/"1"'})))
    assert (problem.status, problem.code) == (400, "version_weak")
    assert "W/" in problem.text("zh-CN")


@pytest.mark.parametrize(("given", "version"), [('"5"', 5), (' "12" ', 12)])
def test_if_match_is_the_etag(given: str, version: int) -> None:
    assert intake.expected_version(a_request(headers={"If-Match": given})) == version


@pytest.mark.parametrize(
    ("given", "code"),
    [("", "version_required"), ("*", "version_required"), ("5", "header_invalid"),
     ('"x"', "header_invalid"), ('"1", "2"', "header_invalid"),
     ('"02"', "header_invalid"), ('"00"', "header_invalid")],
)  # fmt: skip
def test_if_match_must_name_a_version(given: str, code: str) -> None:
    request = a_request(headers={"If-Match": given})
    assert refused(lambda: intake.expected_version(request)).code == code


def test_the_digest_is_of_the_meaning() -> None:
    assert intake.digest({"a": 1, "b": "é"}) == intake.digest(json.loads('{"b":"\\u00e9", "a":1}'))
    assert intake.digest({"a": 1}) != intake.digest({"a": 2})


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ([("colour", "red")], "?colour"),
        ([("limit", "0")], "?limit"),
        ([("limit", "201")], "?limit"),
        ([("limit", "1e2")], "?limit"),
        ([("limit", "²")], "?limit"),
        ([("limit", "9" * 30)], "?limit"),
        ([("limit", "1"), ("limit", "2")], "?limit"),
    ],
)
def test_parameters_are_read_strictly(query: list[tuple[str, str]], pointer: str) -> None:
    problem = refused(lambda: Parameters(MultiDict(query), ("limit",)).count("limit", 50, 1, 200))
    assert (problem.status, problem.errors[0]["pointer"]) == (422, pointer)


def test_a_query_of_other_bytes_than_utf_8_is_refused() -> None:
    environ = EnvironBuilder().get_environ() | {"QUERY_STRING": "state=\xff"}
    call = Call(Request(environ), COMMAND, None, b"", "id", datetime.now(UTC))
    problem = refused(lambda: call.parameters("state"))
    assert (problem.code, problem.errors[0]["message"]) == ("query_invalid", "Not valid UTF-8.")


@pytest.mark.parametrize(
    "accept", ["application/json", "*/*", "application/*", "text/html, */*;q=0.1", ""]
)
def test_json_is_acceptable(accept: str) -> None:
    intake.check_accepts(a_request(headers={"Accept": accept}), "application/json")


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "application/json;q=0"])
def test_nothing_but_json_is_offered(accept: str) -> None:
    request = a_request(headers={"Accept": accept})
    assert refused(lambda: intake.check_accepts(request, "application/json")).status == 406


def test_a_cursor_comes_back_as_it_was() -> None:
    cursor = Cursor(
        datetime(2026, 3, 2, 1, 30, 5, 123456, UTC), "0198c5f0-0000-7000-8000-00000000000e"
    )
    assert Cursor.read(cursor.write()) == cursor


def test_a_cursor_is_read_in_utc() -> None:
    """Offsets that Python takes and PostgreSQL does not."""
    text = written(["2026-03-02T00:00:00+23:59", "0198c5f0-0000-7000-8000-00000000000e"])
    assert Cursor.read(text).sort_at == datetime(2026, 3, 1, 0, 1, tzinfo=UTC)
    assert Cursor.read(text).sort_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "place",
    [
        ["0001-01-01T00:00:00+23:59", "0198c5f0-0000-7000-8000-00000000000e"],
        ["9999-12-31T23:59:59-23:59", "0198c5f0-0000-7000-8000-00000000000e"],
        ["2026-03-02T00:00:00+00:00", "0198c5f0-0000-7000-8000-00000000000e" + " " * 200],
    ],
)
def test_a_cursor_beyond_the_calendar_or_its_length_is_refused(place: list[str]) -> None:
    with pytest.raises(ValueError, match="not a cursor"):
        Cursor.read(written(place))


def test_a_cursor_nested_too_deeply_is_refused() -> None:
    with pytest.raises(ValueError, match="not a cursor"):
        Cursor.read(base64.urlsafe_b64encode(b"[" * 5_000).decode())


def written(place: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    ["", "x", "????", "é", "W10", "WzEsMl0", "bnVsbA", "WyIyMDI2LTAzLTAyVDAxOjMwOjA1IiwgIngiXQ",
     "WyIyMDI2LTAzLTAyVDAxOjMwOjA1IiwiMDE5OGM1ZjAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDBlIl0"],
)  # fmt: skip
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a cursor"):
        Cursor.read(text)


def test_only_canonical_ids_are_ids() -> None:
    assert is_uuid("0198c5f0-0000-7000-8000-00000000000e")
    for text in ("0198C5F0-0000-7000-8000-00000000000E", "{0198c5f0}", "x", "", "0" * 32):
        assert not is_uuid(text)
