"""The feed is worked through in order, survives faults and restarts, and forged webhooks."""

import json
import sqlite3
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook
from werkzeug.test import Client as WsgiClient

from deploy.sandbox.behaviour import Behaviours, Fault
from deploy.sandbox.follower import Follower
from deploy.sandbox.settings import Settings
from deploy.sandbox.site import Site
from deploy.sandbox.store import Store
from services.client import Client, Patience, Refused
from tests.unit.sandbox.scripted import Answer, ok, problem, serving

SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
QUICK = Patience(0.2, 0.01, 0.02)
WAIT_S = 10.0


def page(*positions: int, then: int) -> Answer:
    items = [{"position": n, "type": "x.y.v1", "kind": "x", "id": str(n)} for n in positions]
    return ok({"items": items, "next": then})


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def follow(
    url: str, store: Store, handle: Callable[[dict[str, Any]], None], done: Callable[[], bool]
) -> None:
    follower = Follower(Client(url, "k", patience=QUICK), store, handle)
    follower.start()
    try:
        until(done)
    finally:
        follower.stop()
        follower.join()


def test_facts_come_in_order_and_the_place_is_kept(tmp_path: Path) -> None:
    store, seen = Store(tmp_path / "s"), []
    script = {"GET /feed": [page(1, 2, then=2), page(5, then=7), page(then=7)]}
    with serving(script) as platform:
        follow(platform.url, store, lambda item: seen.append(item["position"]),
               lambda: store.position() == 7)  # fmt: skip
    assert seen == [1, 2, 5]


def test_a_fault_is_tried_again_and_a_refusal_passed_over(tmp_path: Path) -> None:
    store, tries = Store(tmp_path / "s"), []

    def handle(item: dict[str, Any]) -> None:
        tries.append(item["position"])
        if tries == [1]:
            raise Fault("once")
        if item["position"] == 2:
            raise Refused(409, {"code": "illegal_move"})

    script = {"GET /feed": [page(1, 2, 3, then=3), page(1, 2, 3, then=3), page(then=3)]}
    with serving(script) as platform:
        follow(platform.url, store, handle, lambda: store.position() == 3)
    assert tries == [1, 1, 2, 3]


@pytest.mark.parametrize("error", [KeyError("document"), sqlite3.OperationalError("locked")])
def test_an_error_of_its_own_does_not_end_it(tmp_path: Path, error: Exception) -> None:
    store, tries = Store(tmp_path / "s"), []

    def handle(item: dict[str, Any]) -> None:
        tries.append(item["position"])
        if len(tries) == 1:
            raise error

    with serving({"GET /feed": [page(1, then=1), page(1, then=1), page(then=1)]}) as platform:
        follow(platform.url, store, handle, lambda: store.position() == 1)
    assert tries == [1, 1]


def test_a_restarted_sandbox_goes_on_where_it_stopped(tmp_path: Path) -> None:
    Store(tmp_path / "s").keep_position(42)
    store, reached = Store(tmp_path / "s"), threading.Event()
    with serving({"GET /feed": [page(43, then=43), page(then=43)]}) as platform:
        follow(platform.url, store, lambda item: reached.set(), reached.is_set)
    assert store.position() == 43


def test_who_was_away_too_long_goes_on_where_the_feed_is_whole(tmp_path: Path) -> None:
    store, seen = Store(tmp_path / "s"), []
    gone = 410, {"code": "feed_forgotten", "detail": "410", "resume_after": 40}, {}
    with serving({"GET /feed": [gone, page(41, then=41), page(then=41)]}) as platform:
        follow(platform.url, store, lambda item: seen.append(item["position"]),
               lambda: store.position() == 41)  # fmt: skip
    assert seen == [41]


def test_who_is_ahead_of_a_restored_platform_goes_back(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    store.keep_position(90)
    ahead = 410, {"code": "feed_ahead", "detail": "410", "resume_after": 40}, {}
    with serving({"GET /feed": [ahead, page(then=40)]}) as platform:
        follow(platform.url, store, lambda item: None, lambda: store.position() == 40)


def test_an_api_that_is_away_is_waited_for(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    script = {"GET /feed": [problem(500, "internal")] * 2 + [page(1, then=1), page(then=1)]}
    with serving(script) as platform:
        follow(platform.url, store, lambda item: None, lambda: store.position() == 1)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    own = Settings("Bank A", "http://127.0.0.1:1", "p", "k", SECRET, "127.0.0.1", 0, tmp_path)
    follower = Follower(Client(own.api_url, "k"), Store(tmp_path / "s"), lambda item: None)
    return Site(own, follower, Behaviours(("pay",)), {})


def test_a_signed_webhook_wakes_and_a_forged_one_does_not(site: Site) -> None:
    caller, now, body = WsgiClient(site), datetime.now(UTC), json.dumps({"type": "x"})
    headers = {
        "webhook-id": "m1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(SECRET).sign("m1", now, body),
    }
    assert caller.post("/webhooks", data=body, headers=headers).status_code == 200
    assert caller.post("/webhooks", data=body + " ", headers=headers).status_code == 401


def test_behaviour_is_set_shown_and_cleared_over_http(site: Site) -> None:
    caller = WsgiClient(site)
    order = {"operation": "pay", "mode": "twice", "times": 1}
    shown = caller.post("/sandbox/behaviour", json=order).get_json()
    assert shown == {"pay": {"mode": "twice", "times": 1, "seconds": 0.0}}
    assert caller.delete("/sandbox/behaviour").get_json()["pay"]["mode"] == "normal"


@pytest.mark.parametrize(
    ("body", "status"), [(b"{", 400), (b"[]", 400), (b'{"operation": "rob"}', 422)]
)
def test_bad_orders_are_refused(site: Site, body: bytes, status: int) -> None:
    assert WsgiClient(site).post("/sandbox/behaviour", data=body).status_code == status


def test_it_is_ready_only_once_the_feed_was_reached(site: Site) -> None:
    caller = WsgiClient(site)
    assert caller.get("/healthz").status_code == 200
    assert caller.get("/readyz").status_code == 503
    assert caller.get("/elsewhere").status_code == 404
