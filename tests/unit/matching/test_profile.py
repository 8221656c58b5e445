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
    profile,
    word_number,
)
from services.matching.ragged import Ragged
from tests.unit.matching.market import Market
from tests.unit.matching.pairs import a_deal, a_demand, a_state

PROPERTY = capability_number("ops.property")


def test_a_deal_is_its_day_place_capability_and_amount():
    deal = a_deal(title="写字楼物业管理服务", amount_fen=100)
    (read,) = profile(a_state(track_record=[deal])).deals
    assert read == Deal(date(2026, 2, 1).toordinal(), 330106, PROPERTY, 4605)  # ln 100


def test_what_a_deal_does_not_say_is_unknown():
    silent = a_deal(title="？", place=None, date=None, amount_fen=None)
    assert profile(a_state(track_record=[silent])).deals == (Deal(*[UNKNOWN] * 4),)


def test_the_newest_deals_are_kept_and_those_without_a_date_come_last():
    dated = [a_deal(date=f"20{year}-01-01") for year in range(10, 25)]
    deals = [a_deal(date=None), *dated, *[a_deal(date="2009-01-01")] * DEALS]
    found = newest(deals)
    assert len(found) == DEALS
    assert found[:15] == dated[::-1]
    assert newest([a_deal(date=None), *dated])[-1]["date"] is None


def test_home_is_where_it_is_is_called_after_and_serves():
    state = a_state(supplier_region="330106", supplier_name="宜昌精密", regions=["福建", "全国"])
    assert set(profile(state).home) == {330106, 420500, 350000}


def test_capabilities_are_read_from_categories_names_and_qualifications():
    held = [{"name": "物业服务企业资质", "grade": "一级", "expires_on": None}]
    read = profile(a_state(categories=["property management"], qualifications=held))
    assert PROPERTY in read.capable
    assert PROPERTY in read.qualified
    assert profile(a_state(title="？", supplier_name="？")).capable == ()


def test_what_is_not_on_offer_is_not_read():
    assert known(a_state(state="archived")).profile == Profile()


def test_what_the_index_keeps_is_what_was_read():
    read = known(a_state())
    assert unpacked(packed(read)).profile == read.profile


def test_rare_words_of_short_texts_count_most():
    column = Ragged(np.uint32)
    column.resize(4)
    for slot, words in enumerate((["叶轮"], ["加工"], ["叶轮", "草坪"], [])):
        column.put(slot, [word_number(word) for word in words])
    rarity = overlap.rarity({"叶轮": 1, "加工": 50}, 100)
    rare, usual, longer, nothing = overlap.shared(column, np.arange(4), rarity, 2)
    assert rare > longer > usual > nothing == 0


def test_without_words_nothing_is_shared():
    column = Ragged(np.uint32)
    column.resize(1)
    column.put(0, [word_number("叶轮")])
    assert overlap.shared(column, np.arange(1), overlap.rarity({}, 0), 8).tolist() == [0]


def test_a_demand_is_searched_by_its_rarest_words(tmp_path):
    market = Market(tmp_path / "index")
    rare = [f"部件w{n}x" for n in range(evidence.RAREST)]
    market.put(a_state("s0", 1, text=" ".join(rare)), a_state("s1", 2), a_state("s2", 3))
    found = evidence.gather(market.index, a_demand(title="叶轮", text=" ".join(rare)))
    assert len(found.frequencies) == evidence.RAREST
    assert "叶轮" not in found.frequencies  # all have it
    market.close()


@pytest.mark.parametrize("node", CAPABILITIES[:3])
def test_capabilities_are_numbered_in_their_order(node):
    assert CAPABILITIES[capability_number(node.code)] == node
