"""Single values in a cell, as the API writes them; what cannot be read stays as it is. Pure."""

import re

from services.contracts import widths
from services.contracts.money import CURRENCY

_ITEMS = re.compile("[;；\n]")  # between several values of one cell
# 2026-1-5, 2026/1/5, 2026.1.5, 2026年1月5日, and 20260105.
_DAY = re.compile(r"(20[0-9]{2})(?:[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))")
_AMOUNT = re.compile(r"¥?((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,14})(?:\.[0-9]{1,2})?)元?")
_WHOLE = re.compile(r"[0-9]{1,12}")


def items(text: str) -> list[str]:
    return [item for part in _ITEMS.split(text) if (item := part.strip())]


def count(text: str) -> int | str:
    plain = half_width(text).replace(",", "")
    return int(plain) if _WHOLE.fullmatch(plain) else text


def amount(text: str) -> dict[str, str]:
    """In yuan."""
    found = _AMOUNT.fullmatch(half_width(text))
    written = text if found is None else found[1].replace(",", "")
    return {"amount": written, "currency": CURRENCY}


def day(text: str) -> str:
    found = _DAY.fullmatch(text)
    if found is None:
        return text
    year, month, of_month = (part for part in found.groups() if part is not None)
    return f"{year}-{int(month):02d}-{int(of_month):02d}"


def half_width(text: str) -> str:
    """Not `fold`, to which a minus is a space."""
    return widths.usual(text).strip()
