"""Fair exposure: whom a demand is sent to, and who is spared because of too many open notices.

The interface that a batch allocation (an exact programme over many demands) can take over: it is
given the ranking and the load, it answers who is sent and why the others are not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

KEPT = 20  # of a ranking: the ones sent, and the next best with the reason why they were not
NOTICES_PER_DEMAND = 10  # a buyer compares some ten quotes; more only costs suppliers work
# Open notices (sent, unanswered) of one supplier: more than some fifty nobody reads, and the
# large ones would fill every list.
OPEN_NOTICES_PER_SUPPLIER = 50
# A notice that nobody has answered for a month keeps nobody from getting others: the deadline of
# its demand may be unknown, and then nothing ever ends it.
NOTICE_LIFE = timedelta(days=30)

OVER_DEMAND_CAP = "exposure_demand_full"
OVER_SUPPLIER_CAP = "exposure_supplier_full"
SAME_SUPPLIER = "exposure_supplier_listed"


@dataclass(frozen=True)
class Candidate:
    """One ranked supply of a demand."""

    supply_id: str
    supplier_id: str


def withheld(
    ranking: Sequence[Candidate],
    open_notices: Mapping[str, int],
    already_sent: Mapping[str, int],
) -> dict[str, str]:
    """Supply id → why it is not sent, for those of the ranking (best first) that are not.

    `open_notices`: open notices by supplier, over all demands. `already_sent`: live matches of
    this very demand by supplier; one notice per supplier and demand is enough.
    """
    reasons: dict[str, str] = {}
    listed = set(already_sent)
    places = NOTICES_PER_DEMAND - sum(already_sent.values())
    for candidate in ranking:
        if candidate.supplier_id in listed:
            reasons[candidate.supply_id] = SAME_SUPPLIER
        elif open_notices.get(candidate.supplier_id, 0) >= OPEN_NOTICES_PER_SUPPLIER:
            reasons[candidate.supply_id] = OVER_SUPPLIER_CAP
        elif places <= 0:
            reasons[candidate.supply_id] = OVER_DEMAND_CAP
        else:
            listed.add(candidate.supplier_id)
            places -= 1
    return reasons
