"""The score: contributions add up, features are bounded and never fall when evidence grows."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.supply import Contribution as ContributionSchema
from services.matching import ranking, scoring
from services.matching.constraints import Pair
from services.matching.scoring import FEATURES, FULL_PPM, Relevance
from services.matching.sides import Holding, Requirement
from tests.unit.matching.pairs import GARDENER, SHOP, TODAY, a_demand, a_gardener, a_shop
from tests.unit.matching.test_columns import filled

WEIGHTS = scoring.current_weights()

milli = st.integers(0, 10**7)
places = st.frozensets(st.sampled_from(["浙江", "杭州", "西湖", "北京"]), max_size=4)


@st.composite
def pairs(draw):
    records = draw(st.integers(0, 200))
    wanted = a_demand(
        region=draw(st.sampled_from([None, "浙江省杭州市西湖区", "乱写"])),
        category=draw(st.sampled_from([None, "数控加工", "园林绿化养护"])),
        requirements=draw(st.sampled_from([None, (), (Requirement("ISO9001"),)])),
    )
    offered = a_shop(
        places=draw(places), record_count=records, won_count=draw(st.integers(0, records))
    )
    return wanted, offered, Relevance(draw(milli), draw(milli))


@given(pairs())
def test_contributions_add_up_to_the_score_exactly(pair):
    wanted, offered, relevance = pair
    score = scoring.score(Pair(wanted, offered, TODAY), relevance, WEIGHTS)
    assert sum(part.contribution_ppm for part in score.contributions) == score.score_ppm
    assert [part.feature for part in score.contributions] == list(FEATURES)
    assert all(0 <= part.value_ppm <= FULL_PPM for part in score.contributions)
    assert 0 <= score.score_ppm <= FULL_PPM
    assert all(ContributionSchema().load(part) for part in score.explain())


@given(pairs(), milli)
def test_more_shared_words_never_lower_the_score(pair, more):
    wanted, offered, relevance = pair
    for field in ("text_milli", "experience_milli"):
        richer = relevance._replace(**{field: getattr(relevance, field) + more})
        assert ppm(wanted, offered, richer) >= ppm(*pair)


@given(pairs(), st.integers(1, 50))
def test_more_deals_won_never_lower_the_score(pair, more):
    wanted, offered, relevance = pair
    richer = replace(
        offered, record_count=offered.record_count + more, won_count=offered.won_count + more
    )
    assert ppm(wanted, richer, relevance) >= ppm(*pair)


@given(pairs())
def test_a_place_more_never_lowers_the_score_of_one_that_is_known_somewhere(pair):
    wanted, offered, relevance = pair
    known = replace(offered, places=offered.places | {"北京"})
    nearer = replace(known, places=known.places | {"杭州"})
    assert ppm(wanted, nearer, relevance) >= ppm(wanted, known, relevance)


def test_a_qualification_more_raises_the_score():
    wanted = a_demand(requirements=(Requirement("ISO9001"), Requirement("AS9100")))
    one = a_shop(qualifications=(Holding("ISO9001"),))
    both = a_shop(qualifications=(Holding("ISO9001"), Holding("AS9100")))
    assert ppm(wanted, both, Relevance()) > ppm(wanted, one, Relevance())


def test_a_newcomer_is_not_locked_out():
    """Without any history it scores as the prior says, not as one that always loses."""
    prior = WEIGHTS.prior
    newcomer = scoring.win_rate(0, 0, prior)
    assert newcomer == FULL_PPM * prior["wins"] // prior["bids"]
    assert scoring.win_rate(0, 40, prior) < newcomer


def test_weights_are_versioned_and_sum_to_one():
    for weights in scoring.all_weights():
        assert set(weights.weights_ppm) == set(FEATURES)
        assert sum(weights.weights_ppm.values()) == FULL_PPM
    versions = [weights.version for weights in scoring.all_weights()]
    assert len(set(versions)) == len(versions)


def test_weights_that_do_not_sum_to_one_are_refused(tmp_path):
    text = scoring.WEIGHTS.read_text(encoding="utf-8").replace("text: 300000", "text: 300001")
    (tmp_path / "weights.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="to one"):
        scoring.all_weights(tmp_path / "weights.yaml")


def test_ranking_leaves_out_whom_a_constraint_excludes_and_counts_why():
    shop, gardener = a_shop(), a_gardener()
    far, dear = a_shop(id="far", regions=("福建",)), a_shop(id="dear", price_min_fen=10**12)
    relevance = {
        gardener.id: Relevance(1_000), shop.id: Relevance(20_000),
        far.id: Relevance(90_000), dear.id: Relevance(90_000), "archived": Relevance(90_000),
    }  # fmt: skip
    columns = filled(gardener, shop, far, dear)
    found = ranking.rank(a_demand(), columns, relevance, TODAY, WEIGHTS)
    assert [one.supply_id for one in found.ranked] == [shop.id, gardener.id]
    assert [one.supplier_id for one in found.ranked] == [SHOP, GARDENER]
    assert found.ranked[0].score_ppm == ppm(a_demand(), shop, relevance[shop.id])
    assert found.causes == {"region": 1, "price": 1, "active": 1}


def test_equal_scores_rank_by_id_whatever_the_order_of_candidates():
    twins = [a_shop(id=id) for id in ("b", "a", "c")]
    for order in (twins, twins[::-1]):
        relevance = {one.id: Relevance(5_000) for one in order}
        found = ranking.rank(a_demand(), filled(*order), relevance, TODAY, WEIGHTS)
        assert [one.supply_id for one in found.ranked] == ["a", "b", "c"]


def test_without_candidates_there_is_nobody_to_rank():
    found = ranking.rank(a_demand(), filled(), {}, TODAY, WEIGHTS)
    assert (found.ranked, found.causes) == ((), {})


def test_shared_terms_are_the_demands_words_in_its_order():
    terms = ranking.shared_terms(a_demand(), "专做钛合金零件", "五轴联动加工")
    assert terms[0] == "合金"
    assert {"钛合金", "五轴", "加工"} <= set(terms)


def ppm(wanted, offered, relevance):
    return scoring.score(Pair(wanted, offered, TODAY), relevance, WEIGHTS).score_ppm
