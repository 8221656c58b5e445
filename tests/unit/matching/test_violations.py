"""Nothing that is proposed violates a constraint, however budgets, regions, papers are turned."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.matching import facts
from services.matching.constraints import Pair
from services.matching.sides import Requirement
from tests.unit.matching.market import Market
from tests.unit.matching.pairs import BUYER, TODAY, a_demand, a_state

REGIONS = ["浙江", "浙江省杭州市", "330106", "福建", "全国", "不详", "宜昌市夷陵区"]
PAPERS = ["ISO9001质量管理体系认证", "建筑工程施工总承包", "CMMI软件能力成熟度"]
GRADES = [None, "特级", "壹级", "2级", "三级"]


@st.composite
def supplies(draw):
    """All of the same words, so that all are candidates: only constraints tell them apart."""
    held = st.fixed_dictionaries(
        {
            "name": st.sampled_from(PAPERS),
            "grade": st.sampled_from(GRADES),
            "expires_on": st.sampled_from([None, "2026-03-01", "2026-03-02", "2027-01-01"]),
        }
    )
    one = st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["product", "service", "fund"]),
            "supplier_id": st.sampled_from([BUYER, "shop"]),
            "origin": st.sampled_from(["own", "imported"]),
            "regions": st.lists(st.sampled_from(REGIONS), max_size=2),
            "price_min_fen": st.sampled_from([None, 1, 39_999_999, 40_000_000, 40_000_001]),
            "qualifications": st.none() | st.lists(held, max_size=3),
            "capacity_declared": st.sampled_from([None, 0, 1]),
            "lead_time_days": st.sampled_from([None, 0, 30, 3650]),
        }
    )
    drawn = draw(st.lists(one, min_size=1, max_size=8))
    return [a_state(f"s{n}", n, **each) for n, each in enumerate(drawn, start=1)]


demands = st.builds(
    a_demand,
    region=st.sampled_from([None, *REGIONS]),
    budget_fen=st.sampled_from([None, 1, 39_999_999, 40_000_000, 40_000_001]),
    delivery_due_date=st.sampled_from([None, TODAY, date(2026, 4, 15)]),
    requirements=st.none()
    | st.lists(
        st.builds(Requirement, st.sampled_from(PAPERS), st.sampled_from(GRADES)), max_size=2
    ).map(tuple),
)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return lambda: tmp_path_factory.mktemp("market")


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(supplies(), demands)
def test_what_is_ranked_is_what_no_constraint_excludes(folders, states, wanted):
    market = Market(folders())
    market.put(*states)
    ranked = {one.supply_id for one in market.rank(wanted).ranked}
    pairs = {state["id"]: Pair(wanted, facts.stated(state)[0], TODAY) for state in states}
    assert ranked == {id for id, pair in pairs.items() if not pair.is_excluded}
    market.close()
