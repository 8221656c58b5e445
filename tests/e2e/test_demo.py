"""The demonstration as its user sees it: a story, an exit code, one line of figures."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.sails.demo import command, trade
from deploy.sails.proc import marked
from deploy.sails.state import DEFAULT_ROOT, REPOSITORY, StateFolder
from tests.e2e.scene import Scene

ROOT = DEFAULT_ROOT / "test-demo"
TELLING_S = 400
# What every reader of the story must find in it, in this order.
STORY = (
    "publishes", "awards", "signs contract", "accepts", "due", "enters receivable",
    "prepares", "checks and signs", "applies", "masked", "seals offer", "chooses", "registry",
    "notice", "pays out", "at maturity", "settled",
)  # fmt: skip


@pytest.mark.timeout(TELLING_S + 60)
def test_the_story_ends_settled_and_leaves_nothing_running() -> None:
    told = _tell("--state", str(ROOT))

    assert told.returncode == 0, told.stdout[-3000:] + told.stderr[-3000:]
    *story, last = told.stdout.strip().splitlines()
    figures = json.loads(last)
    assert figures.pop("seconds") > 0
    assert figures.pop("matches") > 60
    assert figures == {
        "thread": "settled", "orders": 61, "supplies": 600,
        "outbox_left": 0, "dead_letters": 0, "ledger_sum": 0,
    }  # fmt: skip
    assert _in_order(STORY, "\n".join(story)) == []
    assert marked(StateFolder(ROOT).root) == []


def test_a_problem_on_the_way_is_told_and_fails(tmp_path: Path) -> None:
    told = _tell("--state", str(ROOT), "--data", str(tmp_path))
    assert told.returncode != 0
    assert "Traceback" not in told.stdout + told.stderr
    assert marked(StateFolder(ROOT).root) == []


def test_data_are_judged_before_anything_is_started(tmp_path: Path) -> None:
    told = _tell("--state", str(ROOT), "--data", str(tmp_path))
    assert told.returncode == 1
    assert "cannot be read" in told.stdout and str(tmp_path) in told.stdout
    assert "The platform starts" not in told.stdout


@pytest.mark.parametrize(
    ("check", "said"),
    [("import time; time.sleep(60)", "1 s"), ("raise SystemExit('no such thing')", "no such thing"),
     ("print('not a report')", "not a report")],
)  # fmt: skip
def test_a_check_without_a_report_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, check: str, said: str
) -> None:
    program = tmp_path / "python"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{check}"\n')
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setattr(command, "CHECK_TIMEOUT_S", 1.0)
    with pytest.raises(command.NoReport, match=said):
        command._report(StateFolder(tmp_path), "any")


@pytest.mark.timeout(300)
def test_the_lowest_quote_wins_whoever_was_matched_best(scene: Scene) -> None:
    deal = scene.carried_to(trade.award, number=9)
    lowest = deal.bidders[0]
    deal.bidders.reverse()
    trade.award(deal)
    assert deal.supplier is lowest


def _tell(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "deploy.sails", "demo", *options],
        cwd=REPOSITORY,
        env=os.environ | {"SAILS_LANG": "en"},
        capture_output=True,
        text=True,
        timeout=TELLING_S,
        check=False,
    )


def _in_order(words: tuple[str, ...], text: str) -> list[str]:
    """The words that do not come, or come too early."""
    missing = []
    for word in words:
        _, found, rest = text.partition(word)
        if found:
            text = rest
        else:
            missing.append(word)
    return missing
