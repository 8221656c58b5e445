"""Who is asking: the first argument of every command and query."""

from dataclasses import dataclass
from typing import Any

SYSTEM_PARTY = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True)
class Actor:
    """A person or a machine of one organisation, with the rights its key carries.

    `roles` are the person's duties (`contracts.roles`), `scopes` what the key in hand may do: the
    gateway checks scopes, the owner of the data checks the party and the duty.
    """

    party_id: str
    user_id: str
    roles: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()

    @property
    def capacities(self) -> frozenset[str]:
        """What the person's duties let them act as: the first part of each."""
        return frozenset(role.partition(".")[0] for role in self.roles)

    @classmethod
    def system(cls, service: str) -> "Actor":
        """The platform itself: timers and handlers of facts."""
        return cls(SYSTEM_PARTY, f"system:{service}", frozenset({"system"}))

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Actor":
        return cls(
            data["party_id"],
            data["user_id"],
            frozenset(data.get("roles", ())),
            frozenset(data.get("scopes", ())),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "party_id": self.party_id,
            "user_id": self.user_id,
            "roles": sorted(self.roles),
            "scopes": sorted(self.scopes),
        }

    @property
    def is_system(self) -> bool:
        return self.party_id == SYSTEM_PARTY
