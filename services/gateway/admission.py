"""What a person may do whose organisation has come by itself and has not been let in."""

from collections.abc import Iterable

from services.contracts.party import JOINING
from services.contracts.roles import APPLICANT


def duties(roles: Iterable[str], party_state: str) -> frozenset[str]:
    """Its duties; in their place `APPLICANT` as long as the operator has not let it in."""
    return frozenset({APPLICANT}) if party_state in JOINING else frozenset(roles)
