"""Every kind of demand goes the same way: published, matched with reasons, or entered."""

import pytest

from services.contracts import kinds
from services.contracts.kinds import DEMANDS
from services.contracts.problems import Problem
from services.contracts.reading import ReadDemand
from services.contracts.supply import CheckMatch, ImportSuppliesCommand
from services.matching import queries
from services.matching.commands import imports
from services.matching.retrieval import Retrieval

YUAN = {"currency": "CNY"}
MILLION_FEN = 100_000_000
# By kind: what is sought, who has it, who has something else, and the facet that says so. Demands
# are stated as facts state them, supplies as their suppliers do.
MARKETS = {
    "order": ({}, {}, None, None),
    "acquisition": (
        {"round": {"max_fen": 50 * MILLION_FEN}, "stages": ["a", "b"]},
        {"round": {"min": {"amount": "20000000.00", **YUAN}}, "stages": ["a"]},
        {"round": {"min": {"amount": "90000000.00", **YUAN}}},
        "本轮金额",
    ),
    "fundraising": (
        {"ticket": {"min_fen": 5 * MILLION_FEN}, "stages": ["angel"], "industries": ["it"]},
        {"ticket": {"max": {"amount": "10000000.00", **YUAN}}, "stages": ["angel", "a"],
         "industries": ["信息安全"]},
        {"ticket": {"max": {"amount": "1000000.00", **YUAN}}},
        "单笔金额",
    ),
    "service": ({"class": ["ip"]}, {"class": ["ip", "legal_tax"]}, {"class": ["hr"]}, "服务类别"),
    "mentoring": (
        {"fields": ["it"], "languages": ["zh"]}, {"fields": ["it.security"], "languages": ["zh"]},
        None, None,
    ),
    "lab": (
        {"class": ["test"], "accredited": True},
        {"class": ["test", "instrument"], "accredited": True},
        {"class": ["test"], "accredited": False},
        "出具 CMA 或 CNAS 报告",
    ),
    "space": (
        {"type": ["factory"], "area_m2": {"min": 800, "max": 1500}},
        {"type": ["factory"], "area_m2": {"min": 1200, "max": 1200}},
        {"type": ["factory"], "area_m2": {"max": 300}},
        "面积",
    ),
    "challenge": (
        {"fields": ["it.security"], "ready_on": "2026-09-30"},
        {"fields": ["it.security"], "ready_on": "2026-09-30"},
        {"ready_on": "2026-10-01"},
        "完成日期",
    ),
    "technology": (
        {"licence": ["use_first_pay_later", "open"]}, {"licence": ["open"]},
        {"licence": ["assignment"]}, "许可方式",
    ),
}  # fmt: skip
TITLE, WORDS = "信息安全合作", {"title": "信息安全合作与服务", "text": "面向中小企业"}


@pytest.fixture
def buyer(market):
    return market.party("岚航重型装备")


def answers(kind: str) -> str:
    return DEMANDS[kind].answered_by[0]


def of_facets(match: dict) -> dict[str, str]:
    wanted = ("facets", "preferences")
    return {one["constraint"]: one["verdict"] for one in match["verdicts"]
            if one["constraint"] in wanted}  # fmt: skip


def test_no_kind_is_left_out():
    assert set(MARKETS) == set(DEMANDS)


@pytest.mark.parametrize("kind", DEMANDS)
def test_a_demand_of_any_kind_is_matched_with_reasons(market, buyer, kind):
    sought, fits, unfit, _ = MARKETS[kind]
    shop, other, silent = (market.party(name) for name in ("启航", "别家", "未言"))
    right = market.supply(shop, kind=answers(kind), facets=fits, **WORDS)
    unsaid = market.supply(silent, kind=answers(kind), **WORDS)
    wrong = market.supply(other, kind=answers(kind), facets=unfit, **WORDS) if unfit else None
    told = market.publish(market.demand(buyer, TITLE, kind=kind, facets=sought))
    by_supply = {event.data["supply_id"]: event.data for event in told}
    assert set(by_supply) == {right, unsaid} and wrong not in by_supply
    found, doubtful = by_supply[right], by_supply[unsaid]
    assert sum(part["contribution_ppm"] for part in found["contributions"]) == found["score_ppm"]
    assert "信息安全" in found["terms"]
    assert set(of_facets(found).values()) <= {"pass"}
    assert set(of_facets(doubtful).values()) <= {"unknown"}
    assert bool(of_facets(found)) == bool(sought)


@pytest.mark.parametrize("kind", [kind for kind, (_, _, unfit, _) in MARKETS.items() if unfit])
def test_from_the_hall_it_is_seen_why_a_supply_does_not_fit(market, buyer, kind):
    sought, _, unfit, facet = MARKETS[kind]
    other = market.party("别家")
    id = market.supply(other, kind=answers(kind), facets=unfit, **WORDS)
    state = market.demand(buyer, TITLE, kind=kind, facets=sought)
    assert market.publish(state) == []
    body = {"demand_id": state["id"], "supply_id": id}
    checked = market.desk.ask(CheckMatch, queries.check, other, body)
    (said,) = [one for one in checked["verdicts"] if one["constraint"] == "facets"]
    assert said["verdict"] == "fail" and said["note"] == "lacks"
    names = [kinds.BY_CODE[code].names.zh for code in said["given"][0].split("、")]
    assert facet in names
    entered = market.enter(other, state["id"], id)
    assert entered["state"] == "interested" and entered["verdicts"] == checked["verdicts"]


def test_one_that_an_amended_demand_rules_out_is_withdrawn(market, buyer):
    sought, fits, _, _ = MARKETS["space"]
    id = market.supply(market.party("启航"), kind="space", facets=fits, **WORDS)
    state = market.demand(buyer, TITLE, kind="space", facets=sought)
    (told,) = market.publish(state)
    assert told.data["supply_id"] == id
    changed = state | {"facets": sought | {"type": ["plot"]}, "version": 2}
    (withdrawn,) = market.publish(changed, "amended", sequence=3)
    assert (withdrawn.type, withdrawn.data["reason_code"]) == (
        "match.withdrawn.v1", "constraint_failed",
    )  # fmt: skip


def test_the_index_that_is_built_anew_and_the_row_know_the_facets(market, buyer, tmp_path):
    sought, fits, unfit, _ = MARKETS["lab"]
    right = market.supply(market.party("启航"), kind="lab_service", facets=fits, **WORDS)
    market.supply(market.party("别家"), kind="lab_service", facets=unfit, **WORDS)
    assert market.get_supply(right).facets == fits
    market.follow()
    market.retrieval = Retrieval()
    with market.desk.session() as session:
        market.retrieval.open(tmp_path / "another index", session)
    (told,) = market.publish(market.demand(buyer, TITLE, kind="lab", facets=sought))
    market.retrieval.close()
    assert told.data["supply_id"] == right


def test_facets_are_checked_by_the_kind_and_imported_ones_too(market):
    shop = market.party("启航")
    with pytest.raises(Problem) as refused:
        market.supply(shop, kind="space", facets={"class": ["ip"]}, **WORDS)
    assert [one["pointer"] for one in refused.value.errors] == ["/facets/class"]
    row = {"supplier_id": shop.party_id, "source_ref": "s1", "kind": "space",
           "facets": {"type": ["factory"]}} | WORDS  # fmt: skip
    importing = ImportSuppliesCommand, imports.import_supplies, market.operator
    (result,) = market.desk.execute(*importing, {"rows": [row]}).result["results"]
    assert market.get_supply(result["id"]).facets == {"type": ["factory"]}
    with pytest.raises(Problem) as refused:
        market.desk.execute(*importing, {"rows": [row | {"facets": {"type": ["tent"]}}]})
    assert [one["pointer"] for one in refused.value.errors] == ["/rows/0/facets/type/0"]


def test_what_a_text_says_is_told_beside_a_verdict_and_excludes_nobody(market, buyer):
    market.supply(
        market.party("启航"), "钛合金叶轮加工", regions=["福建"],
        price_min={"amount": "500000.00", **YUAN},
    )  # fmt: skip
    text = "交货地点：浙江省杭州市。采购预算为30万元。"
    (told,) = market.publish(market.demand(buyer, text=text))
    verdicts = {one["constraint"]: one for one in told.data["verdicts"]}
    assert verdicts["price"] == {
        "constraint": "price", "verdict": "unknown", "note": "read",
        "given": ["500000.00", "300000.00"],
    }  # fmt: skip
    assert verdicts["region"]["verdict"] == "unknown"
    assert verdicts["region"]["given"] == ["浙江省杭州市", "福建"]


def test_a_text_is_read_for_its_buyer_and_nothing_is_kept(market, buyer):
    before = len(market.desk.events())
    body = {"title": "钛合金叶轮采购", "text": "采购预算为30万元，截止时间：2026年3月20日9时。"}
    answer = market.desk.ask(ReadDemand, queries.read, buyer, body)
    assert [one["value_fen"] for one in answer["read"]["budget"]] == [30_000_000]
    assert answer["draft"]["quote_deadline_at"] == "2026-03-20T09:00:00+08:00"
    assert answer["is_whole"] and len(market.desk.events()) == before


def test_one_of_alternatives_is_enough_to_be_told(market, buyer):
    shop = market.party("启航精密")
    market.supply(shop, qualifications=[{"name": "AS9100航空质量管理体系认证"}])
    market.supply(market.party("别家"), qualifications=[{"name": "绿化养护资质"}])
    either = {"name": "ISO9001质量管理体系认证", "grade": None,
              "alternatives": [{"name": "AS9100航空质量管理体系认证", "grade": None}]}  # fmt: skip
    (told,) = market.publish(market.demand(buyer, requirements=[either]))
    assert told.data["supplier_id"] == shop.party_id
