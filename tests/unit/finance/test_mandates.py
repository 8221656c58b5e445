"""Whom a debtor lets confirm what."""

from datetime import date

import pytest

from services.finance.mandates import Mandate, Wish, refusal

TODAY = date(2026, 3, 2)
WISH = Wish("supplier", "contract", 1_000, TODAY)
GOOD = Mandate(None, None, 1_000, TODAY)


@pytest.mark.parametrize(
    ("mandates", "refused"),
    [
        ([GOOD], None),
        ([Mandate("supplier", "contract", 1_000, TODAY)], None),
        ([Mandate("supplier", None, 1_000, TODAY)], None),
        ([], "mandate_missing"),
        ([Mandate("another", None, 9_999, TODAY)], "mandate_missing"),
        ([Mandate(None, "another", 9_999, TODAY)], "mandate_missing"),
        ([Mandate(None, None, 9_999, TODAY, revoked=True)], "mandate_missing"),
        ([Mandate(None, None, 9_999, date(2026, 3, 1))], "mandate_expired"),
        ([Mandate(None, None, 999, TODAY)], "mandate_too_small"),
        ([Mandate(None, None, 9_999, date(2026, 3, 1)), GOOD], None),
        ([Mandate(None, None, 999, TODAY), GOOD], None),
    ],
)
def test_one_mandate_must_cover_person_scope_amount_and_day(
    mandates: list[Mandate], refused: str | None
) -> None:
    assert refusal(mandates, WISH) == refused


def test_two_small_mandates_do_not_make_a_large_one() -> None:
    assert refusal([Mandate(None, None, 600, TODAY)] * 2, WISH) == "mandate_too_small"
