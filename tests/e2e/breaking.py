"""Damage done behind a service's back, and undone at the end."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import psycopg2
from psycopg2.extensions import cursor

from deploy.sails.check.schema import Guard
from tests.e2e.damages import Damage
from tests.e2e.scene import Scene
from tests.processes import ServiceProcess

_KEY = """
SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)
 WHERE indrelid = %s::regclass AND indisprimary
"""


@contextmanager
def damaged(scene: Scene, damage: Damage, names: dict[str, str]) -> Iterator[None]:
    """One row is changed or gone, until the end."""
    with ExitStack() as stack:
        if damage.still:
            stack.enter_context(stopped(scene.platform.processes[damage.still]))
        asked = stack.enter_context(working(scene, damage.service))
        where = damage.where.format(**names)
        asked.execute(f"CREATE TEMP TABLE kept AS SELECT * FROM {damage.table} WHERE {where}")
        assert asked.rowcount == 1, damage
        stack.callback(_mend, asked, damage)
        _break(asked, damage)
        yield


@contextmanager
def renamed(scene: Scene, service: str, guards: Sequence[Guard]) -> Iterator[None]:
    """To the checker these guards are gone; to everybody else they are as they were."""
    with working(scene, service) as asked:
        for guard in guards:
            asked.execute(_rename(guard, guard.name, f"{guard.name}_gone"))
        try:
            yield
        finally:
            for guard in guards:
                asked.execute(_rename(guard, f"{guard.name}_gone", guard.name))


@contextmanager
def stopped(process: ServiceProcess) -> Iterator[None]:
    """It does nothing meanwhile, and goes on as if nothing had been."""
    assert process.popen is not None
    process.popen.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.popen.send_signal(signal.SIGCONT)


@contextmanager
def working(scene: Scene, service: str) -> Iterator[cursor]:
    """A session on the service's database where every statement commits."""
    url = scene.platform.world.database_url(service).replace("+psycopg2", "")
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as asked:
            yield asked
    finally:
        connection.close()


def _break(asked: cursor, damage: Damage) -> None:
    same = _same_row(asked, damage.table)
    if damage.changes:
        changes = ", ".join(f"{name} = {value}" for name, value in damage.changes.items())
        asked.execute(f"UPDATE {damage.table} SET {changes} WHERE {same}")
    else:
        asked.execute(f"DELETE FROM {damage.table} WHERE {same}")
    assert asked.rowcount == 1, damage


def _mend(asked: cursor, damage: Damage) -> None:
    if damage.changes:
        columns = ", ".join(damage.changes)
        as_kept = f"({columns}) = (SELECT {columns} FROM kept)"
        if len(damage.changes) == 1:
            as_kept = f"{columns} = (SELECT {columns} FROM kept)"
        same = _same_row(asked, damage.table)
        asked.execute(f"UPDATE {damage.table} SET {as_kept} WHERE {same}")
    else:
        asked.execute(f"INSERT INTO {damage.table} SELECT * FROM kept")


def _same_row(asked: cursor, table: str) -> str:
    """Its key is that of the row that is kept."""
    asked.execute(_KEY, [table])
    key = ", ".join(name for (name,) in asked.fetchall())
    return f"({key}) = (SELECT {key} FROM kept)"


def _rename(guard: Guard, old: str, new: str) -> str:
    if guard.kind == "CONSTRAINT":
        return f"ALTER TABLE {guard.table} RENAME CONSTRAINT {old} TO {new}"
    if guard.kind == "INDEX":
        return f"ALTER INDEX {old} RENAME TO {new}"
    return f"ALTER TRIGGER {old} ON {guard.table} RENAME TO {new}"
