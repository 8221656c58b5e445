"""Any text is read: no error, no guess, and in a time that grows with its length alone."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.money import MAX_FEN
from services.matching.reading import Reading, read
from services.matching.reading.found import CANDIDATES, FIELDS, REQUIREMENTS
from services.matching.reading.plain import READ_CHARACTERS, in_plain_form

from .readings import PUBLISHED_ON

PIECES = (
    "预算", "最高限价", "万元", "元", "亿", "叁拾", "截止时间", "至", "2026年", "8月", "11日",
    "9时", "数量", "台", "具备", "甲级", "资质", "或", "安全生产许可证", "业绩要求", "厦门", "市",
    "区", "交货地点", "工期", "天", "：", "，", "。", "、", "(", ")", "%", "-", "~", "1", "30",
    ",", ".", "¥", "含税", "不含税", "due by", " Aug ", "\n", "　", "😀",
    "㎡", "İ", "\ud800", "\x00",
)  # fmt: skip
LONG = 100_000
# Wide enough for a loaded machine; what went quadratic took minutes.
SECONDS = 5.0


def check(reading: Reading, title: str, text: str) -> None:
    """Every candidate points into the texts, and the best comes first."""
    for field in FIELDS:
        candidates = getattr(reading, field)
        assert len(candidates) <= (REQUIREMENTS if field == "requirements" else CANDIDATES)
        sure = [one.confidence_ppm for one in candidates]
        assert sure == sorted(sure, reverse=True)
        for one in candidates:
            written = {"title": title, "text": text}[one.source]
            assert one.field == field and 0 < one.confidence_ppm <= 1_000_000
            assert 0 <= one.start < one.end <= len(written)
            assert written[one.start : one.end].strip()
    assert all(0 < one.value <= MAX_FEN for one in reading.budget_fen)
    assert all(one.value.tzinfo is not None for one in reading.quote_deadline_at)


@given(st.text(max_size=100), st.text(max_size=300), st.none() | st.dates())
def test_any_text_is_read_without_error(title, text, published_on):
    check(read(title, text, published_on), title, text)


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_any_heap_of_telling_words_is_read_without_error(text):
    check(read(text[:40], text, PUBLISHED_ON), text[:40], text)


@given(st.text(max_size=300))
def test_every_character_stays_where_it_stood(text):
    plain = in_plain_form(text)
    assert len(plain) == len(text)
    assert in_plain_form(plain) == plain


@pytest.mark.parametrize("text", ["", " \n\t", "。，！？……", '()+-!^"~*?:\\/', "的了和", "\x00"])
def test_nothing_said_is_nothing_found(text):
    assert read(text, text, PUBLISHED_ON) == Reading()


@pytest.mark.parametrize(
    "piece",
    [
        "1", "1,", "111,", "1.", "一", "一万", "1元", "预算", "预算1万元，", "((", "(a", "证书",
        "甲级", "具备甲级资质或", "业绩", "厦门", "环保定制", "8月11日", "截止8月11日9时至", "至",
        " ", "2026-08-11 09:30至", "工期30天", "数量30台", "\n", "！", "jan 1 ", "1 jan ",
        "2:30 pm on ", "厦门\ud800", "cmmi-", "😀", "\ud800", "½", "预算人民币",
        "施工总承包一级资质、",
    ],
)  # fmt: skip
def test_a_hostile_text_costs_no_more_than_its_length(piece):
    text = (piece * LONG)[:LONG]
    began = time.process_time()
    reading = read(text, text, PUBLISHED_ON)
    assert time.process_time() - began < SECONDS
    check(reading, text, text)
    assert not reading.is_whole


def test_what_stands_beyond_the_bound_is_not_read_and_said_so():
    padding = "。" * READ_CHARACTERS
    assert read("", f"预算5万元{padding}", None).best("budget_fen") is not None
    late = read("", f"{padding}预算5万元", None)
    assert late.budget_fen == () and not late.is_whole
    assert read("", padding, None).is_whole
