"""Twenty deals at once, every service killed in the middle: all settle, nothing is amiss."""

import random
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait

import pytest

from deploy.sails.demo.carry import carry
from deploy.sails.demo.shared_clock import SharedClock
from tests.e2e.scene import Scene
from tests.waiting import eventually

DEALS = 20
PROGRAMS = ("orders", "matching", "finance", "gateway-worker", "gateway-http")
TOGETHER_S = 420.0
FIRST_CONTRACT_S = 180.0


@pytest.mark.timeout(600)
def test_twenty_threads_settle_though_every_service_is_killed_once(own_scene: Scene) -> None:
    clock = SharedClock(own_scene.stage.operator, deals=DEALS)
    deals = [own_scene.deal(number, clock) for number in range(DEALS)]
    with ThreadPoolExecutor(DEALS) as threads:
        futures = [threads.submit(carry, deal) for deal in deals]
        killer = threading.Thread(target=_kill_each_once, args=(own_scene, futures))
        killer.start()
        thread_ids = _results(futures)
        killer.join()

    report = own_scene.report()
    assert [found.to_json() for found in report.violations] == []
    assert report.figures["threads"] == report.figures["threads_settled"] == DEALS
    assert report.figures["threads_repaid"] == DEALS
    assert report.figures["loans"] == report.figures["positions"] == DEALS
    assert report.figures["dead_letters"] == report.figures["messages_waiting"] == 0
    assert report.figures["outbox_left"] == 0
    assert report.figures["ledger_sum"] == 0
    assert len(set(thread_ids)) == DEALS


def _results(futures: list[Future[str]]) -> list[str]:
    """Raises what went wrong first, not that others then gave up waiting for that deal."""
    wait(futures, TOGETHER_S)
    failures = [future.exception() for future in futures if future.exception()]
    for failure in failures:
        if not isinstance(failure, threading.BrokenBarrierError):
            raise failure
    return [future.result() for future in futures]


def _kill_each_once(scene: Scene, futures: list[Future[str]]) -> None:
    """Once the deals are well under way, one process after the other, in any order."""

    def under_way() -> bool:
        signed = scene.stage.operator.items("/contracts", view="operator", state="active")
        return any(True for _ in signed) or all(future.done() for future in futures)

    eventually(under_way, FIRST_CONTRACT_S, "the first contract is signed")
    programs = list(PROGRAMS)
    random.Random(DEALS).shuffle(programs)
    for program in programs:
        scene.platform.processes[program].restart().wait_ready()
