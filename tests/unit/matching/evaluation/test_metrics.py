"""Measures of rankings and of who is seen in them, against numbers worked out by hand."""

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matching.evaluation import metrics


def test_ndcg_is_the_discounted_gain_over_the_best_there_could_be():
    # Gains 7, 0, 1 at ranks 1 to 3; at best 7, 3, 1.
    got, best = 7 + 1 / log2(4), 7 + 3 / log2(3) + 1 / log2(4)
    assert metrics.ndcg([5, 8, 6], {5: 3, 6: 1, 7: 2}) == pytest.approx(got / best)


def test_what_is_relevant_and_not_ranked_counts_against_it():
    assert metrics.ndcg([8, 9], {5: 3}) == 0
    assert metrics.ndcg([5], {5: 3}) == 1


def test_only_the_first_ten_count_and_ten_are_the_best_there_can_be():
    assert metrics.ndcg([*range(10), 10], {10: 3}) == 0
    assert metrics.ndcg(range(12), dict.fromkeys(range(12), 1)) == pytest.approx(1)


def test_recall_is_of_all_that_are_relevant():
    order = list(range(60))
    assert metrics.recall(order, {0: 3, 49: 1, 50: 1, 99: 2}) == 0.5


def test_the_reciprocal_rank_is_of_the_first_that_is_relevant():
    assert metrics.reciprocal_rank([9, 8, 5, 6], {6: 3, 5: 1}) == pytest.approx(1 / 3)
    assert metrics.reciprocal_rank([9], {5: 1}) == 0


def test_the_largest_share_and_the_coverage_are_of_lists_and_of_everybody():
    counts = metrics.seen([[1, 2], [1, 3], [1], [2]])
    assert metrics.largest_share(counts, 4) == 0.75
    assert metrics.coverage(counts, 6) == 0.5


def test_gini_is_nought_for_all_alike_and_near_one_for_one_alone():
    assert metrics.gini(dict.fromkeys(range(5), 3), 5) == pytest.approx(0)
    assert metrics.gini({0: 9}, 10) == pytest.approx(0.9)
    # Of 1 and 3: half of the mean difference (2 of 4 pairs differ by 2) over the mean of 2.
    assert metrics.gini({0: 1, 1: 3}, 2) == pytest.approx(0.25)
    assert metrics.gini({}, 3) == 0


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30).filter(any))
def test_gini_is_half_the_relative_mean_difference(counts):
    n, total = len(counts), sum(counts)
    differences = sum(abs(one - other) for one in counts for other in counts)
    seen = {place: count for place, count in enumerate(counts) if count}
    assert metrics.gini(seen, n) == pytest.approx(differences / (2 * n * total))


@given(
    st.permutations(range(15)), st.dictionaries(st.integers(0, 20), st.integers(1, 3), min_size=1)
)
def test_every_measure_is_a_share(order, grades):
    for measure in (metrics.ndcg, metrics.recall, metrics.reciprocal_rank):
        assert 0 <= measure(order, grades) <= 1 + 1e-12
