"""A demand is open: the supplies that answer it best are told, once each, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select

from services.contracts.envelope import Event
from services.matching import allocation, candidates, copies, metrics, ranking, scoring
from services.matching.commands import matches
from services.matching.lifecycle import MATCH
from services.matching.ranking import Ranked, Ranking
from services.matching.retrieval import Retrieval
from services.matching.sides import Wanted
from services.matching.tables import DemandCopy, Match, Supply
from services.messaging import Transaction

KEPT = 20  # of a ranking: the ones sent, and the next best with the reason why they were not
LIVE = frozenset({"sent", "interested", "quoted", "won"})

_TEXTS: tuple[Any, ...] = (
    Supply.id, Supply.supplier_id, Supply.supplier_name,
    Supply.title, Supply.categories, Supply.text,
)  # fmt: skip


@dataclass(frozen=True)
class Opening:
    """An open demand, and its matches so far by supply."""

    demand: DemandCopy
    wanted: Wanted
    known: dict[str, Match]
    fact_id: str  # of the fact that opened it: quotes made before it are of an earlier round


def propose(retrieval: Retrieval, tx: Transaction, event: Event) -> None:
    """Rank the supplies for the demand, keep the best, send as many as exposure allows.

    Repeated, reopened or amended: matches that exist are kept; one that the amended demand
    excludes is withdrawn; those that ended with the demand are sent again. Quotes made before it
    opened again count no more, however late their facts come.
    """
    retrieval.catch_up(tx.session)
    demand = copies.note_demand(tx, event)
    if demand.state != "published":
        return
    with metrics.RANK_SECONDS.time():
        opening = Opening(demand, candidates.wanted(demand), _known(tx, demand), event.id)
        found = _rank(retrieval, tx, opening)
    _end_earlier_quotes(tx, opening)
    _withdraw_excluded(tx, opening, found)
    free = [one for one in found.ranked if _may_be_sent(opening.known.get(one.offered.id))]
    _send(tx, opening, free[:KEPT])


def _rank(retrieval: Retrieval, tx: Transaction, opening: Opening) -> Ranking:
    """The ranking of the candidates; matches that exist are always judged again."""
    relevance = retrieval.relevance(opening.wanted)
    offered = candidates.offered(tx.session, {*relevance, *opening.known})
    pairs = [(one, relevance.get(one.id, scoring.Relevance())) for one in offered]
    found = ranking.rank(opening.wanted, pairs, tx.today, scoring.current_weights())
    for constraint, count in found.excluded.items():
        metrics.EXCLUDED.labels(constraint).inc(count)
    return found


def _end_earlier_quotes(tx: Transaction, opening: Opening) -> None:
    """A demand opens again when no quote is left; the fact that says so of this one is late."""
    for match in opening.known.values():
        if match.state == "quoted" and (match.quote_id or "") < opening.fact_id:
            tx.move(match, "lose", "lost", "demand_reopened")


def _withdraw_excluded(tx: Transaction, opening: Opening, found: Ranking) -> None:
    passed = {one.offered.id for one in found.ranked}
    for supply_id, match in opening.known.items():
        if supply_id not in passed and match.state in {"sent", "interested"}:
            tx.move(match, "withdraw", "withdrawn", "constraint_failed")


def _send(tx: Transaction, opening: Opening, best: Sequence[Ranked]) -> None:
    withheld = _withheld(tx, best, opening.known)
    texts = _texts(tx, best)
    with tx.session.no_autoflush:  # or every number drawn would insert the row before it alone
        for rank, one in enumerate(best, start=1):
            supply = texts[one.offered.id]
            match = opening.known.get(supply.id)
            match = match or matches.new(tx, opening.demand, supply, source="machine")
            reason = withheld.get(supply.id)
            if reason and match.state != MATCH.initial:
                continue  # it has ended and stays so: what was told of it stays as it was told
            _explain(match, rank, one)
            match.terms = _shared_terms(opening.wanted, supply)
            match.reason_code = reason
            if reason is None:
                _forget_earlier_quotes(match, opening)
                tx.move(match, "send", "sent")


def _forget_earlier_quotes(match: Match, opening: Opening) -> None:
    if match.quote_id is None or match.quote_id < opening.fact_id:
        match.quote_id, match.quote_sequence, match.quote_state = opening.fact_id, 0, None


def _explain(match: Match, rank: int, one: Ranked) -> None:
    match.rank = rank
    match.score_ppm = one.score.score_ppm
    match.contributions = one.score.explain()
    match.verdicts = [verdict._asdict() for verdict in one.verdicts]
    match.weights_version = scoring.current_weights().version


def _withheld(tx: Transaction, best: Sequence[Ranked], known: dict[str, Match]) -> dict[str, str]:
    live: dict[str, int] = {}
    for match in known.values():
        if match.state in LIVE:
            live[match.supplier_id] = live.get(match.supplier_id, 0) + 1
    offered = [allocation.Candidate(one.offered.id, one.offered.supplier_id) for one in best]
    suppliers = {candidate.supplier_id for candidate in offered}
    open_notices = (
        select(Match.supplier_id, func.count())
        .where(Match.supplier_id.in_(suppliers), Match.state == "sent")
        .where(Match.quote_state.is_distinct_from("sealed"))  # answered, though nobody knows yet
        .where(Match.updated_at > tx.now - allocation.NOTICE_LIFE)
        .group_by(Match.supplier_id)
    )
    counted: dict[str, int] = dict(iter(tx.session.execute(open_notices)))
    return allocation.withheld(offered, counted, live)


def _texts(tx: Transaction, best: Sequence[Ranked]) -> dict[str, Row[Any]]:
    """What the best say of themselves, by supply; nobody else's long texts are read."""
    ids = [one.offered.id for one in best]
    query = select(*_TEXTS).where(Supply.id.in_(ids))
    return {row.id: row for row in tx.session.execute(query)}


def _shared_terms(wanted: Wanted, supply: Row[Any]) -> list[str]:
    return ranking.shared_terms(wanted, supply.title, *supply.categories, supply.text)


def _may_be_sent(match: Match | None) -> bool:
    return match is None or MATCH.allows(match.state, "send")


def _known(tx: Transaction, demand: DemandCopy) -> dict[str, Match]:
    """The demand's matches so far, locked, by supply."""
    query = select(Match).where(Match.demand_id == demand.id).order_by(Match.id)
    return {match.supply_id: match for match in tx.session.scalars(query.with_for_update())}
