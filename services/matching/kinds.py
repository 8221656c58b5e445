"""Which supplies answer which demands; a kind is data, the mechanism is one."""

from types import MappingProxyType

from services.contracts.kinds import DEMANDS

ANSWERED_BY = MappingProxyType(
    {name: frozenset(kind.answered_by) for name, kind in DEMANDS.items()}
)


def answers(demand_kind: str, supply_kind: str) -> bool:
    """Whether a supply of that kind can answer a demand of that kind."""
    return supply_kind in ANSWERED_BY[demand_kind]


def answered_by(supply_kind: str) -> list[str]:
    """The kinds of demands that a supply of that kind can answer."""
    return sorted(kind for kind in ANSWERED_BY if answers(kind, supply_kind))
