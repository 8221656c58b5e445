"""How matches end: by what happens to their demand and to the quotes for it."""

from typing import NamedTuple

from sqlalchemy import select, update

from services.contracts.envelope import Event
from services.matching import copies
from services.matching.lifecycle import MATCH
from services.matching.tables import DemandCopy, Match
from services.messaging import Transaction


class Move(NamedTuple):
    """A verb of the match's lifecycle, the fact it makes, and the reason it gives."""

    verb: str
    past: str
    reason_code: str | None = None


QUOTES_CLOSED = Move("expire", "expired", "quote_deadline_passed")
AWARD_LAPSED = Move("lose", "lost", "award_lapsed")
# What a demand in this state does to matches that still wait. A quoted one waits for its quote
# while quotes are judged; whatever comes of it is said by the quote's own facts.
BY_DEMAND = {
    "evaluating": QUOTES_CLOSED,
    "awarded": QUOTES_CLOSED,
    "contracting": QUOTES_CLOSED,
    "contracted": QUOTES_CLOSED,
    "fulfilled": QUOTES_CLOSED,
    "unsuccessful": Move("close", "closed", "demand_unsuccessful"),
    "cancelled": Move("close", "closed", "demand_cancelled"),
}
BY_QUOTE = {
    "sealed": Move("quote", "quoted"),
    "accepted": Move("win", "won"),
    "rejected": Move("lose", "lost", "quote_rejected"),
    "expired": Move("lose", "lost", "quote_expired"),
    "withdrawn": Move("withdraw", "withdrawn", "quote_withdrawn"),
}


def follow_demand(tx: Transaction, event: Event) -> None:
    """End the matches of a demand that is no longer open."""
    demand = copies.note_demand(tx, event)
    move = BY_DEMAND.get(demand.state)
    if move is None:
        return
    for match in _recorded(tx, demand):
        if event.past == "award_lapsed" and match.state == "won":
            tx.move(match, *AWARD_LAPSED)
        elif MATCH.allows(match.state, move.verb):
            tx.move(match, *move)
    _forget_proposed(tx, demand)


def follow_quote(tx: Transaction, event: Event) -> None:
    """A quote that names a match moves it; one that names none concerns nobody here."""
    move = BY_QUOTE.get(event.data["state"])
    match = _quoted(tx, event) if move else None
    if move and match and MATCH.allows(match.state, move.verb):
        reason = event.data.get("reason_code") or move.reason_code
        tx.move(match, move.verb, move.past, reason if move.reason_code else None)


def _quoted(tx: Transaction, event: Event) -> Match | None:
    """The match of the quote's demand and supplier that it names, locked."""
    query = select(Match).where(
        Match.id == event.data.get("match_id"),
        Match.demand_id == event.data["demand_id"],
        Match.supplier_id == event.data["supplier_id"],
    )
    return tx.session.scalars(query.with_for_update()).first()


def _recorded(tx: Transaction, demand: DemandCopy) -> list[Match]:
    """The matches that somebody has been told of, locked in one order for all."""
    query = select(Match).where(Match.demand_id == demand.id, Match.state != MATCH.initial)
    return list(tx.session.scalars(query.order_by(Match.id).with_for_update()))


def _forget_proposed(tx: Transaction, demand: DemandCopy) -> None:
    """Close what was proposed and never sent, without a fact: nobody has heard of it."""
    proposed = Match.demand_id == demand.id, Match.state == MATCH.initial
    closed = MATCH.next(MATCH.initial, "close")
    tx.session.execute(update(Match).where(*proposed).values(state=closed))
