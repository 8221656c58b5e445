"""Both sides of a match as plain values, from the public states that facts carry. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from services.contracts import demand as contract
from services.contracts import kinds
from services.days import shanghai_date
from services.matching.sides import Holding, Offered, Requirement, Wanted

# No more of a demand is read than is looked at.
_DEMAND = contract.demand.state(
    only=(
        "kind", "buyer_id", "buyer_name", "title", "text", "category", "region", "budget_fen",
        "delivery_due_date", "requirements", "facets", "published_at",
    )
)  # fmt: skip
State = Mapping[str, Any]


class Shown(NamedTuple):
    """A supply that people are shown: its side of a match, and what it says of itself."""

    offered: Offered
    supplier_name: str
    title: str
    texts: tuple[str, ...]

    @property
    def id(self) -> str:
        return self.offered.id

    @property
    def supplier_id(self) -> str:
        return self.offered.supplier_id


# Of a public state what `stated` looks at.
STATED = (
    "id", "number", "sequence", "supplier_id", "kind", "state", "origin", "regions",
    "qualifications", "price_min_fen", "capacity_declared", "capacity_reserved", "capacity_used",
    "lead_time_days", "facets",
)  # fmt: skip


def stated(state: State) -> tuple[Offered, int]:
    """The supply's side of a match from the public state that a fact carries, and its sequence."""
    declared = state["capacity_declared"]
    taken = state["capacity_reserved"] + state["capacity_used"]
    side = Offered(
        id=state["id"],
        number=running(state["number"]),
        supplier_id=state["supplier_id"],
        kind=state["kind"],
        is_active=state["state"] == "active",
        regions=served(state["origin"], state["regions"]),
        qualifications=holdings(state["qualifications"]),
        price_min_fen=state["price_min_fen"],
        capacity_free=None if declared is None else declared - taken,
        lead_time_days=state["lead_time_days"],
        facets=kinds.offered(state["kind"], state.get("facets")),
    )
    return side, state["sequence"]


def running(number: str) -> int:
    """The running part of a supply's number, drawn from one sequence for all years."""
    return int(number.rpartition("-")[2])


def shown(state: State) -> Shown:
    """The supply as people are shown it."""
    texts = told(state["title"], state["categories"], state["text"])
    return Shown(stated(state)[0], state["supplier_name"], state["title"], texts)


def wanted(state: State) -> Wanted:
    """The demand's side of a match."""
    read: dict[str, Any] = _DEMAND.load(state)
    closes_at = wanted_until(state)
    required, published_at = read.get("requirements"), read.get("published_at")
    return Wanted(
        kind=read["kind"],
        buyer_id=read["buyer_id"],
        title=read["title"],
        buyer_name=read.get("buyer_name") or "",
        text=read.get("text") or "",
        category=read.get("category"),
        region=read.get("region"),
        budget_fen=read.get("budget_fen"),
        published_on=shanghai_date(published_at) if published_at else None,
        quotes_until=shanghai_date(closes_at) if closes_at else None,
        delivery_due_date=read.get("delivery_due_date"),
        requirements=None if required is None else tuple(_requirement(item) for item in required),
        facets=kinds.asked(read["kind"], read.get("facets")),
    )


def wanted_until(state: State) -> datetime | None:
    """The instant at which quotes of the demand close; None when that is unknown."""
    closes_at = state.get("quote_deadline_at")
    return datetime.fromisoformat(closes_at) if closes_at else None


def told(title: str, categories: Sequence[str], text: str) -> tuple[str, ...]:
    """What a supply says of itself, for the words that it shares with a demand."""
    return (title, *categories, text)


def served(origin: str, regions_served: Sequence[str]) -> tuple[str, ...] | None:
    """A public source that names no region is silent; a supplier that names none serves all."""
    return None if origin == "imported" and not regions_served else tuple(regions_served)


def holdings(items: Sequence[dict[str, Any]] | None) -> tuple[Holding, ...] | None:
    """The qualifications that a supply states; None where it states nothing of them."""
    return None if items is None else tuple(_holding(item) for item in items)


def _holding(item: dict[str, Any]) -> Holding:
    expires_on = item.get("expires_on")
    return Holding(
        item["name"], item.get("grade"), date.fromisoformat(expires_on) if expires_on else None
    )


def _requirement(item: dict[str, Any]) -> Requirement:
    either = tuple(_requirement(one) for one in item.get("alternatives") or ())
    return Requirement(item["name"], item.get("grade"), either)
