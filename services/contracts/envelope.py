"""The envelope of a fact: CloudEvents 1.0 attributes plus the whole public state."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

SOURCE = "/services/"


@dataclass(frozen=True)
class Event:
    """One fact. `data` is the aggregate's public state as JSON; `load()` gives it typed.

    `sequence` counts the facts of one aggregate from 1. `occurred_at` is real time (RFC 3339),
    `business_date` the day in Asia/Shanghai by which rules are chosen.
    """

    id: str
    type: str
    subject: str
    sequence: int
    occurred_at: str
    business_date: str
    actor_party: str
    actor_user: str
    data: dict[str, Any]
    thread_id: str | None = None
    traceparent: str | None = None

    @property
    def aggregate(self) -> str:
        return self.type.split(".")[0]

    @property
    def past(self) -> str:
        return self.type.split(".")[1]

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.occurred_at)

    def load(self) -> dict[str, Any]:
        """The state with dates, times and bounds checked; unknown fields are ignored."""
        from services.contracts.registry import AGGREGATES

        loaded: dict[str, Any] = AGGREGATES[self.aggregate].schema.load(self.data)
        return loaded

    def to_json(self) -> dict[str, Any]:
        return dict(vars(self))  # `asdict` would copy the whole state, deeply

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Event":
        """Of any version: what it does not know is ignored, as readers of facts do."""
        return cls(**{name: data[name] for name in _NAMES & data.keys()})


_NAMES = {field.name for field in fields(Event)}
