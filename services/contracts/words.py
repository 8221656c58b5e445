"""What facts, states, steps, duties and codes are called: `words.yaml`, and what is worded already.

Served to whoever shows them to people; facts and documents carry the codes alone.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from services.contracts import badges, kinds, reasons, sheet
from services.contracts.registry import AGGREGATES

LIST = Path(__file__).with_name("words.yaml")

Said = dict[str, str]  # zh, en
Group = dict[str, Said]

_DATA: Mapping[str, Any] = yaml.safe_load(LIST.read_text(encoding="utf-8"))
# Words of one meaning each, by what they are words of.
GROUPED = frozenset({"states", "codes", "reasons"})

# Reasons that a person chooses from, by the command that takes them.
CHOICES: Mapping[str, reasons.Words] = {
    "cancel_demand": reasons.DEMAND_CANCELLED,
    "decline_match": reasons.DECLINED,
    "decline_contract": reasons.CONTRACT_DECLINED,
    "reject_delivery": reasons.DELIVERY_REJECTED,
    "refuse_receivable": reasons.CONFIRMATION_REFUSED,
    "reject_receivable": reasons.CLAIM_REJECTED,
    "reject_supply": reasons.SUPPLY_REJECTED,
    "refuse_party": reasons.PARTY_REFUSED,
    "reject_party": reasons.PARTY_REFUSED,
    "screen_out_application": reasons.SCREENED_OUT,
    "reject_limit": reasons.LIMIT_REJECTED,
    "reject_offer": reasons.OFFER_REJECTED,
    "end_limit": reasons.LIMIT_ENDED,
}


def _said(zh: str, en: str) -> Said:
    return {"zh": zh, "en": en}


def _group(words: Mapping[str, Any]) -> Group:
    return {code: _said(*each) for code, each in words.items()}


def _facts() -> Group:
    """By the whole type of a fact, as feeds and timelines have it."""
    return {
        AGGREGATES[kind].event(past).name: said
        for kind, pasts in _DATA["facts"].items()
        for past, said in _group(pasts).items()
    }


def _reasons() -> Group:
    """All of them together, as a document has only the code."""
    return {code: said for words in CHOICES.values() for code, said in _group(words).items()}


def _codes() -> dict[str, Group]:
    """The groups of the list, with those that have their words elsewhere."""
    written = {name: _group(words) for name, words in _DATA["codes"].items()}
    return written | {
        "reason_code": written["reason_code"] | _reasons(),
        "allotted": _group(reasons.ALLOTTED),
        "withheld": _group(reasons.WITHHELD),
        "badge": {tier.code: _said(tier.zh, tier.en) for tier in badges.TIERS},
        "supply_kind": _group(kinds.SUPPLIES),
        "demand_kind": _group({kind.kind: kind.names for kind in kinds.DEMANDS.values()}),
    }


DOCUMENT: Mapping[str, Any] = {
    "kinds": _group(_DATA["kinds"]),
    "facts": _facts(),
    "states": {kind: _group(words) for kind, words in _DATA["states"].items()},
    "steps": _group(_DATA["steps"]),
    "roles": _group(_DATA["roles"]),
    "capacities": _group(_DATA["capacities"]),
    "scopes": _group(_DATA["scopes"]),
    "fields": _group(_DATA["fields"]),
    "columns": {column.field: _said(column.zh, column.en) for column in sheet.COLUMNS},
    "codes": _codes(),
    "reasons": {command: _group(words) for command, words in CHOICES.items()},
}
