"""Known phrases in texts of any script, hostile ones included."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.capabilities import CAPABILITIES, recognise
from services.contracts.phrases import LONGEST, Phrases, fold

WORDS = Phrases(["数控", "数控机床", "机床主轴", "PLC", "machine tool", "IoT", "5G基站"])
# What searches for long words go wrong on: beginnings of words that never end.
HOSTILE = [
    "数控机",
    "machine too",
    "社会稳定风险评",
    "a",
    "ss",
    "质量管理体",
    "\n",
    "-",
    "人力资源服",
    "\0",
]


def found(text: str) -> list[tuple[str, str]]:
    return [(each.phrase, text[each.start : each.end]) for each in WORDS.find(text)]


def test_the_longest_at_a_place_and_none_across_another() -> None:
    assert found("数控机床主轴") == [("数控机床", "数控机床")]
    assert found("数控和机床主轴") == [("数控", "数控"), ("机床主轴", "机床主轴")]


def test_width_case_and_breaks_do_not_matter_and_spans_are_of_the_text() -> None:
    assert found("ＰＬＣ、Machine\nTools、Machine-Tool") == [
        ("PLC", "ＰＬＣ"),
        ("machine tool", "Machine\nTool"),
        ("machine tool", "Machine-Tool"),
    ]
    assert found("新建５Ｇ基站") == [("5G基站", "５Ｇ基站")]


@pytest.mark.parametrize("text", ["riots", "plcs2", "machine toolbox", "数 控", "15G基站", "iote"])
def test_a_part_of_a_longer_word_is_not_the_word(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("text", ["基于IoT的", "IoTs", "(plc)", "5g基站plc"])
def test_a_word_between_chinese_characters_or_signs_or_in_the_plural_is(text: str) -> None:
    assert found(text)


@pytest.mark.parametrize("phrases", [["泵"], [""], ["泵阀", "泵阀"], ["PLC", "ｐｌｃ"], ["x" * 61]])
def test_a_list_with_a_slip_is_refused(phrases: list[str]) -> None:
    with pytest.raises(ValueError, match="twice, too short or too long"):
        Phrases(phrases)


@given(st.text(max_size=300))
def test_folding_keeps_every_place(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


def test_compatibility_characters_that_would_grow_stay_one() -> None:
    assert fold("㎡…ﬁİ") == "㎡…ﬁİ"


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_takes_time_in_proportion(piece: str) -> None:
    text = (piece * 100_000)[:100_000]
    started = time.process_time()
    recognise(text)
    assert time.process_time() - started < 2  # tenths of it on a slow machine; squares take hours


def test_every_word_of_the_taxonomy_fits_the_bound() -> None:
    assert max(len(word) for node in CAPABILITIES for word in node.words) <= LONGEST
