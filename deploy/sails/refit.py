"""`sails matching fit`: new weights from what became of earlier tenders, in the order of time."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.sails.bars import bars, evaluation
from deploy.sails.figures import comparison
from deploy.sails.output import Json, failures, people, progress
from deploy.sails.problem import Problem
from deploy.sails.samples import reading
from deploy.sails.texts import text

if TYPE_CHECKING:
    from services.matching.evaluation import Refit
    from services.matching.evaluation.run import Tick

Folder = Annotated[Path, typer.Argument(metavar="DIR", help=text("help-evaluate-folder"))]
Until = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help=text("help-until"))]
Write = Annotated[bool, typer.Option("--write", help=text("help-write"))]


class CannotEvaluate(Problem):
    """The folder has not what it should have; the text names the file, and the line if any."""


class NothingBefore(Problem):
    """No tender before the day teaches anything; the text is the day."""


def fit(folder: Folder, until: Until, as_json: Json = False, write: Write = False) -> None:
    """Print the new weights as an entry of `weights.yaml`; stdout has nothing else."""
    with failures(as_json), bars(as_json) as tick:
        found = _refit(folder, until.date(), tick)
    if write:
        _append(found.entry)
    if as_json:
        compared = {name: one.to_json() for name, one in found.compared.items()}
        sizes = {"fitted": found.fitted, "judged": found.judged}
        named = {"version": found.weights.version, "weights_ppm": dict(found.weights.weights_ppm)}
        typer.echo(json.dumps(named | sizes | {"compared": compared, "written": write}))
        return
    progress.print(text("fitted", fitted=found.fitted, judged=found.judged))
    if found.compared:
        progress.print(comparison(found.compared, "column-present"))
    people.print(found.entry, markup=False, end="")


def _refit(folder: Path, until: date, tick: "Tick") -> "Refit":
    """Raises CannotEvaluate, NothingBefore."""
    room = evaluation()
    try:
        found: Refit = room.refit(folder, until, reading.qualifications, tick)
    except room.Unreadable as unreadable:
        raise CannotEvaluate(str(unreadable)) from unreadable
    except room.NothingToFit as nothing:
        raise NothingBefore(until.isoformat()) from nothing
    return found


def _append(entry: str) -> None:
    """Weights in use are the newest entry: processes take it when they start."""
    from services.matching import scoring

    written = scoring.WEIGHTS.read_text("utf-8")
    scoring.WEIGHTS.write_text(f"{written.rstrip()}\n{entry}", "utf-8")
