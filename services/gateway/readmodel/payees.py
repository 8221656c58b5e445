"""Whom a debt has to be paid to: banks as far as notices have arrived, else the supplier."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.contracts.money import parse_amount
from services.messaging import Prepared, Reader

# A claim and its shares are of the deal that the debt is of.
_OF_DEALS = Prepared(
    "claims_and_shares_of_deals",
    ("text[]", "text[]"),
    """
    SELECT DISTINCT ON (kind, id) kind, id::text, document FROM views
    WHERE thread_id = ANY(CAST($1 AS uuid[])) AND audience = ANY($2)
      AND kind IN ('position', 'receivable')
    ORDER BY kind, id, array_position($2, audience)
    """,
)
_OVER = ("settled", "short_paid", "released")

Document = dict[str, Any]


def with_payees(
    reader: Reader, mine: Sequence[str], payables: Sequence[Document]
) -> list[Document]:
    """Each with `payees`: who has to be paid now or, of a debt that is paid, who was."""
    deals = sorted({one["thread_id"] for one in payables if one.get("thread_id")})
    claims, shares = {}, []
    for kind, id, text in reader.rows(_OF_DEALS, (deals, list(mine))) if deals else ():
        document = json.loads(text)
        if kind == "receivable":
            claims[id] = frozenset(document.get("payable_ids") or ())
        elif document.get("notice"):
            shares.append(document)
    return [{**one, "payees": _payees(one, claims, shares)} for one in payables]


def _payees(
    payable: Document, claims: Mapping[str, frozenset[str]], shares: Iterable[Document]
) -> list[str]:
    """The supplier is one of them unless banks are told of all.

    Of a claim on several debts nobody knows how much of each is the bank's.
    """
    paid_fen = _fen(payable.get("paid"))
    left_fen = _fen(payable["amount"]) - paid_fen
    banks: dict[str, None] = {}
    told_fen, is_shared = 0, False
    for share in shares:
        debts = claims.get(share["receivable_id"], frozenset())
        due_fen = _due_fen(share, is_paid=not left_fen)
        if payable["id"] in debts and due_fen is not None:
            banks[share["notice"]["factor_name"]] = None
            told_fen += due_fen
            is_shared |= len(debts) > 1
    supplier = payable.get("supplier_name")
    has_rest = is_shared or told_fen < (left_fen or paid_fen)
    return [*banks, supplier] if has_rest and supplier else list(banks)


def _due_fen(share: Document, *, is_paid: bool) -> int | None:
    """What its bank has to be paid or, of a debt that is paid, was paid; null: nothing."""
    settled_fen = _fen(share.get("settled"))
    if is_paid:
        return None if share["state"] == "released" else settled_fen or None
    return None if share["state"] in _OVER else _fen(share["amount"]) - settled_fen


def _fen(shown: Mapping[str, str] | None) -> int:
    return parse_amount(shown["amount"]) if shown else 0
