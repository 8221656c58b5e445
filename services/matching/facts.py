"""Both sides of a match as plain values, from the public states that facts carry. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from services.contracts import kinds
from services.days import shanghai_date
from services.matching.sides import Holding, Offered, Requirement, Wanted

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
    required = state.get("requirements")
    return Wanted(
        kind=state["kind"],
        buyer_id=state["buyer_id"],
        title=state["title"],
        buyer_name=state.get("buyer_name") or "",
        text=state.get("text") or "",
        category=state.get("category"),
        region=state.get("region"),
        budget_fen=state.get("budget_fen"),
        published_on=_day_of(state.get("published_at")),
        quotes_until=_day_of(state.get("quote_deadline_at")),
        delivery_due_date=_date(state.get("delivery_due_date")),
        requirements=None if required is None else tuple(_requirement(item) for item in required),
        facets=kinds.asked(state["kind"], state.get("facets")),
    )


def wanted_until(state: State) -> datetime | None:
    """The instant at which quotes of the demand close; None when that is unknown."""
    return _instant(state.get("quote_deadline_at"))


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
    return Holding(item["name"], item.get("grade"), _date(item.get("expires_on")))


def _requirement(item: dict[str, Any]) -> Requirement:
    either = tuple(_requirement(one) for one in item.get("alternatives") or ())
    return Requirement(item["name"], item.get("grade"), either)


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _day_of(text: str | None) -> date | None:
    """The day in Shanghai on which the instant is."""
    instant = _instant(text)
    return shanghai_date(instant) if instant else None
