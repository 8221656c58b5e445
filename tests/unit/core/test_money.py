"""Fen, yuan and splits that lose nothing."""

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.contracts.money import (
    as_money,
    format_amount,
    half_up,
    largest_remainder,
    parse_amount,
)

FEN = st.integers(0, 10**15)


@given(FEN)
@example(10**15)
def test_an_amount_reads_back_as_written(fen: int) -> None:
    assert parse_amount(format_amount(fen)) == fen


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", "1e3", "1.234", "01", "NaN", "１", "1,000", " 1", "9" * 15, "."]
)
def test_what_is_not_an_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        parse_amount(text)


def test_money_has_a_currency_at_the_edge() -> None:
    assert as_money(1234567) == {"amount": "12345.67", "currency": "CNY"}


def test_halves_round_away_from_zero() -> None:
    assert [half_up(Fraction(n, 2)) for n in (-3, -1, 1, 3)] == [-2, -1, 1, 2]
    assert half_up(Fraction(149, 100)) == 1


@given(FEN, st.lists(st.integers(0, 10_000), min_size=1, max_size=12).filter(any))
def test_parts_sum_to_the_whole_and_stay_within_one_fen(total: int, weights: list[int]) -> None:
    parts = largest_remainder(total, weights)
    assert sum(parts) == total
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    assert all(abs(part - share) < 1 for part, share in zip(parts, exact, strict=True))
