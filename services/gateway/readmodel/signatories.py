"""Whose signatures a document bears: people by name, for the two parties that it is between."""

import base64
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.gateway.readmodel.audiences import of_party
from services.gateway.readmodel.reads import is_uuid
from services.gateway.tables import User

Document = Mapping[str, Any]


class Signature(NamedTuple):
    """One person's, as the document has it."""

    party_id: str
    user_id: str
    signed_at: datetime
    key_id: str | None


def under(kind: str, document: Document) -> list[Signature]:
    """Those that this document bears."""
    return _UNDER[kind](document) if kind in _UNDER else []


def is_between(kind: str, document: Document, mine: Sequence[str]) -> bool:
    """Whether who has these audiences is one of the two."""
    return any(of_party(document.get(side) or "") in mine for side in _SIDES.get(kind, ()))


def people(session: Session, signatures: Iterable[Signature]) -> dict[str, User]:
    """Those that are known here, by their ids."""
    ids = sorted({one.user_id for one in signatures if is_uuid(one.user_id)})
    if not ids:
        return {}
    return {user.id: user for user in session.scalars(select(User).where(User.id.in_(ids)))}


def told(session: Session, signatures: Sequence[Signature]) -> list[dict[str, Any]]:
    """As the contract shows them: the names and keys are those that are registered here."""
    known = people(session, signatures)
    return [_told(one, known[one.user_id]) for one in signatures if one.user_id in known]


def _told(one: Signature, person: User) -> dict[str, Any]:
    keys = {key["key_id"]: key["public_key"] for key in person.signing_keys}
    public_key = keys.get(one.key_id or "")
    return {
        "party_id": one.party_id,
        "name": person.name,
        "signed_at": one.signed_at,
        "key_id": one.key_id,
        "key_sha256": public_key and hashlib.sha256(base64.b64decode(public_key)).hexdigest(),
    }


def _of_contract(document: Document) -> list[Signature]:
    return [
        Signature(one["party_id"], one["user_id"], _moment(one["signed_at"]), one["key_id"])
        for one in document.get("signatures") or ()
    ]


def _of_receivable(document: Document) -> list[Signature]:
    if not (document.get("confirmed_by") and document.get("confirmed_at")):
        return []
    signed_at, key_id = _moment(document["confirmed_at"]), document.get("confirmation_key_id")
    return [Signature(document["debtor_id"], document["confirmed_by"], signed_at, key_id)]


_moment = datetime.fromisoformat


_UNDER: dict[str, Callable[[Document], list[Signature]]] = {
    "contract": _of_contract,
    "receivable": _of_receivable,
}
_SIDES = {"contract": ("buyer_id", "supplier_id"), "receivable": ("seller_id", "debtor_id")}
