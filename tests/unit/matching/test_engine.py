"""Index and columns together, without a database: states in, rankings with reasons out."""

from datetime import date

import pytest

from services.matching import facts
from services.matching.asking import Mark
from services.matching.columns import Columns
from services.matching.engine import Engine
from services.matching.index import SupplyIndex
from services.matching.sides import Wanted
from tests.unit.matching.test_facts import SUPPLY

TODAY = date(2026, 3, 2)
WANTED = Wanted("order", "buyer", "五轴加工叶轮")


@pytest.fixture
def engine(tmp_path):
    index = SupplyIndex(tmp_path / "index")
    yield Engine(index, Columns())
    index.close()


def another(n):
    return SUPPLY | {"id": f"s{n}", "number": f"QF-S-2026-{n:06}"}


def ids(found):
    return [one.supply_id for one in found.ranked]


def test_what_was_stated_is_ranked_and_explained(engine):
    garden = another(2) | {"title": "草坪养护加工", "text": ""}
    engine.follow([SUPPLY, garden], Mark(1, None))
    found, explained = engine.rank(WANTED, TODAY)
    assert ids(found) == ["s1", "s2"]
    (judged,) = explained.judged({"s1": facts.shown(SUPPLY)}).values()
    shown = explained.columns(judged)
    assert (shown["rank"], shown["score_ppm"]) == (1, found.ranked[0].score_ppm)
    assert {"五轴", "叶轮"} <= set(shown["terms"])


def test_a_supply_that_went_is_not_ranked(engine):
    engine.follow([SUPPLY], Mark(1, None))
    engine.follow([SUPPLY | {"state": "archived", "sequence": 5}], Mark(2, None))
    found, _ = engine.rank(WANTED, TODAY)
    assert (ids(found), engine.index.mark) == ([], Mark(2, None))


def test_whom_one_asks_for_is_judged_though_no_word_is_shared(engine):
    engine.follow([SUPPLY], Mark(1, None))
    unrelated = Wanted("order", "buyer", "员工体检")
    assert ids(engine.rank(unrelated, TODAY)[0]) == []
    assert ids(engine.rank(unrelated, TODAY, also=["s1"])[0]) == ["s1"]


@pytest.mark.parametrize("alike", [250, 1_500])
def test_of_many_that_are_alike_the_same_are_found_after_a_rebuild(tmp_path, alike):
    """More than are looked at; some were written again later, so they stand behind the others."""
    states = [another(n) for n in range(1, alike + 1)]
    amended = [one | {"sequence": 9, "lead_time_days": 3} for one in states[:5]]
    followed = [[states, amended], [amended + states[5:]]]
    found = []
    for place, pages in enumerate(followed):
        engine = Engine(SupplyIndex(tmp_path / f"{place}"), Columns())
        for number, page in enumerate(pages):
            engine.follow(page, Mark(number + 1, None))
        found.append(
            [(one.supply_id, one.score_ppm) for one in engine.rank(WANTED, TODAY)[0].ranked]
        )
        engine.index.close()
    assert found[0] == found[1]
    assert found[0][0][0] == "s1"
