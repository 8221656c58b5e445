"""Hard constraints: pass, fail, and unknown, which never excludes anybody."""

from datetime import date

import pytest

from services.contracts import notes
from services.contracts.supply import Verdict as VerdictSchema
from services.matching import constraints
from services.matching.sides import Holding, Requirement
from tests.unit.matching.pairs import BUYER, TODAY, a_demand, a_shop

ISO = Requirement("ISO9001质量管理体系认证")
SECRETS = Holding("军工保密资质", "二级")
EITHER = Requirement(ISO.name, None, (Requirement("军工保密资质", "三级"),))
SHOP = {"id": "supply-shop"}


def verdict_on(constraint, wanted=None, offered=None):
    verdicts = constraints.judge(wanted or a_demand(), offered or a_shop(), TODAY)
    return {one.constraint: one.verdict for one in verdicts}[constraint]


def test_a_fitting_pair_passes_everything():
    verdicts = constraints.judge(a_demand(), a_shop(), TODAY)
    assert [one.verdict for one in verdicts] == ["pass"] * 9
    assert constraints.failed(verdicts) == []


VECTORS = [
    # kind: which supplies answer which demands
    ("kind", {"kind": "order"}, {"kind": "service"}, "pass"),
    ("kind", {"kind": "order"}, {"kind": "fund"}, "fail"),
    ("kind", {"kind": "lab"}, {"kind": "lab_service"}, "pass"),
    ("kind", {"kind": "space"}, {"kind": "product"}, "fail"),
    # nobody supplies to themselves
    ("counterparty", {}, {"supplier_id": BUYER}, "fail"),
    ("active", {}, {"is_active": False}, "fail"),
    # an unverified real name may be matched
    ("verified", {}, {"verified_until": None}, "unknown"),
    ("verified", {}, {"verified_until": date(2026, 3, 1)}, "unknown"),
    ("verified", {}, {"verified_until": TODAY}, "pass"),
    # region
    ("region", {"region": None}, {}, "unknown"),
    ("region", {"region": "不详"}, {}, "unknown"),
    ("region", {}, {"regions": ()}, "pass"),
    ("region", {}, {"regions": None}, "unknown"),  # a public source says nothing of them
    ("region", {}, {"regions": ("全国",)}, "pass"),
    ("region", {}, {"regions": ("福建", "浙江省")}, "pass"),
    ("region", {}, {"regions": ("福建", "江西")}, "fail"),
    ("region", {"region": "330106"}, {"regions": ("330100",)}, "pass"),
    ("region", {"region": "330106"}, {"regions": ("330000",)}, "pass"),
    ("region", {"region": "330106"}, {"regions": ("110000",)}, "fail"),
    ("region", {"region": "浙江"}, {"regions": ("330100",)}, "unknown"),  # a part of it
    ("region", {"region": "宜昌市夷陵区"}, {"regions": ("宜昌市",)}, "pass"),
    # price floor and budget
    ("price", {"budget_fen": None}, {}, "unknown"),
    ("price", {}, {"price_min_fen": None}, "unknown"),
    ("price", {"budget_fen": 40_000_000}, {"price_min_fen": 40_000_000}, "pass"),
    ("price", {"budget_fen": 39_999_999}, {"price_min_fen": 40_000_000}, "fail"),
    # capacity
    ("capacity", {}, {"capacity_free": None}, "unknown"),
    ("capacity", {}, {"capacity_free": 1}, "pass"),
    ("capacity", {}, {"capacity_free": 0}, "fail"),
    # lead time from the day quotes close
    ("lead_time", {"delivery_due_date": None}, {}, "unknown"),
    ("lead_time", {}, {"lead_time_days": None}, "unknown"),
    ("lead_time", {"delivery_due_date": date(2026, 4, 15)}, {"lead_time_days": 30}, "pass"),
    ("lead_time", {"delivery_due_date": date(2026, 4, 14)}, {"lead_time_days": 30}, "fail"),
    (
        "lead_time",
        {"delivery_due_date": date(2026, 4, 1), "quotes_until": None},
        {"lead_time_days": 30},
        "pass",
    ),
    # qualifications
    ("qualification", {"requirements": None}, {}, "unknown"),
    ("qualification", {"requirements": ()}, {"qualifications": ()}, "pass"),
    ("qualification", {}, {"qualifications": ()}, "fail"),
    ("qualification", {}, {"qualifications": None}, "unknown"),
    ("qualification", {"requirements": ()}, {"qualifications": None}, "pass"),
    ("qualification", {}, {"qualifications": (Holding("ISO 9001 质量管理体系认证证书"),)}, "pass"),
    ("qualification", {}, {"qualifications": (Holding(ISO.name, None, TODAY),)}, "pass"),
    (
        "qualification",
        {},
        {"qualifications": (Holding(ISO.name, None, date(2026, 3, 1)),)},
        "fail",  # expired yesterday
    ),
    ("qualification", {"requirements": (ISO, Requirement("军工保密资质"))}, {}, "fail"),
    # one of alternatives is enough
    ("qualification", {"requirements": (Requirement("资质证书"),)}, {}, "unknown"),  # names none
    ("qualification", {"requirements": (EITHER,)}, {}, "pass"),
    ("qualification", {"requirements": (EITHER,)}, {"qualifications": (SECRETS,)}, "pass"),
    ("qualification", {"requirements": (EITHER,)}, {"qualifications": (Holding("绿化"),)}, "fail"),
    (
        "qualification",
        {"requirements": (EITHER,)},
        {"qualifications": (Holding("军工保密"),)},
        "unknown",
    ),  # of that one no grade is known
    ("qualification", {"requirements": (EITHER, ISO)}, {"qualifications": (SECRETS,)}, "fail"),
]


@pytest.mark.parametrize(("constraint", "demand", "supply", "verdict"), VECTORS)
def test_vector(constraint, demand, supply, verdict):
    assert verdict_on(constraint, a_demand(**demand), a_shop(**supply)) == verdict


GRADES = [
    ("壹级", "特级", "pass"),
    ("壹级", "一级", "pass"),
    ("壹级", "Ⅰ级", "pass"),
    ("贰级", "壹级", "pass"),
    ("叁级", "2级", "pass"),
    ("壹级", "贰级", "fail"),
    ("特级", "壹级", "fail"),
    ("乙级", "甲级", "pass"),
    ("甲级", "丙级", "fail"),
    ("甲级", "壹级", "unknown"),  # two scales do not compare
    ("壹级", None, "unknown"),
    (None, None, "pass"),
    ("AA", "AAA", "pass"),
    ("钻石", "钻石", "pass"),
]


@pytest.mark.parametrize(("required", "held", "verdict"), GRADES)
def test_grade(required, held, verdict):
    wanted = a_demand(requirements=(Requirement("建筑工程施工总承包", required),))
    offered = a_shop(qualifications=(Holding("建筑工程施工总承包", held),))
    assert verdict_on("qualification", wanted, offered) == verdict


@pytest.mark.parametrize(
    ("held", "verdict"), [("五级", "pass"), ("三级", "pass"), ("二级", "fail")]
)
def test_maturity_levels_count_upwards(held, verdict):
    wanted = a_demand(requirements=(Requirement("CMMI软件能力成熟度认证", "三级"),))
    offered = a_shop(qualifications=(Holding("CMMI软件能力成熟度认证", held),))
    assert verdict_on("qualification", wanted, offered) == verdict


def test_one_of_several_holdings_is_enough():
    wanted = a_demand(requirements=(Requirement("建筑工程施工总承包", "壹级"),))
    held = (Holding("建筑工程施工总承包", "叁级"), Holding("建筑工程施工总承包资质", "特级"))
    assert verdict_on("qualification", wanted, a_shop(qualifications=held)) == "pass"


def test_a_general_name_for_a_special_one_is_for_a_person_to_check():
    wanted = a_demand(requirements=(Requirement("建筑工程施工总承包", "壹级"),))
    offered = a_shop(qualifications=(Holding("施工总承包", "壹级"),))
    assert verdict_on("qualification", wanted, offered) == "unknown"


def test_a_demand_of_which_nothing_is_known_excludes_nobody():
    unknown = a_demand(
        region=None, budget_fen=None, quotes_until=None, delivery_due_date=None, requirements=None
    )
    assert constraints.failed(constraints.judge(unknown, a_shop(), TODAY)) == []


def test_verdicts_are_what_the_contract_says_and_have_words_in_both_languages():
    offered = a_shop(regions=tuple("很长的地区名" * 5 for _ in range(50)), qualifications=())
    for verdict in constraints.judge(a_demand(), offered, TODAY):
        stated = verdict.to_json()
        assert VerdictSchema().dump(VerdictSchema().load(stated)) == stated
        shown = said_of(verdict)
        assert shown["note_zh"]
        assert shown["note_en"].isascii() or verdict.constraint in {"region", "qualification"}


SAID = [
    ("kind", {}, {}, "供给类型 产品，需求类型 订单", "supply kind product, demand kind order"),
    ("kind", {"kind": "space"}, {"kind": "lab_service"}, "供给类型 研发服务，需求类型 空间需求",
     "supply kind laboratory service, demand kind space needed"),
    ("verified", {}, {}, "供方核验有效至 2027-01-01", "supplier verified until 2027-01-01"),
    ("verified", {}, {"verified_until": date(2026, 3, 1)}, "供方核验已于 2026-03-01 到期",
     "verified until 2026-03-01"),
    ("region", {"region": None}, {"regions": ()}, "需求地区 未知，服务地区 不限",
     "wanted in unknown, serves anywhere"),
    ("region", {"region": "浙江"}, {"regions": ("{0}", "福建")},
     "需求地区 浙江，服务地区 {0}、福建",
     "wanted in 浙江, serves {0}、福建"),
    ("qualification", {"requirements": (ISO, Requirement("施工", "壹级"))}, {},
     "缺少资质：施工壹级",
     "lacks: 施工壹级"),
    ("qualification", {}, {"qualifications": None}, f"资质待核对：{ISO.name}",
     f"to check: {ISO.name}"),
    ("price", {}, {}, "起价 400000.00 元，预算 500000.00 元",
     "from CNY 400000.00, budget CNY 500000.00"),
    ("capacity", {}, {}, "有剩余产能", "has free capacity"),
    ("capacity", {}, {"capacity_free": 0}, "产能已满", "no free capacity"),
    ("lead_time", {}, {}, "最早 2026-04-15 可交付，要求 2026-05-01",
     "ready on 2026-04-15 at the earliest, due on 2026-05-01"),
]  # fmt: skip


@pytest.mark.parametrize(("constraint", "demand", "supply", "zh", "en"), SAID)
def test_words(constraint, demand, supply, zh, en):
    verdicts = constraints.judge(a_demand(**demand), a_shop(**supply), TODAY)
    (verdict,) = [one for one in verdicts if one.constraint == constraint]
    shown = said_of(verdict)
    assert shown == {
        "constraint": constraint, "verdict": verdict.verdict, "note_zh": zh, "note_en": en,
    }  # fmt: skip


@pytest.mark.parametrize(("constraint", "demand", "supply", "_"), VECTORS)
def test_there_are_words_for_whatever_is_said(constraint, demand, supply, _):
    for verdict in constraints.judge(a_demand(**demand), a_shop(**supply), TODAY):
        assert said_of(verdict)["note_zh"]


def said_of(verdict):
    """As a document shows it."""
    (shown,) = notes.worded({"verdicts": [verdict.to_json()]})["verdicts"]
    return shown


def test_how_busy_a_supplier_is_nobody_reads_from_a_match():
    """Two supplies that differ in what is free of their capacity say the same, in old facts too."""
    little, much = (
        constraints.judge(a_demand(), a_shop(capacity_free=free), TODAY) for free in (1, 9)
    )
    assert [one.to_json() for one in little] == [one.to_json() for one in much]
    before = {"constraint": "capacity", "verdict": "pass", "given": ["7"]}
    (shown,) = notes.worded({"verdicts": [before]})["verdicts"]
    assert "7" not in f"{shown}"
