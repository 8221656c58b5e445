"""What matching is measured against, and how its weights are found."""

from datetime import date
from math import log

import numpy as np
import pytest

from services.matching.evaluation import logit, market, yardstick
from services.matching.evaluation.baseline import NothingToFit, baseline, ranked
from services.matching.evaluation.bm25 import Documents
from services.matching.evaluation.logit import Choice
from tests.unit.matching.evaluation.folders import SPLIT, SUPPLIERS, a_tender, written


@pytest.fixture
def town(tmp_path):
    return market.read(written(tmp_path))


def feature(rows, name):
    return rows[:, yardstick.FEATURES.index(name)]


def test_bm25_is_what_the_formula_says():
    found = Documents(2)
    found.add(0, ["路", "路", "桥"])
    found.add(1, ["管"])
    rarity = log(1 + 1.5 / 1.5)
    share = 0.25 + 0.75 * 3 / 2
    assert found.scores(["路"])[0] == pytest.approx(rarity * 2 * 2.2 / (2 + 1.2 * share))
    assert found.scores(["路", "管"])[1] == pytest.approx(
        rarity * 2.2 / (1 + 1.2 * (0.25 + 0.75 / 2))
    )
    assert found.scores(["船"]).tolist() == [0, 0]
    assert Documents(2).scores(["路"]).tolist() == [0, 0]


def test_a_supplier_without_history_has_its_words_and_the_priors(town):
    found = yardstick.Yardstick(town, ["白鹭"]).features(town.tenders[0])
    assert feature(found, "text").argmax() == 0  # who paves, by its name
    assert set(feature(found, "bids")) == {0}
    assert set(feature(found, "win_rate")) == {0.25}
    assert set(feature(found, "district")) == {yardstick.PRIOR_DISTRICT}


def test_what_is_learned_counts_for_those_who_did_it_and_fades(town):
    made = yardstick.Yardstick(town, ["白鹭"])
    made.learn(town.tenders[0])
    now = made.features(town.tenders[0])
    assert feature(now, "district")[0] == pytest.approx((1 + 0.1) / 2)
    assert feature(now, "win_rate")[[0, 2]].tolist() == pytest.approx([2 / 5, 1 / 5])
    later = made.features(town.tenders[0]._replace(day=date(2026, 7, 3)))  # a half-life on
    assert feature(later, "district")[0] == pytest.approx((0.5 + 0.1) / 1.5)
    assert ((now >= 0) & (now <= 1)).all()


def test_districts_are_what_tells_places_apart(tmp_path):
    places = (
        ["云州市南湖县"] * 5 + ["云州市北岭土家族自治县"] * 5 + ["云州市"] * 15 + ["云州市西山区"]
    )
    tenders = [
        a_tender(f"t{n:02}", "pave", "补路", "2026-01-05", place=place)
        for n, place in enumerate(places)
    ]
    found = market.read(written(tmp_path, tenders=tenders)).tenders
    assert yardstick.districts(found) == ["南湖", "北岭"]  # not the city of all, nor a single one


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("道路改造监理", "supervision"),
        ("管网EPC总承包", "turnkey"),
        ("桥梁勘察设计", "design"),
        ("补路", "works"),
    ],
)
def test_work_is_of_the_special_kind_before_the_general(title, kind):
    assert yardstick.work_type(title) == kind


def test_weights_are_those_of_the_likelihood_and_never_negative():
    """Of two alternatives the one with the feature is chosen three times in four: log 3."""
    rows = np.array([[1.0, 0.0], [0.0, 1.0]])
    found = logit.fit([Choice(rows, np.array([0.75, 0.25]))])
    assert found[0] == pytest.approx(log(3), abs=0.02)
    assert found[1] == 0


def test_weights_that_nothing_bounds_are_held_by_the_ridge():
    rows = np.array([[1.0], [0.0]])
    found = logit.fit([Choice(rows, np.array([1.0, 0.0]))])
    assert 1 < found[0] < 100


def test_equal_scores_keep_the_order_of_the_file():
    assert ranked(np.array([0.5, 0.9, 0.5])) == [1, 0, 2]


def test_it_is_fitted_before_the_split_and_ranks_everybody_after(town):
    ticks = []
    known, judged = town.before(SPLIT), town.since(SPLIT)
    made = baseline(town, known, judged, lambda done, total: ticks.append((done, total)))
    assert all(weight >= 0 for weight in made.weights.values())
    assert [sorted(order) for order in made.orders] == [list(range(len(SUPPLIERS)))] * len(judged)
    for tender, order in zip(judged, made.orders, strict=True):
        assert max(tender.grades, key=tender.grades.get) in order[:2]
    assert ticks[-1] == (len(town.tenders),) * 2


def test_what_comes_after_the_split_teaches_nothing(town):
    known, judged = town.before(SPLIT), town.since(SPLIT)
    upside_down = [one._replace(grades={3: 3}) for one in judged]
    first, second = (baseline(town, known, each, lambda *_: None) for each in (judged, upside_down))
    assert first == second


def test_without_a_past_there_is_nothing_to_fit(town):
    with pytest.raises(NothingToFit):
        baseline(town, [], town.tenders, lambda *_: None)
