"""A demand is open: the supplies that answer it best are told, once each, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import DateTime, Uuid, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.contracts.envelope import Event
from services.matching import admission, allocation, candidates, copies, metrics
from services.matching.commands import matches
from services.matching.explanation import Explained, Judged
from services.matching.lifecycle import MATCH, WAITING
from services.matching.ranking import Ranked, Ranking
from services.matching.retrieval import Retrieval
from services.matching.sides import Wanted
from services.matching.tables import DemandCopy, Match
from services.messaging import Transaction

LIVE = frozenset({"sent", "interested", "quoted", "won"})


_OPEN_NOTICES = (  # made once: building a statement costs more than asking it
    select(Match.supplier_id, func.count())
    .where(Match.supplier_id == any_(bindparam("suppliers", type_=ARRAY(Uuid(as_uuid=False)))))
    .where(Match.state == "sent")
    .where(Match.quote_state.is_distinct_from("sealed"))  # answered, though nobody knows yet
    .where(Match.updated_at > bindparam("since", type_=DateTime(timezone=True)))
    .group_by(Match.supplier_id)
)


@dataclass(frozen=True)
class Opening:
    """An open demand, and its matches so far by supply."""

    demand: DemandCopy
    wanted: Wanted
    known: dict[str, Match]
    fact_id: str  # of the fact that opened it: quotes made before it are of an earlier round


def propose(retrieval: Retrieval, tx: Transaction, event: Event) -> None:
    """Rank the supplies for the demand and send to the best, as many as exposure allows.

    Repeated, reopened or amended: matches that exist are kept and explained as they are now; one
    that the amended demand excludes is withdrawn; those that ended with the demand are sent again.
    Quotes made before it opened again count no more, however late their facts come.
    """
    demand = copies.note_demand(tx, event)
    if not admission.is_in_hall(tx, demand):
        return
    with metrics.RANK_SECONDS.time():
        opening = Opening(demand, candidates.wanted(demand), _known(tx, demand), event.id)
        found, explained = _rank(retrieval, tx, opening)
    _end_earlier_quotes(tx, opening)
    waiting = [match for match in opening.known.values() if match.state in WAITING]
    shown = candidates.shown(tx.session, [match.supply_id for match in waiting])
    judged = explained.judged(shown)
    _withdraw_excluded(tx, waiting, judged)
    open_to_it = [one for one in found.ranked if _may_be_sent(opening.known.get(one.supply_id))]
    free = open_to_it[: allocation.KEPT]
    reasons = _withheld(tx, free, opening.known)
    _explain_again(tx, waiting, judged, explained)
    _send(tx, opening, [one.supply_id for one in free if one.supply_id not in reasons], explained)
    opening.demand.withheld = [
        explained.in_short(supply_id) | {"reason_code": reason}
        for supply_id, reason in reasons.items()
    ]


def _rank(retrieval: Retrieval, tx: Transaction, opening: Opening) -> tuple[Ranking, Explained]:
    """The ranking of the candidates; matches that exist are always judged again."""
    found, explained = retrieval.engine.rank(opening.wanted, tx.today, also=opening.known)
    for constraint, count in found.causes.items():
        metrics.EXCLUDED.labels(constraint).inc(count)
    return found, explained


def _end_earlier_quotes(tx: Transaction, opening: Opening) -> None:
    """A demand opens again when no quote is left; the fact that says so of this one is late."""
    for match in opening.known.values():
        if match.state == "quoted" and (match.quote_id or "") < opening.fact_id:
            tx.move(match, "lose", "lost", "demand_reopened")


def _withdraw_excluded(
    tx: Transaction, waiting: Sequence[Match], judged: Mapping[str, Judged]
) -> None:
    """Whoever entered from the hall is held only to what entering is."""
    for match in waiting:
        pair = judged[match.supply_id].pair
        if pair.is_excluded and (match.source != "supplier" or admission.refusal(pair.verdicts)):
            tx.move(match, "withdraw", "withdrawn", "constraint_failed")


def _explain_again(
    tx: Transaction, waiting: Sequence[Match], judged: Mapping[str, Judged], explained: Explained
) -> None:
    """What is shown of a match follows its demand; who sees no change is not told of one."""
    for match in waiting:
        if match.state in WAITING and explained.write(match, judged[match.supply_id]):
            tx.record(match, "refreshed")


def _send(tx: Transaction, opening: Opening, chosen: Sequence[str], explained: Explained) -> None:
    """To those whose rows, locked now, say what their columns said: on offer, and not excluded."""
    judged = explained.judged(candidates.shown(tx.session, chosen, on_offer=True))
    told = [judged[id] for id in chosen if id in judged and not judged[id].pair.is_excluded]
    fresh = [one for one in told if one.supply.id not in opening.known]
    tx.bring_in(Match, "send", "sent", [_match(opening, one, explained) for one in fresh])
    for one in told:
        if match := opening.known.get(one.supply.id):
            _forget_earlier_quotes(match, opening)
            explained.write(match, one)
            tx.move(match, "send", "sent")


def _match(opening: Opening, judged: Judged, explained: Explained) -> dict[str, Any]:
    """The columns of a match that the ranking has found."""
    whose = matches.of_pair(opening.demand, judged.supply, "machine")
    return whose | explained.columns(judged) | _no_quote_yet(opening)


def _forget_earlier_quotes(match: Match, opening: Opening) -> None:
    if match.quote_id is None or match.quote_id < opening.fact_id:
        for name, value in _no_quote_yet(opening).items():
            setattr(match, name, value)


def _no_quote_yet(opening: Opening) -> dict[str, Any]:
    """Of those that were made since the demand opened."""
    return {"quote_id": opening.fact_id, "quote_sequence": 0, "quote_state": None}


def _withheld(
    tx: Transaction, free: Sequence[Ranked], known: Mapping[str, Match]
) -> dict[str, str]:
    """Supply id → why it is not sent.

    Rankings side by side do not see each other's notices, so a supplier may get one more than
    the cap for each: it is a courtesy to readers, no invariant worth a lock on every supplier.
    """
    live: dict[str, int] = {}
    for match in known.values():
        if match.state in LIVE:
            live[match.supplier_id] = live.get(match.supplier_id, 0) + 1
    offered = [allocation.Candidate(one.supply_id, one.supplier_id) for one in free]
    suppliers = sorted({candidate.supplier_id for candidate in offered})
    given = {"suppliers": suppliers, "since": tx.now - allocation.NOTICE_LIFE}
    counted: dict[str, int] = dict(iter(tx.session.execute(_OPEN_NOTICES, given)))
    return allocation.withheld(offered, counted, live)


def _may_be_sent(match: Match | None) -> bool:
    return match is None or MATCH.allows(match.state, "send")


def _known(tx: Transaction, demand: DemandCopy) -> dict[str, Match]:
    """The demand's matches so far, locked, by supply."""
    if demand.is_first_heard_of:
        return {}
    query = select(Match).where(Match.demand_id == demand.id).order_by(Match.id)
    return {match.supply_id: match for match in tx.session.scalars(query.with_for_update())}
