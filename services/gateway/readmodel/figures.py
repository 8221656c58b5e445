"""What the programme's page is made of, as it was counted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

# The states from which on a step's amount counts, and of which kind of thing.
AMOUNT_OF = {
    "contracted": ("contract", ("active", "completed", "terminated")),
    "accepted": ("delivery", ("accepted", "part_accepted", "deemed_conforming")),
    "confirmed": ("receivable", ("confirmed", "settled")),
    "applied": ("application", None),
    "disbursed": ("loan", ("active", "due", "part_paid", "paid", "overdue")),
    "settled": ("loan", ("paid",)),
}
BY_BUDGET = ("demand", "matched", "quoted", "awarded")  # measured by what the buyer would spend


@dataclass(frozen=True)
class Period:
    """`begins` included, `ends` not; `region`: how the park's name begins, or nothing."""

    begins: datetime
    ends: datetime
    region: str = ""
    is_all: bool = True


@dataclass(frozen=True)
class Step:
    """How many deals came to it, how many of these from the step before, and in what time."""

    count: int
    converted: int
    before: int
    budget_fen: int | None
    median_s: float | None
    p90_s: float | None


@dataclass(frozen=True)
class Group:
    """Things of one sort in one state."""

    sort: str | None
    state: str
    count: int
    amount_fen: int | None


@dataclass(frozen=True)
class Figures:
    """All that the dashboard is made of."""

    demands: list[Group]
    following: list[Group]
    supplies: list[Group]
    matches: list[Group]
    funnel: dict[str, Step]
    payables: list[Group]
    confirmations: int
    confirmations_late: int

    def amount_fen(self, step: str) -> int | None:
        """What the deals at a step are worth; None where the platform is not told."""
        if step in BY_BUDGET:
            return whole(self.funnel[step].budget_fen)
        if step not in AMOUNT_OF:
            return None
        kind, states = AMOUNT_OF[step]
        return sum(
            group.amount_fen or 0
            for group in self.following
            if group.sort == kind and (states is None or group.state in states)
        )


@dataclass(frozen=True)
class Backlog:
    """What the gateway's own process has not told yet."""

    facts: int
    oldest_s: float
    waiting: int


def whole(amount: Any) -> int | None:
    """PostgreSQL's sums are numerics."""
    return None if amount is None else int(amount)
