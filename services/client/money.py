"""Money as the API writes it: yuan as a decimal string, with its currency."""

import re

CURRENCY = "CNY"
# As the API's document gives it: no sign, no exponent, at most two decimals.
_AMOUNT = re.compile(r"(0|[1-9][0-9]{0,13})(?:\.([0-9]{1,2}))?")


def money(amount_fen: int) -> dict[str, str]:
    """1234567 fen as `{"amount": "12345.67", "currency": "CNY"}`."""
    return {"amount": f"{amount_fen // 100}.{amount_fen % 100:02d}", "currency": CURRENCY}


def fen(written: dict[str, str]) -> int:
    """The API's money as whole fen. Raises ValueError for anything but a plain CNY amount."""
    if written["currency"] != CURRENCY:
        raise ValueError(f"not {CURRENCY}: {written['currency']}")
    amount = _AMOUNT.fullmatch(written["amount"])
    if amount is None:
        raise ValueError(f"not an amount in yuan: {written['amount'][:40]!r}")
    return int(amount[1]) * 100 + int((amount[2] or "").ljust(2, "0"))
