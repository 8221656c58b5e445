"""The generated world: as large as promised, valid to the contract, answerable, repeatable."""

from datetime import date

import pytest
from stdnum.cn import uscc

from deploy.sails.samples import generate
from deploy.sails.samples.credit import body_check, check
from services.contracts.demand import DraftDemand
from services.contracts.party import RegisterParty
from services.contracts.supply import DraftSupply
from services.matching import constraints, words
from services.matching.sides import Holding, Offered, Requirement, Wanted

TODAY = date(2026, 3, 2)
SEEDS = (1, 7, 2026)


def test_the_same_seed_and_day_give_the_same_world():
    assert generate(7, TODAY) == generate(7, TODAY)
    assert generate(7, TODAY) != generate(8, TODAY)


@pytest.mark.parametrize("seed", SEEDS)
def test_size_and_cast(seed):
    sample = generate(seed, TODAY)
    assert (len(sample.parties), len(sample.demands), len(sample.supplies)) == (40, 60, 600)
    cast = {
        capacity: len(sample.named(capacity))
        for capacity in ("buyer", "supplier", "bank", "registry", "operator")
    }
    assert cast == {"buyer": 6, "supplier": 30, "bank": 2, "registry": 1, "operator": 1}
    natures = [sample.parties[name]["nature"] for name in sample.named("buyer")]
    assert natures.count("public_institution") == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_every_body_is_what_the_contract_takes(seed):
    sample = generate(seed, TODAY)
    for party in sample.parties.values():
        RegisterParty().load(party)
    for buyer, body in sample.demands:
        terms = DraftDemand().load(body)["terms"]
        assert sum(node["share_bp"] for node in terms["nodes"]) == 10_000
        assert "buyer" in sample.parties[buyer]["capacities"]
    for supplier, body in sample.supplies:
        DraftSupply().load(body)
        assert "supplier" in sample.parties[supplier]["capacities"]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_party_has_its_own_valid_credit_code(seed):
    codes = [party["credit_code"] for party in generate(seed, TODAY).parties.values()]
    assert [uscc.validate(code) for code in codes] == codes
    assert len(set(codes)) == len(codes)
    assert all(body_check(code[8:16]) == code[16] for code in codes)


def test_check_digit_of_a_published_example():
    assert check("91110000600037341") == "L"  # the example of python-stdnum's documentation


@pytest.mark.parametrize("seed", SEEDS)
def test_every_demand_has_plausible_supplies(seed):
    sample = generate(seed, TODAY)
    supplies = [(name, DraftSupply().load(body)) for name, body in sample.supplies]
    for buyer, body in sample.demands:
        wanted = _wanted(buyer, DraftDemand().load(body))
        subject = body["title"].split("采购")[0]
        fitting = [
            supply
            for name, supply in supplies
            if subject in supply["title"]
            and not constraints.failed(constraints.judge(wanted, _offered(name, supply), TODAY))
        ]
        assert len(fitting) >= 3, body["title"]


def test_deadlines_are_counted_from_the_given_day():
    later = date(2027, 1, 4)
    for _, body in generate(7, later).demands:
        demand = DraftDemand().load(body)
        assert later < demand["quote_deadline_at"].date() < demand["delivery_due_date"]


def test_texts_differ_between_demands():
    titles = {body["title"] for _, body in generate(7, TODAY).demands}
    assert len(titles) > 50
    assert all(words.words(title) for title in titles)


def _wanted(buyer, demand):
    return Wanted(
        kind=demand["kind"],
        buyer_id=buyer,
        title=demand["title"],
        region=demand["region"],
        budget_fen=demand["budget_fen"],
        quotes_until=demand["quote_deadline_at"].date(),
        delivery_due_date=demand["delivery_due_date"],
        requirements=tuple(Requirement(**item) for item in demand["requirements"]),
    )


def _offered(name, supply):
    return Offered(
        id=supply["title"],
        number=0,
        supplier_id=name,
        kind=supply["kind"],
        regions=tuple(supply["regions"]),
        qualifications=tuple(Holding(**item) for item in supply["qualifications"]),
        price_min_fen=supply["price_min_fen"],
        capacity_free=supply["capacity_declared"],
        lead_time_days=supply["lead_time_days"],
    )


def test_a_large_sample_has_more_suppliers_and_no_two_of_one_name_or_code() -> None:
    sample = generate(7, TODAY, demands=100, supplies=10_000)

    assert (len(sample.demands), len(sample.supplies)) == (100, 10_000)
    assert len(sample.named("supplier")) == 500  # more than there are names of two characters
    codes = [party["credit_code"] for party in sample.parties.values()]
    assert len(codes) == len(set(codes))


def test_a_sample_may_have_demands_and_no_supply_at_all() -> None:
    sample = generate(7, TODAY, demands=70, supplies=0)

    assert len(sample.demands) == 70
    assert sample.supplies == []
