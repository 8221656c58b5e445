"""Places as deals, demands and names of companies tell of them."""

import time

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.contracts.places import names, path
from services.matching import localities
from services.matching.localities import lie_in, read

HANGZHOU, WEST_LAKE, ZHEJIANG = 330100, 330106, 330000


@pytest.mark.parametrize(
    ("texts", "codes"),
    [
        (("浙江省杭州市西湖区",), (WEST_LAKE,)),
        (("杭州西湖",), (WEST_LAKE,)),  # a short name counts in the place that is named besides
        (("330106",), (WEST_LAKE,)),
        (("330100", "西湖区改造"), (WEST_LAKE,)),
        (("杭州",), (HANGZHOU,)),
        (("浙江",), (ZHEJIANG,)),
        (("北京市海淀区",), (110108,)),
        (("長陽縣資丘鎮",), (420528,)),  # 长阳土家族自治县
        (("枝江市与当阳市",), (420582, 420583)),
        (("枝江机械有限公司",), (420583,)),
        (("鼓楼区",), ()),  # there are four
        (("福州鼓楼区",), (350102,)),
        (("宜昌市和平小区",), (420500,)),  # 和平 is a county, and an everyday word
        (("全国",), ()),
        (("不详",), ()),
        (("",), ()),
    ],
)
def test_the_finest_places_are_read(texts, codes):
    assert read(*texts) == codes


def test_a_place_lies_in_what_it_is_a_part_of():
    codes = np.array([WEST_LAKE, HANGZHOU, 330000, 420583, -1])
    assert lie_in(codes, [HANGZHOU]).tolist() == [True, True, False, False, False]
    assert lie_in(codes, [WEST_LAKE]).tolist() == [True, False, False, False, False]
    assert lie_in(codes, [ZHEJIANG, 420583]).tolist() == [True, True, True, True, False]
    assert lie_in(codes, []).tolist() == [False] * 5
    assert path(WEST_LAKE) == (ZHEJIANG, HANGZHOU, WEST_LAKE)
    assert path(ZHEJIANG) == (ZHEJIANG,)
    assert names()[WEST_LAKE] == "浙江省杭州市西湖区"
    assert names()[110108] == "北京市海淀区"  # of no prefecture


@given(st.text(max_size=60), st.sampled_from(["", "杭州", "330106", "99", "²³"]))
@example("000000", "")
@example("01", "99")
def test_any_text_is_read_as_places_that_there_are(text, other):
    codes = read(text, other)
    assert len(codes) <= localities.MOST
    assert all(110_000 <= code <= 999_999 for code in codes)


def test_a_long_text_takes_no_longer_than_its_beginning():
    began = time.perf_counter()
    read("西湖区" * 30_000)
    assert time.perf_counter() - began < 0.5
