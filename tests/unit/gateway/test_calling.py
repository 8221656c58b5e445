"""A name is looked up once, judged, and connected to where it was found public: nowhere else."""

import socket
import threading
from collections.abc import Callable, Iterator

import pytest
import requests
from urllib3.exceptions import NewConnectionError

from services.gateway.addresses import may_be_called
from services.gateway.webhooks import calling
from services.gateway.webhooks.calling import code_of, session_for

Answers = list[list[str]]
PUBLIC, OTHER = "8.8.8.8", "223.5.5.5"


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Where a connection was begun; none comes about."""
    found: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], *_: object, **__: object) -> socket.socket:
        found.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(calling, "create_connection", connect)
    return found


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """What DNS answers, in turn; the names that were asked for."""

    def answering(*answers: list[str]) -> list[str]:
        left, asked = list(answers), []

        def look_up(host: str, port: int, *_: object, **__: object) -> list[object]:
            asked.append(host)
            addresses = left.pop(0)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

        monkeypatch.setattr(calling.socket, "getaddrinfo", look_up)
        return asked

    return answering


@pytest.fixture
def inside() -> Iterator[tuple[int, list[str]]]:
    """Somebody in the private network, who notes who connects."""
    came: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    came.append(server.accept()[1][0])
                except OSError:
                    return

        threading.Thread(target=accept, daemon=True).start()
        yield server.getsockname()[1], came


def call(url: str) -> requests.RequestException:
    with pytest.raises(requests.RequestException) as caught:
        session_for(allow_private=False).post(url, b"{}", timeout=2, allow_redirects=False)
    return caught.value


def test_the_address_that_was_judged_is_the_one_that_is_called(
    tried: list[tuple[str, int]], names: Callable[..., list[str]]
) -> None:
    """DNS that answers something else the second time is not asked a second time."""
    asked = names([PUBLIC], ["127.0.0.1"], ["10.0.0.8"])
    error = call("https://rebind.example.com:8443/")
    assert asked == ["rebind.example.com"]
    assert tried == [(PUBLIC, 8443)]
    assert code_of(error) == "not_reached"


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.8", "169.254.169.254", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1",
     "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1%eth0", "fd00::1", "0.0.0.0", "100.64.0.1"],
)  # fmt: skip
def test_a_name_of_a_private_address_gets_no_packet(
    tried: list[tuple[str, int]], names: Callable[..., list[str]], address: str
) -> None:
    names([address])
    assert code_of(call("https://looks-public.example.com/")) == "not_reached"
    assert tried == []


def test_of_several_addresses_only_public_ones_are_tried_and_few(
    tried: list[tuple[str, int]], names: Callable[..., list[str]]
) -> None:
    names(["10.0.0.8", PUBLIC, "127.0.0.1", PUBLIC, OTHER, "9.9.9.9", "1.1.1.1", "1.0.0.1"])
    call("https://many.example.com/")
    assert tried == [(one, 443) for one in (PUBLIC, OTHER, "9.9.9.9", "1.1.1.1")]


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001",
     "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "localhost"],
)  # fmt: skip
def test_nobody_inside_hears_of_it_however_its_address_is_written(
    inside: tuple[int, list[str]], host: str
) -> None:
    """What the resolver makes of it counts; had it been registered, it is not called either."""
    port, came = inside
    assert not may_be_called(f"https://{host}:{port}/", allow_private=False)
    assert code_of(call(f"http://{host}:{port}/")) == "not_reached"
    assert came == []


def test_what_was_reached_is_judged_once_more(
    monkeypatch: pytest.MonkeyPatch, names: Callable[..., list[str]], inside: tuple[int, list[str]]
) -> None:
    """Whatever a router or a resolver in between makes of it."""
    port, _ = inside
    names([PUBLIC])
    opened = socket.socket()
    opened.connect(("127.0.0.1", port))
    monkeypatch.setattr(calling, "create_connection", lambda *_, **__: opened)
    error = call("http://turned.example.com/")
    assert isinstance(error.args[0].reason, NewConnectionError) and opened.fileno() == -1


@pytest.mark.parametrize(
    "port", ["0", "65536", "-1", "99999999999999999999", "٤٤٣", "4 43", "443x", "0x1bb", "+443"]
)
def test_a_port_that_is_none_is_not_registered(port: str) -> None:
    assert not may_be_called(f"https://bank.example.com:{port}/", allow_private=False)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (requests.exceptions.SSLError("certificate of 10.0.0.8"), "tls_failed"),
        (requests.ConnectTimeout("10.0.0.8"), "timed_out"),
        (requests.ReadTimeout("10.0.0.8"), "timed_out"),
        (TimeoutError("took too long in all"), "timed_out"),
        (requests.ConnectionError("10.0.0.8 closed"), "broken_off"),
        (requests.exceptions.ChunkedEncodingError("10.0.0.8"), "not_reached"),
        (OSError("10.0.0.8"), "not_reached"),
        (ValueError("http://10.0.0.8"), "not_reached"),
    ],
)
def test_no_answer_is_told_by_a_code_and_nothing_else(error: Exception, code: str) -> None:
    assert code_of(error) == code
