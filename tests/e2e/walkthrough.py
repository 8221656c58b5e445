"""A walk-through of `docs/`, typed as its reader would: one shell, one Python, block by block.

A fence's first word is its language, the second its name. `sh` and `python` are run in order; the
`json` or `text` of the same name that follows is what comes back, `…` standing for anything. With
the word `again` a block is tried until that comes; `given` is what the reader fills in for itself.
"""

import contextlib
import io
import json
import os
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from socketserver import BaseServer
from types import TracebackType
from typing import Any, Self

from tests.waiting import eventually

FENCE = re.compile(r"^```(sh|python|json|text) ([a-z-]+)( again)?\n(.*?)^```$", re.M | re.S)
GIVEN = "given"
ENDED, END = "block ended with", "end of block"
PATIENCE_S = 60.0  # of a block that is tried again, on busy cores


@dataclass(frozen=True)
class Block:
    """What is typed, and what is said to come back; `expected` None: nothing is said."""

    language: str
    name: str
    is_again: bool
    code: str
    expected: str | None


def blocks(path: Path) -> list[Block]:
    """All that is to be typed, in order. Raises AssertionError for an answer to nothing."""
    found: list[Block] = []
    for language, name, again, text in FENCE.findall(path.read_text(encoding="utf-8")):
        if language in ("sh", "python"):
            found.append(Block(language, name, bool(again), text, None))
            continue
        last = found.pop()
        assert last.name == name, f"{path.name}: an answer to {name} after {last.name}"
        found.append(Block(last.language, name, last.is_again, last.code, text))
    return [block for block in found if block.name != GIVEN]


class Reader:
    """Who follows a walk-through. `given` are the variables that it fills in."""

    def __init__(self, folder: Path, given: Mapping[str, str]) -> None:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.variables = kept | dict(given)
        self._python: dict[str, Any] = {"__name__": "walkthrough"}
        self._shell = subprocess.Popen(
            ["bash", "--norc"],
            cwd=folder,
            env=self.variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def goes_through(self, path: Path, meanwhile: Mapping[str, Callable[[], None]]) -> None:
        """Type all of it; `meanwhile` is what others do before the block of that name."""
        for block in blocks(path):
            meanwhile.get(block.name, lambda: None)()
            if block.is_again:
                eventually(lambda: self._fits(block), PATIENCE_S, f"{block.name}")  # noqa: B023
            else:
                said = self._run(block)
                expected = block.expected
                assert expected is None or comes(expected, said), f"{block.name}: {said}"

    def _fits(self, block: Block) -> bool:
        """Whatever went wrong, it may go well in a moment."""
        try:
            said = self._run(block)
        except Exception as error:
            raise AssertionError(f"{type(error).__name__}: {error}") from error
        assert block.expected is None or comes(block.expected, said), said
        return True

    def _run(self, block: Block) -> str:
        return self._types(block) if block.language == "sh" else self._runs(block)

    def _types(self, block: Block) -> str:
        """Into the shell, which keeps what was set; a command that fails at the end is told."""
        assert self._shell.stdin and self._shell.stdout
        # What the shell exports is for the Python that is started from it.
        self._shell.stdin.write(f"{block.code}\nprintf '\\n{ENDED} %s\\n' $?; env; echo {END}\n")
        self._shell.stdin.flush()
        lines: list[str] = []
        while (line := self._shell.stdout.readline()) and line.rstrip("\n") != END:
            lines.append(line)
        place = next(n for n, line in enumerate(lines) if line.startswith(ENDED))
        self.variables = dict(line.rstrip("\n").split("=", 1) for line in lines[place + 1 :])
        said = "".join(lines[:place])
        assert lines[place] == f"{ENDED} 0\n", f"{block.name} {lines[place]}{said}"
        return said

    def _runs(self, block: Block) -> str:
        """In one Python, which keeps its names and prints here."""
        printed = io.StringIO()
        with _environment(self.variables), contextlib.redirect_stdout(printed):
            exec(compile(block.code, block.name, "exec"), self._python)
        return printed.getvalue()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """What its Python has opened to listen is closed."""
        self._shell.kill()
        self._shell.communicate()
        for value in self._python.values():
            if isinstance(value, BaseServer):
                value.shutdown()
                value.server_close()


@contextlib.contextmanager
def _environment(variables: Mapping[str, str]) -> Any:
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def comes(expected: str, said: str) -> bool:
    """Whether what was said holds all that was expected: as JSON by its fields, else as text."""
    try:
        wanted = json.loads(expected)
    except ValueError:
        return _like(*("\n".join(text.strip().splitlines()) for text in (expected, said)))
    return _holds(wanted, json.loads(said))


def _holds(wanted: Any, got: Any) -> bool:
    if isinstance(wanted, dict):
        return isinstance(got, dict) and all(
            name in got and _holds(value, got[name]) for name, value in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(got, list)
            and len(got) >= len(wanted)
            and all(_holds(*pair) for pair in zip(wanted, got, strict=False))
        )
    if isinstance(wanted, str) and "…" in wanted:
        return _like(wanted, str(got))
    return bool(wanted == got)


def _like(form: str, text: str) -> bool:
    """`…` stands for anything."""
    return re.fullmatch(".*".join(map(re.escape, form.split("…"))), text, re.S) is not None
