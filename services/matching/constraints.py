"""Hard constraints: exact, in code, never part of a score. Each passes, fails or is unknown.

What is not known never excludes anybody: a person sees the verdict and decides.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from services.contracts.money import format_amount
from services.contracts.notes import NOTE_LENGTH
from services.matching import grades, kinds, regions
from services.matching.sides import Offered, Wanted

PASS, FAIL, UNKNOWN = "pass", "fail", "unknown"
SHOWN_REGIONS = 10
_SAID = {True: PASS, False: FAIL, None: UNKNOWN}

Holds = bool | None  # None: unknown


class Note(NamedTuple):
    """What there is to say of a verdict: a variant of the constraint's notes, and its values."""

    variant: str
    values: tuple[str, ...] = ()


class Verdict(NamedTuple):
    """What one constraint says of a pair. Its words are in `services.contracts.notes`."""

    constraint: str
    verdict: str
    note: Note

    def to_json(self) -> dict[str, Any]:
        """As the contract writes it, and no more than it has to say."""
        said: dict[str, Any] = {"constraint": self.constraint, "verdict": self.verdict}
        if self.note.variant:
            said["note"] = self.note.variant
        if self.note.values:
            said["given"] = [value[:NOTE_LENGTH] for value in self.note.values]
        return said


class Pair:
    """A demand and a supply as they are on a day."""

    def __init__(self, wanted: Wanted, offered: Offered, today: date) -> None:
        self.wanted, self.offered, self.today = wanted, offered, today

    @cached_property
    def met(self) -> list[Holds]:
        """By required qualification; None also where the supply states nothing of its own."""
        required, held = self.wanted.requirements or (), self.offered.qualifications
        if held is None:
            return [None] * len(required)
        return [grades.meets(item, held, self.today) for item in required]

    @cached_property
    def verdicts(self) -> list[Verdict]:
        """All of them, in the order in which people read them."""
        return [_verdict(self, constraint) for constraint in CONSTRAINTS]

    @property
    def is_excluded(self) -> bool:
        return any(verdict.verdict == FAIL for verdict in self.verdicts)


class Constraint(NamedTuple):
    """A rule on a pair, and what there is to say of it."""

    name: str
    holds: Callable[[Pair], Holds]
    note: Callable[[Pair], Note]


def judge(wanted: Wanted, offered: Offered, today: date) -> list[Verdict]:
    """All verdicts on a pair, in the order in which people read them."""
    return Pair(wanted, offered, today).verdicts


def failed(verdicts: Sequence[Verdict]) -> list[str]:
    """The constraints that exclude the pair."""
    return [verdict.constraint for verdict in verdicts if verdict.verdict == FAIL]


def kind(pair: Pair) -> Holds:
    """The supply's kind answers the demand's."""
    return kinds.answers(pair.wanted.kind, pair.offered.kind)


def _kind(pair: Pair) -> Note:
    return Note("", (pair.offered.kind, pair.wanted.kind))


def counterparty(pair: Pair) -> Holds:
    """Nobody supplies to themselves."""
    return pair.offered.supplier_id != pair.wanted.buyer_id


def _counterparty(pair: Pair) -> Note:
    return Note("" if counterparty(pair) else "same")


def active(pair: Pair) -> Holds:
    """The supply is on offer."""
    return pair.offered.is_active


def _active(pair: Pair) -> Note:
    return Note("" if active(pair) else "not")


def verified(pair: Pair) -> Holds:
    """An unverified supplier may be matched; it may not sign (verification is a person's act)."""
    until = pair.offered.verified_until
    return True if until is not None and until >= pair.today else None


def _verified(pair: Pair) -> Note:
    until = pair.offered.verified_until
    if until is None:
        return Note("not")
    return Note("expired" if until < pair.today else "", (str(until),))


def region(pair: Pair) -> Holds:
    """The regions served include the demand's."""
    served = pair.offered.regions
    return None if served is None else regions.covers(served, pair.wanted.region)


def _region(pair: Pair) -> Note:
    served, wanted = pair.offered.regions, pair.wanted.region
    if served is None:
        return Note("unknown")
    return Note("", (wanted or "", "、".join(served[:SHOWN_REGIONS])))


def qualification(pair: Pair) -> Holds:
    """Every required qualification is held, valid today, at that grade or a higher one."""
    if pair.wanted.requirements is None:
        return None
    met = pair.met
    return False if False in met else None if None in met else True


def _qualification(pair: Pair) -> Note:
    if pair.wanted.requirements is None:
        return Note("unknown")
    if False in pair.met:
        return Note("lacks", (_listing(pair, False),))
    if None in pair.met:
        return Note("check", (_listing(pair, None),))
    return Note("" if pair.met else "none")


def price(pair: Pair) -> Holds:
    """The lowest price of the supply is within the budget."""
    low, budget = pair.offered.price_min_fen, pair.wanted.budget_fen
    return None if budget is None or low is None else low <= budget


def _price(pair: Pair) -> Note:
    low, budget = pair.offered.price_min_fen, pair.wanted.budget_fen
    if budget is None or low is None:
        return Note("unknown")
    return Note("", (format_amount(low), format_amount(budget)))


def capacity(pair: Pair) -> Holds:
    """One free unit at least, where capacity is declared."""
    free = pair.offered.capacity_free
    return None if free is None else free > 0


def _capacity(pair: Pair) -> Note:
    free = pair.offered.capacity_free
    return Note("unknown") if free is None else Note("", (str(free),))


def lead_time(pair: Pair) -> Holds:
    """Started on the day quotes close (today at the earliest) it is delivered in time."""
    due, days = pair.wanted.delivery_due_date, pair.offered.lead_time_days
    return None if due is None or days is None else _start(pair) + timedelta(days=days) <= due


def _lead_time(pair: Pair) -> Note:
    due, days = pair.wanted.delivery_due_date, pair.offered.lead_time_days
    if due is None or days is None:
        return Note("unknown")
    return Note("", (str(_start(pair) + timedelta(days=days)), str(due)))


def _start(pair: Pair) -> date:
    return max(pair.today, pair.wanted.quotes_until or pair.today)


def _verdict(pair: Pair, constraint: "Constraint") -> Verdict:
    return Verdict(constraint.name, _SAID[constraint.holds(pair)], constraint.note(pair))


def _listing(pair: Pair, verdict: Holds) -> str:
    """Names those requirements on which the verdict is this one."""
    each = zip(pair.wanted.requirements or (), pair.met, strict=True)
    return "、".join(f"{item.name}{item.grade or ''}" for item, one in each if one is verdict)


CONSTRAINTS = (
    Constraint("kind", kind, _kind),
    Constraint("counterparty", counterparty, _counterparty),
    Constraint("active", active, _active),
    Constraint("verified", verified, _verified),
    Constraint("region", region, _region),
    Constraint("qualification", qualification, _qualification),
    Constraint("price", price, _price),
    Constraint("capacity", capacity, _capacity),
    Constraint("lead_time", lead_time, _lead_time),
)
