"""Tells the story on stdout: chapters, what each person does, bars for what takes a while."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.sails.demo.person import Person
from deploy.sails.demo.words import word
from deploy.sails.texts import text

Item = TypeVar("Item")
Result = TypeVar("Result")
THREADS = 8  # two cores serve about this many callers at once; more only wait


class Narrator(Protocol):
    """What a deal needs of whoever tells it."""

    def __call__(self, key: str, person: Person, **values: Any) -> None: ...


def silent(key: str, person: Person, **values: Any) -> None:
    """Tells nothing: for deals that are carried by the dozen."""


class Storyteller:
    """One voice; what it says is complete lines, in order."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def chapter(self, key: str) -> None:
        """A new part of the story begins."""
        self.console.print(f"\n[bold]{word(key)}[/bold]")

    def __call__(self, key: str, person: Person, **values: Any) -> None:
        """Somebody does something. Money of the API is written with its sign."""
        shown = {name: _shown(value) for name, value in values.items()}
        who = f"{person.organisation} {person.duty} {person.name}"
        self.console.print(f"  [cyan]{who}[/cyan] ", end="")
        self.console.print(word(key, **shown), markup=False)

    def step(self, name: str) -> None:
        """The runner begins a step."""
        self.console.print(f"  {text(f'step-{name}')}", markup=False)

    def says(self, key: str, **values: Any) -> None:
        """A sentence that nobody in particular says."""
        self.console.print(word(key, **values), markup=False)

    @contextmanager
    def bar(self, key: str, total: int) -> Iterator[Callable[[int], None]]:
        """A progress bar; the block is given what moves it on."""
        columns = (
            TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(),
            TimeElapsedColumn(),
        )  # fmt: skip
        with Progress(*columns, console=self.console) as progress:
            task = progress.add_task(word(key), total=total)
            yield lambda done: progress.advance(task, done)

    def at_once(
        self, key: str, act: Callable[[Item], Result], items: Iterable[Item]
    ) -> list[Result]:
        """Do it for all items, several at a time, with a bar. Raises the first failure."""
        waiting = list(items)
        with self.bar(key, len(waiting)) as done, ThreadPoolExecutor(THREADS) as threads:
            results = []
            for result in threads.map(act, waiting):
                results.append(result)
                done(1)
            return results


def _shown(value: Any) -> Any:
    return f"¥{float(value['amount']):,.2f}" if isinstance(value, dict) else value
