"""What the operator has seen proof of: badges and earlier deals that suppliers claim."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.lifecycle import IllegalMove
from services.matching import proofs, records
from services.matching.commands import expiry
from services.matching.tables import Supply
from services.messaging import Transaction

Arguments = dict[str, Any]
LOOKED_AT = frozenset({"verifying", "active"})


def confirm(actor: Actor, tx: Transaction, id: str, args: Arguments) -> None:
    """Further claims of a supply that is on offer or about to be.

    Raises Problem("badge_not_claimed"), ("badge_expired"), ("deal_not_claimed").
    """
    supply = tx.load(Supply, id)
    expiry.catch_up(tx, supply)
    if supply.state not in LOOKED_AT:
        raise IllegalMove("supply", supply.state, "confirm")
    confirm_badges(supply, args["badges"], tx.today)
    confirm_deals(supply, args["deals"])
    tx.record(supply, "confirmed")
    if supply.state == "active":
        expiry.await_expiry(tx, supply)


def confirm_badges(supply: Supply, codes: Sequence[str], today: date) -> None:
    """Beside those that were confirmed since it was submitted, the claimed ones of these codes.

    Raises Problem("badge_not_claimed"), ("badge_expired").
    """
    claimed = {badge["code"]: badge for badge in supply.claimed_badges}
    for place, code in enumerate(codes):
        if code not in claimed:
            raise Problem("badge_not_claimed", f"/badges/{place}")
        if claimed[code]["expires_on"] < today:
            raise Problem("badge_expired", f"/badges/{place}")
    fresh = [claimed[code] for code in dict.fromkeys(codes)]
    kept = [one for one in proofs.held(supply.badges, today) if one["code"] not in codes]
    supply.badges = kept + fresh


def confirm_deals(supply: Supply, places: Sequence[int]) -> None:
    """From now on the claimed deals at these places count. Raises Problem("deal_not_claimed")."""
    for place, number in enumerate(places):
        if number >= len(supply.claimed_deals):
            raise Problem("deal_not_claimed", f"/deals/{place}")
    chosen, claimed = frozenset(places), list(enumerate(supply.claimed_deals))
    records.add(supply, [deal for number, deal in claimed if number in chosen])
    supply.claimed_deals = [deal for number, deal in claimed if number not in chosen]
