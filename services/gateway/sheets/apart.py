"""A file is read, or written, by a process of its own: hostile ones take down no other.

It has no secrets, no database and no broker; when it wants more than its share it is ended.
"""

import json
import os
import subprocess
import sys
import tempfile
from typing import IO

from services.contracts.problems import Problem
from services.gateway.sheets import bounds, reading, writing
from services.gateway.sheets.refusal import Unreadable

_CHILD = "services.gateway.sheets.child"
_SCRIBE = "services.gateway.sheets.scribe"
_KEPT = ("PATH", "LANG", "LD_LIBRARY_PATH")
_TEXTS = ("csv", "jsonl")


def read(format: str, target: str, body: bytes) -> str:
    """The rows as JSON Lines.

    Raises Problem with the code of what is wrong with the file, or "unavailable".
    """
    if format in _TEXTS and len(body) <= bounds.SMALL_BYTES:
        return _read_here(format, target, body)
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer:
        given.write(body)
        given.seek(0)
        code = _run([format, target], given, answer, _CHILD, bounds.WALL_S)
        answer.seek(0)
        verdict, _, rows = answer.read().decode(errors="replace").strip().partition("\n")
    if code or not verdict:  # it has died of the file; what it has written may end anywhere
        raise Problem("file_too_much")
    if refused := json.loads(verdict):
        raise Problem(refused["code"], **refused["params"])
    return rows


def write(arguments: list[str], documents: IO[bytes], written: IO[bytes]) -> None:
    """A file of these documents, a line each; see `scribe`. Raises Problem("unavailable").

    A small one takes less time than a process to start.
    """
    if documents.seek(0, os.SEEK_END) <= bounds.SMALL_BYTES:
        documents.seek(0)
        writing.write_as(arguments, documents, written)
        return
    documents.seek(0)
    if _run(arguments, documents, written, _SCRIBE, bounds.WRITING_WALL_S):
        raise Problem("unavailable")


def _read_here(format: str, target: str, body: bytes) -> str:
    try:
        return "\n".join(reading.lines(format, target, body))
    except Unreadable as unreadable:
        raise Problem(unreadable.code, **unreadable.params) from unreadable


def _run(
    arguments: list[str],
    given: IO[bytes],
    answer: IO[bytes],
    child_module: str,
    wall_s: float,
) -> int:
    """Its exit code. Files and no pipes: nobody waits for the other to read.

    Waiting lets other requests run.
    """
    child = subprocess.Popen(
        [sys.executable, "-m", child_module, *arguments],
        stdin=given,
        stdout=answer,
        stderr=subprocess.DEVNULL,
        env=_environment(),
    )
    try:
        return child.wait(wall_s)
    except subprocess.TimeoutExpired:  # of a machine that is busy: the file has a bound of CPU
        child.kill()
        child.wait()
        raise Problem("unavailable") from None


def _environment() -> dict[str, str]:
    """Where to find itself, and nothing of what this process was told; one thread of arithmetic."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    path = os.pathsep.join(entry for entry in sys.path if entry)
    return kept | {"PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"}
