"""The command `sails check`."""

from typing import Annotated

import amqp
import psycopg2
import typer
from rich.table import Table

from deploy.sails import runner
from deploy.sails.check.entry import Violation
from deploy.sails.check.report import Report, examine
from deploy.sails.control import NotRunning
from deploy.sails.lifecycle import State
from deploy.sails.output import FAILED, Json, answer, failures, table
from deploy.sails.problem import Problem
from deploy.sails.state import DEFAULT_ROOT, StateFolder
from deploy.sails.texts import language, text

PATIENCE_S = 60.0  # a busy machine drains a thousand timers and their facts well within this


class CannotCheck(Problem):
    """A database or the broker does not answer; the text is its own message."""


def check(
    as_json: Json = False,
    state: State = DEFAULT_ROOT,
    thread: Annotated[str | None, typer.Option(help=text("help-thread"))] = None,
) -> None:
    """Look whether everything that must hold holds; exit code 1 when something does not."""
    with failures(as_json):
        layout = runner.running_layout(StateFolder(state))
        if layout is None:
            raise NotRunning(str(state))
        report = _examined(layout.environment, thread)
    answer(as_json, report.to_json(), *_shown(report))
    if not report.ok:
        raise typer.Exit(FAILED)


def _examined(environment: dict[str, str], thread: str | None) -> Report:
    try:
        return examine(environment, thread, PATIENCE_S)
    except (psycopg2.Error, amqp.AMQPError, OSError) as away:
        raise CannotCheck(str(away).strip()) from away


def _shown(report: Report) -> list[str | Table]:
    rows = [[name, f"{number:,}"] for name, number in report.figures.items()]
    lines: list[str | Table] = [table(rows, "column-figure", "column-count")]
    if report.thread is not None:
        lines.append(text("thread-state", state=report.thread, left=", ".join(report.left)))
    lines.append(text("check-holds") if report.ok else text("check-broken"))
    return lines + [_line(found) for found in report.violations]


def _line(found: Violation) -> str:
    said = found.en if language() == "en" else found.zh
    more = f" … +{found.more}" if found.more else ""
    return f"✗ {found.service}: {said}\n    " + "\n    ".join(found.rows) + more
