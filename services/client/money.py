"""Money as the API writes it: yuan as a decimal string, with its currency."""

CURRENCY = "CNY"


def money(amount_fen: int) -> dict[str, str]:
    """1234567 fen as `{"amount": "12345.67", "currency": "CNY"}`."""
    return {"amount": f"{amount_fen // 100}.{amount_fen % 100:02d}", "currency": CURRENCY}


def fen(written: dict[str, str]) -> int:
    """The API's money as whole fen. Raises ValueError for anything but a plain CNY amount."""
    if written["currency"] != CURRENCY:
        raise ValueError(f"not {CURRENCY}: {written['currency']}")
    yuan, _, cents = written["amount"].partition(".")
    return int(yuan) * 100 + int(cents.ljust(2, "0") or 0)
