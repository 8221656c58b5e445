"""Who comes first where one receivable was financed more than once. Pure.

Civil Code 民法典 768 for assignments to factors; 担保解释 66 gives a registered pledge its place in
the same order. Whom the debtor may pay is another question: `discharges`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.contracts.money import largest_remainder


@dataclass(frozen=True)
class Claim:
    """One financier's right to the receivable; `kind` is "assignment" or "pledge"."""

    holder: str
    amount_fen: int
    kind: str = "assignment"
    registered_at: datetime | None = None
    filing_number: str = ""
    noticed_at: datetime | None = None


def rank(claims: Sequence[Claim]) -> list[list[Claim]]:
    """Tiers from first to last; the claims of one tier share it pro rata.

    Registered by time, then by filing number; then by arrival of the notice; then the others
    together. An unregistered pledge was never created (民法典 445) and is left out.
    """
    standing = [claim for claim in claims if claim.kind != "pledge" or claim.registered_at]
    registered = [claim for claim in standing if claim.registered_at]
    noticed = [claim for claim in standing if not claim.registered_at and claim.noticed_at]
    neither = [claim for claim in standing if not claim.registered_at and not claim.noticed_at]
    tiers = [[claim] for claim in sorted(registered, key=_registration)]
    tiers += _by_arrival(noticed)
    return [*tiers, neither] if neither else tiers


def distribute(fund_fen: int, claims: Sequence[Claim]) -> dict[str, int]:
    """Share `fund_fen` out by rank, never over a claim; pro rata within a tier, exactly."""
    left, shares = fund_fen, {claim.holder: 0 for claim in claims}
    for tier in rank(claims):
        paid = min(left, sum(claim.amount_fen for claim in tier))
        parts = largest_remainder(paid, [claim.amount_fen for claim in tier])
        for claim, part in zip(tier, parts, strict=True):
            shares[claim.holder] += part
        left -= paid
    return shares


def discharges(
    paid_to: str, paid_at: datetime, *, seller: str, notices: Mapping[str, datetime]
) -> bool:
    """Whether the debtor is free after paying `paid_to` (合同编通则解释 48, 50).

    `notices` is when each assignee's notice arrived. Before any, paying the seller discharges;
    from then on only paying whoever's notice arrived first does, whatever the registry says.
    """
    arrived = {holder: at for holder, at in notices.items() if at <= paid_at}
    if not arrived:
        return paid_to == seller
    return arrived.get(paid_to) == min(arrived.values())


def _registration(claim: Claim) -> tuple[datetime | None, str]:
    return (claim.registered_at, claim.filing_number)


def _by_arrival(claims: Sequence[Claim]) -> list[list[Claim]]:
    """Notices that arrived at the same instant share a tier: the law gives no tie-break."""
    instants = sorted({claim.noticed_at for claim in claims if claim.noticed_at})
    return [[claim for claim in claims if claim.noticed_at == at] for at in instants]
