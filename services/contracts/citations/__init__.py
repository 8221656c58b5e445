"""What the rules are called that set a clock or decide a fact: `citations.yaml`, in zh and en."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from services.rules import Book, NoRule, book

BOOK: Book = book(Path(__file__).parent)

# By fact, the rule that decided it, or that sets the clock which it started.
OF_FACTS: Mapping[str, str] = {
    "demand.awarded": "award_confirmation",
    "demand.award_lapsed": "award_confirmation",
    "contract.cleared": "payment_term",
    "contract.blocked": "payment_term",
    "contract.signing_started": "signing_window",
    "contract.expired": "signing_window",
    "delivery.delivered": "inspection_silence",
    "delivery.deemed_conforming": "inspection_silence",
    "delivery.inspection_overdue": "inspection_silence",
    "payable.running": "payment_term",
    "payable.due": "payment_term",
    "payable.overdue": "late_interest",
    "payable.paid_late": "late_interest",
    "receivable.confirmation_requested": "confirmation",
    "receivable.reminded": "confirmation",
    "receivable.confirmation_overdue": "confirmation",
    "application.submitted": "application.authorisation",
    "application.offers_closed": "offer.validity",
    "position.filed": "position.gates",
    "position.noticed": "position.gates",
}


class Citation(NamedTuple):
    """How people name a rule."""

    zh: str
    en: str


@cache
def at(rule_id: str, day: date) -> Citation:
    """As it was in force on that day; before any version was, as the first has it."""
    try:
        rule = BOOK.at(rule_id, day)
    except NoRule:
        rule = min(
            (rule for rule in BOOK.rules if rule.id == rule_id),
            key=lambda rule: rule.effective_from,
        )
    return Citation(rule.citation, rule.parameters["en"])
