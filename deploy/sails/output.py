"""How commands speak: words and tables for people, or one line of JSON (`--json`)."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from deploy.sails.problem import Problem
from deploy.sails.runner import Step
from deploy.sails.texts import text

FAILED = 1
people = Console(soft_wrap=True, highlight=False)
progress = Console(stderr=True, soft_wrap=True, highlight=False)

Json = Annotated[bool, typer.Option("--json", help=text("help-json"))]


def answer(as_json: bool, facts: dict[str, Any], *lines: str | Table) -> None:
    """The result of a command: `facts` for programs, `lines` for people."""
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False))
        return
    for line in lines:
        people.print(line, markup=False) if isinstance(line, str) else people.print(line)


def table(rows: list[list[str]], *columns: str) -> Table:
    """A table with translated headings (keys of the catalogue); cells are shown as they are."""
    drawn = Table(*(text(column) for column in columns))
    for row in rows:
        drawn.add_row(*map(escape, row))
    return drawn


@contextmanager
def steps(as_json: bool) -> Iterator[Step]:
    """Shows each step on stderr while it runs; silent for programs."""
    with progress.status("") as shown:

        def step(name: str) -> None:
            if not as_json:
                shown.update(text(f"step-{name}"))
                if not progress.is_terminal:
                    progress.print(text(f"step-{name}"))

        yield step


def words(problem: BaseException) -> str:
    """What is told about an expected failure."""
    if isinstance(problem, PermissionError):  # another user's state folder, most often
        return text("PermissionError", detail=problem.filename or problem)
    return text(type(problem).__name__, detail=problem)


@contextmanager
def failures(as_json: bool) -> Iterator[None]:
    """An expected failure becomes a message (or JSON) and exit code 1, never a traceback."""
    try:
        yield
    except (Problem, TimeoutError, PermissionError) as problem:
        name, message = type(problem).__name__, words(problem)
        if as_json:
            typer.echo(json.dumps({"error": name, "message": message}, ensure_ascii=False))
        else:
            progress.print(message, markup=False, style="red")
        raise typer.Exit(FAILED) from problem
