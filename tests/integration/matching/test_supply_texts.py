"""What a supply says: amended with versions, and what of it counts only when it is proved."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from services.contracts.demand import demand
from services.contracts.problems import Problem
from services.contracts.supply import (
    ActivateSupply,
    AmendSupply,
    ConfirmClaims,
    CreateSupply,
    SubmitSupply,
)
from services.matching.commands import amendments, capacity, confirmations, supplies

BODY = {"title": "数控机床", "text": "五轴联动", "capacity_declared": 5}
HIGH_TECH = {
    "code": "high_tech", "certificate_number": "GR202611000001", "expires_on": "2028-12-31",
}  # fmt: skip
GIANT = {"code": "little_giant", "certificate_number": "ZJTX-001", "expires_on": "2026-06-30"}
DEAL = {"title": "航空叶轮加工", "date": "2025-05-01", "outcome": "delivered"}


@pytest.fixture
def shop(market):
    return market.party("启航精密")


def amend(market, shop, id, **changes):
    known = market.get_supply(id).sequence
    return market.desk.execute(
        AmendSupply, amendments.amend, shop, BODY | changes, id=id, expected_version=known
    )


def activate(market, id, **confirmed):
    return market.activate(id, **confirmed)


def test_an_activation_names_the_version_whose_claims_were_seen(market, shop):
    """Claimed deals are named by their place, which a confirmation in between would shift."""
    deals = [{"title": "钛合金叶轮", "outcome": "delivered"}, {"title": "铝合金机匣"}]
    id = submitted(market, shop, claimed_deals=deals)
    seen = market.get_supply(id).sequence
    confirm(market, id, deals=[0])
    with pytest.raises(Problem) as refused:
        market.desk.execute(
            ActivateSupply, supplies.activate, market.operator, {"deals": [0]}, id=id,
            expected_version=seen,
        )  # fmt: skip
    assert refused.value.code == "stale_version"
    assert market.get_supply(id).state == "verifying"


def confirm(market, id, **confirmed):
    known = market.get_supply(id).sequence
    return market.desk.execute(
        ConfirmClaims, confirmations.confirm, market.operator, confirmed, id=id,
        expected_version=known,
    )  # fmt: skip


def submitted(market, shop, **given):
    id = market.desk.execute(CreateSupply, supplies.create, shop, BODY | given).id
    market.desk.execute(SubmitSupply, supplies.submit, shop, id=id)
    return id


def refusal(code, act, *args, **kwargs):
    with pytest.raises(Problem) as refused:
        act(*args, **kwargs)
    assert refused.value.code == code
    return refused.value


def test_a_draft_is_amended_and_stays_the_first_version(market, shop):
    id = market.desk.execute(CreateSupply, supplies.create, shop, BODY).id
    amended = amend(market, shop, id, title="数控车床", capacity_declared=7)
    assert amended.types == ["supply.amended.v1"]
    said = (amended.data["state"], amended.data["version"], amended.data["title"])
    assert said == ("draft", 1, "数控车床")
    assert market.get_supply(id).capacity_free == 7


def test_other_words_of_an_active_one_are_another_version_that_the_index_has(market, shop):
    id = market.supply(shop, **BODY)
    amended = amend(market, shop, id, title="钛合金叶轮五轴加工", lead_time_days=20)
    assert (amended.data["state"], amended.data["version"]) == ("active", 2)
    (told,) = market.publish(market.demand(market.party("岚航重型装备")))
    assert (told.data["supply_id"], told.data["supply_title"]) == (id, "钛合金叶轮五轴加工")


def test_other_evidence_is_looked_at_again(market, shop):
    id = market.supply(shop, **BODY)
    held = [{"name": "ISO9001", "expires_on": "2027-01-01"}]
    amended = amend(market, shop, id, qualifications=held)
    assert (amended.data["state"], amended.data["version"]) == ("verifying", 2)
    assert market.publish(market.demand(market.party("岚航重型装备"))) == []
    refusal("illegal_move", amend, market, shop, id)  # it is being looked at
    assert activate(market, id).data["evidence_until"] == "2027-01-01"


def test_an_older_version_is_not_amended(market, shop):
    id = market.supply(shop, **BODY)
    amend(market, shop, id, title="数控车床")
    with pytest.raises(Problem) as refused:
        market.desk.execute(AmendSupply, amendments.amend, shop, BODY, id=id, expected_version=1)
    assert refused.value.code == "stale_version"


def test_what_awards_have_taken_stays_declared(market, shop):
    id, buyer = market.supply(shop, **BODY), market.party("岚航重型装备")
    for _ in range(2):
        award(market, shop, id, buyer)
    refused = refusal("capacity_below_taken", amend, market, shop, id, capacity_declared=1)
    assert (refused.pointer, refused.params["taken"]) == ("/capacity_declared", 2)
    refusal("capacity_below_taken", amend, market, shop, id, capacity_declared=None)
    amend(market, shop, id, capacity_declared=2)
    assert market.get_supply(id).capacity_free == 0


def test_awards_while_it_is_amended_never_take_more_than_is_declared(market, shop):
    id, buyer = market.supply(shop, **BODY), market.party("岚航重型装备")

    def declare(number):
        try:
            amend(market, shop, id, capacity_declared=3 + number % 3)
        except Problem as problem:
            assert problem.code in ("capacity_below_taken", "stale_version")

    with ThreadPoolExecutor(4) as pool:
        done = [pool.submit(declare, number) for number in range(12)]
        done += [pool.submit(award, market, shop, id, buyer) for _ in range(12)]
        for each in done:
            each.result()
    supply = market.get_supply(id)
    assert supply.capacity_free + supply.capacity_reserved == supply.capacity_declared
    said = [event.past for event in market.desk.events() if event.past in ("reserved", "short")]
    assert said.count("reserved") == supply.capacity_reserved <= 5
    assert len(said) == 12


def award(market, shop, id, buyer):
    won = {"awarded_supplier_id": shop.party_id, "awarded_supply_id": id}
    fact = market.fact(demand, "awarded", market.demand(buyer, state="awarded", **won), 5)
    market.desk.transactions.act(capacity.follow_award, "awards", [fact])


def test_a_badge_is_shown_when_the_operator_has_seen_its_certificate(market, shop):
    id = submitted(market, shop, claimed_badges=[HIGH_TECH, GIANT])
    refusal("badge_not_claimed", activate, market, id, badges=["unicorn"])
    activated = activate(market, id, badges=["high_tech"])
    assert activated.data["badges"] == [HIGH_TECH]
    assert confirm(market, id, badges=["little_giant"]).data["badges"] == [HIGH_TECH, GIANT]
    amended = amend(market, shop, id, claimed_badges=[HIGH_TECH])
    assert amended.data["state"] == "verifying"
    assert activate(market, id).data["badges"] == []  # each is confirmed anew


def test_what_is_confirmed_before_the_activation_is_not_undone_by_it(market, shop):
    id = submitted(market, shop, claimed_badges=[HIGH_TECH, GIANT], claimed_deals=[DEAL])
    assert confirm(market, id, badges=["little_giant"], deals=[0]).data["badges"] == [GIANT]
    activated = activate(market, id, badges=["high_tech"])
    assert (activated.types, activated.data["badges"]) == (
        ["supply.activated.v1"],
        [GIANT, HIGH_TECH],
    )
    assert len(activated.data["track_record"]) == 1
    amended = amend(market, shop, id, claimed_badges=[GIANT | {"certificate_number": "other"}])
    assert (amended.data["state"], amended.data["badges"]) == ("verifying", [])
    assert activate(market, id).data["badges"] == []


def test_a_badge_ends_with_its_certificate_and_the_supply_stays_on_offer(market, shop):
    id = submitted(market, shop, claimed_badges=[HIGH_TECH, GIANT])
    activate(market, id, badges=["high_tech", "little_giant"])
    market.desk.clock.advance(days=121)  # 1 July
    refusal("badge_expired", confirm, market, id, badges=["little_giant"])
    amended = amend(market, shop, id, claimed_badges=[HIGH_TECH, GIANT], lead_time_days=9)
    assert amended.types == ["supply.refreshed.v1", "supply.amended.v1"]
    assert (amended.data["state"], amended.data["badges"]) == ("active", [HIGH_TECH])


def test_an_own_deal_counts_once_the_operator_has_seen_it(market, shop):
    other = DEAL | {"title": "泵轴磨削"}
    id = submitted(market, shop, claimed_deals=[DEAL, other])
    activated = activate(market, id)
    assert (activated.data["track_record"], len(activated.data["claimed_deals"])) == ([], 2)
    refusal("deal_not_claimed", confirm, market, id, deals=[2])
    confirmed = confirm(market, id, deals=[1])
    assert confirmed.types == ["supply.confirmed.v1"]
    assert [deal["title"] for deal in confirmed.data["track_record"]] == ["泵轴磨削"]
    assert [deal["title"] for deal in confirmed.data["claimed_deals"]] == ["航空叶轮加工"]
    again = amend(market, shop, id, claimed_deals=[other])  # what counts is not claimed again
    assert (again.data["state"], again.data["claimed_deals"]) == ("active", [])


def test_capabilities_are_recognised_where_none_are_given(market, shop):
    created = market.desk.execute(CreateSupply, supplies.create, shop, BODY)
    assert created.data["capabilities_from"] == "recognised"
    assert created.data["capability_codes"]
    given = amend(market, shop, created.id, capability_codes=["works.bridge"])
    assert given.data["capability_codes"] == ["works.bridge"]
    assert given.data["capabilities_from"] == "given"


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"capability_codes": ["works.bridge", "works.castle"]}, "/capability_codes/1"),
        ({"gbt4754": "C99"}, "/gbt4754"),
        ({"claimed_badges": [HIGH_TECH | {"code": "knight"}]}, "/claimed_badges/0/code"),
        ({"capacity_period": "fortnight"}, "/capacity_period"),
    ],
)
def test_what_no_classification_has_is_refused(market, shop, given, pointer):
    body = BODY | given
    refused = refusal("invalid", market.desk.execute, CreateSupply, supplies.create, shop, body)
    assert refused.errors[0]["pointer"] == pointer


def test_an_item_code_is_its_suppliers_own(market, shop):
    body = BODY | {"item_code": "A-1", "gbt4754": "c34", "external_code": "23-15-34"}
    created = market.desk.execute(CreateSupply, supplies.create, shop, body)
    assert (created.data["item_code"], created.data["gbt4754"]) == ("A-1", "C34")
    refusal("item_code_taken", market.desk.execute, CreateSupply, supplies.create, shop, body)
    market.desk.execute(CreateSupply, supplies.create, market.party("别家"), body)
