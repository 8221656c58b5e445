"""Tells the story on stdout: chapters, what each person does, bars for what takes a while."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.sails.demo.person import Person
from deploy.sails.demo.words import word
from deploy.sails.texts import text

Item = TypeVar("Item")
Result = TypeVar("Result")
WHO_CELLS = 44  # columns of the longest organisation of the sample with its person
THREADS = 8  # two cores serve about this many callers at once; more only wait


class Narrator(Protocol):
    """What a deal needs of whoever tells it."""

    def __call__(self, key: str, person: Person | None, **values: Any) -> None: ...


def silent(key: str, person: Person | None, **values: Any) -> None:
    """Tells nothing: for deals that are carried by the dozen."""


class Storyteller:
    """One voice; what it says is complete lines, in order."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._chapters = 0

    def chapter(self, key: str) -> None:
        """A new part of the story begins; parts are numbered as they come."""
        self._chapters += 1
        number = word("numerals")[self._chapters - 1]
        heading = word("chapter", number=number, title=word(key))
        self.console.print(f"\n[bold]{heading}[/bold]")

    def __call__(self, key: str, person: Person | None, **values: Any) -> None:
        """Somebody does something, or the platform by itself. Money is written with its sign."""
        shown = {name: _shown(value) for name, value in values.items()}
        who = set_cell_size(_who(person), max(WHO_CELLS, cell_len(_who(person))))
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


def _who(person: Person | None) -> str:
    if person is None:
        return word("system")
    return f"{person.organisation} {person.duty} {person.name}"


def _shown(value: Any) -> Any:
    return f"¥{float(value['amount']):,.2f}" if isinstance(value, dict) else value
