"""Texts and regions as people write them, garbage included."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matching import regions, words
from services.matching.script import simplified


def test_content_words_only():
    found = words.words("本项目采购五轴数控机床 10 台，2026年8月交付；须通过ＩＳＯ9001认证。")
    assert {"五轴", "数控", "机床", "交付", "iso9001", "认证"} <= set(found)
    assert not {"项目", "采购", "2026", "10", "年", "，", "的"} & set(found)


@pytest.mark.parametrize("text", ["", "。，！？……", "   \n\t", '《》()+-!^"~*?:\\/', "的了和"])
def test_no_content_no_words(text):
    assert words.words(text) == []


@given(st.text(max_size=300))
def test_any_text_is_cut_without_error(text):
    found = words.words(text)
    assert all(0 < len(word) <= words.WORD_LENGTH and not word.isspace() for word in found)
    assert not any(char.isspace() for word in found for char in word)


@pytest.mark.parametrize(
    ("traditional", "usual"),
    [("鈦合金葉輪", "钛合金叶轮"), ("臺灣機床", "台湾机床"), ("五軸ＣＮＣ銑床", "五轴cnc铣床")],
)
def test_traditional_characters_write_the_same_words(traditional, usual):
    assert words.words(traditional) == words.words(usual)


@given(st.text(max_size=50))
def test_a_simplified_text_is_as_long_as_it_was(text):
    once = simplified(text)
    assert len(once) == len(text)
    assert simplified(once) == once


def test_half_a_character_breaks_nothing():
    assert words.words("叶轮\ud800加工") == ["叶轮", "加工"]


def test_a_query_has_a_bounded_number_of_different_words_title_first():
    long = " ".join(f"部件w{n}x" for n in range(5_000))
    found = words.first_words("钛合金叶轮", long)
    assert len(found) == len(set(found)) == words.QUERY_WORDS
    assert found[0] in {"合金", "钛合金"}


@pytest.mark.parametrize(
    ("region", "code", "names"),
    [
        ("330100", "3301", set()),
        ("330000", "33", set()),
        ("浙江", "33", set()),
        ("浙江省杭州市", "33", {"杭州"}),
        ("内蒙古自治区呼和浩特市", "15", {"呼和浩特"}),
        ("北京市海淀区", "11", {"海淀"}),
        ("宜昌市夷陵区", "", {"宜昌", "夷陵"}),
        ("待定", "", set()),
        ("", "", set()),
    ],
)
def test_regions_are_read(region, code, names):
    assert regions.read(region) == regions.Region(code, frozenset(names))


@given(st.text(max_size=40), st.lists(st.text(max_size=40), max_size=4))
def test_any_region_gets_a_verdict(wanted, served):
    assert regions.covers(tuple(served), wanted) in {True, False, None}


def test_provinces_are_a_filter_only_when_all_are_known():
    assert regions.provinces(["浙江", "110100"]) == {"33", "11"}
    assert regions.provinces(["浙江", "宜昌市"]) is None
    assert regions.provinces(["全国", "浙江"]) is None
    assert regions.provinces([]) is None
