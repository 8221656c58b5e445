"""The command `sails check`."""

from typing import Annotated

import typer
from rich.table import Table

from deploy.sails import runner
from deploy.sails.check.entry import Violation
from deploy.sails.check.report import Report, examine
from deploy.sails.control import NotRunning
from deploy.sails.lifecycle import State
from deploy.sails.output import FAILED, Json, answer, failures, table
from deploy.sails.state import DEFAULT_ROOT, StateFolder
from deploy.sails.texts import language, text

PATIENCE_S = 60.0  # a busy machine drains a thousand timers and their facts well within this


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
        report = examine(layout.environment, thread, PATIENCE_S)
    answer(as_json, report.to_json(), *_shown(report))
    if not report.ok:
        raise typer.Exit(FAILED)


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
