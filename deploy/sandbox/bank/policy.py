"""The credit policy: pure, from an opened application sheet to terms or coded reasons."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from services.client import fen, money

BASIS_POINTS = 10_000
VALID_AFTER_WINDOW = timedelta(days=5)  # time for the applicant to choose


@dataclass(frozen=True)
class Policy:
    """One product as the bank publishes it, and its price: yearly rate and a fee, in bp."""

    product_id: str
    advance_rate_bp: int
    min_fen: int
    max_fen: int
    max_term_days: int
    rate_bp: int
    fee_bp: int

    @classmethod
    def of(cls, product: dict[str, Any], rate_bp: int, fee_bp: int) -> "Policy":
        """From the product's document of the API."""
        return cls(
            product_id=product["id"],
            advance_rate_bp=product["advance_rate_bp"],
            min_fen=fen(product["min"]),
            max_fen=fen(product["max"]),
            max_term_days=product["max_term_days"],
            rate_bp=rate_bp,
            fee_bp=fee_bp,
        )

    def refusals(self, sheet: dict[str, Any], today: date) -> list[str]:
        """Why the bank does not offer; empty when it does."""
        amount_fen = self.amount_fen(sheet)
        term = date.fromisoformat(sheet["latest_due_date"]) - today
        found = {
            "amount_below_minimum": amount_fen < self.min_fen,
            "amount_above_maximum": amount_fen > self.max_fen,
            "term_too_long": term.days > self.max_term_days,
            "already_due": term.days < 1,
        }
        return [reason for reason, holds in found.items() if holds]

    def amount_fen(self, sheet: dict[str, Any]) -> int:
        """What the bank would lend: its advance rate of the claims, rounded down to whole fen."""
        return fen(sheet["amount"]) * self.advance_rate_bp // BASIS_POINTS

    def terms(self, sheet: dict[str, Any]) -> dict[str, Any]:
        """The offer as the API takes it; the same sheet always gives the same terms."""
        amount_fen = self.amount_fen(sheet)
        return {
            "application_id": sheet["id"],
            "product_id": self.product_id,
            "amount": money(amount_fen),
            "rate_bp": self.rate_bp,
            "fee": money(amount_fen * self.fee_bp // BASIS_POINTS),
            "valid_until": (
                datetime.fromisoformat(sheet["offers_until"]) + VALID_AFTER_WINDOW
            ).isoformat(),
        }
