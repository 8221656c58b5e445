"""Texts in their usual width, whatever combines with what."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.widths import MARKS, usual

MANY = 20_000
ABOVE, BELOW = "\u0301", "\u0316"  # an acute accent, and a grave one below: put in order by Unicode


@given(text=st.text(max_size=MARKS))
def test_what_people_write_is_as_unicode_says(text):
    assert usual(text) == unicodedata.normalize("NFKC", text)


def test_long_texts_are_not_cut():
    assert usual("ＣＮＣ 加工 é" * MANY) == "CNC 加工 é" * MANY


@pytest.mark.parametrize(
    "marks", [ABOVE + BELOW, "ﾞ" + BELOW, "\u0f73" + BELOW], ids=["accents", "kana", "tibetan"]
)
def test_of_a_run_of_marks_nobody_waits_for_the_rest(marks):
    """The library's time is quadratic in what it is given: it is given little."""
    assert len(usual("a" + marks * MANY + "b")) <= 2 * MARKS + 2


def test_a_run_of_marks_is_found_wherever_it_stands():
    for before in range(MARKS + 1):
        assert len(usual("x" * before + ABOVE * (2 * MARKS) + "y")) < before + MARKS + 2
