"""How matches end: by what happens to their demand and to the quotes for it.

A sealed quote is noted on its match and changes nothing that anybody sees: who has quoted is not
to be known before the opening, not even how many.
"""

from typing import NamedTuple

from sqlalchemy import select

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
# What an opened quote does to its match. One that was never opened is nobody's business: its
# match ends with the demand, as that of a supplier who did not quote.
BY_QUOTE = {
    "opened": Move("quote", "quoted"),
    "accepted": Move("win", "won"),
    "rejected": Move("lose", "lost", "quote_rejected"),
    "expired": Move("lose", "lost", "quote_expired"),
}


def follow_demand(tx: Transaction, event: Event) -> None:
    """End the matches of a demand that is no longer open."""
    demand = copies.note_demand(tx, event)
    if demand.state not in BY_DEMAND:
        return
    for match in _matches(tx, demand):
        _end(tx, demand, match)


def follow_quote(tx: Transaction, event: Event) -> None:
    """A quote that names a match moves it once it is opened; an older quote's fact is no news."""
    demand, match = _named(tx, event)
    if demand is None or match is None or not _is_news(match, event):
        return
    state = event.data["state"]
    match.quote_id, match.quote_sequence, match.quote_state = event.subject, event.sequence, state
    move = BY_QUOTE.get(state) if event.data.get("opened_at") else None
    if move and MATCH.allows(match.state, move.verb):
        reason = event.data.get("reason_code") or move.reason_code
        match.reason_note = None
        tx.move(match, move.verb, move.past, reason if move.reason_code else None)
    _end(tx, demand, match)


def _end(tx: Transaction, demand: DemandCopy, match: Match) -> None:
    """As the demand's newest state says, unless a sealed quote is about to be opened."""
    move = BY_DEMAND.get(demand.state)
    if move is None or (move is QUOTES_CLOSED and match.quote_state == "sealed"):
        return
    if MATCH.allows(match.state, move.verb):
        tx.move(match, *move)


def _is_news(match: Match, event: Event) -> bool:
    """Ids are in the order of their making: a later quote has the greater one."""
    if match.quote_id is None:
        return True
    return (event.subject, event.sequence) > (match.quote_id, match.quote_sequence or 0)


def _named(tx: Transaction, event: Event) -> tuple[DemandCopy | None, Match | None]:
    """The match of the quote's demand and supplier that it names, under the demand's lock."""
    id, demand_id = event.data.get("match_id"), event.data["demand_id"]
    if id is None:
        return None, None
    demand = tx.session.get(DemandCopy, demand_id, with_for_update=True)
    query = select(Match).where(
        Match.id == id,
        Match.demand_id == demand_id,
        Match.supplier_id == event.data["supplier_id"],
    )
    return demand, tx.session.scalars(query.with_for_update()).first()


def _matches(tx: Transaction, demand: DemandCopy) -> list[Match]:
    """Locked in one order for all."""
    query = select(Match).where(Match.demand_id == demand.id).order_by(Match.id)
    return list(tx.session.scalars(query.with_for_update()))
