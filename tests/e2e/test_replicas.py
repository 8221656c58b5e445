"""Two of every service: the same order, one relay and one timer, indexes that agree, no loss."""

import json
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from deploy.sails.demo.imports import bring_in
from tests.bench.replicas import apart_s, behind_s, index_folder, stated_after, watching
from tests.e2e.twins import LONG, QUIET_S, RELAY, SETTINGS, SHORT, TIMER, Twins, people_the
from tests.integration.gateway.receiver import Receiver
from tests.waiting import eventually

AMENDERS, AMENDMENTS = 4, 5
DUE = 8
SUPPLIES = 10
POSTERS = 2
OVERTAKEN = """
    SELECT earlier.kind, earlier.resource_id FROM feed AS earlier
    JOIN feed AS later USING (audience, kind, resource_id)
    WHERE later.position > earlier.position AND later.sequence < earlier.sequence
"""
PAUSE_S = 0.3  # of a poster: what is killed must find work, and not an endless backlog
# With the database whose relay it has, if it has one.
PROGRAMS = {
    "orders": "orders", "matching": "matching", "finance": "finance",
    "gateway-worker": "gateway", "gateway-http": None,
}  # fmt: skip
TIMED = ("orders", "matching", "finance")


@pytest.fixture(scope="module")
def twins(platform) -> Twins:
    return people_the(platform(replicas=2, **SETTINGS))


@pytest.fixture
def receiver():
    opened = Receiver()
    yield opened
    opened.close()


def at_once(times: int, task: Callable[[int], None]) -> None:
    """In as many threads; raises what any of them raises."""
    with ThreadPoolExecutor(times) as threads:
        list(threads.map(task, range(times)))


def test_concurrent_amendments_are_told_in_their_order(twins: Twins, receiver: Receiver) -> None:
    """By the read model, the feed, and webhooks of whichever of two workers; each once."""
    purchaser = twins.buyer["buyer.purchaser"]
    receiver.secret = purchaser.does("/webhooks", {"url": receiver.url})["secret"]
    id = twins.draft()["id"]
    seen: list[int] = []
    ended = threading.Event()

    def look() -> None:
        while not ended.is_set():
            seen.append(twins.buyer["buyer.maker"].sees(f"/demands/{id}")["sequence"])

    looking = threading.Thread(target=look)
    looking.start()
    try:
        at_once(AMENDERS, lambda who: [
            twins.amend(purchaser.client, id, f"{who}-{number}") for number in range(AMENDMENTS)
        ])  # fmt: skip
    finally:
        ended.set()
        looking.join()
    last = purchaser.sees(f"/demands/{id}")["sequence"]
    assert last == 1 + AMENDERS * AMENDMENTS
    assert seen == sorted(seen)
    told = eventually(lambda: _all_told(twins, id, last), QUIET_S)
    assert [item["sequence"] for item in told] == list(range(1, last + 1))
    about = [item["id"] for item in told]
    eventually(lambda: set(about) <= set(receiver.told), QUIET_S)
    assert [fact for fact in receiver.told if fact in about] == about


def _all_told(twins: Twins, id: str, count: int) -> list[dict] | None:
    told = twins.told(twins.buyer["buyer.purchaser"].client, id)
    return told if len(told) >= count else None


def test_both_indexes_have_every_supply(twins: Twins) -> None:
    """How soon is measured by `make bench BENCH=replicas`; here that it comes to the same."""
    folders = {
        name: index_folder(twins.platform.folders[name], str(number))
        for number, name in enumerate(twins.pair("matching"), 1)
    }
    environment = twins.platform.world.environment
    with watching(folders) as watch:
        before = max(watch.positions().values())
        for number, (_, body) in enumerate(twins.sample.supplies[:SUPPLIES]):
            row = {"supplier_id": twins.supplier.id, "source_ref": f"twin-{number}"}
            bring_in(twins.operator, "/supplies/import", [body | row])
        stated = eventually(lambda: _all_stated(environment, before))
        eventually(lambda: set(watch.positions().values()) == {max(stated)})
    apart, behind = apart_s(watch, folders, stated), behind_s(watch, folders, stated)
    assert len(apart) == len(behind) == SUPPLIES
    print(json.dumps({"apart_ms": round(max(apart) * 1e3), "behind_ms": round(max(behind) * 1e3)}))


def _all_stated(environment: dict[str, str], before: int) -> dict[int, float] | None:
    stated = stated_after(environment, before)
    return stated if len(stated) == SUPPLIES else None


@pytest.mark.timeout(300)
def test_the_leading_one_of_each_is_killed_under_load_and_nothing_is_lost_or_doubled(
    twins: Twins,
) -> None:
    """Whose relay publishes and whose timer meets deadlines; just then some are due."""
    purchaser = twins.buyer["buyer.purchaser"]
    due = [_published(twins, number, SHORT) for number in range(DUE)]
    published: list[str] = []
    ended = threading.Event()

    def post() -> None:
        while not ended.is_set():
            published.append(_published(twins, len(published), LONG))
            ended.wait(PAUSE_S)

    posters = [threading.Thread(target=post) for _ in range(POSTERS)]
    for poster in posters:
        poster.start()
    try:
        twins.clock.reach(twins.clock.now() + SHORT)
        for program, service in PROGRAMS.items():
            _kill_the_leading_one(twins, program, service, published)
        eventually(lambda: {purchaser.sees(f"/demands/{id}")["state"] for id in due}
                   == {"unsuccessful"}, QUIET_S)  # fmt: skip
    finally:
        ended.set()
        for poster in posters:
            poster.join()

    report = twins.report()
    assert [found.to_json() for found in report.violations] == []
    assert report.figures["dead_letters"] == report.figures["outbox_left"] == 0
    facts = Counter(twins.rows("orders", "SELECT type, envelope->>'subject' FROM outbox"))
    for id in due + published:
        assert facts["demand.published.v1", id] == facts["demand.created.v1", id] == 1
    assert {facts["demand.unsuccessful.v1", id] for id in due} == {1}
    assert twins.rows("gateway", OVERTAKEN) == []
    for id in published:
        assert purchaser.sees(f"/demands/{id}")["state"] == "published"


def _published(twins: Twins, number: int, open_for: timedelta) -> str:
    purchaser, id = twins.buyer["buyer.purchaser"], twins.draft(number, open_for)["id"]
    purchaser.does(f"/demands/{id}/publish")
    return id


def _kill_the_leading_one(
    twins: Twins, program: str, service: str | None, published: list[str]
) -> None:
    """The other one takes over, what is posted from now on is told, and the killed one is back."""
    pair = twins.pair(program)
    [leading] = eventually(lambda: twins.holders(program, service, RELAY)) if service else pair[:1]
    [heir] = set(pair) - {leading}
    position = twins.newest()
    twins.platform.processes[leading].kill()
    known = len(published) + POSTERS  # whoever posts now may have begun before
    if service:
        eventually(lambda: twins.holders(program, service, RELAY) == [heir])
    if service in TIMED:
        eventually(lambda: twins.holders(program, service, TIMER) == [heir])
    eventually(lambda: len(published) > known, QUIET_S)
    maker = twins.buyer["buyer.maker"].client
    eventually(lambda: twins.told(maker, published[known], position), QUIET_S)
    twins.platform.processes[leading].start().wait_ready()
