"""What people wait for with a full programme: lists, the dashboard, first paint, others' changes.

20,000 supplies and 2,000 demands come in by imports; of 5,000 applications with all that leads to
them a dozen are carried by their people and the others are copies of these in the read model, from
which alone lists are answered (`tests.bench.deals`). Twenty users are twenty connections that ask
again at once, without ever reading what they got: a person who reads asks a hundredth of it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from os import getloadavg
from urllib.parse import quote, unquote

from deploy.sails.demo.deal import Deal
from deploy.sails.demo.shared_clock import SharedClock
from deploy.sails.demo.stage import SETTINGS
from deploy.sails.samples import Sample, generate
from services.client import Client
from services.settings import url_name
from tests.bench import deals, windows, wrk
from tests.bench.deals import lender
from tests.bench.figures import Figure, Tell
from tests.bench.pages import BANK, BUYER, OPERATOR, SUPPLIER
from tests.bench.processes import using
from tests.bench.reads import READ, documents, yardstick
from tests.bench.stand import SEED, Stand, load, stand

SUPPLIES, DEMANDS, APPLICATIONS = 20_000, 2_000, 5_000
SELLERS = 1_000
FIRST_SUPPLIES = SELLERS  # one of each, while the deals are carried: their timers do not wait long
USERS = 20
WARM_S, RUN_S = 1, 3
API = "/api/v1"
LISTED, COUNTED = "≤ 100", "≤ 150"
DASHBOARD = f"{API}/programme/dashboard"
THREAD = re.compile(r"thread_id=[0-9a-f-]+")
TIMES = 20  # that one asks for the same


@dataclass(frozen=True)
class Role:
    """Somebody with a key, and the lists that its pages open."""

    name: str
    key: str
    paths: tuple[str, ...]


def measure(tell: Tell) -> list[Figure]:
    """Milliseconds: p95 of every list, of the dashboard and the portfolio; then what is seen."""
    wrk.ensure(tell)
    with stand(
        tell, supplies=FIRST_SUPPLIES, sellers=SELLERS, demo_clock=True, settings=SETTINGS
    ) as platform:
        carried = deals.carry(tell, platform)
        load(tell, platform, _more(platform))
        deals.multiply(tell, platform, carried, APPLICATIONS)
        return [*_answered(tell, platform, carried), *windows.measure(tell, platform, carried)]


def _more(platform: Stand) -> Sample:
    """What is not there yet, by the day to which the deals have moved the clock."""
    today = SharedClock(platform.operator).today()
    more = SUPPLIES - FIRST_SUPPLIES
    return generate(SEED, today, demands=DEMANDS, supplies=more, sellers=SELLERS)


def _answered(tell: Tell, platform: Stand, carried: list[Deal]) -> Iterable[Figure]:
    roles = _roles(platform, carried[0])
    database = platform.layout.environment[url_name("gateway")]
    buyer, operator = roles[0], roles[-1]
    with yardstick("read", database) as url:
        read_ms = _p95_ms(tell, platform, buyer.key, documents(platform, buyer.key), url)
    beside = {"beside": read_ms, "yardstick": f"{READ}, p95"}
    for role in roles:
        for path in role.paths:
            p95_ms = _p95_ms(tell, platform, role.key, [f"{API}{path}"])
            yield Figure(f"{role.name}: {_said(path)}, p95", p95_ms, "ms", wanted=LISTED, **beside)
    for name, times_ms in _alone(platform, carried[0]):
        p95_ms = sorted(times_ms)[TIMES * 95 // 100]
        tell(f"{name}: p95 {p95_ms:.0f} ms {_load()}")
        yield Figure(f"{name}, 1 user, p95", p95_ms, "ms", wanted=COUNTED)
    p95_ms = _p95_ms(tell, platform, operator.key, [DASHBOARD])
    yield Figure(f"dashboard, {USERS} users, p95", p95_ms, "ms", wanted=COUNTED, **beside)


def _alone(platform: Stand, deal: Deal) -> Iterable[tuple[str, list[float]]]:
    """The dashboard for periods that nobody has asked for, and for one again and again.

    A portfolio is one bank's, and no more than two are counted at once by each process.
    """
    today = SharedClock(platform.operator).today()
    days = [(today - timedelta(days=365 + number)).isoformat() for number in range(TIMES)]
    for name, given in (("dashboard, counted anew", days), ("dashboard, kept", days[-1:] * TIMES)):
        yield name, [windows.took_ms(partial(_counted, platform.operator, day)) for day in given]
    read = partial(lender(deal)["bank.maker"].client.get, "/portfolio")
    yield "portfolio", [windows.took_ms(read) for _ in range(TIMES)]


def _counted(operator: Client, day: str) -> None:
    operator.get("/programme/dashboard", **{"from": day})


def _roles(platform: Stand, deal: Deal) -> list[Role]:
    """Of one deal."""
    words = {
        "thread": deal.thread_id,
        "title": quote(deal.demand["title"][:4]),
        "number": deal.application["number"],
        "buyer": quote(deal.buyer.name[:4]),
    }
    keys = (
        ("buyer", deal.buyer["buyer.purchaser"].client.api_key, BUYER),
        ("supplier", deal.supplier["supplier.owner"].client.api_key, SUPPLIER),
        ("bank", lender(deal)["bank.maker"].client.api_key, BANK),
        ("operator", platform.operator.api_key, OPERATOR),
    )
    return [
        Role(name, key, tuple(path.format(**words) for path in paths)) for name, key, paths in keys
    ]


def _p95_ms(tell: Tell, platform: Stand, key: str, paths: list[str], url: str = "") -> float:
    """Of the platform, or of what is at `url`."""
    at = url or platform.url
    wrk.gets(at, key, paths, WARM_S, USERS)
    with using(platform.state) as used:
        found = wrk.gets(at, key, paths, RUN_S, USERS)
    tell(f"{_said(paths[0])}: p95 {found.p95_ms:.0f} ms, {found.rate:.0f}/s {_load()}")
    tell(f"    CPU ms: {used.line(found.requests)}")
    return found.p95_ms


def _said(path: str) -> str:
    """A path as a table shows it."""
    return THREAD.sub("thread_id=…", unquote(path.removeprefix(API)))


def _load() -> str:
    """What else the machine does."""
    return f"(load {getloadavg()[0]:.1f})"
