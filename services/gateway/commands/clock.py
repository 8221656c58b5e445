"""Move the demonstration clock."""

from datetime import UTC, datetime, time
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.gateway.tables import ClockSetting
from services.messaging import Transaction, adopt_offset

Arguments = dict[str, Any]

ONLY_ID = "00000000-0000-7000-8000-00000000c10c"  # there is one clock
LOCK = 0x5A11_C10C
LATEST = datetime(2100, 1, 1, tzinfo=UTC)  # of the days that the API takes; deadlines lie beyond
OPENING = time(9, tzinfo=ZoneInfo("Asia/Shanghai"))  # a day is reached when its offices open


def advance(
    actor: Actor, tx: Transaction, args: Arguments, *, allowed: bool, offset_s: int
) -> ClockSetting:
    """To 09:00 Asia/Shanghai of `to`, or to `at`; never back. `offset_s`: the present lead."""
    if not allowed:
        raise Problem("clock_not_demo")
    target = _target(args)
    if target > LATEST:
        raise Problem("clock_too_far", "/at" if args["at"] else "/to")
    tx.session.execute(select(func.pg_advisory_xact_lock(LOCK)))  # the first has no row to lock
    clock = tx.session.get(ClockSetting, ONLY_ID, with_for_update=True)
    if clock is None:
        clock = tx.new(ClockSetting, id=ONLY_ID, offset_s=offset_s)
    wanted_s = ceil((target - datetime.now(UTC)).total_seconds())
    if wanted_s < clock.offset_s:
        raise Problem("clock_backwards", "/at" if args["at"] else "/to")
    clock.offset_s = wanted_s
    tx.record(clock, "advanced")
    adopt_offset(tx.session, clock.offset_s, clock.sequence)
    return clock


def _target(args: Arguments) -> datetime:
    if (args["to"] is None) == (args["at"] is None):
        raise Problem("clock_target")
    at: datetime | None = args["at"]
    return at or datetime.combine(args["to"], OPENING)
