"""What an operator should look at, and what the debtor's checker signs."""

from datetime import date
from types import SimpleNamespace

import pytest

from services.finance import evidence

FACTS = {
    "invoice_total_fen": 1_000,
    "contract_amount_fen": 1_000,
    "issued_on": date(2026, 3, 2),
    "today": date(2026, 3, 2),
    "contract_signed_on": date(2026, 3, 2),
}
RECEIVABLE = SimpleNamespace(
    number="QF-R-2026-000001", seller_id="s", debtor_id="d", contract_number="QF-C-2026-000001",
    invoice_code="", invoice_number="1", due_date=date(2026, 5, 6),
)  # fmt: skip


def test_when_all_agrees_there_is_no_doubt() -> None:
    assert evidence.doubts(**FACTS) == []


@pytest.mark.parametrize(
    ("change", "doubt"),
    [
        ({"invoice_total_fen": 1_001}, "invoice_over_contract"),
        ({"contract_signed_on": date(2026, 3, 3)}, "invoice_before_contract"),
        ({"issued_on": date(2026, 3, 3)}, "invoice_in_future"),
    ],
)
def test_what_does_not_agree_is_named(change: dict[str, object], doubt: str) -> None:
    assert doubt in evidence.doubts(**(FACTS | change))


def test_every_part_of_what_is_confirmed_is_signed() -> None:
    signed = evidence.confirmation_sha256(RECEIVABLE, 1_000)
    assert signed == evidence.confirmation_sha256(RECEIVABLE, 1_000)
    assert signed != evidence.confirmation_sha256(RECEIVABLE, 1_001)
    for name in vars(RECEIVABLE):
        value = date(2026, 5, 7) if name == "due_date" else "another"
        changed = SimpleNamespace(**(vars(RECEIVABLE) | {name: value}))
        assert evidence.confirmation_sha256(changed, 1_000) != signed, name
