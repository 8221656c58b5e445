"""Cells of a sheet, as the API writes what they mean. Pure.

What cannot be read stays as it is: the schema that it goes to says what is wrong with it.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from services.contracts import badges, widths
from services.contracts.money import CURRENCY
from services.contracts.phrases import fold
from services.contracts.sheet import Column

_ITEMS = re.compile("[;；\n]")  # between several values of one cell
_FIELDS = re.compile("[|｜]")  # between the parts of one value
# 2026-1-5, 2026/1/5, 2026.1.5, 2026年1月5日, and 20260105.
_DAY = re.compile(r"(20[0-9]{2})(?:[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))")
_AMOUNT = re.compile(r"¥?((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,14})(?:\.[0-9]{1,2})?)元?")
_WHOLE = re.compile(r"[0-9]{1,12}")
_WORDS: Mapping[str, Mapping[str, str]] = {
    kind: {fold(word): code for code, known in words.items() for word in (code, *known)}
    for kind, words in yaml.safe_load(
        Path(__file__).with_name("supply_words.yaml").read_text(encoding="utf-8")
    ).items()
}


def read(cells: Mapping[Column, str]) -> dict[str, Any]:
    """By field what is given; empty cells say nothing."""
    return {
        column.field: _READERS[column.reads](text)
        for column, cell in cells.items()
        if (text := cell.strip())
    }


def _text(text: str) -> str:
    return text


def _list(text: str) -> list[str]:
    return [item for part in _ITEMS.split(text) if (item := part.strip())]


def _count(text: str) -> int | str:
    plain = _half_width(text).replace(",", "")
    return int(plain) if _WHOLE.fullmatch(plain) else text


def _money(text: str) -> dict[str, str]:
    """In yuan."""
    found = _AMOUNT.fullmatch(_half_width(text))
    amount = text if found is None else found[1].replace(",", "")
    return {"amount": amount, "currency": CURRENCY}


def _day(text: str) -> str:
    found = _DAY.fullmatch(text)
    if found is None:
        return text
    year, month, day = (part for part in found.groups() if part is not None)
    return f"{year}-{int(month):02d}-{int(day):02d}"


def _half_width(text: str) -> str:
    """Not `fold`, to which a minus is a space."""
    return widths.usual(text).strip()


def _word(kind: str) -> Callable[[str], str]:
    return lambda text: _WORDS[kind].get(fold(text), text)


def _qualifications(text: str) -> list[dict[str, Any]]:
    """`name|grade|day`, of which the name alone must be there."""
    return [_named(["name", "grade", "expires_on"], item) for item in _list(text)]


def _badges(text: str) -> list[dict[str, Any]]:
    """`badge|certificate|day`."""
    found = [_named(["code", "certificate_number", "expires_on"], item) for item in _list(text)]
    return [one | {"code": badges.named(one["code"]) or one["code"]} for one in found]


def _named(names: list[str], item: str) -> dict[str, Any]:
    """The parts by their names; one too many stays with the last, which it spoils."""
    parts = [part.strip() for part in _FIELDS.split(item, len(names) - 1)]
    found = {name: part for name, part in zip(names, parts, strict=False) if part}
    if "expires_on" in found:
        found["expires_on"] = _day(found["expires_on"])
    return {names[0]: ""} | found


_READERS: Mapping[str, Callable[[str], Any]] = {
    "text": _text,
    "list": _list,
    "count": _count,
    "money": _money,
    "kind": _word("kind"),
    "period": _word("period"),
    "qualifications": _qualifications,
    "badges": _badges,
}
