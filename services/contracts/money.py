"""Money is integer fen (1/100 yuan). Decimal strings exist only at the HTTP edge."""

import re
from collections.abc import Sequence
from fractions import Fraction

CURRENCY = "CNY"
# 10^15 fen = CNY 10 trillion: above any real deal, far below the 9.2 * 10^18 of a bigint, so sums
# over thousands of rows cannot overflow.
MAX_FEN = 10**15

_AMOUNT = re.compile(r"(0|[1-9][0-9]{0,13})(\.[0-9]{1,2})?")


def parse_amount(text: str) -> int:
    """`"12345.67"` yuan to 1234567 fen. Raises ValueError for signs, exponents, over two places."""
    if not _AMOUNT.fullmatch(text):
        raise ValueError(f"not an amount in yuan: {text[:40]!r}")
    yuan, _, cents = text.partition(".")
    return int(yuan) * 100 + int(cents.ljust(2, "0") or 0)


def format_amount(fen: int) -> str:
    """1234567 fen to `"12345.67"` yuan; negative amounts keep their sign."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def as_money(fen: int) -> dict[str, str]:
    """The HTTP form: `{"amount": "12345.67", "currency": "CNY"}`."""
    return {"amount": format_amount(fen), "currency": CURRENCY}


def half_up(value: Fraction) -> int:
    """Round to whole fen, halves away from zero (四舍五入)."""
    whole = (abs(value) * 2 + 1) // 2
    return int(whole if value >= 0 else -whole)


def largest_remainder(total_fen: int, weights: Sequence[int]) -> list[int]:
    """Split `total_fen` by `weights` (not all zero) so that the parts sum to it exactly.

    Largest remainder method (Hamilton); ties go to the earlier part.
    """
    whole = sum(weights)
    parts = [total_fen * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total_fen * weights[i] % whole), i))
    for index in by_remainder[: total_fen - sum(parts)]:
        parts[index] += 1
    return parts
