"""A stored score comes out again from what was stored with it, or it is said what does not."""

import pytest

from services.matching import replay, scoring
from services.matching.scoring import FEATURES
from tests.unit.matching.market import Market
from tests.unit.matching.pairs import TODAY, a_demand, a_state


@pytest.fixture
def stored(tmp_path):
    """(score, contributions, in short) of a real ranking."""
    market = Market(tmp_path)
    market.put(a_state(), a_state("s2", 2, title="叶轮", text=""))
    wanted = a_demand(requirements=None)
    found, explained = market.engine.rank(wanted, TODAY)
    one = found.ranked[0]
    parts = scoring.contributions(one.values_ppm, scoring.current_weights())
    yield one.score_ppm, parts, explained.in_short(one.supply_id)
    market.close()


def now(version=None):
    versions = {weights.version: weights for weights in scoring.all_weights()}
    return versions[version] if version else scoring.current_weights()


def test_what_a_ranking_gave_comes_out_again(stored):
    score_ppm, contributions, short = stored
    assert replay.of_match(score_ppm, contributions, now()).wrong == ""
    version = now(short["weights_version"])
    replayed = replay.in_short(short["score_ppm"], short["values_ppm"], version)
    assert (replayed.again_ppm, replayed.wrong) == (score_ppm, "")


def test_what_was_tampered_with_is_named(stored):
    score_ppm, contributions, short = stored
    assert replay.of_match(score_ppm + 1, contributions, now()).wrong == "score"
    assert replay.of_match(score_ppm, contributions[1:], now()).wrong == "features"
    assert replay.of_match(score_ppm, contributions, None).wrong == "weights_version"
    heavier = [one | {"weight_ppm": one["weight_ppm"] + 1} for one in contributions]
    assert replay.of_match(score_ppm, heavier, now()).wrong == FEATURES[0]
    moved = short["values_ppm"] | {FEATURES[0]: 0, FEATURES[1]: 1_000_000}
    assert replay.in_short(short["score_ppm"], moved, now()).wrong == "score"


def test_scores_of_older_versions_are_replayed_by_their_own_weights():
    older = scoring.all_weights()[0]
    values = dict.fromkeys(older.weights_ppm, 1_000_000)
    assert replay.in_short(1_000_000, values, older).wrong == ""
    assert replay.in_short(1_000_000, values, now()).wrong == "features"
