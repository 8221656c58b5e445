"""Which supplies answer which demands; a kind is data, the mechanism is one."""

from types import MappingProxyType

ANSWERED_BY = MappingProxyType(
    {
        "order": frozenset({"product", "technology", "service"}),
        "acquisition": frozenset({"equity_project"}),
        "fundraising": frozenset({"fund"}),
        "service": frozenset({"service_package"}),
        "mentoring": frozenset({"mentor"}),
        "lab": frozenset({"lab_service"}),
        "space": frozenset({"space"}),
        "challenge": frozenset({"solution"}),
        "technology": frozenset({"patent"}),
    }
)


def answers(demand_kind: str, supply_kind: str) -> bool:
    """Whether a supply of that kind can answer a demand of that kind."""
    return supply_kind in ANSWERED_BY[demand_kind]


def answered_by(supply_kind: str) -> list[str]:
    """The kinds of demands that a supply of that kind can answer."""
    return sorted(kind for kind in ANSWERED_BY if answers(kind, supply_kind))
