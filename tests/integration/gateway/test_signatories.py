"""Who signed is told by name to the two parties of what was signed, and to nobody else."""

import base64
import hashlib
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.messaging import Ids
from tests.integration.gateway.api_client import Caller, Gateway, problem_of
from tests.integration.gateway.facts import a_demand, a_fact

SIGNED_AT = "2026-03-02T02:00:00+00:00"


@pytest.fixture
def buyer(gateway: Gateway) -> Caller:
    return gateway.someone("buyer", "buyer.purchaser")


@pytest.fixture
def supplier(gateway: Gateway) -> Caller:
    return gateway.someone("supplier", "supplier.owner")


def test_a_contracts_parties_read_who_signed_and_by_which_key(
    gateway: Gateway, buyer: Caller, supplier: Caller
) -> None:
    key, demand = a_key_of(supplier), a_demand(buyer.party_id)
    contract = a_fact(
        "contract", "signed_by_party", id=Ids().new(), thread_id=demand.subject,
        buyer_id=buyer.party_id, supplier_id=supplier.party_id, actor=supplier.party_id,
        signatures=[{
            "party_id": supplier.party_id, "user_id": supplier.user_id, "key_id": key["key_id"],
            "signature": "c2ln", "signed_at": SIGNED_AT,
        }],
    )  # fmt: skip
    gateway.project(demand, contract)

    told = {
        "party_id": supplier.party_id, "name": name_of(supplier), "signed_at": SIGNED_AT,
        "key_id": key["key_id"], "key_sha256": fingerprint(key["public_key"]),
    }  # fmt: skip
    path = f"/contracts/{contract.subject}/signatures"
    assert buyer.gets(path)["items"] == supplier.gets(path)["items"] == [told]
    story = f"/threads/{demand.subject}/timeline"
    for party in (buyer, supplier):
        assert signatories(party, story) == {"contract.signed_by_party.v1": told["name"]}

    operator = gateway.someone("operator", "operator.staff")
    for other in (gateway.someone("supplier", "supplier.owner"), operator):
        assert problem_of(other.get(path)) == (404, "not_found")
        assert signatories(other, story) == {}


def test_a_seller_reads_who_signed_the_confirmation(
    gateway: Gateway, buyer: Caller, supplier: Caller
) -> None:
    key, demand = a_key_of(buyer), a_demand(buyer.party_id)
    given: dict[str, Any] = {
        "id": Ids().new(), "thread_id": demand.subject, "seller_id": supplier.party_id,
        "debtor_id": buyer.party_id, "confirmed_by": buyer.user_id, "confirmed_at": SIGNED_AT,
    }  # fmt: skip
    before = a_fact("receivable", "confirmed", confirmation_key_id=None, **given)
    gateway.project(demand, before)
    path = f"/receivables/{given['id']}/signatures"
    (of_an_earlier_release,) = supplier.gets(path)["items"]
    assert of_an_earlier_release["name"] == name_of(buyer)
    assert of_an_earlier_release["key_sha256"] is None

    now = a_fact(
        "receivable", "confirmed", sequence=2, confirmation_key_id=key["key_id"],
        actor=buyer.party_id, **given,
    )  # fmt: skip
    gateway.project(now)
    (signed,) = supplier.gets(path)["items"]
    assert signed["key_sha256"] == fingerprint(key["public_key"])
    asked = gateway.someone("bank", "bank.maker").get(path)
    assert problem_of(asked) == (404, "not_found")
    story = f"/threads/{demand.subject}/timeline"
    assert signatories(supplier, story) == {"receivable.confirmed.v1": name_of(buyer)}


def a_key_of(person: Caller) -> dict[str, Any]:
    raw = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    path = f"/users/{person.user_id}/register-signing-key"
    user = person.posts(path, {"public_key": base64.b64encode(raw).decode()})
    key: dict[str, Any] = user["signing_keys"][-1]
    return key


def fingerprint(public_key: str) -> str:
    return hashlib.sha256(base64.b64decode(public_key)).hexdigest()


def name_of(person: Caller) -> str:
    return str(person.gets(f"/users/{person.user_id}")["name"])


def signatories(reader: Caller, story: str) -> dict[str, str]:
    """Who signed, by the type of the fact, as this reader is told."""
    entries = reader.gets(story)["items"]
    return {one["type"]: one["signatory"] for one in entries if one["signatory"]}
