"""What only finance can answer: an estimate before applying, and what a bank may know of a deal."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from services.contracts.actor import Actor
from services.contracts.fields import MAX_ITEMS
from services.contracts.problems import Problem
from services.finance.commands import assessing, authorisations, claims
from services.finance.tables.applications import Application, Share
from services.finance.tables.limits import FACTS, Limit
from services.finance.tables.offers import Offer
from services.finance.tables.receivables import Receivable
from services.messaging import Transaction, read_subject


def precheck(actor: Actor, tx: Transaction, id: str | None, args: dict[str, Any]) -> dict[str, Any]:
    """What each product could lend and why not, and what is missing; nothing is stored."""
    receivables = _own(actor, tx, claims.receivable_ids(args["shares"]))
    amounts = {share["receivable_id"]: share["amount_fen"] for share in args["shares"]}
    shares = [
        Share(debtor_id=row.debtor_id, amount_fen=amounts[row.id], due_date=row.due_date)
        for row in receivables
    ]
    asked = assessing.request(tx, actor.party_id, shares)
    return {
        "amount_fen": asked.amount_fen,
        "missing": _missing(tx, receivables, amounts),
        "products": [
            {
                "product_id": product.id,
                "bank_id": product.bank_id,
                "amount_fen": verdict.financeable_fen,
                "term_days": max(asked.term_days, 0),
                "refusals": verdict.refusals,
            }
            for product, verdict in assessing.assess(tx, asked)
        ],
    }


def offer_terms(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> dict[str, Any]:
    """The terms of one's own offer, which no fact carries before the window has closed."""
    row = tx.load(Offer, id, of=("bank_id",))
    return {
        "amount_fen": row.sealed_amount_fen,
        "rate_bp": row.sealed_rate_bp,
        "fee_fen": row.sealed_fee_fen,
        "interest_fen": row.sealed_interest_fen,
        "all_in_cost_bp": row.sealed_all_in_cost_bp,
        "day_count": row.sealed_day_count,
        "recourse": row.sealed_recourse,
        "loan_due_date": row.sealed_loan_due_date,
        "pay_within_hours": row.sealed_pay_within_hours,
        "reason_note": row.reason_note,
    }


def limit_history(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> dict[str, Any]:
    """Who decided what of one's own limit, from the facts of it: they are kept for good."""
    row = tx.load(Limit, id, of=("bank_id",))
    decisions: list[dict[str, Any]] = []
    granted_fen = waiting_fen = None
    for fact in read_subject(tx.session, row.id, FACTS, MAX_ITEMS):
        if fact.past in ("prepared", "proposed"):
            asked = fact.data.get("proposed_fen") or fact.data["granted_fen"]
            waiting_fen = int(asked)
        decisions.append(
            {
                "decision": fact.past,
                "decided_at": fact.moment,
                "user_id": fact.actor_user,
                "from_fen": granted_fen,
                "to_fen": None if fact.past == "ended" else waiting_fen,
                "reason_code": fact.data.get("reason_code"),
                "reason_note": fact.data.get("reason_note"),
            }
        )
        if fact.past in ("approved", "ended"):
            granted_fen = waiting_fen if fact.past == "approved" else None
    return {"decisions": decisions}


def sheet(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> dict[str, Any]:
    """The claims behind an application, for a bank that the applicant lets see them now.

    Raises Problem("sheet_not_opened"), to whom there is a teaser at most.
    """
    row = tx.session.get(Application, id)
    if row is None or "bank" not in actor.capacities:
        raise Problem("not_found")
    if not authorisations.lets_see(tx, row, actor.party_id):
        raise Problem("sheet_not_opened")
    own = (each for each in row.screenings if each.bank_id == actor.party_id)
    return {
        "claims": [_claim(tx, share) for share in row.shares],
        "reason_codes": next((each.reason_codes for each in own), []),
    }


def _claim(tx: Transaction, share: Share) -> dict[str, Any]:
    row = tx.session.get_one(Receivable, share.receivable_id)
    named = (
        "number", "state", "contract_number", "debtor_id", "debtor_name", "claimed_fen",
        "confirmed_fen", "due_date", "invoice", "confirmed_at", "confirmation_sha256",
    )  # fmt: skip
    told = {name: getattr(row, name) for name in named}
    return {"receivable_id": row.id, "share_fen": share.amount_fen, **told}


def _own(actor: Actor, tx: Transaction, ids: Sequence[str]) -> Sequence[Receivable]:
    mine = select(Receivable).where(Receivable.id.in_(ids), Receivable.seller_id == actor.party_id)
    found = tx.session.scalars(mine.order_by(Receivable.id)).all()
    if len(found) < len(ids):
        raise Problem("not_found", "/shares")
    return found


def _missing(
    tx: Transaction, receivables: Sequence[Receivable], amounts: dict[str, int]
) -> list[str]:
    """Codes of what would refuse the application as it is."""
    missing = set()
    for row in receivables:
        if not claims.financeable(tx, row):
            missing.add("receivable_not_confirmed")
        elif amounts[row.id] > row.free_fen:
            missing.add("not_enough_left")
    return sorted(missing)
