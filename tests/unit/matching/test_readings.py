"""What a buyer is answered of a text: candidates with their words, a draft that can be posted."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.demand import DraftDemand
from services.contracts.fields import TEXT_LENGTH
from services.contracts.reading import DemandReading, FreeText
from services.gateway.readmodel.rendering import render
from services.matching import readings

from .readings import PUBLISHED_ON
from .test_reading_any_text import PIECES

NOW = datetime(2026, 8, 1, 2, 0, tzinfo=UTC)  # ten in the morning of PUBLISHED_ON
TITLE = "厂区污水管网改造工程施工"
TEXT = (
    "本项目位于浙江省杭州市，采购预算为120万元（含税）。\n"
    "投标人须具备市政公用工程施工总承包叁级及以上资质，或环保工程专业承包贰级资质，"
    "并具备有效的安全生产许可证。\n"
    "业绩要求：近三年完成过两项同类工程。\n"
    "工期：90日历天。投标截止时间：2026年8月21日9时30分。"
)


def answered(title=TITLE, text=TEXT, now=NOW):
    """As a client of the API sees it."""
    given = FreeText().load({"title": title, "text": text})
    answer = readings.answer(given["title"], given["text"], now, lambda: None)
    return render(DemandReading().dump(answer))


def test_what_nobody_sees_is_no_part_of_a_draft():
    draft = answered(title="\u0301", text="\u200b\u0301")["draft"]
    assert draft == {}
    assert DraftDemand().validate({"title": TITLE} | draft) == {}


def test_each_candidate_shows_the_words_that_it_came_from():
    written = {"title": TITLE, "text": TEXT}
    read_of = answered()["read"]
    for name, candidates in read_of.items():
        for one in candidates:
            assert one["words"] == written[one["source"]][one["start"] : one["end"]], name
    (budget,) = read_of["budget"]
    assert budget["value"] == {"amount": "1200000.00", "currency": "CNY"}
    assert budget["words"] == "120万元"
    assert [one["value"] for one in read_of["delivery_days"]] == [90]
    assert read_of["quote_deadline_at"][0]["value"] == "2026-08-21T09:30:00+08:00"
    assert read_of["category"][0] | {"confidence_ppm": 0} == {
        "source": "title", "start": 2, "end": 6, "words": "污水管网", "confidence_ppm": 0,
        "value": "works.municipal", "zh": "市政公用工程", "en": "Municipal works",
    }  # fmt: skip


def test_of_alternatives_one_is_enough():
    works, safety = answered()["draft"]["requirements"]
    assert works["name"].startswith("市政公用工程施工总承包") and works["grade"] == "叁级"
    (other,) = works["alternatives"]
    assert other["name"].startswith("环保工程专业承包") and other["grade"] == "贰级"
    assert "安全生产许可证" in safety["name"] and "alternatives" not in safety


def test_the_draft_is_a_demand_that_can_be_posted_as_it_is():
    draft = answered()["draft"]
    loaded = DraftDemand().load(draft)
    assert (loaded["title"], loaded["text"]) == (TITLE, TEXT)
    assert (loaded["budget_fen"], loaded["region"]) == (120_000_000, "浙江省杭州市")
    assert loaded["quote_deadline_at"] == datetime(2026, 8, 21, 1, 30, tzinfo=UTC)
    assert loaded["category"] == "works.municipal"
    assert loaded["performance"].startswith("业绩要求")
    assert "delivery_due_date" not in draft  # from when the 90 days count, nobody knows yet


def test_what_is_over_is_shown_and_not_proposed():
    later = answered(now=datetime(2026, 8, 21, 1, 31, tzinfo=UTC))
    assert "quote_deadline_at" not in later["draft"]
    assert later["read"]["quote_deadline_at"]
    due = answered(text="交货日期：2026年8月10日前")
    assert due["draft"]["delivery_due_date"] == "2026-08-10"
    assert date.fromisoformat(due["draft"]["delivery_due_date"]) > PUBLISHED_ON


def test_a_deadline_told_without_a_colon_is_proposed_and_ends_at_its_line():
    said = answered(text="报价截止 2026年12月2日 17:00\n交货期 20 天")
    assert said["draft"]["quote_deadline_at"] == "2026-12-02T17:00:00+08:00"
    assert said["read"]["delivery_due_date"] == []  # the next line speaks of something else
    assert [one["value"] for one in said["read"]["delivery_days"]] == [20]


def test_of_several_quantities_none_is_proposed():
    said = answered(text="数量：支架 200 件 / 传动轴 120 根 / 法兰 80 件")
    assert len(said["read"]["quantity"]) == 3
    assert "quantity" not in said["draft"]


def test_what_is_hardly_sure_is_shown_and_not_proposed():
    doubtful = answered(title="", text="合计50万元")
    assert doubtful["read"]["budget"] and "budget" not in doubtful["draft"]


def test_what_a_text_does_not_say_is_no_part_of_its_draft():
    answer = answered(title="关于召开座谈会的通知", text="请各单位准时参加。")
    assert set(answer["draft"]) == {"title", "text"}
    assert not any(answer["read"].values()) and answer["is_whole"]


def test_traditional_characters_and_full_width_digits_are_read_where_they_stand():
    text = "建設地點：廣東省廣州市，預算金額：１２０萬元"
    answer = answered("汙水管網改造工程施工", text)
    (region,), (budget,) = answer["read"]["region"], answer["read"]["budget"]
    assert (region["value"], region["words"]) == ("广东省广州市", "廣東省廣州市")
    assert (budget["value"]["amount"], budget["words"]) == ("1200000.00", "１２０萬元")
    assert answer["read"]["category"][0]["value"].startswith("works.municipal")


def test_nothing_is_trimmed_so_that_places_stay_right():
    text = " \n\t 采购预算为120万元"
    (budget,) = answered("", text)["read"]["budget"]
    assert text[budget["start"] : budget["end"]] == budget["words"] == "120万元"


def test_a_whole_notice_is_taken_however_much_of_it_is_read():
    answer = answered(text=TEXT + "。" * 60_000)
    assert not answer["is_whole"] and answer["read"]["budget"]
    assert "text" not in answer["draft"]  # no demand takes so long a one
    assert answered(text="。" * (TEXT_LENGTH - 1) + "！")["is_whole"]


@pytest.mark.parametrize(
    "wrong", [{"text": "。" * 80_001}, {"title": "长" * 201}, {"text": None}, {"text": ["a"]},
              {"text": "\ud800"}, {"title": "a\x00b"}, {"kind": "order"}],
)  # fmt: skip
def test_what_no_demand_takes_is_refused(wrong):
    assert FreeText().validate(wrong)


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_whatever_is_read_the_draft_can_be_posted(text):
    clean = text.replace("\ud800", "").replace("\x00", "")
    draft = answered("采购", clean)["draft"]
    assert DraftDemand().validate(draft) == {}


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=300))
def test_any_text_is_answered(text):
    answer = answered(text[:60], text)
    assert answer["is_whole"] and set(answer) == {"read", "draft", "is_whole"}
