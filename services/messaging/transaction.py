"""The one transaction of a command or a fact: lock, decide, move, write, record."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Sequence as DrawnFrom
from sqlalchemy import exists, func, inspect, select
from sqlalchemy.orm import Session

from services.contracts.actor import Actor
from services.contracts.declare import Aggregate
from services.contracts.envelope import Event
from services.contracts.problems import Problem
from services.days import shanghai_date
from services.messaging import deadlines, outbox
from services.messaging.aggregate import AggregateRow
from services.messaging.clock import Clock
from services.messaging.idempotency import Kept
from services.messaging.ids import Ids
from services.messaging.recordset import insertion, to_rows
from services.messaging.tables import number_sequence

NUMBER_ATTEMPTS = 5  # one in a thousand is taken at most, of a hundred million

Row = TypeVar("Row", bound=AggregateRow)


@dataclass(frozen=True)
class Expected:
    """The version of one aggregate that the caller has seen (If-Match)."""

    aggregate: Aggregate
    id: str
    sequence: int

    def check(self, row: AggregateRow) -> None:
        """Raises Problem("stale_version") when `row` is that aggregate and has changed since."""
        same = row.AGGREGATE is self.aggregate and row.id == self.id
        if same and row.sequence != self.sequence:
            raise Problem("stale_version", version=row.sequence)


class Transaction:
    """What a handler is given. It never commits, publishes or catches: that is done around it."""

    def __init__(
        self,
        session: Session,
        actor: Actor,
        clock: Clock,
        ids: Ids,
        *,
        received_at: datetime | None = None,
        expected: Expected | None = None,
        traceparent: str | None = None,
        read_only: bool = False,
    ) -> None:
        self.session, self.actor, self.ids = session, actor, ids
        self.events: list[Event] = []
        self._clock, self._received_at = clock, received_at
        self._expected, self._traceparent = expected, traceparent
        self._read_only = read_only
        self._numbers: dict[str, list[int]] = {}

    @cached_property
    def now(self) -> datetime:
        """Business time: when the gateway received the command, else the service's clock."""
        if self._received_at:
            return self._received_at
        with self.session.no_autoflush:  # the clock may be asked for when rows are half changed
            return self._clock.now(self.session)

    @property
    def today(self) -> date:
        """The day of `now` in Asia/Shanghai."""
        return shanghai_date(self.now)

    def new(self, table: type[Row], **columns: Any) -> Row:
        """A new aggregate in its initial state, with id and number; not yet recorded."""
        row = table(**self._identity(table) | columns)
        self.session.add(row)
        return row

    def bring_in(
        self, table: type[AggregateRow], verb: str, past: str, rows: Sequence[dict[str, Any]]
    ) -> None:
        """New aggregates, each moved by `verb` and recorded as `past`: one statement for them all.

        Each with all of its columns but those that every aggregate has; nothing of it is kept in
        the session.
        """
        if not rows:
            return
        self.draw_numbers(table, len(rows))
        state = table.LIFECYCLE.next(table.LIFECYCLE.initial, verb)
        born = [self._identity(table) | row | {"state": state, "sequence": 1} for row in rows]
        for one in born:
            self._state(table.AGGREGATE, past, one)
        self.session.execute(insertion(inspect(table).local_table), {"rows": to_rows(born)})

    def has_drawn(self, aggregate: Aggregate, number: int) -> None:
        """The next new row of it gets this number."""
        self._numbers.setdefault(aggregate.prefix, []).append(number)

    def draw_numbers(self, table: type[AggregateRow], count: int) -> None:
        """Draw the numbers of the next `count` new rows in one statement; the rest stay gaps."""
        if count:
            each = func.generate_series(1, count).table_valued()
            drawn = select(_sequence(table).next_value()).select_from(each)
            self._numbers[table.AGGREGATE.prefix] = list(self.session.scalars(drawn))[::-1]

    def load(
        self, table: type[Row], id: str | None, of: Collection[str] = (), *, lock: bool = True
    ) -> Row:
        """The row, locked until the end of the transaction.

        `of` names the columns one of which must be the actor's party; without any, and for the
        platform itself, everyone passes. Raises Problem("not_found"), Problem("stale_version").
        """
        row = self._get(table, id, lock)
        if row is None or not self._may_see(row, of):
            raise Problem("not_found")
        if self._expected is not None:
            self._expected.check(row)
        return row

    def move(self, row: AggregateRow, verb: str, past: str, reason_code: str | None = None) -> None:
        """To the state that the lifecycle says, recorded as `past`. Raises IllegalMove."""
        row.state = row.LIFECYCLE.next(row.state, verb)
        row.reason_code = reason_code
        self.record(row, past)

    def record(self, row: AggregateRow, past: str) -> None:
        """State the fact `past` with the row's whole public state; it becomes part of the reply."""
        row.sequence += 1
        row.updated_at = self.now
        self._state(row.AGGREGATE, past, row)

    def call_relay(self) -> None:
        """Have the relay number rows that were added; a fact calls it by itself."""
        outbox.wake_relay(self.session)

    def schedule(self, row: AggregateRow, verb: str, at: datetime) -> None:
        """Have the timer carry out `verb` on the row at business time `at`; replaces an earlier."""
        deadlines.schedule(self.session, row.AGGREGATE.name, row.id, verb, at)

    def schedule_unset(self, aggregate: Aggregate, verb: str, due: Mapping[str, datetime]) -> None:
        """The same for many by their ids, each at its time; one that is set stays as it is."""
        deadlines.schedule_unset(self.session, aggregate.name, verb, due)

    def unschedule(self, row: AggregateRow, verb: str) -> None:
        deadlines.unschedule(self.session, row.AGGREGATE.name, row.id, verb)

    def finish(self, kept: Kept | None = None) -> None:
        """Write what is left, the facts and the reply. Called once, by what runs the handler."""
        if not self._read_only:
            outbox.write(self.session, self.events, kept)

    def _identity(self, table: type[AggregateRow]) -> dict[str, Any]:
        """What every new aggregate has."""
        return {
            "id": self.ids.new(),
            "number": self._next_number(table),
            "state": table.LIFECYCLE.initial,
            "sequence": 0,
            "created_at": self.now,
            "updated_at": self.now,
            "reason_code": None,
            "thread_id": None,
        }

    def _state(self, aggregate: Aggregate, past: str, row: Any) -> None:
        """The fact that leaves the row, or a mapping of its columns, as it is."""
        data = aggregate.schema.dump(row)
        event = Event(
            id=self.ids.new(),
            type=aggregate.event(past).name,
            subject=data["id"],
            sequence=data["sequence"],
            occurred_at=self._clock.real().isoformat(),
            business_date=self.today.isoformat(),
            actor_party=self.actor.party_id,
            actor_user=self.actor.user_id,
            thread_id=data.get("thread_id"),
            traceparent=self._traceparent,
            data=data,
        )
        self.events.append(event)

    def _get(self, table: type[Row], id: str | None, lock: bool) -> Row | None:
        key = _canonical(id)
        if key is None:
            return None
        locked = lock and not self._read_only
        return self.session.get(
            table, key, with_for_update=locked or None, populate_existing=locked
        )

    def _may_see(self, row: AggregateRow, of: Collection[str]) -> bool:
        if not of or self.actor.is_system:
            return True
        return self.actor.party_id in {getattr(row, column) for column in of}

    def _next_number(self, table: type[AggregateRow]) -> str:
        prefix = table.AGGREGATE.prefix
        if not table.AGGREGATE.is_counted:
            return self._free_number(table)
        drawn = self._numbers.get(prefix)
        count = drawn.pop() if drawn else self.session.scalar(_sequence(table))
        return f"QF-{prefix}-{self.today.year}-{count:06d}"

    def _free_number(self, table: type[AggregateRow]) -> str:
        """One that nothing has. Two that draw the same at once: the index refuses the second."""
        for _ in range(NUMBER_ATTEMPTS):
            number = f"QF-{table.AGGREGATE.prefix}-{self.today.year}-{self.ids.digits(8)}"
            if not self.session.scalar(select(exists().where(table.number == number))):
                return number
        raise RuntimeError(f"no number of {table.AGGREGATE.name} is free")


def _sequence(table: type[AggregateRow]) -> DrawnFrom:
    return DrawnFrom(number_sequence(table.AGGREGATE.prefix))


def _canonical(id: str | None) -> str | None:
    """The id as the database writes it; None for what is no UUID, hence no id of ours."""
    try:
        return str(UUID(id))
    except (ValueError, TypeError, AttributeError):
        return None
