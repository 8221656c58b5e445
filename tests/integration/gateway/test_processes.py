"""The gateway's two kinds of process as they run: sockets, broker, relay, signals."""

import http.client
import json
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import amqp
import pytest
import requests

from deploy.sails.testbed import Testbed, World
from services.client import Client
from services.contracts.problems import Problem
from services.gateway.bootstrap import bootstrap
from services.messaging.broker import connect
from services.messaging.database import create_database_engine, create_sessionmaker
from services.messaging.topology import declare_rpc, rpc_queue
from tests.integration.gateway.receiver import Receiver
from tests.processes import ServiceProcess, free_port
from tests.waiting import eventually

STREAMS = 60


@dataclass
class Site:
    """Two HTTP processes on one port, and a worker."""

    address: str
    operator: Client
    operator_key: str
    processes: list[ServiceProcess]

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.operator_key}", "Accept-Language": "en"}

    def status(self, path: str, headers: dict[str, str]) -> int:
        """Over a connection of its own, so that either process may get it."""
        connection = http.client.HTTPConnection(*self.host_port, timeout=20)
        connection.request("GET", path, headers=headers)
        status = connection.getresponse().status
        connection.close()
        return status

    def post(self, path: str, body: Any, key: str = "") -> tuple[int, Any]:
        """Once, without a client's patience; by the operator where no other `key` is given."""
        connection = http.client.HTTPConnection(*self.host_port, timeout=20)
        own = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
        own["Authorization"] = f"Bearer {key or self.operator_key}"
        connection.request("POST", f"/api/v1{path}", json.dumps(body), self.headers | own)
        answer = connection.getresponse()
        status, document = answer.status, json.loads(answer.read())
        connection.close()
        return status, document

    def stream(self) -> "LiveStream":
        return LiveStream(self)

    @property
    def host_port(self) -> tuple[str, int]:
        host, _, port = self.address.partition(":")
        return host, int(port)


class LiveStream:
    """One reader of server-sent events over its own connection."""

    def __init__(self, site: Site) -> None:
        self._connection = http.client.HTTPConnection(*site.host_port, timeout=20)
        self._connection.request(
            "GET", "/api/v1/stream", headers=site.headers | {"Accept": "text/event-stream"}
        )
        self._answer = self._connection.getresponse()
        assert self._answer.status == 200

    def next_about(self, resource_id: str) -> dict[str, Any]:
        """The next fact about a resource."""
        while line := self._answer.readline():
            if line.startswith(b"data: "):
                item: dict[str, Any] = json.loads(line[6:])
                if item["resource_id"] == resource_id:
                    return item
        raise AssertionError("the stream ended")

    def close(self) -> None:
        self._connection.close()


@pytest.fixture(scope="module")
def world(bed: Testbed) -> Iterator[World]:
    with bed.world("gateway") as created:
        yield created


def first_key(world: World) -> str:
    """As the runner does it: once everything is up."""
    engine = create_database_engine(world.database_url("gateway"), 1)
    key = bootstrap(create_sessionmaker(engine)).key
    engine.dispose()
    assert key is not None
    return key


@pytest.fixture(scope="module")
def site(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder, address = tmp_path_factory.mktemp("gateway"), f"127.0.0.1:{free_port()}"
    environment = {
        **world.environment,
        "SAILS_HTTP_ADDRESS": address,
        "SAILS_DEMO_CLOCK": "1",
        "SAILS_WEBHOOKS_ALLOW_PRIVATE": "1",
        "SAILS_STREAMS_PER_PERSON": str(STREAMS),  # one person listens with all of them
    }
    names = {"worker": "gateway-worker", "http-1": "gateway-http", "http-2": "gateway-http"}
    processes = [
        ServiceProcess(["services", program], environment, folder / f"{name}.log", name).start()
        for name, program in names.items()
    ]
    try:
        for process in processes:
            process.wait_ready()
        key = first_key(world)
        yield Site(address, Client(f"http://{address}", key), key, processes)
    finally:
        for process in processes:
            process.close()


def test_what_is_written_is_read_at_once_and_numbered_soon(site: Site) -> None:
    party = site.operator.post("/parties", {"name": "中关村科学城", "capacities": ["buyer"]})
    assert site.operator.get(f"/parties/{party['id']}") == party

    def told() -> bool:
        items, _ = site.operator.feed(0)
        return party["id"] in [item["resource_id"] for item in items]

    assert eventually(told, 10)


def test_both_processes_forget_a_revoked_key_within_a_second(site: Site) -> None:
    operator_id = site.operator.get("/users?view=operator")["items"][0]["id"]
    issued = site.operator.post("/api-keys", {"user_id": operator_id, "name": "系统"})
    bearer = {"Authorization": f"Bearer {issued['secret']}"}
    assert {site.status("/api/v1/parties", bearer) for _ in range(20)} == {200}
    site.operator.post(f"/api-keys/{issued['id']}/revoke")
    time.sleep(1.0)  # what the platform promises
    assert {site.status("/api/v1/parties", bearer) for _ in range(40)} == {401}


class Page:
    """A browser's page; each request goes over a connection of its own, to either process."""

    def __init__(self, site: Site) -> None:
        self.site, self.token = site, ""
        self._browser = requests.Session()
        self._browser.trust_env = False
        self._browser.headers["Connection"] = "close"

    def ask(self, method: str, path: str, body: Any = None) -> requests.Response:
        origin = f"http://{self.site.address}"
        headers = {"Origin": origin, "X-CSRF-Token": self.token}
        url = f"{origin}/api/v1{path}"
        answer = self._browser.request(method, url, json=body, headers=headers, timeout=20)
        self.token = answer.json().get("csrf_token", self.token) if answer.ok else self.token
        return answer

    def statuses(self, count: int, method: str, path: str, body: Any = None) -> list[int]:
        return [self.ask(method, path, body).status_code for _ in range(count)]


def test_both_processes_know_who_is_signed_in_and_who_is_not_any_more(site: Site) -> None:
    colleague = site.operator.post("/users", {"name": "沈冰", "roles": ["operator.staff"]})["id"]
    key = site.operator.post("/api-keys", {"user_id": colleague, "name": "系统"})["secret"]
    machine = {"Authorization": f"Bearer {key}"}
    code = Client(f"http://{site.address}", key).post(f"/users/{colleague}/invite")["secret"]
    login, password = "operator@sails", "一帆风顺 Sails!"
    page, other = Page(site), Page(site)
    chosen = {"code": code, "login": login, "password": password}
    assert page.ask("POST", "/session/activate", chosen).status_code == 200
    assert other.ask("POST", "/session", {"login": login, "password": password}).status_code == 200
    for browser in (page, other):
        assert browser.statuses(20, "GET", "/users?view=operator") == [200] * 20
    assert [site.status("/api/v1/users", machine) for _ in range(20)] == [200] * 20
    new = {"old_password": password, "new_password": "顺风顺水 Sails"}
    assert page.ask("POST", "/session/password", new).status_code == 200
    time.sleep(1.0)  # what the platform promises
    assert other.statuses(20, "GET", "/users?view=operator") == [401] * 20
    assert [site.status("/api/v1/users", machine) for _ in range(20)] == [401] * 20
    assert page.statuses(20, "GET", "/users?view=operator") == [200] * 20
    assert page.ask("POST", "/session/end", {}).json() == {}
    assert page.statuses(20, "GET", "/session") == [401] * 20


def test_both_processes_count_failures_together_and_answer_others_meanwhile(site: Site) -> None:
    guess = {"login": "somebody@sails", "password": "guessed"}
    with ThreadPoolExecutor(8) as pool:
        healthy = pool.map(lambda _: site.status("/healthz", {}), range(40))
        guesses = list(pool.map(lambda _: Page(site).ask("POST", "/session", guess), range(12)))
    assert sorted(answer.status_code for answer in guesses) == [401] * 5 + [429] * 7
    assert set(healthy) == {200}


def test_fifty_identical_requests_over_both_processes(site: Site) -> None:
    key, body = str(uuid.uuid4()), {"name": "同一请求", "capacities": ["supplier"]}
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: site.operator.post("/parties", body, key=key), range(50)))
    assert len({json.dumps(answer) for answer in answers}) == 1
    found = site.operator.items("/parties", view="operator")
    assert len([party for party in found if party["name"] == "同一请求"]) == 1


def test_a_large_body_is_answered_and_the_connection_closed(site: Site) -> None:
    for chunked in (False, True):
        connection = http.client.HTTPConnection(*site.host_port, timeout=20)
        body = b'{"name": "' + b"x" * 2_000_000 + b'"}'
        sent = iter([body[:1_000_000], body[1_000_000:]]) if chunked else body
        headers = site.headers | {"Content-Type": "application/json", "Idempotency-Key": "large"}
        connection.request("POST", "/api/v1/parties", sent, headers, encode_chunked=chunked)
        answer = connection.getresponse()
        assert answer.status == 413
        assert json.loads(answer.read())["code"] == "body_too_large"
        assert answer.getheader("Connection") == "close"
        connection.close()


def test_a_small_chunked_body_is_read(site: Site) -> None:
    connection = http.client.HTTPConnection(*site.host_port, timeout=20)
    headers = site.headers | {"Content-Type": "application/json", "Idempotency-Key": "chunks"}
    chunks = iter([b'{"name": "chunks",', b' "capacities": []}'])
    connection.request("POST", "/api/v1/parties", chunks, headers, encode_chunked=True)
    assert connection.getresponse().status == 201
    connection.close()


def test_requests_that_never_end_hold_up_nobody(site: Site) -> None:
    half_open = []
    try:
        for n in range(200):
            opened = socket.create_connection(site.host_port, timeout=5)
            half = b"POST /api/v1/parties HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"
            opened.sendall(half if n % 2 else half[:30])
            half_open.append(opened)
        started_s = time.monotonic()
        assert site.operator.get("/parties")["items"]
        assert time.monotonic() - started_s < 2
        half_open[1].settimeout(20)
        assert b"400" in half_open[1].recv(200)  # it was told, and its place is free again
    finally:
        for opened in half_open:
            opened.close()


def test_streams_hold_no_worker_and_no_pooled_connection(site: Site) -> None:
    """Sixty streams, two processes of ten workers and ten connections each."""
    streams = [site.stream() for _ in range(STREAMS)]
    try:
        party = site.operator.post("/parties", {"name": "流", "capacities": ["buyer"]})
        for stream in streams:
            assert stream.next_about(party["id"])["type"] == "party.registered.v1"
        assert site.operator.get("/parties")["items"]
    finally:
        for stream in streams:
            stream.close()


def test_readers_who_have_gone_leave_their_places(site: Site) -> None:
    """Soon, although nothing was told that could not be delivered."""
    wanted = site.headers | {"Accept": "text/event-stream"}
    with ExitStack() as opened:
        for _ in range(2 * STREAMS + 1):
            connection = http.client.HTTPConnection(*site.host_port, timeout=20)
            opened.enter_context(closing(connection))
            connection.request("GET", "/api/v1/stream", headers=wanted)
            answer = opened.enter_context(closing(connection.getresponse()))
            if answer.status == 429:
                break
        assert answer.status == 429
    assert eventually(lambda: {site.status("/api/v1/stream", wanted) for _ in range(6)} == {200}, 8)


def test_a_webhook_is_delivered_by_the_worker(site: Site) -> None:
    receiver = Receiver()
    try:
        body = {"url": receiver.url, "event_types": ["party.registered.v1"]}
        receiver.secret = site.operator.post("/webhooks", body)["secret"]
        party = site.operator.post("/parties", {"name": "回调", "capacities": ["buyer"]})
        eventually(lambda: party["id"] in [c["data"]["resource_id"] for c in receiver.calls], 10)
    finally:
        receiver.close()


def test_the_clock_moves_for_both_processes(site: Site) -> None:
    to = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    offset_s = site.operator.post("/clock/advance", {"at": to})["offset_s"]
    assert {site.operator.get("/clock")["offset_s"] for _ in range(20)} == {offset_s}


def test_without_its_owner_a_command_is_unavailable_and_the_rest_goes_on(site: Site) -> None:
    """Nobody runs the other services here."""
    status, answer = site.post("/demands", {"title": "x"})
    assert (status, answer["code"]) == (403, "no_scope")
    path = f"/receivables/{uuid.uuid4()}/check"
    started_s = time.monotonic()
    status, answer = site.post(path, {})
    assert status in (503, 504) and answer["code"] in ("unavailable", "service_timeout")
    assert time.monotonic() - started_s < 10
    assert site.operator.get("/parties")["items"]


def test_slow_callers_hold_up_neither_facts_nor_replies(site: Site, world: World) -> None:
    """Readers that take nothing and commands of a dead owner; those of another one go on."""
    stopped, serving = threading.Event(), 'sails_handlers_running{handler="serve"}'

    def ask_the_dead(key: str) -> None:
        while not stopped.is_set():
            site.post(f"/receivables/{uuid.uuid4()}/check", {}, key)

    def ask_the_living(_: int) -> tuple[int, str]:
        status, answer = site.post(
            f"/supplies/{uuid.uuid4()}/reject", {"reason_code": "evidence_missing"}
        )
        return status, answer["code"]

    with ThreadPoolExecutor(12) as pool, ExitStack() as stack:
        stack.callback(stopped.set)
        stack.enter_context(owners(world, stopped, dead="finance", living="matching"))
        for _ in range(50):
            stack.enter_context(deaf_reader(site))
        for key in [site.operator_key, a_colleagues_key(site)] * 6:  # nobody has all the places
            pool.submit(ask_the_dead, key)
        http_processes = site.processes[1:]
        eventually(lambda: all(each.metric(serving) >= 3 for each in http_processes))
        stream = stack.enter_context(closing(site.stream()))
        with ThreadPoolExecutor(10) as callers:
            refused = list(callers.map(ask_the_living, range(40)))
        assert set(refused) == {(404, "not_found")}
        party = site.operator.post("/parties", {"name": "不受影响", "capacities": ["buyer"]})
        assert stream.next_about(party["id"])["type"] == "party.registered.v1"
        assert any(each.metric(serving) >= 3 for each in http_processes)  # they still wait


def a_colleagues_key(site: Site) -> str:
    """Of another of the operator's people."""
    user = site.operator.post("/users", {"name": "周迅", "roles": ["operator.staff"]})
    made = site.operator.post("/api-keys", {"user_id": user["id"], "name": "系统"})
    return str(made["secret"])


@contextmanager
def deaf_reader(site: Site) -> Iterator[None]:
    """Asks for much and takes none of it."""
    with socket.socket() as opened:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        opened.connect(site.host_port)
        opened.sendall(b"GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n")
        yield


@contextmanager
def owners(world: World, stopped: threading.Event, *, dead: str, living: str) -> Iterator[None]:
    """One that never answers, and one that knows of nothing and says so at once."""
    connection = connect(world.environment["AMQP_URI"], heartbeat_s=0)
    channel = connection.channel()
    reply = json.dumps({"problem": Problem("not_found").to_json()})

    def answer(request: amqp.Message) -> None:
        to = request.properties["reply_to"]
        about = request.properties["correlation_id"]
        channel.basic_publish(amqp.Message(reply, correlation_id=about), routing_key=to)

    def work() -> None:
        while not stopped.is_set():
            with suppress(TimeoutError):
                connection.drain_events(timeout=0.2)

    for service in (dead, living):
        declare_rpc(channel, service, True)
    consumer = channel.basic_consume(rpc_queue(living), no_ack=True, callback=answer)
    worker = threading.Thread(target=work)
    worker.start()
    try:
        yield
    finally:
        stopped.set()
        worker.join()
        channel.basic_cancel(consumer)
        for service in (dead, living):
            channel.queue_delete(rpc_queue(service))
        connection.close()


def test_a_process_says_that_it_ends_and_still_serves_for_a_while(
    site: Site, world: World, tmp_path: Path
) -> None:
    """Long enough for a balancer to look: then no one new, and what was begun is finished."""
    port, notice_s = free_port(), 1.5
    own = {"SAILS_HTTP_ADDRESS": f"127.0.0.1:{port}", "SAILS_DRAIN_NOTICE_S": str(notice_s)}
    process = ServiceProcess(["services", "gateway-http"], world.environment | own, tmp_path / "l")
    process.start().wait_ready()
    alone = Site(
        f"127.0.0.1:{port}", Client(f"http://127.0.0.1:{port}", "-"), site.operator_key, []
    )
    known, idle, late = (http.client.HTTPConnection(*alone.host_port, timeout=20) for _ in "123")
    for connection in (known, idle):
        connection.request("GET", "/healthz")
        assert connection.getresponse().read()
    body = json.dumps({"name": "最后一个", "capacities": ["buyer"]}).encode()
    headers = {"Idempotency-Key": str(uuid.uuid4()), "Content-Type": "application/json"}
    late.putrequest("POST", "/api/v1/parties")
    for name, value in (alone.headers | headers | {"Content-Length": str(len(body))}).items():
        late.putheader(name, value)
    late.endheaders(body[:-1])
    try:
        assert process.popen is not None
        process.popen.terminate()
        told_s = time.monotonic()
        eventually(lambda: process.reasons() == ["draining"])
        known.request("GET", "/readyz")
        answer = known.getresponse()
        assert (answer.status, answer.getheader("Connection")) == (503, "close")
        assert alone.status("/api/v1/parties", alone.headers) == 200
        assert time.monotonic() - told_s < notice_s
        assert idle.sock.recv(1) == b""  # it was said goodbye to, and the request in hand was not
        late.send(body[-1:])
        assert late.getresponse().status == 201
        answered_s = time.monotonic()
        assert process.popen.wait(20) == 0
        assert time.monotonic() - answered_s < 2
    finally:
        process.close()


def test_a_process_that_is_told_to_stop_finishes_and_goes(site: Site) -> None:
    """Requests all the while: each is answered, by it or by the other one."""
    stopped, failures, done = threading.Event(), [], [0]

    def ask_on() -> None:
        while not stopped.is_set():
            try:
                site.operator.get("/parties")
                done[0] += 1
            except Exception as error:  # whatever it is, the test names it
                failures.append(repr(error))

    stream, askers = site.stream(), [threading.Thread(target=ask_on) for _ in range(4)]
    for asker in askers:
        asker.start()
    try:
        process = site.processes[1]
        started_s = time.monotonic()
        assert process.stop() == 0
        assert time.monotonic() - started_s < 10  # requests under way and an interpreter's end
        process.start().wait_ready()
        before = done[0]
        eventually(lambda: done[0] > before + 20)
    finally:
        stopped.set()
        for asker in askers:
            asker.join()
        stream.close()
    assert failures == []


def test_a_file_and_the_programmes_page_come_over_the_wire_though_matching_is_away(
    site: Site,
) -> None:
    root = f"http://{site.address}/api/v1"
    with requests.Session() as session:
        session.headers.update(site.headers)
        for format in ("csv", "xlsx"):
            file = session.get(f"{root}/demands/export?format={format}", timeout=20)
            assert file.status_code == 200
            assert int(file.headers["Content-Length"]) == len(file.content) > 0
            assert file.headers["Content-Disposition"].startswith("attachment; filename=")
        began_s = time.monotonic()
        page = session.get(f"{root}/programme/dashboard", timeout=20)
        assert page.status_code == 200
        assert time.monotonic() - began_s < 5
        gini = next(one for one in page.json()["items"] if one["id"] == "exposure.gini")
        assert gini["value"] is None
        assert gini["reason"] in ("unavailable", "service_timeout")
        assert session.get(f"{root}/demands/count", timeout=20).json()["total"] == 0
