"""Signatures under a contract, and what the last of them sets in motion."""

from typing import Any

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.contracts.signing import verify
from services.messaging import Transaction
from services.orders import copies
from services.orders.commands import payables, quotes, threads
from services.orders.commands.threads import PARTIES
from services.orders.tables import Contract, Demand, Signature, UserCopy


def sign(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """One person signs for one party; with both signatures the contract is in force."""
    demand, contract = threads.load(tx, Contract, id, PARTIES)
    _check_time_and_text(tx, contract, args["content_sha256"])
    _check_signature(tx, actor, args)
    if any(signature.party_id == actor.party_id for signature in contract.signatures):
        raise Problem("already_signed")
    contract.signatures.append(
        Signature(
            party_id=actor.party_id,
            user_id=actor.user_id,
            key_id=args["key_id"],
            signature=args["signature"],
            signed_at=tx.now,
        )
    )
    tx.move(contract, "sign", "signed_by_party")
    if {signature.party_id for signature in contract.signatures} == _signers(contract):
        _activate(tx, demand, contract)


def _signers(contract: Contract) -> set[str]:
    return {contract.buyer_id, contract.supplier_id}


def _check_time_and_text(tx: Transaction, contract: Contract, content_sha256: str) -> None:
    if contract.state == "signing" and threads.over(tx, contract.sign_until):
        raise Problem("signing_window_passed")
    if content_sha256 != contract.content_sha256:
        raise Problem("contract_changed", "/content_sha256")


def _check_signature(tx: Transaction, actor: Actor, args: dict[str, Any]) -> None:
    """A live key of that very person, of a verified party. Raises Problem."""
    copies.verified_party(tx, actor.party_id)
    user = tx.session.get(UserCopy, actor.user_id)
    keys = user.signing_keys if user is not None and user.party_id == actor.party_id else []
    key = next((key for key in keys if key["key_id"] == args["key_id"]), None)
    if key is None:
        raise Problem("signing_key_unknown", "/key_id")
    if key.get("revoked_at") is not None:
        raise Problem("signing_key_revoked", "/key_id")
    if not verify(key["public_key"], args["content_sha256"], args["signature"]):
        raise Problem("signature_invalid", "/signature")


def _activate(tx: Transaction, demand: Demand, contract: Contract) -> None:
    """Nature and size are fixed as they are on the day of signing (Decree 802, art. 3)."""
    buyer, supplier = copies.side(tx, contract.buyer_id), copies.side(tx, contract.supplier_id)
    contract.buyer_nature, contract.buyer_size = buyer.nature, buyer.size
    contract.buyer_fiscal_funded = buyer.fiscal_funded
    contract.supplier_size = supplier.size
    contract.signed_at = tx.now
    tx.unschedule(contract, "expire")
    tx.move(contract, "activate", "signed")
    tx.move(demand, "contract", "contracted")
    quotes.settle(tx, demand)
    payables.schedule_all(tx, contract)
