"""A supply says something else: at once, or once the operator has looked at its evidence again."""

from collections.abc import Mapping
from typing import Any

from services.contracts.actor import Actor
from services.matching import records, wording
from services.matching.commands import expiry, waiting
from services.matching.lifecycle import PUBLISHED
from services.matching.tables import Supply
from services.messaging import Transaction

Arguments = dict[str, Any]
EVIDENCE = ("qualifications", "claimed_badges")


def amend(actor: Actor, tx: Transaction, id: str, args: Arguments) -> None:
    """Replace the text; another version of one that has been published.

    With other evidence it goes off offer until it is verified; with another price, capacity, lead
    time or other words it stays there, and its matches that wait are judged anew. Raises
    Problem("capacity_below_taken"), ("price_range").
    """
    supply = tx.load(Supply, id, of=("supplier_id",))
    expiry.catch_up(tx, supply)
    revise(tx, supply, changes(supply, args))


def changes(supply: Supply, args: Mapping[str, Any]) -> Arguments:
    """What of these arguments the supply does not say already, as columns. Raises Problem."""
    codes = supply.capability_codes if supply.capabilities_from == wording.GIVEN else []
    known = {
        "title": supply.title,
        "categories": supply.categories,
        "capability_codes": codes,
        "price_min_fen": supply.price_min_fen,
        "price_max_fen": supply.price_max_fen,
    }
    said = wording.stated(known | dict(args))
    if said.get("kind", supply.kind) != supply.kind:  # facets are of a kind
        said = {"facets": None} | said
    if "claimed_deals" in said:
        said["claimed_deals"] = records.unknown(supply, said["claimed_deals"])
    return {name: value for name, value in said.items() if getattr(supply, name) != value}


def revise(tx: Transaction, supply: Supply, changed: Mapping[str, Any]) -> None:
    """Have it say these, and state the fact. Raises Problem or IllegalMove before it begins."""
    supply.LIFECYCLE.next(supply.state, "amend")
    if "capacity_declared" in changed:
        taken = supply.capacity_reserved + supply.capacity_used
        changed = {**changed, **wording.capacity(changed["capacity_declared"], taken)}
    for name, value in changed.items():
        setattr(supply, name, value)
    supply.version += supply.state in PUBLISHED
    if supply.state == "active" and changed.keys().isdisjoint(EVIDENCE):
        tx.record(supply, "amended")
        waiting.judge(tx, supply)
        return
    supply.evidence_until = None if supply.state == "active" else supply.evidence_until
    supply.badges = []  # each is confirmed anew
    tx.unschedule(supply, "expire")
    tx.move(supply, "amend", "amended", supply.reason_code)
