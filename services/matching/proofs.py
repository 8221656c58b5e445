"""Until when what a supply proves holds: verified qualifications, confirmed badges. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Any

Part = dict[str, Any]


def holds_until(qualifications: Sequence[Part] | None) -> date | None:
    """The last day on which all of them hold; None where none of them expires."""
    days = [item["expires_on"] for item in qualifications or () if item["expires_on"]]
    return min(days, default=None)


def are_over(evidence_until: date | None, today: date) -> bool:
    """Whether one of them has expired, whether or not the timer got to it."""
    return evidence_until is not None and evidence_until < today


def held(badges: Sequence[Part], today: date) -> list[Part]:
    """Those that have not expired."""
    return [badge for badge in badges if badge["expires_on"] >= today]


def looked_at_again(evidence_until: date | None, badges: Sequence[Part]) -> date | None:
    """The last day on which nothing of it has expired; None where nothing does."""
    days = [badge["expires_on"] for badge in badges]
    return min([*days, *([evidence_until] if evidence_until else [])], default=None)
