"""The command `sails demo`: raise the stage, tell the story, check it from outside, stop."""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Annotated, Any

import requests
import typer
from rich.console import Console

from deploy.sails.demo import logins, real_market, story
from deploy.sails.demo.narrator import Storyteller
from deploy.sails.demo.stage import raised
from deploy.sails.output import FAILED, words
from deploy.sails.problem import Problem
from deploy.sails.state import DEFAULT_ROOT, REPOSITORY, StateFolder
from deploy.sails.texts import text
from services.client import NoAnswer, Refused

DEMO_ROOT = DEFAULT_ROOT / "demo"  # its own: a platform that is running is left alone
DEFAULT_SEED = 20260701
CHECK_TIMEOUT_S = 120.0
SAID_AT_MOST = 2_000  # characters of what a failed check said: the end of a traceback tells most
FILE_WIDTH = 120  # characters of a line
SETTLED = "settled"
WENT_WRONG = (
    Problem, Refused, NoAnswer, requests.RequestException, TimeoutError, PermissionError,
    threading.BrokenBarrierError,
)  # fmt: skip


class Unclean(Problem):
    """The checker found something, or the thread open; the text is its report."""


class NoReport(Problem):
    """The checker did not answer in time, or not with a report; the text is what it said."""


Data = Annotated[Path | None, typer.Option("--data", help=text("help-data"), exists=True)]
Seed = Annotated[int, typer.Option(help=text("help-seed"))]
Keep = Annotated[bool, typer.Option("--keep", help=text("help-keep"))]
State = Annotated[Path, typer.Option("--state", help=text("help-state"))]


def demo(
    data: Data = None, seed: Seed = DEFAULT_SEED, keep: Keep = False, state: State = DEMO_ROOT
) -> None:
    """Carry one deal from demand to settlement; the last line of stdout is its figures as JSON."""
    began_s = time.monotonic()
    tell = Storyteller(_console())
    folder = StateFolder(state)
    try:
        offset_s = real_market.clock_offset_s(data)
        tell.chapter("chapter-stage")
        with raised(folder, tell.step, clock_offset_s=offset_s, keep=keep) as stage:
            thread_id = story.tell_all(stage, tell, seed, data)
            tell.chapter("chapter-check")
            report = _check(folder, thread_id)
            tell.says("check-holds", checks=report["checks"])
            tell.says("logins", password=logins.PASSWORD, state=state)
            tell.says("stopping")
    except WENT_WRONG as reason:
        tell.says("failed", reason=_words(reason))
        tell.says("logs-kept", folder=folder.log)
        raise typer.Exit(FAILED) from reason
    print(_last_line(report, time.monotonic() - began_s))


def _console() -> Console:
    """A file or a pipe has no width of its own: wide enough that no name is cut."""
    width = None if sys.stdout.isatty() else FILE_WIDTH
    return Console(soft_wrap=True, highlight=False, width=width)


def _check(folder: StateFolder, thread_id: str) -> dict[str, Any]:
    """`sails check` in a process of its own: the story is not its own witness.

    The thread must be settled, and the loan of the story repaid. Raises Unclean, NoReport.
    """
    report = _report(folder, thread_id)
    if not report.get("ok") or report["thread"] != SETTLED or not report["paid_loans"]:
        raise Unclean(json.dumps(report, ensure_ascii=False, indent=1))
    return report


def _report(folder: StateFolder, thread_id: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "deploy.sails", "check", "--json"]
    asked = [*command, "--state", str(folder.root), "--thread", thread_id]
    try:
        done = subprocess.run(
            asked, cwd=REPOSITORY, capture_output=True, text=True, timeout=CHECK_TIMEOUT_S,
            check=False,
        )  # fmt: skip
        report: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired as late:
        raise NoReport(f"{late.timeout:.0f} s") from late
    except ValueError as unread:
        raise NoReport((done.stderr or done.stdout).strip()[-SAID_AT_MOST:]) from unread
    return report


def _last_line(report: dict[str, Any], took_s: float) -> str:
    """The figures of the checker; of its own the story adds only how long it took."""
    figures = report["figures"]
    return json.dumps(
        {
            "thread": report["thread"],
            "orders": figures["orders"],
            "supplies": figures["supplies"],
            "matches": figures["matches"],
            "seconds": round(took_s, 1),
            "outbox_left": figures["outbox_left"],
            "dead_letters": figures["dead_letters"],
            "ledger_sum": figures["ledger_sum"],
        }
    )


def _words(reason: BaseException) -> str:
    if isinstance(reason, Problem | PermissionError):
        return words(reason)
    return f"{type(reason).__name__}: {reason}"
