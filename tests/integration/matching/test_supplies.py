"""A supply's life, from draft to the order hall and out of it."""

import pytest

from services.contracts.party import party
from services.contracts.problems import Problem
from services.contracts.supply import (
    ArchiveSupply,
    CreateSupply,
    RejectSupply,
    SubmitSupply,
)
from services.matching.commands import supplies
from tests.desk import an_actor
from tests.integration.matching.market import VERIFIED_UNTIL

BODY = {
    "title": "钛合金叶轮加工",
    "kind": "product",
    "regions": ["浙江省杭州市"],
    "qualifications": [{"name": "ISO9001", "expires_on": "2027-01-01"}],
    "price_min": {"amount": "1000.00", "currency": "CNY"},
    "capacity_declared": 5,
}


def test_drafted_submitted_activated_archived(market):
    shop = market.party("启航精密")
    created = market.desk.execute(CreateSupply, supplies.create, shop, BODY)
    assert created.types == ["supply.created.v1"]
    assert created.data["supplier_name"] == "启航精密"
    assert created.data["price_min_fen"] == 100_000
    assert created.data["qualifications"][0]["expires_on"] == "2027-01-01"
    id = created.id
    submitted = market.desk.execute(SubmitSupply, supplies.submit, shop, id=id)
    activated = market.activate(id)
    archived = market.desk.execute(ArchiveSupply, supplies.archive, shop, id=id)
    states = [outcome.data["state"] for outcome in (submitted, activated, archived)]
    assert states == ["verifying", "active", "archived"]
    assert activated.data["supplier_verified"] is True


def test_the_operator_rejects_with_a_reason_and_it_may_be_submitted_again(market):
    shop = market.party("启航精密")
    id = market.desk.execute(CreateSupply, supplies.create, shop, BODY).id
    market.desk.execute(SubmitSupply, supplies.submit, shop, id=id)
    reason = {"reason_code": "evidence_missing"}
    rejected = market.desk.execute(RejectSupply, supplies.reject, market.operator, reason, id=id)
    assert (rejected.data["state"], rejected.data["reason_code"]) == (
        "rejected",
        "evidence_missing",
    )
    again = market.desk.execute(SubmitSupply, supplies.submit, shop, id=id)
    assert (again.data["state"], again.data["reason_code"]) == ("verifying", None)


def test_an_unverified_supplier_is_not_activated(market):
    shop = market.party("启航精密", verified=False)
    id = market.desk.execute(CreateSupply, supplies.create, shop, BODY).id
    market.desk.execute(SubmitSupply, supplies.submit, shop, id=id)
    with pytest.raises(Problem) as refused:
        market.activate(id)
    assert refused.value.code == "party_unverified"
    assert market.get_supply(id).state == "verifying"


def test_a_draft_is_not_activated(market):
    shop = market.party("启航精密")
    id = market.desk.execute(CreateSupply, supplies.create, shop, BODY).id
    with pytest.raises(Problem) as refused:
        market.activate(id)
    assert refused.value.code == "illegal_move"


def test_someone_elses_supply_is_not_found(market):
    id = market.supply(market.party("启航精密"))
    with pytest.raises(Problem) as refused:
        market.desk.execute(ArchiveSupply, supplies.archive, market.party("别家"), id=id)
    assert refused.value.code == "not_found"


def test_an_unknown_organisation_offers_nothing(market):
    with pytest.raises(Problem) as refused:
        market.desk.execute(CreateSupply, supplies.create, an_actor("supplier.owner"), BODY)
    assert refused.value.code == "party_unknown"


def test_the_lowest_price_is_not_above_the_highest(market):
    body = BODY | {"price_max": {"amount": "999.99", "currency": "CNY"}}
    with pytest.raises(Problem) as refused:
        market.desk.execute(CreateSupply, supplies.create, market.party("启航精密"), body)
    assert (refused.value.code, refused.value.pointer) == ("price_range", "/price_max")


def test_supplies_show_when_their_supplier_has_been_verified(market):
    shop = market.party("启航精密", verified=False)
    id = market.desk.execute(CreateSupply, supplies.create, shop, BODY).id
    state = {"id": shop.party_id, "name": "启航精密", "verified_until": VERIFIED_UNTIL}
    told = market.desk.act(supplies.follow_party, market.fact(party, "verified", state, 2))
    assert [event.type for event in told] == ["supply.refreshed.v1"]
    assert market.get_supply(id).supplier_verified is True


def test_what_is_archived_is_waited_for_no_more(market):
    buyer, shop = market.party("岚航重型装备"), market.party("启航精密")
    id = market.supply(shop)
    waiting, quoted = market.demand(buyer), market.demand(buyer)
    market.publish(waiting)
    market.publish(quoted)
    market.quoted(public(market.matches(quoted["id"])[0]))
    archived = market.desk.execute(ArchiveSupply, supplies.archive, shop, id=id)
    assert archived.types == ["supply.archived.v1", "match.withdrawn.v1"]
    assert archived.data["demand_id"] == waiting["id"]
    assert archived.data["reason_code"] == "supply_archived"
    assert market.matches(quoted["id"])[0].state == "quoted"


def test_a_supply_too_many_is_refused_until_another_is_archived(market, monkeypatch):
    monkeypatch.setattr(supplies, "SUPPLIES_PER_PARTY", 2)
    shop = market.party("启航精密")
    first, _ = market.supply(shop), market.supply(shop)
    with pytest.raises(Problem) as refused:
        market.supply(shop)
    assert refused.value.code == "supplies_full"
    market.desk.execute(ArchiveSupply, supplies.archive, shop, id=first)
    market.supply(shop)


def public(match):
    return {"id": match.id, "demand_id": match.demand_id, "supplier_id": match.supplier_id}
