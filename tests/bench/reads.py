"""Authenticated reads of a real platform by wrk, on the same cores, with two HTTP processes."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import requests

from deploy.sails.ports import LOOPBACK
from deploy.sails.state import REPOSITORY
from services.settings import url_name
from tests.bench import wrk
from tests.bench.figures import Figure, Tell
from tests.bench.processes import LOAD, Used, using
from tests.bench.stand import Stand, stand
from tests.bench.wrk import Answered
from tests.processes import free_port
from tests.waiting import eventually

DEMANDS = 2_000
PATH = "/api/v1/demands"
KEPT = 200  # demands that are asked for in turn: more than any cache of a connection
START_S = 30.0
WANTED = "≥ 1,500"
READ, ROUTE = "bare WSGI, psycopg2, same read", "nameko's JSON route, no database"


def measure(tell: Tell) -> list[Figure]:
    """Rates, times and CPU of one document and of the first page of a list."""
    wrk.ensure(tell)
    with stand(tell, demands=DEMANDS) as platform:
        key = platform.buyers[0]["buyer.purchaser"].client.api_key
        paths = documents(platform, key)
        one, used = _asked(tell, "one", platform, key, paths)
        page, used_by_page = _asked(tell, "page", platform, key, [f"{PATH}?view=public"])
        database = platform.layout.environment[url_name("gateway")]
        with yardstick("read", database) as url:
            read = _gets(tell, "read", url, key, paths)
        with yardstick("route") as url:
            route = _gets(tell, "route", url, key, paths)
    return [
        Figure("GET one demand", one.rate, "/s", read.rate, READ, WANTED),
        Figure("GET one demand", one.rate, "/s", route.rate, ROUTE, WANTED),
        Figure("GET one demand, p99", one.p99_ms, "ms", read.p99_ms, READ),
        *_cpu("GET one demand", used, one.requests),
        Figure("GET first page of 50", page.rate, "/s", read.rate, READ),
        Figure("GET first page of 50, p99", page.p99_ms, "ms", read.p99_ms, READ),
        *_cpu("GET first page of 50", used_by_page, page.requests),
    ]


def documents(platform: Stand, key: str) -> list[str]:
    """Paths of demands that everybody may see."""
    given = {"Authorization": f"Bearer {key}"}
    url = f"{platform.url}{PATH}?view=public&limit={KEPT}"
    page = requests.get(url, headers=given, timeout=10).json()
    return [f"{PATH}/{item['id']}" for item in page["items"]]


def _asked(
    tell: Tell, name: str, platform: Stand, key: str, paths: Sequence[str]
) -> tuple[Answered, Used]:
    wrk.gets(platform.url, key, paths, wrk.WARM_S)
    with using(platform.state) as used:
        answered = wrk.gets(platform.url, key, paths)
    _say(tell, name, answered)
    tell(f"CPU ms: {used.line(answered.requests)}")
    return answered, used


def _gets(tell: Tell, name: str, url: str, key: str, paths: Sequence[str]) -> Answered:
    wrk.gets(url, key, paths, wrk.WARM_S)
    answered = wrk.gets(url, key, paths)
    _say(tell, f"yardstick {name}", answered)
    return answered


def _say(tell: Tell, name: str, answered: Answered) -> None:
    tell(f"{name}: {answered.rate:,.0f}/s, p50 {answered.p50_ms:.1f} ms, p99 {answered.p99_ms:.1f}")


def _cpu(name: str, used: Used, requests: int) -> list[Figure]:
    """Of the gateway's two processes together, and of the database."""
    spent = used.cpu_ms(requests)
    http = sum(ms for process, ms in spent.items() if process.startswith("gateway-http"))
    figures = {"gateway-http": http, "database": spent["database"], "wrk": spent[LOAD]}
    return [Figure(f"{name}, CPU of {part}", ms, "ms") for part, ms in figures.items()]


@contextmanager
def yardstick(kind: str, *arguments: str) -> Iterator[str]:
    """Two processes on one port; the answer is their address."""
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.http_yardsticks", kind, str(port), *arguments]
    url = f"http://{LOOPBACK}:{port}"
    with ExitStack() as stack:
        for _ in range(2):
            process = subprocess.Popen(command, cwd=REPOSITORY)
            stack.callback(process.wait)
            stack.callback(process.kill)
        eventually(lambda: _listen(port) == 2, START_S, f"two processes listen at {url}")
        yield url


def _listen(port: int) -> int:
    """How many sockets listen at the port."""
    listening = "0A"  # the state of proc(5)
    table = Path("/proc/net/tcp").read_text().splitlines()[1:]
    rows = [line.split() for line in table]
    return sum(row[1].endswith(f":{port:04X}") and row[3] == listening for row in rows)
