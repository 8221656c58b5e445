"""A measurement from beginning to end on a small town."""

from datetime import date

import pytest

from services.matching import allocation
from services.matching.evaluation import NothingToFit, NothingToJudge, evaluate, report
from tests.unit.matching.evaluation.folders import SPLIT, SUPPLIERS, WORK, a_tender, written


def measured(folder, split=SPLIT, **wishes):
    return evaluate(folder, split, lambda text: [], lambda *_: None, **wishes)


def test_who_did_it_before_is_found_again(tmp_path):
    found = measured(written(tmp_path))
    assert (found.suppliers, found.known, found.judged) == (len(SUPPLIERS), 16, 16)
    assert found.figures["ndcg10"]["value"] > 0.8
    assert found.figures["recall50"]["value"] == 1
    assert found.figures["mrr"]["value"] == 1
    assert found.figures["constraint_violations"] == 0
    assert found.figures["largest_share"] == 1  # the gardener bids for everything
    assert 0 < found.figures["p50_ms"] <= found.figures["p99_ms"]


def test_the_figures_are_the_same_again_but_for_the_time(tmp_path):
    first, second = (measured(written(tmp_path)).figures for _ in range(2))
    timed = {"p50_ms", "p99_ms"}
    assert {name: first[name] for name in first.keys() - timed} == {
        name: second[name] for name in second.keys() - timed
    }


def test_the_history_ends_before_the_split(tmp_path):
    """Who only ever won after it is found by its own words, or not at all."""
    newcomer = {"id": "new", "name": "恒远实业有限公司", "qualifications": ""}
    later = [
        a_tender("n1", "new", "泵站机组大修", "2026-03-02", rel=[{"supplier": "new", "grade": 3}])
    ]
    again = [
        a_tender("n2", "new", "泵站机组大修", "2026-03-20", rel=[{"supplier": "new", "grade": 3}])
    ]
    folder = written(tmp_path, suppliers=[*SUPPLIERS, newcomer], tenders=later + again)
    assert measured(folder).figures["recall50"]["value"] == 0
    assert measured(folder, date(2026, 3, 10)).figures["mrr"]["value"] == 1


def test_beside_the_baseline_each_difference_has_an_interval(tmp_path):
    compared = measured(written(tmp_path), with_baseline=True).compared
    assert set(compared.comparisons) == set(report.MEANS)
    for one in compared.comparisons.values():
        assert one.difference.value == pytest.approx(one.ours.value - one.theirs.value)
        assert one.difference.low <= one.difference.value <= one.difference.high


def test_a_difference_is_one_only_outside_chance():
    zeros, ones = [0.0] * 9, [1.0] * 9
    mixed = dict.fromkeys(report.MEANS, zeros)
    ours = dict(zip(report.MEANS, (ones, zeros, [1.0, *zeros[1:]]), strict=True))
    found = report.compare(ours, mixed)
    assert [one.verdict for one in found.values()] == ["better", "chance", "chance"]
    assert report.compare(mixed, ours)["ndcg10"].verdict == "worse"


def test_where_nothing_can_be_judged_or_fitted_it_says_so(tmp_path):
    folder = written(tmp_path)
    with pytest.raises(NothingToJudge, match="2027-01-01"):
        measured(folder, date(2027, 1, 1))
    assert measured(folder, date(2025, 1, 1)).known == 0
    with pytest.raises(NothingToFit):
        measured(folder, date(2025, 1, 1), with_baseline=True)


def test_exposure_is_part_of_what_is_measured(tmp_path, monkeypatch):
    monkeypatch.setattr(allocation, "OPEN_NOTICES_PER_SUPPLIER", 3)
    monkeypatch.setattr(allocation, "NOTICES_PER_DEMAND", 1)
    winner, title, scope = WORK[0]
    every_day = [
        a_tender(f"t{day}", winner, title, f"2026-03-{day:02}", scope=scope) for day in range(1, 9)
    ]
    past = [a_tender("t0", winner, title, "2026-02-01", scope=scope)]
    found = measured(written(tmp_path, tenders=past + every_day))
    assert found.figures["mrr"]["value"] == 1  # the gardener is relevant too
    assert found.figures["ndcg10"]["value"] < 1
