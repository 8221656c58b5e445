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

Rows = dict[str, Row[Any]]


@dataclass(frozen=True)
class Opening:
    """An open demand, and its matches so far by supply."""

    demand: DemandCopy
    wanted: Wanted
    known: dict[str, Match]


def propose(retrieval: Retrieval, tx: Transaction, event: Event) -> None:
    """Rank the supplies for the demand, keep the best, send as many as exposure allows.

    Repeated, reopened or amended: matches that exist are kept; one that the amended demand
    excludes is withdrawn; those that ended with the demand are sent again.
    """
    retrieval.catch_up(tx.session)
    demand = copies.note_demand(tx, event)
    if demand.state != "published":
        return
    with metrics.RANK_SECONDS.time():
        opening = Opening(demand, candidates.wanted(demand), _known(tx, demand))
        rows, found = _rank(retrieval, tx, opening)
    _withdraw_excluded(tx, opening, found)
    free = [one for one in found.ranked if _may_be_sent(opening.known.get(one.offered.id))]
    _send(tx, opening, free[:KEPT], rows)


def _rank(retrieval: Retrieval, tx: Transaction, opening: Opening) -> tuple[Rows, Ranking]:
    """The candidates' rows and their ranking; matches that exist are always judged again."""
    relevance = retrieval.relevance(opening.wanted)
    rows = candidates.fetch(tx.session, {*relevance, *opening.known})
    pairs = [
        (candidates.offered(row), relevance.get(id, scoring.Relevance()))
        for id, row in rows.items()
    ]
    found = ranking.rank(opening.wanted, pairs, tx.today, scoring.current_weights())
    for constraint, count in found.excluded.items():
        metrics.EXCLUDED.labels(constraint).inc(count)
    return rows, found


def _withdraw_excluded(tx: Transaction, opening: Opening, found: Ranking) -> None:
    passed = {one.offered.id for one in found.ranked}
    for supply_id, match in opening.known.items():
        if supply_id not in passed and match.state in {"sent", "interested"}:
            tx.move(match, "withdraw", "withdrawn", "constraint_failed")


def _send(tx: Transaction, opening: Opening, best: Sequence[Ranked], rows: Rows) -> None:
    withheld = _withheld(tx, best, opening.known)
    shared = _shared_terms(tx, opening.wanted, best)
    for rank, one in enumerate(best, start=1):
        id = one.offered.id
        match = opening.known.get(id)
        match = match or matches.new(tx, opening.demand, rows[id], source="machine")
        if id in withheld and match.state != MATCH.initial:
            continue  # it has ended and stays so: what was told of it stays as it was told
        _explain(match, rank, one, shared.get(id, []))
        match.reason_code = withheld.get(id)
        if id not in withheld:
            tx.move(match, "send", "sent")


def _explain(match: Match, rank: int, one: Ranked, terms: list[str]) -> None:
    match.rank = rank
    match.score_ppm = one.score.score_ppm
    match.contributions = one.score.explain()
    match.verdicts = [verdict._asdict() for verdict in one.verdicts]
    match.terms = terms
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
        .group_by(Match.supplier_id)
    )
    counted: dict[str, int] = dict(iter(tx.session.execute(open_notices)))
    return allocation.withheld(offered, counted, live)


def _shared_terms(tx: Transaction, wanted: Wanted, best: Sequence[Ranked]) -> dict[str, list[str]]:
    """Supply id → the words it shares with the demand; its texts are read for the best only."""
    ids = [one.offered.id for one in best]
    texts = select(Supply.id, Supply.title, Supply.categories, Supply.text)
    return {
        id: ranking.shared_terms(wanted, title, *categories, text)
        for id, title, categories, text in tx.session.execute(texts.where(Supply.id.in_(ids)))
    }


def _may_be_sent(match: Match | None) -> bool:
    return match is None or MATCH.allows(match.state, "send")


def _known(tx: Transaction, demand: DemandCopy) -> dict[str, Match]:
    """The demand's matches so far, locked, by supply."""
    query = select(Match).where(Match.demand_id == demand.id).order_by(Match.id)
    return {match.supply_id: match for match in tx.session.scalars(query.with_for_update())}
