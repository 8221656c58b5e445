"""Facets: a hard one excludes, a preference decides between equals, silence does neither."""

import pytest

from services.contracts import kinds
from services.matching import constraints, documents
from services.matching.columns import Columns
from services.matching.evidence import BY_TEXT
from services.matching.facts import stated
from services.matching.profile import known
from tests.unit.matching.market import Market
from tests.unit.matching.pairs import TODAY, a_demand, a_shop, a_state
from tests.unit.matching.test_constraints import said_of

YUAN_50, YUAN_80 = 5_000, 8_000
SOUGHT = {
    "type": ["factory", "building"],
    "area_m2": {"min": 800, "max": 1_500},
    "rent_per_m2_month": {"max_fen": YUAN_50},
}
OFFERED = {
    "type": ["factory"],
    "area_m2": {"min": 1_200, "max": 1_200},
    "rent_per_m2_month": {"min_fen": YUAN_50},
}


def verdicts(sought=None, offered=None):
    """The verdicts on facets, in the words of a document."""
    wanted = a_demand(kind="space", facets=kinds.asked("space", SOUGHT | (sought or {})))
    supply = a_shop(kind="space", facets=kinds.offered("space", offered))
    found = constraints.judge(wanted, supply, TODAY)
    return {
        one.constraint: (one.verdict, said_of(one)["note_zh"], said_of(one)["note_en"])
        for one in found
        if one.constraint in ("facets", "preferences")
    }


def test_what_agrees_passes_and_is_named():
    assert verdicts(offered=OFFERED) == {
        "facets": ("pass", "符合所列条件：类型、面积", "as asked for: type, area"),
        "preferences": ("pass", "符合偏好：月租金", "as preferred: monthly rent"),
    }


@pytest.mark.parametrize(
    ("offered", "zh"),
    [
        ({"type": ["floor", "plot"]}, "不符合：类型"),
        ({"area_m2": {"max": 799}}, "不符合：面积"),
        ({"area_m2": {"min": 1_501}}, "不符合：面积"),
        ({"type": ["plot"], "area_m2": {"min": 9_000}}, "不符合：类型、面积"),
    ],
)
def test_a_hard_facet_that_does_not_agree_excludes(offered, zh):
    assert verdicts(offered=OFFERED | offered)["facets"][:2] == ("fail", zh)


@pytest.mark.parametrize(
    "area", [{"min": 1_500}, {"max": 800}, {"min": 1}, {"min": 900, "max": 900}]
)
def test_ranges_agree_where_they_touch(area):
    assert verdicts(offered=OFFERED | {"area_m2": area})["facets"][0] == "pass"


def test_what_is_not_said_is_unknown_and_excludes_nobody():
    found = verdicts(offered={"type": ["factory"]})
    assert found["facets"][:2] == ("unknown", "待核对：面积")
    assert found["preferences"][:2] == ("unknown", "偏好待核对：月租金")
    assert verdicts(offered=None)["facets"][:2] == ("unknown", "待核对：类型、面积")


def test_a_preference_that_is_not_met_excludes_nobody():
    dear = OFFERED | {"rent_per_m2_month": {"min_fen": YUAN_80}}
    assert verdicts(offered=dear)["preferences"] == (
        "unknown", "与偏好不同：月租金", "other than preferred: monthly rent",
    )  # fmt: skip


def test_of_what_is_not_asked_for_nothing_is_said():
    wanted = a_demand(kind="space", facets=())
    supply = a_shop(kind="space", facets=kinds.offered("space", OFFERED))
    found = constraints.judge(wanted, supply, TODAY)
    assert not {"facets", "preferences"} & {one.constraint for one in found}


@pytest.fixture
def market(tmp_path):
    found = Market(tmp_path / "index")
    yield found
    found.close()


def a_space(id, number, **facets):
    """One of two that say the same of themselves."""
    return a_state(
        id, number, kind="space", title="科技园标准厂房出租", text="", track_record=[],
        qualifications=None, facets=OFFERED | facets,
    )  # fmt: skip


def sought(**facets):
    return a_demand(
        kind="space", title="求租标准厂房", text="", category=None, region=None, requirements=None,
        budget_fen=None, delivery_due_date=None, facets=kinds.asked("space", SOUGHT | facets),
    )  # fmt: skip


def test_only_what_agrees_is_ranked_and_the_reason_is_counted(market):
    market.put(a_space("plot", 1, type=["plot"]), a_space("factory", 2))
    found = market.rank(sought())
    assert [one.supply_id for one in found.ranked] == ["factory"]
    assert found.causes == {"facets": 1}


def test_of_equals_the_preferred_one_comes_first(market):
    dear = {"rent_per_m2_month": {"min_fen": YUAN_80}}
    market.put(a_space("dear", 1, **dear), a_space("fair", 2), a_space("silent", 3))
    first, *others = market.rank(sought()).ranked
    assert first.supply_id == "fair"
    assert len({one.score_ppm for one in (first, *others)}) == 1


def test_what_fits_is_found_behind_many_that_do_not(market):
    plots = [a_space(f"plot {n}", n, type=["plot"]) for n in range(1, BY_TEXT + 100)]
    market.put(*plots, a_space("factory", BY_TEXT + 100))
    found = market.rank(sought())
    assert [one.supply_id for one in found.ranked] == ["factory"]


def test_a_process_that_starts_knows_them_as_before(market):
    market.put(a_space("plot", 1, type=["plot"]), a_space("factory", 2))
    before = market.rank(sought())
    market.restart()
    again = market.rank(sought())
    assert [one.supply_id for one in again.ranked] == [one.supply_id for one in before.ranked]
    assert again.causes == before.causes
    assert market.columns.offered("factory").facets == kinds.offered("space", OFFERED)


def test_a_fact_from_before_there_were_facets_says_nothing():
    state = a_state(kind="space")
    assert "facets" not in state
    assert stated(state)[0].facets == ()
    kept = documents.unpacked(documents.packed(known(state)))
    columns = Columns()
    columns.put(*stated(kept.state), kept.profile)
    assert columns.offered("s1").facets == ()
