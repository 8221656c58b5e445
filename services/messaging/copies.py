"""What a service keeps of other services' things: each one's newest state, however facts came.

A copy is behind while facts are on their way. A refusal that such a delay may explain is said as
such (`heard`): what a caller has been shown, the caller can use.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Protocol

from sqlalchemy import Table, TextClause, Uuid, inspect, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, sessionmaker

from services.contracts.declare import Aggregate
from services.contracts.envelope import Event
from services.contracts.problems import Problem
from services.lifecycle import IllegalMove
from services.messaging.aggregate import AggregateRow
from services.messaging.recordset import recordset, to_rows
from services.messaging.transaction import Transaction

Seen = Mapping[str, Mapping[str, int]]  # kind -> id -> the sequence that the caller was shown


class CopyRow:
    """A mixin for the table of copies of `AGGREGATE`: identity, version, and what is needed of it.

    `IS_COMPLETE` is False where the service does not follow every fact of the aggregate: a copy
    that exists then counts as heard of.
    """

    AGGREGATE: ClassVar[Aggregate]
    IS_COMPLETE: ClassVar[bool] = True

    id: Mapped[str] = mapped_column(Uuid(as_uuid=False), primary_key=True)
    sequence: Mapped[int]


class Keep(Protocol):
    """A projection into a table of copies."""

    def __call__(self, tx: Transaction, events: Sequence[Event]) -> None: ...


def keeper(table: type[CopyRow], **derived: Callable[[Event], Any]) -> Keep:
    """A projection that upserts where the sequence is greater.

    Columns are filled from the fact's state by their names, `derived` ones from the fact itself.
    No more of the state is read than is kept: most of a match is its explanation.
    """
    names = [column.name for column in _table(table).columns]
    declared = table.AGGREGATE.schema.fields.keys()
    stated = table.AGGREGATE.state(only=(declared & names) - derived.keys())
    upsert = _upsert(_table(table))

    def keep(tx: Transaction, events: Sequence[Event]) -> None:
        newest = {event.subject: event for event in sorted(events, key=lambda e: e.sequence)}
        rows = [row(event) for _, event in sorted(newest.items())]  # one lock order for all
        tx.session.execute(upsert, {"rows": to_rows(rows)})

    def row(event: Event) -> dict[str, Any]:
        values = stated.load(event.data)
        values |= {name: derive(event) for name, derive in derived.items()}
        values |= {"id": event.subject, "sequence": event.sequence}
        return {name: values.get(name) for name in names}

    return keep


def _upsert(table: Table) -> TextClause:
    names = [column.name for column in table.columns]
    newer = ", ".join(f"{name} = excluded.{name}" for name in names if name != "id")
    return text(
        f"""
        INSERT INTO {table.name} ({", ".join(names)})
        SELECT * FROM {recordset(table.columns.values())}
        ON CONFLICT (id) DO UPDATE SET {newer} WHERE {table.name}.sequence < excluded.sequence
        """  # noqa: S608  the names are our own
    )


@contextmanager
def heard(sessions: sessionmaker[Session], owned: Aggregate, seen: Seen) -> Iterator[None]:
    """Inside, a refusal is final only if the owner of `owned` knew all of `seen` before.

    Else it raises Problem("not_heard_yet"): nothing has changed, and soon it may be otherwise.
    """
    behind = bool(seen) and _is_behind(sessions, owned, seen)
    try:
        yield
    except (Problem, IllegalMove) as refusal:
        if behind:
            raise Problem("not_heard_yet") from refusal
        raise


def _is_behind(sessions: sessionmaker[Session], owned: Aggregate, seen: Seen) -> bool:
    with sessions() as session:
        return any(
            _lags(session, table, seen[table.AGGREGATE.name])
            for table in _copies_beside(owned)
            if table.AGGREGATE.name in seen
        )


def _copies_beside(owned: Aggregate) -> list[type[CopyRow]]:
    """The tables of copies in the database of the service that owns this aggregate."""
    owners = [row for row in AggregateRow.__subclasses__() if row.AGGREGATE is owned]
    home = {row.metadata for row in owners}  # type: ignore[attr-defined]
    return [copy for copy in CopyRow.__subclasses__() if copy.metadata in home]  # type: ignore[attr-defined]


def _lags(session: Session, table: type[CopyRow], seen: Mapping[str, int]) -> bool:
    columns = _table(table).c
    rows = session.execute(select(columns.id, columns.sequence).where(columns.id.in_(seen)))
    known = {row.id: row.sequence for row in rows}
    if not table.IS_COMPLETE:
        return not known.keys() >= seen.keys()
    return any(known.get(id, 0) < sequence for id, sequence in seen.items())


def _table(copy: type[CopyRow]) -> Table:
    table = inspect(copy).local_table
    assert isinstance(table, Table)  # noqa: S101
    return table
