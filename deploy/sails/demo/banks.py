"""The sandbox banks of the story: their people here, their system in a process of its own."""

from dataclasses import dataclass
from typing import Any

import requests

from deploy.sails.demo.cast import Organisation
from services.client import money

ANSWER_TIMEOUT_S = 60.0  # it reports to the platform before it answers


@dataclass(frozen=True)
class SandboxBank:
    """A bank by its organisation and the address of its own system."""

    organisation: Organisation
    address: str

    def has_seen(self, application_id: str) -> dict[str, Any]:
        """What its system has pulled: `teaser` (masked) and `sheet` (opened), null if not yet."""
        answer = requests.get(
            f"http://{self.address}/sandbox/applications/{application_id}",
            timeout=ANSWER_TIMEOUT_S,
        )
        if answer.status_code == requests.codes.not_found:
            return {"teaser": None, "sheet": None}
        answer.raise_for_status()
        seen: dict[str, Any] = answer.json()
        return seen

    def takes_payment(self, receivable_id: str, amount_fen: int, reference: str) -> dict[str, Any]:
        """The debtor transfers what it owes to its account at this bank."""
        answer = requests.post(
            f"http://{self.address}/payments",
            json={
                "receivable_id": receivable_id,
                "amount": money(amount_fen),
                "reference": reference,
            },
            timeout=ANSWER_TIMEOUT_S,
        )
        answer.raise_for_status()
        booked: dict[str, Any] = answer.json()
        return booked
