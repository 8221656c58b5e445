"""A bank that does not go on with an accepted offer loses it, and the claim is free for another."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
import requests

from deploy.sails.demo import financing
from deploy.sails.demo.deal import Deal
from tests.e2e.scene import Scene
from tests.waiting import eventually

PATIENCE_S = 60.0  # timers, the feed and the registry, one after the other


@pytest.mark.timeout(300)
def test_the_registry_cancels_the_filing_of_a_lapsed_offer(scene: Scene) -> None:
    deal = scene.carried_to(financing.choose, number=3)
    with _banks_that_never(deal, "notify"):
        financing.choose(deal)
        filed = eventually(lambda: _positions(deal, "filed"), PATIENCE_S)
        pay_until = datetime.fromisoformat(_offer(deal)["pay_until"])
        deal.clock.reach(pay_until + timedelta(minutes=1))
        eventually(lambda: _application(deal)["state"] == "selecting", PATIENCE_S)
    assert _offer(deal)["state"] == "lapsed"
    assert [position["id"] for position in _positions(deal, "released")] == [filed[0]["id"]]
    assert [found.to_json() for found in scene.report().violations] == []


@contextmanager
def _banks_that_never(deal: Deal, operation: str) -> Iterator[None]:
    order = {"operation": operation, "mode": "never"}
    addresses = [f"http://{bank.address}/sandbox/behaviour" for bank in deal.banks]
    for address in addresses:
        requests.post(address, json=order, timeout=30).raise_for_status()
    try:
        yield
    finally:
        for address in addresses:
            requests.delete(address, timeout=30).raise_for_status()


def _positions(deal: Deal, state: str) -> list[dict[str, Any]]:
    return deal.supplier["supplier.owner"].finds("/positions", deal.thread_id, state=state)


def _application(deal: Deal) -> dict[str, Any]:
    return deal.supplier["supplier.owner"].sees(f"/applications/{deal.application['id']}")


def _offer(deal: Deal) -> dict[str, Any]:
    return deal.supplier["supplier.owner"].sees(f"/offers/{deal.offer['id']}")
