"""An open demand and a new supply find each other by the words that both have."""

from services.contracts.supply import KINDS
from services.matching import finding
from services.matching.sides import Wanted
from tests.unit.matching.pairs import a_deal, a_state


def wanted(title, text=""):
    return Wanted("order", "buyer", title, text=text)


def test_both_are_found_by_words_and_by_what_they_are_capable_of():
    demand = finding.of_demand(wanted("钛合金叶轮五轴加工"))
    supply = finding.of_supply(a_state(title="叶轮加工", text="五轴联动数控"))
    shared = set(demand) & set(supply)
    assert {"叶轮", "五轴"} <= shared


def test_deals_and_certificates_find_a_demand_that_the_text_does_not():
    state = a_state(title="承接工程", track_record=[a_deal(title="乡道补路工程")])
    assert "补路" in finding.of_supply(state)


def test_words_are_bounded_whatever_is_said():
    text = "".join(chr(0x4E00 + n) * 2 + "，" for n in range(5_000))
    facets = 20  # capabilities of a title, and of qualifications
    assert len(finding.of_demand(wanted("叶轮", text))) <= finding.DEMAND_WORDS + facets
    assert len(finding.of_supply(a_state(title="叶轮", text=text))) <= finding.SUPPLY_WORDS + facets
    assert finding.of_demand(wanted("！？")) == []


def test_every_kind_of_supply_answers_some_kind_of_demand():
    for kind in KINDS:
        assert finding.demand_kinds(a_state(kind=kind)), kind
