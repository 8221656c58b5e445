"""Intervals: the same for the same data, and as wide as chance makes them."""

import pytest

from services.matching.evaluation import bootstrap

HALVES = [0.0, 1.0] * 50


def test_the_same_data_have_the_same_interval():
    assert bootstrap.mean(HALVES) == bootstrap.mean(list(HALVES))


def test_an_interval_is_about_two_standard_errors_to_either_side():
    found = bootstrap.mean(HALVES)  # standard error 0.05
    assert found.value == 0.5
    assert (found.low, found.high) == (pytest.approx(0.4, abs=0.02), pytest.approx(0.6, abs=0.02))


def test_what_never_varies_is_certain():
    assert bootstrap.mean([0.25] * 7) == (0.25, 0.25, 0.25)


def test_a_pair_is_drawn_together():
    """A small gain on every tender is certain, however much tenders differ from each other."""
    gained = [value + 0.01 for value in HALVES]
    found = bootstrap.mean_difference(gained, HALVES)
    assert (found.low, found.high) == (pytest.approx(0.01), pytest.approx(0.01))
    assert found.excludes_zero
    assert bootstrap.mean(gained).low < bootstrap.mean(HALVES).high


def test_a_difference_that_goes_both_ways_may_be_chance():
    assert not bootstrap.mean_difference(HALVES, HALVES[::-1]).excludes_zero


def test_pairs_are_of_the_same_tenders():
    with pytest.raises(ValueError, match="shorter"):
        bootstrap.mean_difference([1.0, 2.0], [1.0])
