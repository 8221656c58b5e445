"""`sails matching`: how well it finds suppliers, new weights for it, and scores made anew."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.sails import refit, replay
from deploy.sails.bars import bars, evaluation
from deploy.sails.figures import comparison, interval, value
from deploy.sails.output import Json, failures, people, progress, table
from deploy.sails.problem import Problem
from deploy.sails.refit import CannotEvaluate, NothingBefore
from deploy.sails.samples import reading
from deploy.sails.texts import text

if TYPE_CHECKING:
    from services.matching.evaluation import Report
    from services.matching.evaluation.run import Tick

app = typer.Typer(no_args_is_help=True)
app.command("replay", help=text("help-replay"))(replay.replay)
app.command("fit", help=text("help-fit"))(refit.fit)
Folder = Annotated[Path, typer.Argument(metavar="DIR", help=text("help-evaluate-folder"))]
Split = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help=text("help-split"))]
WithBaseline = Annotated[bool, typer.Option("--baseline", help=text("help-baseline"))]


class NothingSince(Problem):
    """No tender from the split on can be judged; the text is the split."""


@app.command("evaluate", help=text("help-evaluate"))
def evaluate(
    folder: Folder, split: Split, as_json: Json = False, with_baseline: WithBaseline = False
) -> None:
    """The last line of stdout is the figures as JSON; the baseline's are in the line before."""
    with failures(as_json), bars(as_json) as tick:
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
    room = evaluation()
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


def _show(report: "Report") -> None:
    """For people."""
    sizes = {"suppliers": report.suppliers, "known": report.known, "judged": report.judged}
    people.print(text("evaluated", **sizes))
    rows = [[name, value(figure), interval(figure)] for name, figure in report.figures.items()]
    people.print(table(rows, "column-figure", "column-value", "column-interval"))
    if report.compared:
        people.print(comparison(report.compared.comparisons, "column-baseline"))
