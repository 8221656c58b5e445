"""Until when quotes are taken, and by when it has to be done."""

from datetime import date, datetime

import pytest

from services.days import SHANGHAI

from .readings import best, found, values, words


def at(day: str, time: str = "00:00") -> datetime:
    return datetime.fromisoformat(f"{day} {time}").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("投标截止时间：2026年8月11日14时30分", at("2026-08-11", "14:30")),
        ("报价截止时间为2026-09-11 09:30。", at("2026-09-11", "09:30")),
        ("截止时间2026/9/11 9:05", at("2026-09-11", "09:05")),
        ("截止时间：2026-09-11T01:30:00Z", at("2026-09-11", "09:30")),
        ("截止时间：2026-09-11T09:30:00+08:00", at("2026-09-11", "09:30")),
        ("递交截止时间：2026 年 9 月 1 日 17 时", at("2026-09-01", "17:00")),
        ("请于2026年9月1日下午2点半前递交报价文件", at("2026-09-01", "14:30")),
        ("报价截止二〇二六年九月十一日上午九时三十分", at("2026-09-11", "09:30")),
        ("截止时间2026年9月11日24时", at("2026-09-12")),
        ("截止时间：2026年9月11日（星期五）10:00", at("2026-09-11", "10:00")),
        ("報價截止時間：２０２６年９月１１日９時", at("2026-09-11", "09:00")),
        ("报价截止日期：2026年9月11日", at("2026-09-12")),  # the end of that day
        ("报价截止8月11日", at("2026-08-12")),
        ("报价截止九月十一日", at("2026-09-12")),
        ("报价时间：2026年8月3日9时至2026年8月20日17时", at("2026-08-20", "17:00")),
        ("报价时间：8月3日9时至20日17时", at("2026-08-20", "17:00")),
        ("开标时间2026年9月11日9:00-9:30", at("2026-09-11", "09:30")),
        ("Quotes are due by 11 August 2026, 2:30 pm.", at("2026-08-11", "14:30")),
        ("Submission deadline: August 11, 2026 at 14:30", at("2026-08-11", "14:30")),
        ("Closing date: 2:30 pm on Tuesday, 11 August 2026", at("2026-08-11", "14:30")),
        ("Bids must be received by Sept 3rd", at("2026-09-04")),
    ],
)
def test_deadlines_as_people_write_them(text, moment):
    assert best("quote_deadline_at", text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "截止时间：公告未明确列示",
        "Deadline: not stated",
        "报价截止时间：2月30日",
        "报价截止时间：2026年13月1日",
        "报价截止时间：2026年8月11日25时",
        "截止时间：2026年8月3日至2026年2月30日",
        "截止时间：1926年8月11日",
        "业绩要求：自2023年1月1日至2026年9月1日签订的合同",
        "采购文件获取时间：2026年8月3日至2026年8月8日",
        "质疑截止时间：2026年8月9日",
        "公告发布日期2026年8月3日",
        "交货时间2026年10月1日前",
        "第一次报价截止时间为2026年6月30日，流标",  # before this notice was published
    ],
)
def test_what_is_no_deadline(text):
    assert found("quote_deadline_at", text) == ()


def test_a_day_without_year_is_near_the_publication_or_unknown():
    text = "报价截止时间：1月8日"
    assert best("quote_deadline_at", text, published_on=date(2026, 12, 28)) == at("2027-01-09")
    assert best("quote_deadline_at", text, published_on=None) is None
    assert best("quote_deadline_at", "截止2月29日", published_on=date(2028, 2, 1)) == at(
        "2028-03-01"
    )


def test_a_day_without_time_and_a_day_without_year_are_less_sure():
    full, no_time, no_year = (
        found("quote_deadline_at", f"报价截止时间：{written}")[0].confidence_ppm
        for written in ("2026年8月11日9时", "2026年8月11日", "8月11日")
    )
    assert no_year < no_time < full


def test_the_deadline_of_quotes_comes_before_other_days():
    text = (
        "采购文件获取截止时间：2026年8月10日17:00，报价文件递交截止时间：2026年8月20日9:00，"
        "开标时间：2026年8月20日9:30，交货期：2026年12月1日。"
    )
    assert values("quote_deadline_at", text) == [
        at("2026-08-20", "09:00"),
        at("2026-08-20", "09:30"),
    ]
    assert values("delivery_due_date", text) == [date(2026, 12, 1)]


def test_the_words_are_those_of_the_text_as_it_was_given():
    text = "㎡　截止時間：２０２６年９月１１日９時整。"
    (one,) = found("quote_deadline_at", text)
    assert words(one, text) == "２０２６年９月１１日９時整"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("计划工期：120日历天", 120),
        ("总工期12个月，即365日历天", 365),
        ("合同签订后30日内交货，质保期2年", 30),
        ("交货期：收到订单后两周", 14),
        ("服务期36个月", 1080),
        ("服务期限：三年", 1095),
        ("供货周期20个工作日", 28),
        ("Delivery within 45 days of the order; warranty 2 years", 45),
        ("Delivery within thirty (30) calendar days", 30),
        ("质保期24个月", None),
        ("投标有效期90天", None),
        ("视频存储30天", None),
        ("验收后30天内付款", None),
        ("2026年8月30日交货", None),
    ],
)
def test_durations(text, days):
    assert best("delivery_days", text) == days


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("交货时间：2026年10月1日前", date(2026, 10, 1)),
        ("须在10月15日（含）前完工", date(2026, 10, 15)),
        ("Delivery date: 15 October 2026", date(2026, 10, 15)),
        ("报价截止时间：2026年8月20日", None),
        ("交货时间：2026年6月1日", None),  # before the publication
    ],
)
def test_days_of_delivery(text, day):
    assert best("delivery_due_date", text) == day
