"""The rules that finance applies, by date."""

from datetime import date

import pytest

from services.contracts.product import SECURITIES
from services.finance import rules

TODAY = date(2026, 3, 2)


def test_a_debtor_has_thirty_days_with_two_reminders() -> None:
    confirmation = rules.parameters("confirmation", TODAY)
    assert confirmation == {"answer_days": 30, "reminder_days": [5, 20]}


@pytest.mark.parametrize(("day", "decree"), [(date(2025, 5, 31), "728"), (date(2025, 6, 1), "802")])
def test_the_decree_in_force_on_the_day_of_the_request_is_cited(day: date, decree: str) -> None:
    assert decree in rules.BOOK.at("confirmation", day).citation


def test_the_cap_binds_data_chain_products() -> None:
    cap = rules.parameters("application.cap", TODAY)
    assert (cap["kind"], cap["max_fen"]) == ("data_chain", 3_000_000_000)


def test_every_kind_of_security_has_its_gates() -> None:
    gates = rules.parameters("position.gates", TODAY)
    assert gates == {
        "assignment_disclosed": ["filed", "noticed"], "assignment_undisclosed": ["filed"],
        "pledge": ["filed"], "none": [],
    }  # fmt: skip
    assert set(gates) == set(SECURITIES)
