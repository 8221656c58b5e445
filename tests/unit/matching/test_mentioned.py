"""What a text says where the buyer left a field open is told; the verdict stays unknown."""

import pytest

from services.matching import constraints
from services.matching.mentioned import Mentioned, mentioned
from services.matching.sides import Holding, Requirement
from tests.unit.matching.pairs import TODAY, a_demand, a_shop
from tests.unit.matching.test_constraints import said_of

OPEN = {"region": None, "budget_fen": None, "delivery_due_date": None, "requirements": None}
TEXT = (
    "交货地点：浙江省杭州市。采购预算为30万元。交货日期：2026年3月20日前。"
    "供应商须具备有效的安全生产许可证。"
)


def told(demand=None, supply=None):
    """By constraint: its verdict and its note in Chinese."""
    wanted = a_demand(**OPEN | {"text": TEXT} | (demand or {}))
    verdicts = constraints.judge(wanted, a_shop(**supply or {}), TODAY)
    return {one.constraint: (one.verdict, said_of(one)["note_zh"]) for one in verdicts}


def test_it_is_told_beside_a_verdict_that_stays_unknown():
    found = told(supply={"regions": ("福建",), "qualifications": ()})
    assert found["region"] == (
        "unknown", "需求未写明地区，正文提到 浙江省杭州市（需方未确认），服务地区 福建",
    )  # fmt: skip
    assert found["price"] == (
        "unknown", "起价 400000.00 元，正文提到预算 300000.00 元（需方未确认）",
    )  # fmt: skip
    assert found["lead_time"] == (
        "unknown", "最早 2026-04-15 可交付，正文提到 2026-03-20（需方未确认）",
    )  # fmt: skip
    verdict, note = found["qualification"]
    assert verdict == "unknown" and "安全生产许可证" in note and "均具备" not in note


def test_nobody_is_excluded_by_what_a_buyer_has_not_confirmed():
    dear_far_and_slow = a_shop(regions=("福建",), qualifications=(), lead_time_days=3650)
    verdicts = constraints.judge(a_demand(**OPEN, text=TEXT), dear_far_and_slow, TODAY)
    assert constraints.failed(verdicts) == []


def test_who_holds_what_the_text_asks_for_is_told_so():
    held = (Holding("安全生产许可证"),)
    verdict, note = told(supply={"qualifications": held})["qualification"]
    assert verdict == "unknown" and note.startswith("需求未列资质，正文提到的均具备")


def test_what_the_buyer_states_is_never_read_again():
    assert mentioned(a_demand(text=TEXT)) == Mentioned()
    found = mentioned(a_demand(**OPEN | {"text": TEXT, "budget_fen": 1}))
    assert found.budget_fen is None and found.region == "浙江省杭州市"
    assert mentioned(a_demand(**OPEN | {"text": TEXT, "requirements": ()})).requirements == ()


def test_alternatives_of_a_text_are_alternatives():
    text = "投标人须具备市政公用工程施工总承包叁级资质或环保工程专业承包贰级资质。"
    (required,) = mentioned(a_demand(**OPEN | {"text": text})).requirements
    assert [one.grade for one in required.each] == ["叁级", "贰级"]
    assert isinstance(required, Requirement)


@pytest.mark.parametrize("supply", [{"price_min_fen": None}, {"lead_time_days": None}])
def test_what_the_supply_leaves_open_is_told_of_as_before(supply):
    name = {"price_min_fen": "price", "lead_time_days": "lead_time"}[next(iter(supply))]
    verdict, note = told(supply=supply)[name]
    assert verdict == "unknown" and "正文" not in note


def test_a_text_that_says_nothing_changes_no_note():
    assert told({"text": "叶轮"})["price"] == ("unknown", "预算或起价未知")
