"""`sails clock`: show and advance the demonstration clock, over the public API."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.sails import runner
from deploy.sails.control import NotRunning
from deploy.sails.lifecycle import State
from deploy.sails.operator_key import operator_of
from deploy.sails.output import Json, answer, failures
from deploy.sails.problem import Problem
from deploy.sails.state import DEFAULT_ROOT, StateFolder
from deploy.sails.texts import text
from services.client import Client, NoAnswer, Refused

app = typer.Typer(no_args_is_help=True)
Until = Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help=text("help-to"))]


class ClockRefused(Problem):
    """The platform did not move its clock; the text is its reason."""


@app.command("show", help=text("help-clock-show"))
def show(as_json: Json = False, state: State = DEFAULT_ROOT) -> None:
    """Business time, by which deadlines are judged."""
    with failures(as_json):
        moment = _call(state, lambda operator: operator.get("/clock"))
    answer(as_json, moment, text("clock-now", now=moment["now"], today=moment["today"]))


@app.command("advance", help=text("help-clock-advance"))
def advance(to: Until, as_json: Json = False, state: State = DEFAULT_ROOT) -> None:
    """Move business time to 09:00 in Shanghai of a day; never back."""
    day = to.date().isoformat()
    with failures(as_json):
        _call(state, lambda operator: operator.post("/clock/advance", {"to": day}))
    answer(as_json, {"today": day}, text("clock-advanced", day=day))


def _call(state: Path, act: Callable[[Client], dict[str, Any]]) -> dict[str, Any]:
    """As the operator of the running platform. Raises NotRunning, ClockRefused."""
    folder = StateFolder(state)
    layout = runner.running_layout(folder)
    if layout is None:
        raise NotRunning(str(state))
    try:
        return act(operator_of(folder, layout))
    except (Refused, NoAnswer) as refused:
        raise ClockRefused(str(refused)) from refused
