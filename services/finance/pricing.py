"""What money costs and how a repayment is applied. Pure; whole fen in and out."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from services.contracts.money import half_up

BASIS_POINTS = 10_000
YEAR_DAYS = {"ACT/360": 360, "ACT/365": 365}
CALENDAR_YEAR_DAYS = 365  # a yearly cost is per calendar year, whatever the loan's day count


def interest_fen(principal_fen: int, rate_bp: int, days: int, day_count: str) -> int:
    """Simple interest for `days` actual days, half-up to fen. `rate_bp` is per year.

    Raises KeyError for an unknown day count, ValueError for days that run backwards.
    """
    if days < 0:
        raise ValueError(f"interest for {days} days")
    return half_up(Fraction(principal_fen * rate_bp * days, BASIS_POINTS * YEAR_DAYS[day_count]))


def days_between(start: date, end: date) -> int:
    """Days that bear interest: the first day counts, the last does not."""
    return (end - start).days


def all_in_cost_bp(amount_fen: int, interest_fen: int, fee_fen: int, days: int) -> int:
    """综合融资成本(年化): interest and fee over the money received, per calendar year.

    The fee is withheld at payout, so the borrower receives the amount less the fee. Raises
    ValueError when nothing is received or no day passes.
    """
    received_fen = amount_fen - fee_fen
    if received_fen <= 0 or days <= 0:
        raise ValueError(f"no cost per year of {received_fen} fen over {days} days")
    cost = (interest_fen + fee_fen) * BASIS_POINTS * CALENDAR_YEAR_DAYS
    return half_up(Fraction(cost, received_fen * days))


class Owed(NamedTuple):
    """What is open of one loan on the day a repayment is received."""

    costs_fen: int
    interest_fen: int
    principal_fen: int


class Applied(NamedTuple):
    """How one repayment was used up; the four parts sum to it."""

    costs_fen: int
    interest_fen: int
    principal_fen: int
    surplus_fen: int


def apply_repayment(amount_fen: int, owed: Owed) -> Applied:
    """Costs, then interest, then principal (Civil Code 民法典 561); what is left is surplus."""
    costs_fen = min(amount_fen, owed.costs_fen)
    interest_fen = min(amount_fen - costs_fen, owed.interest_fen)
    principal_fen = min(amount_fen - costs_fen - interest_fen, owed.principal_fen)
    surplus_fen = amount_fen - costs_fen - interest_fen - principal_fen
    return Applied(costs_fen, interest_fen, principal_fen, surplus_fen)


def spread(received_fen: int, open_fen: Sequence[int]) -> list[int]:
    """How much of what a debtor paid falls on each debt, in their order, up to what is open of it.

    What is over when nothing is open any more pays no debt.
    """
    parts = []
    for debt_fen in open_fen:
        parts.append(min(received_fen, debt_fen))
        received_fen -= parts[-1]
    return parts
