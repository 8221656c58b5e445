"""The demonstration as its user sees it: a story, an exit code, one line of figures."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.sails.proc import marked
from deploy.sails.state import DEFAULT_ROOT, REPOSITORY, StateFolder

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
