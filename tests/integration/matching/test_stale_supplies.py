"""Evidence that expires: off offer by the time of receipt, and back when it was looked at again."""

from importlib import import_module

import pytest
from sqlalchemy import text

from services.contracts.problems import Problem
from services.contracts.supply import (
    AmendSupply,
    CreateSupply,
    RefreshSupply,
    SubmitSupply,
)
from services.days import end_of_day
from services.matching.commands import amendments, expiry, supplies
from tests.desk import START

EXPIRES = "2026-03-20"
HELD = {"name": "AS9100", "expires_on": EXPIRES}
LASTING = {"name": "ISO9001", "expires_on": "2027-01-01"}


@pytest.fixture
def shop(market):
    return market.party("启航精密")


@pytest.fixture
def id(market, shop):
    return market.supply(shop, qualifications=[LASTING, HELD, {"name": "营业执照"}])


def deadline(market, id):
    return market.desk.deadlines().get(("supply", id, "expire"))


def test_it_goes_stale_when_the_first_qualification_has_expired(market, shop, id):
    waiting = market.demand(market.party("岚航重型装备"), quote_deadline_at=None)
    market.publish(waiting)
    assert deadline(market, id) == end_of_day(START.date().replace(day=20))
    market.desk.clock.advance(days=19)
    stated = market.desk.meet(expiry.expire, "supply", id, "expire")
    assert [event.type for event in stated] == ["supply.expired.v1", "match.withdrawn.v1"]
    assert (stated[0].data["state"], stated[0].data["reason_code"]) == ("stale", "evidence_expired")
    assert stated[1].data["reason_code"] == "supply_stale"
    assert market.publish(market.demand(market.party("另一家"), quote_deadline_at=None)) == []


def test_a_command_judges_by_its_receipt_though_the_timer_is_down(market, shop, id):
    state = market.demand(market.party("岚航重型装备"), quote_deadline_at=None, title="园林养护")
    market.publish(state)
    market.desk.clock.advance(days=19)
    with pytest.raises(Problem) as refused:
        market.enter(shop, state["id"], id)
    assert refused.value.code == "supply_not_active"


def test_renewed_refreshed_and_verified_it_is_on_offer_again(market, shop, id):
    market.desk.clock.advance(days=19)
    body = {"title": "钛合金叶轮加工", "qualifications": [HELD | {"expires_on": "2027-03-20"}]}
    amended = market.desk.execute(
        AmendSupply, amendments.amend, shop, body, id=id,
        expected_version=market.get_supply(id).sequence,
    )  # fmt: skip
    assert amended.types == ["supply.expired.v1", "supply.amended.v1"]
    assert (amended.data["state"], amended.data["version"]) == ("stale", 2)
    refreshed = market.desk.execute(RefreshSupply, expiry.refresh, shop, id=id)
    assert (refreshed.types, refreshed.data["state"]) == (["supply.submitted.v1"], "verifying")
    market.activate(id)
    assert deadline(market, id) == end_of_day(START.date().replace(year=2027, day=20))
    later = market.demand(market.party("岚航重型装备"), quote_deadline_at=None)
    assert len(market.publish(later)) == 1


def test_what_has_expired_proves_nothing(market, shop):
    body = {"title": "叶轮", "qualifications": [HELD | {"expires_on": "2026-03-01"}]}
    id = market.desk.execute(CreateSupply, supplies.create, shop, body).id
    market.desk.execute(SubmitSupply, supplies.submit, shop, id=id)
    with pytest.raises(Problem) as refused:
        market.activate(id)
    assert refused.value.code == "evidence_expired"


def test_what_lasts_waits_for_nothing(market, shop):
    assert deadline(market, market.supply(shop)) is None


def test_the_last_day_still_counts(market, shop, id):
    market.desk.clock.advance(days=18, hours=14)  # 23:00 in Shanghai on the 20th
    state = market.demand(market.party("岚航重型装备"), quote_deadline_at=None, title="园林养护")
    market.publish(state)
    assert market.enter(shop, state["id"], id)["state"] == "interested"


def test_what_was_active_before_evidence_expired_gets_its_day_from_the_upgrade(market, shop, id):
    step = import_module("services.matching.migrations.versions.0008_waiting_matches")
    lasting = market.supply(shop, title="泵轴")
    public = {"supplier_id": shop.party_id, "source_ref": "p1", "title": "阀体"}
    (imported,) = market.imports(public | {"qualifications": [HELD]})
    with market.desk.session() as session, session.begin():
        session.execute(text("UPDATE supplies SET evidence_until = NULL"))
        session.execute(text("DELETE FROM deadlines"))
        session.execute(text(step.FIND))
        session.execute(text(step.AWAIT))
    assert str(market.get_supply(id).evidence_until) == EXPIRES
    assert market.get_supply(lasting).evidence_until is None
    assert market.get_supply(imported.subject).evidence_until is None
    due = {("supply", id, "expire"): end_of_day(START.date().replace(day=20))}
    assert market.desk.deadlines() == due
    market.desk.clock.advance(days=19)
    (stated,) = market.desk.meet(expiry.expire, "supply", id, "expire")
    assert (stated.type, stated.data["state"]) == ("supply.expired.v1", "stale")
