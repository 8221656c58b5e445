"""Hard constraints: exact, in code, never part of a score. Each passes, fails or is unknown.

What is not known never excludes anybody: a person sees the verdict and decides.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

from services.matching import facets, kinds, regions, remarks
from services.matching.meeting import Meeting
from services.matching.sides import Offered, Wanted
from services.matching.verdicts import FAIL, SAID, Holds, Note, Verdict


class Pair(Meeting):
    """A demand and a supply as they are on a day, with all verdicts."""

    @cached_property
    def verdicts(self) -> list[Verdict]:
        """Those that concern the pair, in the order in which people read them."""
        return [one.verdict(self) for one in CONSTRAINTS if one.concerns(self)]

    @property
    def is_excluded(self) -> bool:
        return any(verdict.verdict == FAIL for verdict in self.verdicts)


def _always(_: Meeting) -> bool:
    return True


class Constraint(NamedTuple):
    """A rule on a pair, what there is to say of it, and whether there is anything to say."""

    name: str
    holds: Callable[[Meeting], Holds]
    note: Callable[[Meeting], Note]
    concerns: Callable[[Meeting], bool] = _always

    def verdict(self, pair: Meeting) -> Verdict:
        return Verdict(self.name, SAID[self.holds(pair)], self.note(pair))


def judge(wanted: Wanted, offered: Offered, today: date) -> list[Verdict]:
    """All verdicts on a pair, in the order in which people read them."""
    return Pair(wanted, offered, today).verdicts


def failed(verdicts: Sequence[Verdict]) -> list[str]:
    """The constraints that exclude the pair."""
    return [verdict.constraint for verdict in verdicts if verdict.verdict == FAIL]


def kind(pair: Meeting) -> Holds:
    """The supply's kind answers the demand's."""
    return kinds.answers(pair.wanted.kind, pair.offered.kind)


def counterparty(pair: Meeting) -> Holds:
    """Nobody supplies to themselves."""
    return pair.offered.supplier_id != pair.wanted.buyer_id


def active(pair: Meeting) -> Holds:
    """The supply is on offer."""
    return pair.offered.is_active


def verified(pair: Meeting) -> Holds:
    """An unverified supplier may be matched; it may not sign (verification is a person's act)."""
    until = pair.offered.verified_until
    return True if until is not None and until >= pair.today else None


def region(pair: Meeting) -> Holds:
    """The regions served include the demand's."""
    served = pair.offered.regions
    return None if served is None else regions.covers(served, pair.wanted.region)


def qualification(pair: Meeting) -> Holds:
    """Every required qualification is held, valid today, at that grade or a higher one."""
    if pair.wanted.requirements is None:
        return None
    met = pair.met
    return False if False in met else None if None in met else True


def price(pair: Meeting) -> Holds:
    """The lowest price of the supply is within the budget."""
    low, budget = pair.offered.price_min_fen, pair.wanted.budget_fen
    return None if budget is None or low is None else low <= budget


def capacity(pair: Meeting) -> Holds:
    """One free unit at least, where capacity is declared."""
    free = pair.offered.capacity_free
    return None if free is None else free > 0


def lead_time(pair: Meeting) -> Holds:
    """Started on the day quotes close (today at the earliest) it is delivered in time."""
    due, ready = pair.wanted.delivery_due_date, pair.ready_on
    return None if due is None or ready is None else ready <= due


def required_facets(pair: Meeting) -> Holds:
    """It shares a value of every hard facet that the demand states."""
    return facets.required(pair.facets_met)


def preferences(pair: Meeting) -> Holds:
    """It shares a value of all the others, too; whoever does not is excluded by none of them."""
    return facets.preferred(pair.facets_met)


def _asks(pair: Meeting) -> bool:
    return facets.states(pair.wanted.facets, is_hard=True)


def _prefers(pair: Meeting) -> bool:
    return facets.states(pair.wanted.facets, is_hard=False)


CONSTRAINTS = (
    Constraint("kind", kind, remarks.on_kind),
    Constraint("counterparty", counterparty, remarks.on_counterparty),
    Constraint("active", active, remarks.on_active),
    Constraint("verified", verified, remarks.on_verified),
    Constraint("region", region, remarks.on_region),
    Constraint("qualification", qualification, remarks.on_qualification),
    Constraint("price", price, remarks.on_price),
    Constraint("capacity", capacity, remarks.on_capacity),
    Constraint("lead_time", lead_time, remarks.on_lead_time),
    Constraint("facets", required_facets, remarks.on_facets, _asks),
    Constraint("preferences", preferences, remarks.on_preferences, _prefers),
)
