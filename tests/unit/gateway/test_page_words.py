"""The pages' words, and money, days and searches in them."""

import re
import time
from datetime import UTC, datetime

import pytest

from services.contracts.demand import METHODS
from services.contracts.kinds import DEMANDS
from services.contracts.party import SIZES
from services.gateway.edge.html import TEMPLATES
from services.gateway.pages import shown
from services.gateway.pages.words import OF, WORDS
from services.gateway.readmodel import entries, words
from services.orders.lifecycle import DEMAND

ZH, EN = OF["zh"], OF["en"]
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # 16:00 in Beijing
NODES = ("advance", "progress", "delivery", "acceptance", "retention")
# Keys that a template puts together from a code.
COMPOSED = (
    {f"state_{state}" for state in DEMAND.states - {"draft"}}
    | {f"method_{method}" for method in METHODS}
    | {f"size_{size}" for size in SIZES}
    | {f"node_{node}" for node in NODES}
)


def _said() -> set[str]:
    """Every key that a template names whole."""
    texts = [
        path.read_text(encoding="utf-8")
        for path in TEMPLATES.glob("*.html")
        if path.name != "docs.html"
    ]
    return {key for text in texts for key in re.findall(r"(?:say|fact)\('([a-z_0-9]+)'[,)]", text)}


def test_both_languages_are_complete() -> None:
    assert set(WORDS) >= _said() | COMPOSED
    for key, pair in WORDS.items():
        assert pair.zh.strip() and pair.en.strip(), key
        assert re.findall(r"{\d}", pair.zh) == re.findall(r"{\d}", pair.en), key
        assert not re.search("[\u4e00-\u9fff]", pair.en) or key in (
            "language",
            "filter_region_hint",
        ), key


@pytest.mark.parametrize(
    ("fen", "text"), [(123_456_789, "¥1,234,567.89"), (100_000, "¥1,000.00"), (50, "¥0.50")]
)
def test_money_is_exact(fen: int, text: str) -> None:
    assert shown.money(fen) == text


@pytest.mark.parametrize(
    ("moment", "zh", "en"),
    [
        ("2026-12-06T11:33:00+00:00", "2026年12月6日 19:33", "Dec 6, 2026, 7:33 PM"),
        ("2026-03-05T16:05:00+00:00", "2026年3月6日 00:05", "Mar 6, 2026, 12:05 AM"),
    ],
)
def test_a_moment_is_told_as_the_portal_tells_it(moment: str, zh: str, en: str) -> None:
    assert (shown.moment(ZH, moment), shown.moment(EN, moment)) == (zh, en)


def test_sums_are_short() -> None:
    assert shown.large(ZH, 1_285_000_00) == "128.5 万元"
    assert shown.large(ZH, 23_450_000_000_00) == "234.5 亿元"
    assert shown.large(EN, 1_250_000_00) == "CNY 1.3 m"
    assert shown.percent(1, 3) == "33.3 %" and shown.percent(0, 0) == "–"


@pytest.mark.parametrize(
    ("deadline", "zh", "en"),
    [
        ("2026-03-05T08:00:00+00:00", "还有 3 天截止", "closes in 3 days"),
        ("2026-03-02T16:30:00+00:00", "明天截止", "closes tomorrow"),
        ("2026-03-02T09:00:00+00:00", "今天截止", "closes today"),
        ("2026-03-02T08:00:00+00:00", "已截止", "closed"),
        (None, "未定截止时间", "no deadline set"),
    ],
)
def test_a_deadline_is_told_by_days_in_beijing(deadline: str | None, zh: str, en: str) -> None:
    assert (shown.closing(ZH, deadline, NOW), shown.closing(EN, deadline, NOW)) == (zh, en)


def test_every_facet_of_every_kind_can_be_said() -> None:
    given = {
        "codes": lambda facet: [next(iter(facet.codes))],
        "capabilities": lambda _: ["works"],
        "count": lambda _: {"min": 800},
        "money": lambda _: {"max": {"amount": "10.00", "currency": "CNY"}},
        "day": lambda _: "2026-05-06",
        "flag": lambda _: True,
    }
    for kind in DEMANDS.values():
        stated = {facet.name: given[facet.type](facet) for facet in kind.facets}
        for said in (ZH, EN):
            told = shown.facets(said, kind.kind, stated)
            assert len(told) == len(stated) and all(name and value for name, value, _ in told)


def test_a_search_finds_what_is_written() -> None:
    text = "黄埔区ＡＢＣ泵站改造（二期）"
    assert set(words.asked("泵站 abc")) <= set(words.words_of(text))
    assert not set(words.asked("站改 xyz")) <= set(words.words_of(text))
    assert words.asked("，。!?") == [] and len(words.asked("一二三四五六七八九十" * 10)) <= 40


def test_no_text_takes_long_to_read() -> None:
    began_s = time.process_time()
    for text in ("泵" * 100_000, "a" * 100_000, "a泵" * 50_000, " " * 100_000):
        list(words.words_of(text))
    assert time.process_time() - began_s < 2


def test_a_demand_is_listed_under_its_category_else_under_what_its_title_names() -> None:
    titled = {"title": "物业管理采购", "category": None}
    assert entries.industry_of(titled) == "ops"
    assert entries.industry_of(titled | {"category": "软件开发"}) == "it"
    assert entries.industry_of({"title": "……", "category": "……"}) is None
