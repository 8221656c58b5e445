"""Weights are found again from choices that were made by them."""

import numpy as np
import pytest

from services.matching.fitting import Choice, fit, weights_ppm
from services.matching.scoring import FEATURES, FULL_PPM

TRUE = np.array([3.0, 0.0, 1.0] + [0.0] * (len(FEATURES) - 3))


def test_the_weights_that_choices_were_made_by_are_found_again():
    found = fit(choices(2_000), penalty=1e-6)
    assert found == pytest.approx(TRUE, abs=0.25)
    assert np.all(found >= 0)


def test_what_speaks_against_a_choice_gets_no_weight_rather_than_a_negative_one():
    against = [one._replace(values_ppm=FULL_PPM - one.values_ppm) for one in choices(200)]
    found = fit(against)
    assert found[0] == found[2] == 0


def test_demands_of_which_nothing_is_known_are_left_out():
    known = choices(50)
    unknown = Choice(known[0].values_ppm, np.zeros(len(known[0].gains)))
    assert fit([*known, unknown]).tolist() == fit(known).tolist()
    with pytest.raises(ValueError, match="no demand"):
        fit([unknown])


def test_weights_sum_to_one_exactly_and_what_is_kept_is_kept():
    found = weights_ppm(np.array([1.0, 1.0, 1.0] + [0.0] * (len(FEATURES) - 3)), {"required": 7})
    assert sum(found.values()) == FULL_PPM
    assert list(found) == list(FEATURES)
    assert (found["required"], found[FEATURES[0]]) == (7, 333_331)


def choices(count, candidates=12):
    random = np.random.default_rng(7)
    made = []
    for _ in range(count):
        values = random.integers(0, FULL_PPM + 1, (candidates, len(FEATURES)))
        likely = np.exp(values @ TRUE / FULL_PPM)
        gains = np.zeros(candidates)
        gains[random.choice(candidates, p=likely / likely.sum())] = 7
        made.append(Choice(values, gains))
    return made
