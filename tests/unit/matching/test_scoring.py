"""Scores and rankings: contributions add up, constraints exclude, the order is one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.supply import Contribution as ContributionSchema
from services.matching import evidence, ranking, scoring, terms
from services.matching.columns import Columns
from services.matching.profile import Profile, read
from services.matching.scoring import FEATURES, FULL_PPM
from tests.unit.matching.market import Market
from tests.unit.matching.pairs import TODAY, a_demand, a_shop, a_state
from tests.unit.matching.test_columns import filled

WEIGHTS = scoring.current_weights()

values = st.lists(st.integers(0, FULL_PPM), min_size=len(FEATURES), max_size=len(FEATURES)).map(
    np.array
)


@given(values)
def test_contributions_add_up_to_the_score_exactly(values):
    (score,) = scoring.scores(values.reshape(1, -1), WEIGHTS)
    parts = scoring.contributions(values, WEIGHTS)
    assert sum(part["contribution_ppm"] for part in parts) == score
    assert [part["feature"] for part in parts] == list(FEATURES)
    assert 0 <= score <= FULL_PPM
    assert all(ContributionSchema().load(part) for part in parts)


@given(values, st.integers(0, len(FEATURES) - 1), st.integers(0, FULL_PPM))
def test_a_greater_value_never_lowers_the_score(values, place, more):
    richer = values.copy()
    richer[place] = min(values[place] + more, FULL_PPM)
    before, after = scoring.scores(np.array([values, richer]), WEIGHTS)
    assert after >= before


def test_weights_are_versioned_and_sum_to_one():
    for weights in scoring.all_weights():
        assert sum(weights.weights_ppm.values()) == FULL_PPM
    assert set(WEIGHTS.weights_ppm) == set(FEATURES)
    versions = [weights.version for weights in scoring.all_weights()]
    assert len(set(versions)) == len(versions)


@pytest.mark.parametrize(
    ("place", "instead", "why"), [("text: ", "text: 1", "to one"), ("home:", "house:", "cover")]
)
def test_weights_with_a_slip_are_refused(tmp_path, place, instead, why):
    text = scoring.WEIGHTS.read_text(encoding="utf-8")
    (tmp_path / "weights.yaml").write_text(text.replace(place, instead), encoding="utf-8")
    with pytest.raises(ValueError, match=why):
        scoring.all_weights(tmp_path / "weights.yaml")


@pytest.fixture
def market(tmp_path):
    opened = Market(tmp_path / "index")
    yield opened
    opened.close()


def test_ranking_leaves_out_whom_a_constraint_excludes_and_counts_why(market):
    full = {"capacity_declared": 1, "capacity_reserved": 1}
    unqualified = {"qualifications": []}
    iso = {
        "qualifications": [{"name": "ISO9001质量管理体系认证", "grade": None, "expires_on": None}]
    }
    market.put(a_state("fit", 1, **iso), a_state("full", 2, **iso, **full))
    market.put(a_state("bare", 3, **unqualified))
    found = market.rank(a_demand(), also=["fit", "archived"])
    assert [one.supply_id for one in found.ranked] == ["fit"]
    assert found.ranked[0].supplier_id == "supplier of fit"
    assert found.causes == {"capacity": 1, "qualification": 1, "active": 1}


def test_equal_scores_rank_by_number_whatever_the_order_of_their_coming(market):
    market.put(a_state("b", 2), a_state("c", 3), a_state("a", 1))
    found = market.rank(a_demand(requirements=None))
    assert [one.supply_id for one in found.ranked] == ["a", "b", "c"]
    assert len({one.score_ppm for one in found.ranked}) == 1


def test_those_asked_for_are_told_of_behind_the_best_with_their_ranks(market):
    market.put(*[a_state(f"s{n}", n) for n in range(1, 8)])
    found = market.rank(a_demand(requirements=None), also=["s2", "s6"], most=3)
    assert [(one.rank, one.supply_id) for one in found.ranked] == [
        (1, "s1"), (2, "s2"), (3, "s3"), (6, "s6"),
    ]  # fmt: skip


def test_without_candidates_there_is_nobody_to_rank():
    found = ranking.rank(a_demand(), filled(), evidence.NOTHING, TODAY, WEIGHTS)
    assert (found.ranked, found.causes) == ((), {})


def test_one_that_was_matched_before_is_ranked_although_the_index_finds_nothing():
    columns = Columns()
    columns.put(a_shop(), 1, Profile())
    found = ranking.rank(
        a_demand(), columns, evidence.NOTHING, TODAY, WEIGHTS, also=["supply-shop", "gone"]
    )
    assert [one.supply_id for one in found.ranked] == ["supply-shop"]
    assert found.causes == {"active": 1}


def test_shared_terms_are_the_demands_words_in_its_order():
    said = read("专做钛合金零件", "五轴联动加工")
    found = terms.shared(a_demand(), said)
    assert found[0] == "合金"
    assert {"钛合金", "五轴", "加工"} <= set(found)
