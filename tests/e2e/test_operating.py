"""`sails` on a running platform: the checker, the clock, the dead letters."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import amqp
import pytest

from deploy.sails import runner
from deploy.sails.processes import Layout
from deploy.sails.state import DEFAULT_ROOT, REPOSITORY, StateFolder
from services.messaging.broker import connect
from tests.waiting import eventually

ROOT = DEFAULT_ROOT / "test-operating"
COMMAND_S = 100.0
QUEUE, SERVICE = "orders.keep_parties", "orders"


@pytest.fixture(scope="module")
def layout() -> Iterator[Layout]:
    state = StateFolder(ROOT)
    runner.stop(state, wipe=True)
    started, _ = runner.start(state, demo_clock=True)
    yield started
    runner.stop(state, wipe=True)


@pytest.mark.timeout(300)
def test_the_clock_is_shown_and_advanced_but_never_back(layout: Layout) -> None:
    _, shown = _sails("clock", "show")
    day = date.fromisoformat(shown["today"]) + timedelta(days=40)
    assert _sails("clock", "advance", "--to", day.isoformat())[0] == 0
    assert _sails("clock", "show")[1]["today"] == day.isoformat()

    code, refusal = _sails("clock", "advance", "--to", "2001-01-01")
    assert (code, refusal["error"]) == (1, "ClockRefused")


@pytest.mark.timeout(300)
def test_a_dead_letter_is_counted_shown_replayed_and_dropped(layout: Layout) -> None:
    assert _sails("check")[1]["ok"]
    with connect(layout.environment["AMQP_URI"], heartbeat_s=0) as connection:
        poison = amqp.Message(b"not a fact", message_id="poison-1")
        connection.channel().basic_publish(poison, "", QUEUE)
    eventually(lambda: _dead() == 1, why="the poison is given up")

    code, report = _sails("check")
    assert (code, report["figures"]["dead_letters"]) == (1, 1)
    assert [found["check"] for found in report["violations"]] == ["no_dead_letters"]
    [letter] = _sails("dlq", "show", SERVICE)[1]["items"]
    assert (letter["queue"], letter["body"]) == (QUEUE, "not a fact")

    assert _sails("dlq", "replay", SERVICE, "--id", letter["id"]) == (0, {"count": 1, "skipped": 0})
    eventually(lambda: _dead() == 1, why="it is poison still")
    assert _sails("dlq", "drop", SERVICE) == (0, {"count": 1})
    assert _dead() == 0
    assert _sails("check")[1]["ok"]


def test_what_is_not_there_is_said(layout: Layout) -> None:
    assert _sails("dlq", "show", "nobody")[1]["error"] == "NoSuchService"
    assert _sails("dlq", "show", SERVICE, "--id", "x")[1]["error"] == "NoSuchLetter"
    assert _sails("dlq", "drop", SERVICE, "--id", "x") == (1, {"count": 0})


def test_without_a_platform_it_says_so() -> None:
    nowhere = str(DEFAULT_ROOT / "test-nowhere")
    for command in (["check"], ["clock", "show"], ["dlq", "list"]):
        code, answer = _sails(*command, state=nowhere)
        assert (code, answer["error"]) == (1, "NotRunning")


def _dead() -> int:
    return int(_sails("dlq", "list")[1][SERVICE])


def _sails(*command: str, state: str = str(ROOT)) -> tuple[int, dict[str, Any]]:
    """Exit code and the one line of JSON."""
    done = subprocess.run(
        [sys.executable, "-m", "deploy.sails", *command, "--json", "--state", state],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
        timeout=COMMAND_S,
        check=False,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return done.returncode, answer
