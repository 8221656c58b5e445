"""Fair exposure: whom a demand is sent to, and why the others are not. Pure.

The interface that an allocation over many demands can take over: it is given the ranking and the
load, it answers who is sent and why the others are not.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from services.matching import exposure
from services.matching.exposure import Seen
from services.matching.ranking import Ranked

KEPT = 20  # of a ranking: the ones sent, and the next best with the reason why they were not
NOTICES_PER_DEMAND = 10  # a buyer compares some ten quotes; more only costs suppliers work
# Open notices (sent, unanswered) of one supplier: more than some fifty nobody reads, and the
# large ones would fill every list.
OPEN_NOTICES_PER_SUPPLIER = 50
# A notice that nobody has answered for a month keeps nobody from getting others: the deadline of
# its demand may be unknown, and then nothing ever ends it.
NOTICE_LIFE = timedelta(days=30)
# Of a demand's notices, those for suppliers that no list of late has shown: without them whoever
# is never seen never gets the deals by which the score would see it.
PLACES_FOR_UNSEEN = 1
# How much less than the last that the score would send such a one may have.
UNSEEN_GAP_PPM = 60_000

OVER_DEMAND_CAP = "exposure_demand_full"
OVER_SUPPLIER_CAP = "exposure_supplier_full"
SAME_SUPPLIER = "exposure_supplier_listed"
OFTEN_LISTED = "exposure_often_listed"
PLACE_KEPT = "exposure_place_kept"
BY_SCORE, BY_EXPOSURE, UNSEEN, PLANNED = "score", "exposure", "unseen", "programme"


class Candidate(NamedTuple):
    """One ranked supply of a demand."""

    supply_id: str
    supplier_id: str
    score_ppm: int = 0


def candidates(ranked: Sequence[Ranked]) -> list[Candidate]:
    """As many of a ranking as are looked at."""
    first = ranked[: exposure.LOOKED_AT]
    return [Candidate(one.supply_id, one.supplier_id, one.score_ppm) for one in first]


@dataclass(frozen=True)
class Allotment:
    """By supply id: why it is sent, and why the next best are not; both in the ranking's order."""

    sent: Mapping[str, str]
    withheld: Mapping[str, str]


def allot(
    ranking: Sequence[Candidate],
    seen: Seen,
    open_notices: Mapping[str, int],
    already_sent: Mapping[str, int],
    planned: Collection[str] = (),
) -> Allotment:
    """The notices of a demand, by the ranking (best first) and by who was seen in lists of late.

    `open_notices` and `already_sent` as `withheld` has them. `planned`: supplies whose turn it is
    before all others.
    """
    by_score = withheld(ranking, open_notices, already_sent)
    turn = exposure.in_turn(ranking, seen)
    turn.sort(key=lambda one: one.supply_id not in planned)  # which keeps all other order
    reasons = withheld(turn, open_notices, already_sent)
    let_in = {} if any(already_sent.values()) or planned else _let_in(turn, reasons, seen)
    reasons |= dict.fromkeys(let_in.values(), PLACE_KEPT)
    reasons = {id: why for id, why in reasons.items() if id not in let_in}
    looked_at = ranking[: exposure.LOOKED_AT]
    sent = [one.supply_id for one in looked_at if one.supply_id not in reasons]
    told = {one.supply_id for one in turn[:KEPT]} | {
        one.supply_id for one in looked_at if one.supply_id not in by_score
    }
    return Allotment(
        {id: _sent_for(id, by_score, let_in, planned) for id in sent},
        {
            one.supply_id: _withheld_for(reasons[one.supply_id], one.supply_id in by_score)
            for one in looked_at
            if one.supply_id in reasons and one.supply_id in told
        },
    )


def withheld(
    ranking: Iterable[Candidate],
    open_notices: Mapping[str, int],
    already_sent: Mapping[str, int],
) -> dict[str, str]:
    """Supply id → why it is not sent, for those of the ranking (best first) that are not.

    `open_notices`: open notices by supplier, over all demands. `already_sent`: live matches of
    this very demand by supplier, 0 where it declined; one notice per supplier and demand is enough.
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


def _let_in(turn: Sequence[Candidate], reasons: Mapping[str, str], seen: Seen) -> dict[str, str]:
    """Supply id of an unseen one → of the one sent that gives way to it: the last, seen before."""
    sent = [one for one in turn if one.supply_id not in reasons]
    give_way = [one for one in sent if not seen.is_unseen(one.supplier_id)]
    places = PLACES_FOR_UNSEEN - (len(sent) - len(give_way))
    least_ppm = min((one.score_ppm for one in sent), default=0) - UNSEEN_GAP_PPM
    waiting: dict[str, Candidate] = {}  # the first supply of each supplier
    for one in turn:
        is_full = reasons.get(one.supply_id) == OVER_DEMAND_CAP
        if is_full and one.score_ppm >= least_ppm and seen.is_unseen(one.supplier_id):
            waiting.setdefault(one.supplier_id, one)
    pairs = zip(list(waiting.values())[: max(places, 0)], reversed(give_way), strict=False)
    return {one.supply_id: other.supply_id for one, other in pairs}


def _sent_for(
    supply_id: str,
    by_score: Collection[str],
    let_in: Collection[str],
    planned: Collection[str],
) -> str:
    """`by_score`: whom the score alone would not have sent."""
    if supply_id in planned:
        return PLANNED
    if supply_id in let_in:
        return UNSEEN
    return BY_EXPOSURE if supply_id in by_score else BY_SCORE


def _withheld_for(reason: str, by_score_too: bool) -> str:
    """The demand is full for all; whom the score would have sent hears what is different."""
    return OFTEN_LISTED if reason == OVER_DEMAND_CAP and not by_score_too else reason
