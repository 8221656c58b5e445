"""What strangers may do to a connection before anybody knows them: nothing that others feel."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from services.gateway.edge.guests import MAX_PER_SITE
from tests.processes import ServiceProcess, free_port
from tests.waiting import eventually

POST = b"POST /api/v1/parties HTTP/1.1\r\nHost: x\r\n"
NEXT = b"GET /api/v1/smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"

FORM = b"Content-Type: multipart/form-data; boundary=x\r\n"
MAIL = b"Content-Type: message/rfc822\r\n"


class Server:
    """The edge in a process; `talk` sends bytes and hears everything until it is closed."""

    def __init__(self, process: ServiceProcess, port: int) -> None:
        self.process, self.port = process, port

    def open(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def talk(self, *parts: bytes) -> bytes:
        with self.open() as opened:
            with suppress(OSError):  # it may have heard enough before we have said all
                for part in parts:
                    opened.sendall(part)
            return hear(opened)

    def peak_kb(self) -> int:
        """The most memory it has had."""
        assert self.process.popen is not None
        status = Path(f"/proc/{self.process.popen.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0])

    def is_listening(self) -> bool:
        with suppress(OSError), self.open():
            return True
        return False


def hear(opened: socket.socket) -> bytes:
    heard = b""
    with suppress(ConnectionError):
        while piece := opened.recv(65_536):
            heard += piece
    return heard


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    port = free_port()
    log: Path = tmp_path_factory.mktemp("edge") / "log"
    process = ServiceProcess(["tests.integration.gateway.edge_process", str(port)], {}, log)
    process.start()
    try:
        running = Server(process, port)
        assert eventually(running.is_listening, 60), process.tail()
        yield running
    finally:
        process.close()


def test_a_body_in_chunks_is_read_and_the_connection_kept(server: Server) -> None:
    body = b"5;name=value\r\nhello\r\n1\r\n!\r\n0\r\nTrailer: x\r\n\r\n"
    last = POST + b"Content-Length: 3\r\nConnection: close\r\n\r\nbye"
    heard = server.talk(CHUNKED + body + last)
    assert heard.count(b"HTTP/1.1 200") == 2
    assert b'"hello!"' in heard and b'"bye"' in heard


@pytest.mark.parametrize(
    "head",
    [
        b"Transfer-Encoding: gzip, chunked\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Transfer-Encoding: chunked\x0b\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        b"Transfer-Encoding : chunked\r\n",
        b"nonsense\r\nTransfer-Encoding: chunked\r\n",
        FORM + b"nonsense\r\nTransfer-Encoding: chunked\r\n",
        FORM + b"\r--x\r\nTransfer-Encoding: chunked\r\n",
        MAIL + b"nonsense\r\nTransfer-Encoding: chunked\r\n",
        MAIL + b"\rTransfer-Encoding: chunked\r\n",
        b"X: a\rTransfer-Encoding: chunked\r\n",
        b"X: a\rContent-Length: 44\r\n",
        b"X: a\r\rTransfer-Encoding: chunked\r\n",
        b"X: a\r\r\nTransfer-Encoding: chunked\r\n",
        b"X: a\x00b\r\nTransfer-Encoding: chunked\r\n",
        b"X: a\r\n Transfer-Encoding: chunked\r\n",
        b" Transfer-Encoding: chunked\r\n",
        b"From x\r\nTransfer-Encoding: chunked\r\n",
        b": x\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: +40\r\n",
        b"Content-Length: 4_0\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length: 0\r\nContent-Length: 44\r\n",
        b"Content-Length: 44\r\nContent-Length: 44\r\n",
    ],
)
def test_what_could_hide_a_second_request_ends_the_connection(server: Server, head: bytes) -> None:
    heard = server.talk(POST + head + b"\r\n", b"0\r\n\r\n", NEXT)
    assert heard.startswith(b"HTTP/1.1 400 ") and heard.count(b"HTTP/1.1") == 1
    problem = json.loads(heard.partition(b"\r\n\r\n")[2])
    assert (problem["status"], problem["instance"][:9]) == (400, "urn:uuid:")
    assert problem["code"] in ("header_invalid", "request_malformed")
    assert b"Connection: close" in heard and b"X-Request-Id: " in heard


def test_http_1_0_knows_no_chunks(server: Server) -> None:
    sent = CHUNKED.replace(b"HTTP/1.1", b"HTTP/1.0").replace(
        b"\r\n\r\n", b"\r\nConnection: keep-alive"
    )
    heard = server.talk(sent + b"\r\n\r\n0\r\n\r\n" + NEXT)
    assert heard.startswith(b"HTTP/1.1 400 ") and heard.count(b"HTTP/1.1") == 1
    assert b"Transfer-Encoding" in heard


@pytest.mark.parametrize(
    "line",
    [b"X: a\rAuthorization: Bearer KEY\r\n", b"From x\r\n", b"X: a\x00\r\n", b"X: a\r\n b\r\n"],
)
def test_what_is_no_header_to_others_is_none_here(server: Server, line: bytes) -> None:
    for head in (POST + line, POST.replace(b"Host", line + b"Host")):
        heard = server.talk(head + b"\r\n")
        assert heard.startswith(b"HTTP/1.1 400 ") and b"request_malformed" in heard


def test_a_head_that_is_cut_off_is_no_request(server: Server) -> None:
    with server.open() as opened:
        opened.sendall(POST + b"Content-Length: 4")
        opened.shutdown(socket.SHUT_WR)
        assert b"request_malformed" in hear(opened)


@pytest.mark.parametrize("kind", [FORM, MAIL, b"Content-Type: multipart/mixed\r\n"])
def test_a_body_that_is_no_json_is_for_the_api_to_refuse(server: Server, kind: bytes) -> None:
    sent = POST + b"Content-Length: 3\r\n" + kind
    heard = server.talk(sent + b"\r\n--x", sent + b"Connection: close\r\n\r\n--x")
    assert heard.count(b"HTTP/1.1 200 ") == 2 and heard.count(b'"--x"') == 2


@pytest.mark.parametrize(
    "hosts",
    [b"", b"Host: x\r\nHost: x\r\n", b"Host: a, b\r\n", b"Host: x/y\r\n", b"Host: a@b\r\n"],
)
def test_a_request_names_one_host(server: Server, hosts: bytes) -> None:
    heard = server.talk(b"GET /api/v1/parties HTTP/1.1\r\n" + hosts + b"\r\n")
    assert heard.startswith(b"HTTP/1.1 400 ") and b"Host" in heard


@pytest.mark.parametrize("host", [b"", b"x.example:8080", b"[2001:db8::1]:80", b" x "])
def test_hosts_are_written_in_many_ways(server: Server, host: bytes) -> None:
    close = b"\r\nConnection: close\r\n\r\n"
    heard = server.talk(b"GET /api/v1/parties HTTP/1.1\r\nHost:" + host + close)
    assert heard.startswith(b"HTTP/1.1 200 ")


def test_http_1_0_may_do_without_a_host(server: Server) -> None:
    assert server.talk(b"GET /api/v1/parties HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    ("target", "path"),
    [
        (b"http://x.example/api/v1/parties", "/api/v1/parties"),
        (b"HTTPS://x.example:443/api/v1/parties?limit=1", "/api/v1/parties"),
        (b"http://x.example", "/"),  # the home page
        (b"ftp://x.example/api/v1/parties", None),
    ],
)
def test_a_target_may_name_its_host(server: Server, target: bytes, path: str | None) -> None:
    heard = server.talk(b"GET " + target + b" HTTP/1.1\r\nHost: y\r\nConnection: close\r\n\r\n")
    assert heard.startswith(b"HTTP/1.1 200 " if path else b"HTTP/1.1 404 ")
    assert path is None or json.loads(heard.partition(b"\r\n\r\n")[2])["path"] == path


def test_an_empty_line_before_a_request_is_passed_over(server: Server) -> None:
    first = POST + b"Content-Length: 2\r\n\r\nhi"
    last = POST + b"Content-Length: 3\r\nConnection: close\r\n\r\nbye"
    heard = server.talk(b"\r\n" + first + b"\r\n" + last)
    assert heard.count(b"HTTP/1.1 200") == 2
    assert b'"hi"' in heard and b'"bye"' in heard


@pytest.mark.parametrize(
    "line",
    [
        b"GET /api/v1/parties",
        b"GET  /api/v1/parties HTTP/1.1",
        b"GET /api/v1/parties HTTP/1.1 ",
        b"GET /api/v1/parties\x0bHTTP/1.1",
        b"GET /api/v1/parties\rX HTTP/1.1",
        b"GET /api/v1/parties HTTP/1.01",
        b"GET /api/v1/parties HTTP/2.0",
        b"G(T /api/v1/parties HTTP/1.1",
    ],
)
def test_a_first_line_is_one_to_everybody(server: Server, line: bytes) -> None:
    heard = server.talk(line + b"\r\nHost: x\r\n\r\n")
    assert heard.startswith(b"HTTP/1.1 400 ") and b"request_malformed" in heard


def test_what_is_not_http_gets_a_problem(server: Server) -> None:
    heard = server.talk(b"<script>alert(1)</script> / x\r\n\r\n")
    assert b"application/problem+json" in heard and b"script" not in heard


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (b"GET /" + b"x" * 200_000 + b" HTTP/1.1\r\n\r\n", 414, "address_too_long"),
        (POST + b"X: " + b"x" * 200_000 + b"\r\n\r\n", 431, "headers_too_large"),
        (POST + (b"X: " + b"x" * 1_000 + b"\r\n") * 200 + b"\r\n", 431, "headers_too_large"),
        (POST + b"X: x\r\n" * 101 + b"\r\n", 431, "headers_too_large"),
    ],
)
def test_a_head_that_is_too_long_gets_a_problem(
    server: Server, sent: bytes, status: int, code: str
) -> None:
    """Which is heard although much of it was never read."""
    heard = server.talk(sent)
    assert heard.startswith(b"HTTP/1.1 %d " % status) and b"Connection: close" in heard
    assert json.loads(heard.partition(b"\r\n\r\n")[2])["code"] == code


def test_a_body_that_is_announced_too_large_is_not_asked_for(server: Server) -> None:
    heard = server.talk(POST + b"Content-Length: 100000000\r\nExpect: 100-continue\r\n\r\n")
    assert heard.startswith(b"HTTP/1.1 413 ") and b"100 Continue" not in heard


def test_large_bodies_take_no_memory(server: Server) -> None:
    before = server.peak_kb()
    for head, each in (
        (POST + b"Content-Length: 100000000\r\n\r\n", b"x" * 1_000_000),
        (CHUNKED, b"f4240\r\n" + b"x" * 1_000_000 + b"\r\n"),
    ):
        heard = server.talk(head, *[each] * 100)
        assert heard == b"" or b"body_too_large" in heard
    assert server.peak_kb() < before + 5_000


def test_half_open_connections_give_way_to_one_that_asks(server: Server) -> None:
    """From one address and more than it may have: the first of them go, the last ones stay."""
    with ExitStack() as stack:
        halves = [stack.enter_context(server.open()) for _ in range(MAX_PER_SITE + 20)]
        for half in halves:
            with suppress(OSError):
                half.sendall(b"GET /api/v1/par")
        heard = server.talk(b"GET /api/v1/parties HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert heard.startswith(b"HTTP/1.1 200 ")
        assert hear(halves[0]) == b""


@pytest.mark.parametrize(
    "body",
    [
        b"-1\r\n",
        b"+5\r\nhello\r\n0\r\n\r\n",
        b"0x5\r\nhello\r\n0\r\n\r\n",
        b"5\nhello\n0\n\n",
        b"5\r\nhello!!\r\n0\r\n\r\n",
        b"\r\n",
        b"FFFFFFFFFF\r\n",
    ],
)
def test_chunks_that_are_none_are_refused(server: Server, body: bytes) -> None:
    heard = server.talk(CHUNKED + body + NEXT)
    assert heard.startswith(b"HTTP/1.1 400 ") and heard.count(b"HTTP/1.1") == 1
    assert b"body_incomplete" in heard


@pytest.mark.parametrize("begin", [b"", b"1\r\nx\r\n0\r\n", b"1;", b"0\r\nX: "])
def test_a_line_without_an_end_takes_no_memory(server: Server, begin: bytes) -> None:
    before = server.peak_kb()
    heard = server.talk(CHUNKED + begin, *[b"9" * 1_000_000] * 100)
    assert heard == b"" or b"body_incomplete" in heard
    assert server.peak_kb() < before + 20_000


def test_trailers_are_bounded(server: Server) -> None:
    heard = server.talk(CHUNKED + b"0\r\n" + b"Trailer: x\r\n" * 100_000 + b"\r\n")
    assert heard == b"" or b"body_incomplete" in heard


def drip(opened: socket.socket, text: bytes, every_s: float = 0.2) -> tuple[float, bytes]:
    """Byte by byte, never pausing for long; after how many seconds it was over, and the answer."""
    began_s = time.monotonic()
    opened.settimeout(every_s)
    for byte in text:
        with suppress(TimeoutError):
            try:
                opened.sendall(bytes([byte]))
                heard = opened.recv(1_000)
            except ConnectionError:
                heard = b""
            return time.monotonic() - began_s, heard
    raise AssertionError("it was taken to the end")


@pytest.mark.parametrize("head", [b"", b"GET / HTTP/1.1\r\n", POST + b"X: y"])
def test_headers_have_one_time_for_all_of_them(server: Server, head: bytes) -> None:
    with server.open() as opened:
        opened.sendall(head)
        took_s, heard = drip(opened, b"x" * 100)
    assert heard == b"" and took_s < 5


def test_a_body_has_one_time_for_all_of_it(server: Server) -> None:
    for head, text in (
        (POST + b"Content-Length: 100\r\n\r\n", b"x" * 100),
        (CHUNKED, b"1\r\nx\r\n" * 20),
    ):
        with server.open() as opened:
            opened.sendall(head)
            took_s, heard = drip(opened, text)
        assert b"400" in heard and took_s < 6


def test_a_connection_may_rest_between_two_requests(server: Server) -> None:
    """Longer than the headers of one may take."""
    get = b"GET /api/v1/parties HTTP/1.1\r\nHost: x\r\n\r\n"
    with server.open() as opened:
        for _ in range(2):
            opened.sendall(get)
            assert opened.recv(65_536).startswith(b"HTTP/1.1 200")
            time.sleep(1.3)


def test_that_a_reader_has_gone_shows_before_it_is_told_anything(server: Server) -> None:
    """And one that talks on, or says nothing, is there."""
    ask = b"GET /api/v1/parties HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

    def gone() -> int:
        return int(json.loads(server.talk(ask).partition(b"\r\n\r\n")[2])["gone"])

    with server.open() as stays, server.open() as talks, server.open() as leaves:
        for each in (stays, talks, leaves):
            each.sendall(b"GET /api/v1/stream HTTP/1.1\r\nHost: x\r\n\r\n")
            assert each.recv(65_536).startswith(b"HTTP/1.1 200 ")
        talks.sendall(b"GET ")
        leaves.close()
        assert eventually(lambda: gone() == 1, 5)
        time.sleep(0.3)
        assert gone() == 1
    assert eventually(lambda: gone() == 3, 5)
