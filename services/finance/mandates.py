"""Whether a person may confirm a claim for the debtor. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Mandate:
    """授权书: a person, whose claims (None: anybody's), up to what amount, until what day."""

    supplier_id: str | None
    contract_id: str | None
    limit_fen: int
    valid_until: date
    revoked: bool = False


@dataclass(frozen=True)
class Wish:
    """What the person is about to prepare or sign."""

    supplier_id: str
    contract_id: str
    amount_fen: int
    today: date


def refusal(mandates: Sequence[Mandate], wish: Wish) -> str | None:
    """None when one mandate covers the wish, else the code of what the nearest one lacks."""
    in_scope = [m for m in mandates if not m.revoked and _in_scope(m, wish)]
    valid = [m for m in in_scope if wish.today <= m.valid_until]
    if not in_scope:
        return "mandate_missing"
    if not valid:
        return "mandate_expired"
    if all(m.limit_fen < wish.amount_fen for m in valid):
        return "mandate_too_small"
    return None


def _in_scope(mandate: Mandate, wish: Wish) -> bool:
    return mandate.supplier_id in (None, wish.supplier_id) and mandate.contract_id in (
        None,
        wish.contract_id,
    )
