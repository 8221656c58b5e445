"""The law and the programme's own terms that finance applies, as effective-dated data."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from services import rules

BOOK = rules.book(Path(__file__).parent)


def parameters(rule_id: str, day: date) -> Mapping[str, Any]:
    """What the rule says on `day`. Raises NoRule where none was in force."""
    return BOOK.at(rule_id, day).parameters
