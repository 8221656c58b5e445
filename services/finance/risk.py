"""Whether a bank's product and limits can carry an application. Pure.

The criteria are the bank's own, published with the product; the platform judges them so that a
bank is not asked, nor shown data, in vain.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.contracts.money import largest_remainder
from services.finance.pricing import BASIS_POINTS


@dataclass(frozen=True)
class Criteria:
    """What a product asks for."""

    product_id: str
    bank_id: str
    kind: str
    advance_rate_bp: int
    min_fen: int
    max_fen: int
    max_term_days: int
    published: bool = True


@dataclass(frozen=True)
class Limit:
    """One approved credit limit, and what is left of it but for offers under seal."""

    id: str
    scope: str
    subject_id: str | None
    room_fen: int


@dataclass(frozen=True)
class Request:
    """What is asked for. `shares_fen` by debtor; `groups` says whose group a debtor is of."""

    borrower_id: str
    shares_fen: Mapping[str, int]
    groups: Mapping[str, str]
    term_days: int

    @property
    def amount_fen(self) -> int:
        return sum(self.shares_fen.values())


@dataclass(frozen=True)
class Verdict:
    """How much the product could lend, and why not where it could not.

    By how much a limit would lower that is not told: who asks for more and more of other claims
    would read a bank's free credit to the fen.
    """

    financeable_fen: int
    refusals: tuple[str, ...]

    @property
    def fits(self) -> bool:
        return not self.refusals


def judge(
    criteria: Criteria, limits: Sequence[Limit], request: Request, cap_fen: int | None
) -> Verdict:
    """`cap_fen` is the programme's maximum per application, None where there is none."""
    rooms = _rooms(limits, criteria.product_id, request)
    ceiling_fen = min(advance_fen(criteria, request), criteria.max_fen, cap_fen or criteria.max_fen)
    low_fen = max(criteria.min_fen, 1)
    refusals = [
        *misfits(criteria, request, ceiling_fen, cap_fen),
        *(f"{scope}_limit_missing" for scope in _missing(limits, request)),
        *(f"{scope}_limit_exhausted" for scope, room in rooms.items() if room < low_fen),
    ]
    return Verdict(0 if refusals else ceiling_fen, tuple(refusals))


def eligible(
    criteria: Criteria, limits: Sequence[Limit], request: Request, cap_fen: int | None = None
) -> tuple[str, ...]:
    """Refusal codes; none means that the product can carry the application."""
    return judge(criteria, limits, request, cap_fen).refusals


def misfits(
    criteria: Criteria, request: Request, amount_fen: int, cap_fen: int | None
) -> list[str]:
    """Why the product cannot lend `amount_fen`, whatever the bank's limits are."""
    checks = {
        "product_retired": not criteria.published,
        "amount_below_minimum": amount_fen < max(criteria.min_fen, 1),
        "amount_above_maximum": amount_fen > criteria.max_fen,
        "amount_over_advance": amount_fen > advance_fen(criteria, request),
        "application_cap_exceeded": cap_fen is not None and amount_fen > cap_fen,
        "term_too_long": request.term_days > criteria.max_term_days,
        "term_over": request.term_days <= 0,
    }
    return [code for code, fails in checks.items() if fails]


def advance_fen(criteria: Criteria, request: Request) -> int:
    """融资比例: the most that may be lent on the shares, rounded down."""
    return request.amount_fen * criteria.advance_rate_bp // BASIS_POINTS


def exposure(
    limits: Sequence[Limit], product_id: str, request: Request, amount_fen: int
) -> dict[str, int]:
    """How much of a loan of `amount_fen` counts against each limit that applies, by limit id.

    A debtor's limit carries that debtor's part, split by largest remainder; a group's the parts of
    its members; all others the whole.
    """
    debtors = sorted(request.shares_fen)
    split = largest_remainder(amount_fen, [request.shares_fen[debtor] for debtor in debtors])
    parts = dict(zip(debtors, split, strict=True))
    weighed = {limit.id: _weight(limit, product_id, request, parts) for limit in limits}
    return {limit_id: fen for limit_id, fen in weighed.items() if fen}


def _missing(limits: Sequence[Limit], request: Request) -> list[str]:
    """Without a limit for each debtor and a total the bank has not decided to take the risk."""
    scopes = {limit.scope for limit in limits}
    debtors = {limit.subject_id for limit in limits if limit.scope == "debtor"}
    missing = [] if set(request.shares_fen) <= debtors else ["debtor"]
    return missing if "total" in scopes else [*missing, "total"]


def _rooms(limits: Sequence[Limit], product_id: str, request: Request) -> dict[str, int]:
    """By scope, the largest loan that its limits leave room for."""
    rooms: dict[str, int] = {}
    for limit in limits:
        weight = _weight(limit, product_id, request, request.shares_fen)
        if weight:
            loan_fen = limit.room_fen * request.amount_fen // weight
            rooms[limit.scope] = min(loan_fen, rooms.get(limit.scope, loan_fen))
    return rooms


def _weight(limit: Limit, product_id: str, request: Request, parts: Mapping[str, int]) -> int:
    """How much of `parts` (fen by debtor) the limit carries; 0 where it does not apply."""
    whole = sum(parts.values())
    if limit.scope == "debtor":
        return parts.get(limit.subject_id or "", 0)
    if limit.scope == "group":
        members = (debtor for debtor, group in request.groups.items() if group == limit.subject_id)
        return sum(parts.get(debtor, 0) for debtor in members)
    subjects = {"borrower": request.borrower_id, "product": product_id, "total": None}
    return whole if subjects[limit.scope] == limit.subject_id else 0
