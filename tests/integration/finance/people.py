"""Who takes part in the deals of these tests, and what finance has heard of them."""

import base64
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.contracts.actor import Actor
from services.contracts.envelope import Event
from services.contracts.party import mandate, party, user
from services.finance import copies
from services.messaging import Ids
from tests.desk import Desk, an_actor, heard


class Person:
    """Somebody with duties and a signing key; colleagues share an organisation."""

    def __init__(self, *roles: str, party_id: str | None = None) -> None:
        self.actor: Actor = an_actor(*roles, party_id=party_id)
        self.key_id = Ids().new()
        self._key = Ed25519PrivateKey.generate()

    @property
    def id(self) -> str:
        """Of the organisation."""
        return self.actor.party_id

    def colleague(self, *roles: str) -> "Person":
        return Person(*roles, party_id=self.id)

    def public_key(self) -> str:
        return base64.b64encode(self._key.public_key().public_bytes_raw()).decode()

    def signature(self, sha256: str) -> str:
        return base64.b64encode(self._key.sign(bytes.fromhex(sha256))).decode()


class Bank:
    """A bank with its two people and its system."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.maker = Person("bank.maker")
        self.approver = self.maker.colleague("bank.approver")
        self.system = self.maker.colleague("bank.system")
        self.id = self.maker.id


def introduced(id: str, name: str, *capacities: str, **state: Any) -> Event:
    """An organisation, verified unless the test says otherwise."""
    given = {"id": id, "name": name, "capacities": list(capacities), "group_id": None,
             "verified_until": "2027-12-31"}  # fmt: skip
    return heard(party.event("verified"), **given | state)


def introduce(desk: Desk, id: str, name: str, *capacities: str, **state: Any) -> None:
    """Finance has heard of the organisation."""
    desk.project(copies.keep_parties, introduced(id, name, *capacities, **state))


def register_key(desk: Desk, *people: Person, **key: Any) -> None:
    """Finance has heard of the people's signing keys."""
    facts = []
    for person in people:
        given = {"key_id": person.key_id, "public_key": person.public_key(), "revoked_at": None}
        who = {"id": person.actor.user_id, "party_id": person.id}
        facts.append(heard(user.event("signing_key_registered"), signing_keys=[given | key], **who))
    desk.project(copies.keep_users, *facts)


def mandates(desk: Desk, *people: Person, limit_fen: int, **scope: Any) -> None:
    """Finance has heard of a mandate for each of these people."""
    given = {"supplier_id": None, "contract_id": None, "valid_until": "2026-12-31",
             "revoked_at": None, "limit_fen": limit_fen}  # fmt: skip
    facts = []
    for person in people:
        who = {"party_id": person.id, "user_id": person.actor.user_id}
        facts.append(heard(mandate.event("granted"), **given | who | scope))
    desk.project(copies.keep_mandates, *facts)
