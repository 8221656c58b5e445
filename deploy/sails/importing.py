"""`sails import`: send a file of supplies over the public API, and follow it to its end."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.sails import runner
from deploy.sails.control import NotRunning
from deploy.sails.lifecycle import State
from deploy.sails.operator_key import operator_of
from deploy.sails.output import FAILED, Json, answer, failures, progress, table
from deploy.sails.problem import Problem
from deploy.sails.state import DEFAULT_ROOT, StateFolder
from deploy.sails.texts import language, text
from services.client import Client, NoAnswer, Refused

File = Annotated[Path, typer.Argument(metavar="FILE", help=text("help-import-file"))]
Key = Annotated[
    str | None, typer.Option("--key", envvar="SAILS_API_KEY", help=text("help-import-key"))
]
Url = Annotated[str | None, typer.Option("--url", help=text("help-import-url"))]

POLL_S = 0.3
STUCK_S = 120.0  # a batch takes a tenth of a second; a service that was killed is back in ten
SHOWN_ROWS = 20  # failed ones, which is what a screen has; the API has them all
MEDIA = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
    ".jsonl": "application/x-ndjson",
}
Document = dict[str, Any]
Show = Callable[[int, int], None]


class ImportRefused(Problem):
    """The platform did not take the file; the text is its reason."""


class KeyMissing(Problem):
    """Another platform's address without a key of it; the text is the address."""


class UnknownFile(Problem):
    """Neither XLSX nor CSV nor JSON Lines by its name, or not there; the text is the name."""


class ImportStuck(Problem):
    """Nothing of the file was done for long; the text is the number of the import."""


def import_file(
    file: File,
    as_json: Json = False,
    key: Key = None,
    url: Url = None,
    state: State = DEFAULT_ROOT,
) -> None:
    """With a supplier's key its own supplies, else the programme's public ones as the operator."""
    with failures(as_json), _bar(as_json) as show:
        caller, path = _caller(state, key, url)
        try:
            done = follow(caller, _send(caller, path, file), show)
            rows = _failed(caller, done["id"]) if done["failed"] else []
        except (Refused, NoAnswer) as refused:
            raise ImportRefused(str(refused)) from refused
    _tell(as_json, done, rows)
    if done["failed"] or done["rows_done"] < done["rows_total"]:
        raise typer.Exit(FAILED)


def follow(caller: Client, importing: Document, show: Show) -> Document:
    """The import when it has ended; meanwhile how much is done. Raises ImportStuck."""
    moved_at = time.monotonic()
    while importing["state"] == "running":
        show(importing["rows_done"], importing["rows_total"])
        if time.monotonic() - moved_at > STUCK_S:
            raise ImportStuck(importing["number"])
        time.sleep(POLL_S)
        known, importing = importing["sequence"], caller.get(f"/imports/{importing['id']}")
        moved_at = moved_at if importing["sequence"] == known else time.monotonic()
    show(importing["rows_done"], importing["rows_total"])
    return importing


def _caller(state: Path, key: str | None, url: str | None) -> tuple[Client, str]:
    """Who sends it, and where to. Raises KeyMissing, NotRunning."""
    if url is not None:
        if key is None:  # the operator's own platform is not the one that is meant
            raise KeyMissing(url)
        return Client(url, key), "/imports"
    folder = StateFolder(state)
    layout = runner.running_layout(folder)
    if layout is None:
        raise NotRunning(str(state))
    if key is not None:
        return Client(layout.http_url, key), "/imports"
    return operator_of(folder, layout), "/imports/public"


def _send(caller: Client, path: str, file: Path) -> Document:
    media = MEDIA.get(file.suffix.lower())
    if media is None or not file.is_file():
        raise UnknownFile(str(file))
    return caller.upload(path, file.read_bytes(), media)


def _failed(caller: Client, id: str) -> list[Document]:
    page = caller.get(f"/imports/{id}/rows", outcome="failed", limit=SHOWN_ROWS)
    items: list[Document] = page["items"]
    return items


def _tell(as_json: bool, done: Document, rows: list[Document]) -> None:
    shown = [line for row in rows for line in _wrong(row)]
    lines = [text("import-done", **done)]
    if shown:
        answer(as_json, done, *lines, table(shown, "column-row", "column-field", "column-error"))
    else:
        answer(as_json, done, *lines)


def _wrong(row: Document) -> list[list[str]]:
    """A line for each thing that is wrong with the row."""
    told, line = f"message_{language()}", str(row["line"])
    found = [[line, error["pointer"].strip("/"), error[told]] for error in row.get("errors", ())]
    return found or [[line, row["column"] or "", row[told]]]


@contextmanager
def _bar(as_json: bool) -> Iterator[Show]:
    """A bar on stderr that follows the import; silent for programs."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    drawn = Progress(*columns, TimeElapsedColumn(), console=progress, disable=as_json)
    task = drawn.add_task(text("import-running"), total=None)
    with drawn:
        yield lambda done, total: drawn.update(task, completed=done, total=total)
