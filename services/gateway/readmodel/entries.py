"""What the public pages find and list: one entry per public document, made of nothing else.

Nobody can be told by a page what the public document does not say: an entry is a pure function of
it, and goes when the document goes.
"""

from collections.abc import Callable, Mapping
from typing import Any

from services.contracts import capabilities
from services.gateway.readmodel.rendering import to_text
from services.gateway.readmodel.words import words_of

Document = Mapping[str, Any]
Entry = dict[str, Any]

OPENING = 80  # characters of a text that a search looks at: what is wanted is said first
# Filters are terms, too; `=` is in no word.
KIND, INDUSTRY, REGION = "k=", "i=", "r="
DEMAND_CARD = (
    "number", "title", "kind", "buyer_name", "buyer_verified", "category", "region", "quantity",
    "budget_fen", "quote_deadline_at", "published_at", "state",
)  # fmt: skip
SUPPLY_CARD = (
    "number", "title", "kind", "capability_codes", "regions", "price_min_fen", "price_max_fen",
    "lead_time_days",
)  # fmt: skip
PARTY_CARD = ("number", "name", "region", "industry", "size", "tiers", "verified_until")


def of(kind: str, document: Document) -> Entry | None:
    """The entry of what everybody may see; None for kinds without a public page."""
    return _OF[kind](document) if kind in _OF else None


def has_pages(kind: str) -> bool:
    """Whether there are entries of this kind."""
    return kind in _OF


def industry_of(demand: Document) -> str | None:
    """The capability group that a demand is about: its category, else what its title names.

    A title that is read wrongly puts a demand into another group of a list, nothing more.
    """
    named = capabilities.named(demand.get("category") or "")
    if named is None:
        text = f"{demand['title']}\n{demand.get('category') or ''}"
        found = capabilities.recognise(text, limit=1)
        named = found[0].code if found else None
    return None if named is None else capabilities.path(named)[0].code


def _demand(demand: Document) -> Entry:
    industry = industry_of(demand)
    region = demand.get("region")
    said = (
        demand["number"], demand["title"], demand.get("buyer_name"), demand.get("category"),
        *_names([industry] if industry else []), (demand.get("text") or "")[:OPENING],
    )  # fmt: skip
    filters = [KIND + demand["kind"], *([INDUSTRY + industry] if industry else [])]
    return {
        "owner_id": demand["buyer_id"],
        "open_until": demand.get("quote_deadline_at"),
        "industry": industry,
        "region": region,
        "amount_fen": demand.get("budget_fen"),
        "terms": _terms(said, filters, [region]),
        "card": to_text(_only(demand, DEMAND_CARD) | {"industry": industry}),
    }


def _supply(supply: Document) -> Entry:
    codes = [code for code in supply.get("capability_codes") or () if _is_known(code)]
    groups = list(dict.fromkeys(capabilities.path(code)[0].code for code in codes))
    said = (
        supply["number"], supply["title"], supply.get("supplier_name"),
        *(supply.get("categories") or ()), *_names(codes), (supply.get("text") or "")[:OPENING],
    )  # fmt: skip
    filters = [KIND + supply["kind"], *(INDUSTRY + group for group in groups)]
    regions = [supply.get("supplier_region"), *(supply.get("regions") or ())]
    return {
        "owner_id": supply["supplier_id"],
        "open_until": None,
        "industry": groups[0] if groups else None,
        "region": supply.get("supplier_region"),
        "amount_fen": None,
        "terms": _terms(said, filters, regions),
        "card": to_text(_only(supply, SUPPLY_CARD)),
    }


def _party(party: Document) -> Entry:
    return {
        "owner_id": None,
        "open_until": None,
        "industry": None,
        "region": party.get("region"),
        "amount_fen": None,
        "terms": _terms((party["number"], party["name"]), [], [party.get("region")]),
        "card": to_text(_only(party, PARTY_CARD)),
    }


_OF: Mapping[str, Callable[[Document], Entry]] = {
    "demand": _demand,
    "supply": _supply,
    "party": _party,
}


def _only(document: Document, names: tuple[str, ...]) -> Entry:
    return {name: document[name] for name in names if name in document}


def _names(codes: list[str]) -> list[str]:
    """What capabilities are called, in both languages."""
    nodes = [capabilities.by_code(code) for code in codes]
    return [name for node in nodes for name in (node.zh, node.en)]


def _is_known(code: str) -> bool:
    """A code of a later release is left out."""
    try:
        capabilities.by_code(code)
    except KeyError:
        return False
    return True


def _terms(said: Any, filters: list[str], regions: list[str | None]) -> list[str]:
    words = {word for text in said if text for word in words_of(text)}
    places = {REGION + word for region in regions if region for word in words_of(region)}
    return sorted(words | places | set(filters))
