"""A supplier's capabilities: drafted, checked by the operator, on offer, withdrawn."""

from typing import Any

from sqlalchemy import func, select

from services.contracts.actor import Actor
from services.contracts.envelope import Event
from services.contracts.problems import Problem
from services.matching import copies, records, wording
from services.matching.claims import UNCLAIMED
from services.matching.commands import confirmations, expiry, waiting
from services.matching.tables import PartyCopy, Supply
from services.messaging import Transaction

Arguments = dict[str, Any]
SUPPLIES_PER_PARTY = 1_000  # what the fact of one verification may touch in one transaction


def create(actor: Actor, tx: Transaction, args: Arguments) -> Supply:
    """A draft of the actor's own.

    Raises Problem("party_unknown"), ("supplies_full"), ("price_range"), ("item_code_taken").
    """
    supplier = copies.party(tx, actor.party_id)
    check_room(tx, supplier)
    supply = new(tx, supplier, args, origin="own")
    tx.record(supply, "created")
    return supply


def submit(actor: Actor, tx: Transaction, id: str, args: Arguments) -> None:
    """Ask the operator to check it; one that was rejected, once more."""
    supply = tx.load(Supply, id, of=("supplier_id",))
    supply.reason_note, supply.badges = None, []  # each is confirmed anew
    tx.move(supply, "submit", "submitted")


def activate(actor: Actor, tx: Transaction, id: str, args: Arguments) -> None:
    """The operator has checked it, and confirms of its claims those that are named: on offer.

    Raises Problem("party_unverified"), ("evidence_expired") and as confirming does.
    """
    supply = tx.load(Supply, id)
    if not is_verified(tx, copies.party(tx, supply.supplier_id)):
        raise Problem("party_unverified")
    supply.supplier_verified = True
    confirmations.confirm_badges(supply, args["badges"], tx.today)
    confirmations.confirm_deals(supply, args["deals"])
    expiry.verify(tx, supply)
    tx.move(supply, "activate", "activated")
    expiry.await_expiry(tx, supply)
    waiting.judge(tx, supply)


def reject(actor: Actor, tx: Transaction, id: str, args: Arguments) -> None:
    """The operator has found something wrong with it; who was told while it was on offer goes."""
    supply = tx.load(Supply, id)
    supply.reason_note = args["note"]
    tx.move(supply, "reject", "rejected", args["reason_code"])
    waiting.withdraw(tx, supply, "supply_rejected")


def archive(actor: Actor, tx: Transaction, id: str, args: Arguments) -> None:
    """No longer offered: its matches that wait are withdrawn.

    A quote binds although the supply is gone, and what has been awarded of it stays owed.
    """
    supply = tx.load(Supply, id, of=("supplier_id",))
    tx.move(supply, "archive", "archived")
    tx.unschedule(supply, "expire")
    waiting.withdraw(tx, supply, "supply_archived")


def follow_party(tx: Transaction, event: Event) -> None:
    """A supplier was verified: its supplies show it, but for those that are out of use."""
    copies.keep_parties(tx, [event])
    verified = is_verified(tx, copies.party(tx, event.subject))
    query = (
        select(Supply)
        .where(Supply.supplier_id == event.subject, Supply.supplier_verified != verified)
        .where(Supply.state != "archived")
        .order_by(Supply.id)
        .with_for_update()
    )
    for supply in tx.session.scalars(query):
        supply.supplier_verified = verified
        tx.record(supply, "refreshed")


def is_verified(tx: Transaction, party: PartyCopy) -> bool:
    """Whether its verification holds today."""
    return party.verified_until is not None and tx.today <= party.verified_until


def check_room(tx: Transaction, supplier: PartyCopy) -> None:
    """Raises Problem("supplies_full").

    Rather refused than left out later, when the supplier is verified and nobody looks.
    """
    kept = select(func.count()).where(Supply.supplier_id == supplier.id)
    if (tx.session.scalar(kept.where(Supply.state != "archived")) or 0) >= SUPPLIES_PER_PARTY:
        raise Problem("supplies_full", most=SUPPLIES_PER_PARTY)


def new(tx: Transaction, supplier: PartyCopy, args: Arguments, origin: str) -> Supply:
    """A supply in draft, not yet recorded, all of its capacity free. Raises Problem."""
    supply = tx.new(Supply, **first_columns(supplier, args, origin, is_verified(tx, supplier)))
    records.add(supply, args.get("track_record", []))
    return supply


def first_columns(
    supplier: PartyCopy, args: Arguments, origin: str, verified: bool
) -> dict[str, Any]:
    """What a new supply's row says before it has any track record. Raises Problem."""
    given = {name: value for name, value in args.items() if name != "track_record"}
    return (
        UNCLAIMED
        | wording.stated(given)
        | {
            "supplier_id": supplier.id,
            "supplier_name": supplier.name,
            "supplier_verified": verified,
            "supplier_region": supplier.region,  # an organisation keeps the one it registered with
            "version": 1,
            "evidence_until": None,
            "badges": [],
            "reason_note": None,
            "capacity_free": args["capacity_declared"],
            "capacity_reserved": 0,
            "capacity_used": 0,
            "track_record": [],
            "origin": origin,
        }
    )
