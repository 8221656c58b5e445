"""What is read of a supply once: words, capabilities, places and deals."""

from datetime import date

import numpy as np
import pytest

from services.contracts.capabilities import CAPABILITIES
from services.matching import evidence, overlap
from services.matching.documents import packed, unpacked
from services.matching.profile import (
    DEALS,
    UNKNOWN,
    Deal,
    Profile,
    capability_number,
    known,
    newest,
)
from services.matching.words import number
from tests.unit.matching.market import Market
from tests.unit.matching.pairs import a_deal, a_demand, a_state

PROPERTY = capability_number("ops.property")


def test_a_deal_is_its_day_place_capability_and_amount():
    deal = a_deal(title="写字楼物业管理服务", amount_fen=100)
    (read,) = known(a_state(track_record=[deal])).profile.deals
    assert read == Deal(date(2026, 2, 1).toordinal(), 330106, PROPERTY, 4605, 6)  # ln 100


def test_what_a_deal_does_not_say_is_unknown():
    silent = a_deal(title="？", place=None, date=None, amount_fen=None)
    assert known(a_state(track_record=[silent])).profile.deals == (Deal(*[UNKNOWN] * 4, words=0),)


def test_the_newest_deals_are_kept_and_those_without_a_date_come_last():
    dated = [a_deal(date=f"20{year}-01-01") for year in range(10, 25)]
    deals = [a_deal(date=None), *dated, *[a_deal(date="2009-01-01")] * DEALS]
    found = newest(deals)
    assert len(found) == DEALS
    assert found[:15] == dated[::-1]
    assert newest([a_deal(date=None), *dated])[-1]["date"] is None


def test_home_is_where_it_is_is_called_after_and_serves():
    state = a_state(supplier_region="330106", supplier_name="宜昌精密", regions=["福建", "全国"])
    assert set(known(state).profile.home) == {330106, 420500, 350000}


def test_capabilities_are_read_from_categories_names_and_qualifications():
    held = [{"name": "物业服务企业资质", "grade": "一级", "expires_on": None}]
    read = known(a_state(categories=["property management"], qualifications=held)).profile
    assert PROPERTY in read.capable
    assert PROPERTY in read.qualified
    assert known(a_state(title="？", supplier_name="？")).profile.capable == ()


def test_what_is_not_on_offer_is_not_read():
    assert known(a_state(state="archived")).profile == Profile()


def test_what_the_index_keeps_is_what_was_read():
    read = known(a_state())
    assert unpacked(packed(read)).profile == read.profile


def shared(rarity, *texts):
    numbers = np.array([number(word) for text in texts for word in text], np.uint32)
    counts = np.array([len(text) for text in texts], np.int64)
    found, _, worth = overlap.shared(numbers, counts, rarity)
    return overlap.bm25(found, worth, counts, 2).tolist()


def test_rare_words_of_short_texts_count_most():
    rarity = overlap.rarity({number("叶轮"): 1, number("加工"): 50}, 100)
    rare, usual, longer, nothing = shared(rarity, ["叶轮"], ["加工"], ["叶轮", "草坪"], [])
    assert rare > longer > usual > nothing == 0


def test_without_words_nothing_is_shared():
    assert shared(overlap.rarity({}, 0), ["叶轮"]) == [0]
    assert shared(overlap.rarity({number("叶轮"): 1}, 1)) == []


def test_a_demand_is_searched_by_its_rarest_words(tmp_path):
    market = Market(tmp_path / "index")
    rare = [f"部件w{n}x" for n in range(evidence.RAREST)]
    market.put(a_state("s0", 1, text=" ".join(rare)), a_state("s1", 2), a_state("s2", 3))
    wanted = a_demand(title="叶轮", text=" ".join(rare))
    asked = evidence.rarest(wanted, evidence.counted(market.columns, wanted))
    assert len(asked) == evidence.RAREST
    assert "叶轮" not in asked  # all have it
    market.close()


@pytest.mark.parametrize("node", CAPABILITIES[:3])
def test_capabilities_are_numbered_in_their_order(node):
    assert CAPABILITIES[capability_number(node.code)] == node
