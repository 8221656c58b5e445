"""Reading notices: what is written plainly is read, everything else stays unknown."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from deploy.sails.samples import reading

SHANGHAI = ZoneInfo("Asia/Shanghai")
PUBLISHED = date(2026, 8, 1)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("12万元", 12_000_000),
        ("7.25万元", 7_250_000),
        ("746.0365万元", 746_036_500),
        ("245000.00元", 24_500_000),
        ("1,250,000元", 125_000_000),
        ("1.5亿元", 15_000_000_000),
        ("0元", None),
        ("", None),
        ("面议", None),
        ("10万元至20万元", None),
        ("1.2345元", None),
        ("1.2.3元", None),
        ("每台5万元", None),
    ],
)
def test_budget(text, fen):
    assert reading.budget_fen(text) == fen


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-08-18 09:30", datetime(2026, 8, 18, 9, 30, tzinfo=SHANGHAI)),
        ("2026年8月11日14时30分", datetime(2026, 8, 11, 14, 30, tzinfo=SHANGHAI)),
        ("2026年08月11日9时", datetime(2026, 8, 11, 9, 0, tzinfo=SHANGHAI)),
        ("2026年8月6日", datetime(2026, 8, 7, 0, 0, tzinfo=SHANGHAI)),  # to the end of the day
        (
            "2026年8月3日9时0分至2026年8月10日17时0分",
            datetime(2026, 8, 10, 17, 0, tzinfo=SHANGHAI),
        ),
        ("2026年2月30日9时0分", None),
        ("2026-07-02", None),  # before the notice: misread or mistyped
        ("公告未明确列示", None),
        ("", None),
        ("收到通知后3日内，不晚于2026年8月6日或另行通知", None),
    ],
)
def test_deadline(text, moment):
    assert reading.deadline(text, PUBLISHED) == moment


def test_graded_qualifications_of_a_list():
    text = "建筑工程施工总承包壹级、市政公用工程施工总承包贰级/；建筑行业(建筑工程)甲级,编号:A1"
    assert reading.qualifications(text) == [
        {"name": "建筑工程施工总承包", "grade": "壹级"},
        {"name": "市政公用工程施工总承包", "grade": "贰级"},
        {"name": "建筑行业(建筑工程)", "grade": "甲级"},
    ]


@pytest.mark.parametrize(
    ("text", "required"),
    [
        (
            "供应商须具备有效的通信工程施工总承包三级及以上资质，并提供证书。",
            [{"name": "通信工程施工总承包", "grade": "三级"}],
        ),
        ("须具备通信工程施工总承包三级或机电工程施工总承包二级资质。", None),  # one or the other
        ("供应商应具有良好的商业信誉。", None),  # names none: unknown, not "none required"
        ("", None),
    ],
)
def test_requirements(text, required):
    assert reading.requirements(text) == required


def test_text_is_cleaned_and_clipped_with_a_mark():
    assert reading.clean("  甲\x00乙\ud800\n丙 ", 100) == "甲乙\n丙"
    clipped = reading.clean("长" * 300, 200)
    assert len(clipped) == 200
    assert clipped.endswith(reading.CUT)
