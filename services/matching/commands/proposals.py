"""A demand is open: the supplies that answer it best are told, once each, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from services.contracts.envelope import Event
from services.matching import admission, allocation, candidates, copies, finding, metrics
from services.matching.allocation import Allotment
from services.matching.commands import again, matches, notices
from services.matching.explanation import Explained, Judged
from services.matching.lifecycle import MATCH, WAITING
from services.matching.ranking import Ranking
from services.matching.retrieval import Retrieval
from services.matching.sides import Wanted
from services.matching.tables import DemandCopy, Match
from services.messaging import Transaction


@dataclass(frozen=True)
class Opening:
    """An open demand, and its matches so far by supply.

    `mark`: the fact that opened it; quotes made before it are of an earlier round. None where it
    is only ranked again, because supplies are new or a place is free: nothing has opened, quotes
    count as they did, and whoever was told before is left alone, but for those whose supply was
    not to be had meanwhile.
    """

    demand: DemandCopy
    wanted: Wanted
    known: dict[str, Match]
    mark: str | None

    @property
    def is_again(self) -> bool:
        return self.mark is None

    def may_be_sent(self, supply_id: str) -> bool:
        match = self.known.get(supply_id)
        if match is None or self.is_again:
            return match is None or match.state == "withdrawn"
        return MATCH.allows(match.state, "send")


def propose(retrieval: Retrieval, tx: Transaction, event: Event) -> None:
    """Rank the supplies for the demand and send to the best, as many as exposure allows.

    Repeated, reopened or amended: matches that exist are kept and explained as they are now; one
    that the amended demand excludes is withdrawn; those that ended with the demand are sent again.
    Quotes made before it opened again count no more, however late their facts come.
    """
    demand = copies.note_demand(tx, event)
    if not admission.is_in_hall(tx, demand):
        return
    opening = Opening(demand, candidates.wanted(demand), _known(tx, demand), event.id)
    _end_earlier_quotes(tx, opening, event.id)
    _tell(retrieval, tx, opening)


def propose_again(retrieval: Retrieval, tx: Transaction, demand_id: str) -> None:
    """Rank once more for a demand that is still open and has room: for a supply that has come, or
    because somebody left.
    """
    demand = copies.demand(tx, demand_id)
    if not admission.is_in_hall(tx, demand):
        return
    demand.ranked_again_at = tx.now
    known = _known(tx, demand)
    if sum(notices.live(known.values()).values()) < allocation.NOTICES_PER_DEMAND:
        wanted = candidates.wanted(demand)
        _tell(retrieval, tx, Opening(demand, wanted, known, mark=None))


def _tell(retrieval: Retrieval, tx: Transaction, opening: Opening) -> None:
    """Rank, bring the matches that wait in line, send, and note whom the demand has told."""
    took = metrics.RANK_AGAIN_SECONDS if opening.is_again else metrics.RANK_SECONDS
    with took.time():
        found, explained = _rank(retrieval, tx, opening)
    waiting = [match for match in opening.known.values() if match.state in WAITING]
    shown = candidates.shown(tx.session, [match.supply_id for match in waiting], tx.today)
    judged = explained.judged(shown)
    if not opening.is_again:
        _withdraw_excluded(tx, waiting, judged)
    free = [one for one in found.ranked if opening.may_be_sent(one.supply_id)]
    allotted = notices.allot(tx, opening.demand, opening.known.values(), free)
    _explain_again(tx, waiting, judged, explained)
    told = _send(tx, opening, allotted.sent, explained)
    if len(told) < len(allotted.sent):  # somebody went while this was ranked
        again.mark(tx, [(opening.demand.id, opening.demand.ranked_again_at)])
    _note(opening, allotted, told, explained)


def _rank(retrieval: Retrieval, tx: Transaction, opening: Opening) -> tuple[Ranking, Explained]:
    """The ranking of the candidates; matches that exist are always judged again."""
    found, explained = retrieval.engine.rank(opening.wanted, tx.today, also=opening.known)
    for constraint, count in found.causes.items():
        metrics.EXCLUDED.labels(constraint).inc(count)
    return found, explained


def _end_earlier_quotes(tx: Transaction, opening: Opening, mark: str) -> None:
    """A demand opens again when no quote is left; the fact that says so of this one is late."""
    for match in opening.known.values():
        if match.state == "quoted" and (match.quote_id or "") < mark:
            tx.move(match, "lose", "lost", "demand_reopened")


def _withdraw_excluded(
    tx: Transaction, waiting: Sequence[Match], judged: Mapping[str, Judged]
) -> None:
    for match in waiting:
        if admission.is_shut_out(match, judged[match.supply_id].pair):
            tx.move(match, "withdraw", "withdrawn", "constraint_failed")


def _explain_again(
    tx: Transaction, waiting: Sequence[Match], judged: Mapping[str, Judged], explained: Explained
) -> None:
    """What is shown of a match follows its demand; who sees no change is not told of one."""
    for match in waiting:
        if match.state in WAITING and explained.write(match, judged[match.supply_id]):
            tx.record(match, "refreshed")


def _send(
    tx: Transaction, opening: Opening, chosen: Mapping[str, str], explained: Explained
) -> list[Judged]:
    """To those whose rows, locked now, say what their columns said: on offer, and not excluded."""
    judged = explained.judged(candidates.shown(tx.session, list(chosen), tx.today, on_offer=True))
    told = [judged[id] for id in chosen if id in judged and not judged[id].pair.is_excluded]
    fresh = [one for one in told if one.supply.id not in opening.known]
    rows = [_match(opening, one, explained, chosen[one.supply.id]) for one in fresh]
    tx.bring_in(Match, "send", "sent", [row | {"sent_at": tx.now} for row in rows])
    for one in told:
        if match := opening.known.get(one.supply.id):
            _forget_earlier_quotes(match, opening)
            explained.write(match, one)
            match.allotted, match.sent_at = chosen[one.supply.id], tx.now
            tx.move(match, "send", "sent")
    return told


def _match(opening: Opening, judged: Judged, explained: Explained, allotted: str) -> dict[str, Any]:
    """The columns of a match that the ranking has found."""
    whose = matches.of_pair(opening.demand, judged.supply, "machine")
    said = explained.columns(judged) | {"allotted": allotted}
    return whose | said | _no_quote_yet(opening)


def _note(
    opening: Opening, allotted: Allotment, told: Sequence[Judged], explained: Explained
) -> None:
    """What the demand's row keeps of its ranking."""
    demand, words = opening.demand, finding.of_demand(opening.wanted)
    demand.withheld = [
        explained.in_short(supply_id) | {"reason_code": reason}
        for supply_id, reason in allotted.withheld.items()
    ]
    demand.planned = None
    notices.list_them(demand, opening.known.values(), [one.supply.supplier_id for one in told])
    if demand.found_by != words:
        demand.found_by = words


def _forget_earlier_quotes(match: Match, opening: Opening) -> None:
    if opening.mark and (match.quote_id is None or match.quote_id < opening.mark):
        for name, value in _no_quote_yet(opening).items():
            setattr(match, name, value)


def _no_quote_yet(opening: Opening) -> dict[str, Any]:
    """Of those that were made since the demand opened."""
    return {"quote_id": opening.mark, "quote_sequence": 0, "quote_state": None}


def _known(tx: Transaction, demand: DemandCopy) -> dict[str, Match]:
    """The demand's matches so far, locked, by supply."""
    if demand.is_first_heard_of:
        return {}
    query = select(Match).where(Match.demand_id == demand.id).order_by(Match.id)
    return {match.supply_id: match for match in tx.session.scalars(query.with_for_update())}
