"""Tier badges 称号: the closed list of `badges.yaml`, and the words that people write for each."""

from pathlib import Path
from typing import NamedTuple

import yaml

from services.contracts.phrases import fold

LIST = Path(__file__).with_name("badges.yaml")


class Tier(NamedTuple):
    """One of the list."""

    code: str
    zh: str
    en: str
    words: tuple[str, ...]


TIERS: tuple[Tier, ...] = tuple(
    Tier(entry["code"], entry["zh"], entry["en"], tuple(entry["words"]))
    for entry in yaml.safe_load(LIST.read_text(encoding="utf-8"))
)
CODES = tuple(tier.code for tier in TIERS)
_NAMED = {fold(word): tier.code for tier in TIERS for word in (tier[:3] + tier.words)}


def named(value: str) -> str | None:
    """The code for what a person wrote: a code, a name or another word; else None."""
    return _NAMED.get(fold(value).strip())
