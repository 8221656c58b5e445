"""Bars for what takes its time, and the room of matching that measures, loaded late."""

import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING, Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.sails.output import progress
from deploy.sails.texts import text

if TYPE_CHECKING:
    from services.matching.evaluation.run import Tick

SHOWN_EVERY_S = 0.2  # a bar is drawn between demands, never while one is timed


@contextmanager
def bars(as_json: bool) -> Iterator["Tick"]:
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


def evaluation() -> ModuleType:
    """Imported late: a second for all of matching, which other commands need not wait for."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that eventlet is in bug-fix mode is known
        import services.matching.evaluation

        return services.matching.evaluation
