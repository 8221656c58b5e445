"""Cells of a sheet, as the API writes what they mean. Pure.

What cannot be read stays as it is: the schema that it goes to says what is wrong with it.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from services.contracts import badges
from services.contracts.cell_values import amount, count, day, items
from services.contracts.facet_cells import facets
from services.contracts.phrases import fold
from services.contracts.problems.field_messages import translate
from services.contracts.sheet import Column

_FIELDS = re.compile("[|｜]")  # between the parts of one value
_LISTS: Mapping[str, Mapping[str, list[str]]] = yaml.safe_load(
    Path(__file__).with_name("supply_words.yaml").read_text(encoding="utf-8")
)
_WORDS: Mapping[str, Mapping[str, str]] = {
    kind: {fold(word): code for code, known in words.items() for word in (code, *known)}
    for kind, words in _LISTS.items()
}
# What a cell has in Chinese for a code; no code is in two lists.
_CHINESE = {code: known[0] for words in _LISTS.values() for code, known in words.items()}
_CODES = re.compile(r"[a-z_]+")


def read(cells: Mapping[Column, str]) -> dict[str, Any]:
    """By field what is given; empty cells say nothing."""
    return {
        column.field: _READERS[column.reads](text)
        for column, cell in cells.items()
        if (text := cell.strip())
    }


def in_chinese(message: str) -> str:
    """What a validator says of a cell, in Chinese, and its codes as the template has them."""
    said = translate(message, "zh-CN")
    return _CODES.sub(lambda code: _CHINESE.get(code[0], code[0]), said)


def _text(text: str) -> str:
    return text


def _word(kind: str) -> Callable[[str], str]:
    return lambda text: _WORDS[kind].get(fold(text), text)


def _qualifications(text: str) -> list[dict[str, Any]]:
    """`name|grade|day`, of which the name alone must be there."""
    return [_named(["name", "grade", "expires_on"], item) for item in items(text)]


def _badges(text: str) -> list[dict[str, Any]]:
    """`badge|certificate|day`."""
    found = [_named(["code", "certificate_number", "expires_on"], item) for item in items(text)]
    return [one | {"code": badges.named(one["code"]) or one["code"]} for one in found]


def _deals(text: str) -> list[dict[str, Any]]:
    """`title|buyer|place|day|amount|outcome`, of which the title alone must be there."""
    names = ["title", "buyer", "place", "date", "amount", "outcome"]
    return [_named(names, item) for item in items(text)]


def _named(names: list[str], item: str) -> dict[str, Any]:
    """The parts by their names; one too many stays with the last, which it spoils."""
    parts = [part.strip() for part in _FIELDS.split(item, len(names) - 1)]
    found = {
        name: _PARTS.get(name, _text)(part)
        for name, part in zip(names, parts, strict=False)
        if part
    }
    return {names[0]: ""} | found


_PARTS: Mapping[str, Callable[[str], Any]] = {
    "expires_on": day,
    "date": day,
    "amount": amount,
    "outcome": _word("outcome"),
}
_READERS: Mapping[str, Callable[[str], Any]] = {
    "text": _text,
    "list": items,
    "count": count,
    "money": amount,
    "kind": _word("kind"),
    "period": _word("period"),
    "qualifications": _qualifications,
    "badges": _badges,
    "deals": _deals,
    "facets": facets,
}
