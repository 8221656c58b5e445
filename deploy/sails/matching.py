"""`sails matching`: how well matching finds suppliers, by what tenders were really awarded."""

import json
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from deploy.sails.output import Json, failures, people, progress, table
from deploy.sails.problem import Problem
from deploy.sails.samples import reading
from deploy.sails.texts import text

if TYPE_CHECKING:
    from services.matching.evaluation import Report
    from services.matching.evaluation.run import Compared, Tick

app = typer.Typer(no_args_is_help=True)
Folder = Annotated[Path, typer.Argument(metavar="DIR", help=text("help-evaluate-folder"))]
Split = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help=text("help-split"))]
WithBaseline = Annotated[bool, typer.Option("--baseline", help=text("help-baseline"))]

SHOWN_EVERY_S = 0.2  # a bar is drawn between demands, never while one is timed


class CannotEvaluate(Problem):
    """The folder has not what it should have; the text names the file, and the line if any."""


class NothingSince(Problem):
    """No tender from the split on can be judged; the text is the split."""


class NothingBefore(Problem):
    """No tender before the split teaches the baseline anything; the text is the split."""


@app.callback()
def matching() -> None:
    """A group, though it has one command only."""


@app.command("evaluate", help=text("help-evaluate"))
def evaluate(
    folder: Folder, split: Split, as_json: Json = False, with_baseline: WithBaseline = False
) -> None:
    """The last line of stdout is the figures as JSON; the baseline's are in the line before."""
    with failures(as_json), _bars(as_json) as tick:
        report = _evaluate(folder, split.date(), tick, with_baseline)
    if skipped := +report.skipped:  # nothing is left out in silence
        reasons = [f"{text(f'skip-{why}')} {count}" for why, count in skipped.items()]
        progress.print(text("evaluate-skipped", reasons="; ".join(reasons)), markup=False)
    if not as_json:
        _show(report)
    elif report.compared:
        typer.echo(json.dumps(report.compared.to_json()))
    typer.echo(json.dumps(report.figures))


def _evaluate(folder: Path, split: date, tick: "Tick", with_baseline: bool) -> "Report":
    """Raises CannotEvaluate, NothingSince, NothingBefore."""
    room = _evaluation()
    try:
        report: Report = room.evaluate(
            folder, split, reading.qualifications, tick, with_baseline=with_baseline
        )
    except room.Unreadable as unreadable:
        raise CannotEvaluate(str(unreadable)) from unreadable
    except room.NothingToJudge as nothing:
        raise NothingSince(split.isoformat()) from nothing
    except room.NothingToFit as nothing:
        raise NothingBefore(split.isoformat()) from nothing
    return report


@contextmanager
def _bars(as_json: bool) -> Iterator["Tick"]:
    """A bar on stderr for each stage; silent for programs."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    drawn = Progress(*columns, TimeElapsedColumn(), console=progress, auto_refresh=False)
    tasks: dict[str, Any] = {}
    shown_at_s = 0.0

    def tick(stage: str, done: int, total: int) -> None:
        nonlocal shown_at_s
        if stage not in tasks:
            tasks[stage] = drawn.add_task(text(f"evaluate-{stage}"))
        drawn.update(tasks[stage], completed=done, total=total)
        if time.monotonic() - shown_at_s > SHOWN_EVERY_S or done == total:
            drawn.refresh()
            shown_at_s = time.monotonic()

    if as_json:
        yield lambda stage, done, total: None
        return
    with drawn:
        yield tick


def _show(report: "Report") -> None:
    """For people."""
    sizes = {"suppliers": report.suppliers, "known": report.known, "judged": report.judged}
    people.print(text("evaluated", **sizes))
    rows = [[name, _value(figure), _interval(figure)] for name, figure in report.figures.items()]
    people.print(table(rows, "column-figure", "column-value", "column-interval"))
    if report.compared:
        people.print(_comparison(report.compared))


def _comparison(compared: "Compared") -> Table:
    rows = [
        [
            name,
            f"{_value(shown['theirs'])} {_interval(shown['theirs'])}",
            f"{shown['difference']['value']:+} {_interval(shown['difference'])}",
            text(f"verdict-{shown['verdict']}"),
        ]
        for name, shown in ((name, one.to_json()) for name, one in compared.comparisons.items())
    ]
    columns = "column-figure", "column-baseline", "column-difference", "column-verdict"
    return table(rows, *columns)


def _value(figure: Mapping[str, float] | float) -> str:
    return str(figure["value"] if isinstance(figure, Mapping) else figure)


def _interval(figure: Mapping[str, float] | float) -> str:
    return f"{figure['low']} … {figure['high']}" if isinstance(figure, Mapping) else ""


def _evaluation() -> ModuleType:
    """Imported late: a second for all of matching, which other commands need not wait for."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that eventlet is in bug-fix mode is known
        import services.matching.evaluation

        return services.matching.evaluation
