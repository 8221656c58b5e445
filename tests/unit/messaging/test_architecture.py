"""Promises that a reader can only trust if nothing breaks them unnoticed."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SERVICES = Path(__file__).parents[3] / "services"
MESSAGING = SERVICES / "messaging"
SERVICE_FOLDERS = [SERVICES / name for name in ("orders", "matching", "finance", "gateway")]
MAX_FILE, MAX_FUNCTION = 300, 50


def sources(*folders: Path) -> Iterator[tuple[Path, str]]:
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            yield path, path.read_text("utf-8")


def with_match(pattern: str, *folders: Path) -> set[str]:
    return {path.name for path, text in sources(*folders) if re.search(pattern, text)}


def test_only_the_relay_publishes_facts():
    assert with_match(r"\b(carried|to_message)\(", SERVICES) == {"envelope.py", "relay.py"}
    assert with_match(r"basic_publish|\.publish\(", *SERVICE_FOLDERS) == set()


def test_only_what_runs_a_handler_begins_or_ends_its_transaction():
    assert with_match(r"\b(session|tx|connection)\.(commit|rollback)\(", SERVICES) == set()
    began = with_match(r"sessionmaker\.begin\(", MESSAGING)
    assert began == {"execution.py", "transactions.py"}


def commands_of(folder: Path) -> list[Path]:
    return [path for path in (folder / "commands", folder / "commands.py") if path.exists()]


@pytest.mark.parametrize("folder", SERVICE_FOLDERS, ids=lambda folder: folder.name)
def test_a_command_does_no_input_or_output_but_the_database(folder):
    """A transaction holds locks: a slow stranger must not decide how long."""
    forbidden = {
        "requests",
        "kombu",
        "amqp",
        "nameko",
        "eventlet",
        "socket",
        "subprocess",
        "urllib",
    }
    for place in commands_of(folder):
        files = [place] if place.is_file() else sorted(place.rglob("*.py"))
        for path in files:
            assert not forbidden & imported(path), path


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_nameko_and_eventlet_stay_where_processes_are_made():
    allowed = {"messaging", "observability", "gateway"}
    users = {
        path.relative_to(SERVICES).parts[0]
        for path, _ in sources(SERVICES)
        if {"nameko", "eventlet"} & imported(path)
    }
    assert users <= allowed | {"__main__.py", "process.py"}


def test_no_error_is_swallowed_in_silence():
    for path, text in sources(MESSAGING, SERVICES / "observability"):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ExceptHandler):
                assert not all(isinstance(each, ast.Pass) for each in node.body), path


def test_files_and_functions_stay_small():
    for path, text in sources(MESSAGING, SERVICES / "observability"):
        assert text.count("\n") <= MAX_FILE, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < MAX_FUNCTION, (path, node.name)
