"""What people write in a sheet, as the API writes it."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from services.contracts import badges, cells, industries, sheet
from services.contracts.kinds import FACETS
from services.contracts.phrases import fold
from services.contracts.supply_texts import DraftSupply, ImportedSupply

BY_FIELD = {column.field: column for column in sheet.COLUMNS}
SCHEMAS = {"own": DraftSupply(), "public": ImportedSupply()}


def read(**given):
    return cells.read({BY_FIELD[field]: text for field, text in given.items()})


@pytest.mark.parametrize(
    ("field", "cell", "meant"),
    [
        ("title", " 钛合金叶轮 ", "钛合金叶轮"),
        ("kind", "产品", "product"),
        ("kind", "Goods", "product"),
        ("kind", "飞船", "飞船"),  # the schema says what is wrong with it
        ("categories", "数控加工；精密零件;\n  ; 磨削", ["数控加工", "精密零件", "磨削"]),
        ("capacity_period", "每月", "month"),
        ("lead_time_days", "30", 30),
        ("capacity_declared", "１,２００", 1200),
        ("lead_time_days", "-3", "-3"),
        ("lead_time_days", "3天", "3天"),
        ("price_min", "￥1,200.5", {"amount": "1200.5", "currency": "CNY"}),
        ("price_min", "1200元", {"amount": "1200", "currency": "CNY"}),
        ("price_min", "-5", {"amount": "-5", "currency": "CNY"}),
        ("price_min", "1,2,3", {"amount": "1,2,3", "currency": "CNY"}),
        (
            "qualifications",
            "质量管理体系认证|壹级|2028/1/5；营业执照",
            [
                {"name": "质量管理体系认证", "grade": "壹级", "expires_on": "2028-01-05"},
                {"name": "营业执照"},
            ],
        ),
        (
            "claimed_badges",
            "专精特新｜ZJTX-1｜2028年1月5日",
            [
                {
                    "code": "specialised_sme",
                    "certificate_number": "ZJTX-1",
                    "expires_on": "2028-01-05",
                }
            ],
        ),
        (
            "claimed_deals",
            "叶轮加工|某某动力|杭州市|2025/6/30|120,000元|已交付；泵轴",
            [
                {
                    "title": "叶轮加工",
                    "buyer": "某某动力",
                    "place": "杭州市",
                    "date": "2025-06-30",
                    "amount": {"amount": "120000", "currency": "CNY"},
                    "outcome": "delivered",
                },
                {"title": "泵轴"},
            ],
        ),
        (
            "claimed_deals",
            "a|b|c|d|e|f|g",
            [
                {
                    "title": "a",
                    "buyer": "b",
                    "place": "c",
                    "date": "d",
                    "amount": {"amount": "e", "currency": "CNY"},
                    "outcome": "f|g",
                },
            ],
        ),
        (
            "facets",
            "类型＝厂房、楼宇；面积: 800～1,500；monthly rent=20-",
            {
                "type": ["factory", "building"],
                "area_m2": {"min": 800, "max": 1500},
                "rent_per_m2_month": {"min": {"amount": "20", "currency": "CNY"}},
            },
        ),
        ("facets", "完成日期=2027年1月5日", {"ready_on": "2027-01-05"}),
        (
            "facets",
            "出具 CMA 或 CNAS 报告=是；class=中试",
            {
                "accredited": True,
                "class": ["pilot_run"],
            },
        ),
        (
            "facets",
            "面积=大；飞船=快；类型",
            {
                "area_m2": {"min": "大", "max": "大"},
                "飞船": "快",
                "type": [],
            },
        ),
    ],
)
def test_a_cell_is_read_as_it_is_meant(field, cell, meant):
    assert read(**{field: cell}) == {field: meant}


@pytest.mark.parametrize("cell", ["", " ", "\u3000", "\n"])
def test_an_empty_cell_says_nothing(cell):
    assert read(title=cell, lead_time_days=cell) == {}


@pytest.mark.parametrize("target", sheet.TARGETS)
def test_the_example_of_the_template_is_a_row_that_could_be_imported(target):
    example = cells.read({column: column.example for column in sheet.columns(target)})
    loaded = SCHEMAS[target].load(example)
    assert loaded["title"] and loaded["price_min_fen"] == 120_000


@pytest.mark.parametrize("target", sheet.TARGETS)
def test_every_heading_of_the_template_is_known(target):
    for column in sheet.columns(target):
        for heading in (column.heading, column.field, column.zh, f"{column.zh}（元）*", column.en):
            assert sheet.named(heading, target) is column
        assert column.field in SCHEMAS[target].fields or column.field in ("price_min", "price_max")


def test_a_heading_of_the_other_sheet_is_unknown():
    assert sheet.named("供应商标识", "own") is None
    assert sheet.named("货号", "public") is None
    assert sheet.named("备注", "own") is None


@given(st.dictionaries(st.sampled_from(sorted(BY_FIELD)), st.text(max_size=60)))
def test_whatever_stands_in_a_cell_it_is_taken_or_refused(given):
    try:
        SCHEMAS["own"].load(read(**given))
    except ValidationError as refused:
        assert refused.messages


def test_a_badge_is_known_by_its_code_its_names_and_its_words():
    for tier in badges.TIERS:
        assert {badges.named(word) for word in (tier.code, tier.zh, tier.en, *tier.words)} == {
            tier.code
        }
    assert badges.named("百年老店") is None


def test_the_divisions_follow_each_other_without_a_gap():
    divisions = sorted(code[1:] for code in industries.INDUSTRIES if len(code) == 3)
    assert divisions == [f"{number:02d}" for number in range(1, 98)]


def test_whatever_kind_a_facet_is_of_its_words_mean_one_name_of_one_type():
    meant, types, codes = defaultdict(set), defaultdict(set), defaultdict(set)
    for facet in FACETS:
        types[facet.name].add(facet.type)
        for word in (facet.name, *facet.names):
            meant[fold(word)].add(facet.name)
        for code, names in facet.codes.items():
            for word in (code, *names):
                codes[facet.name, fold(word)].add(code)
    assert [
        words for of in (meant, types, codes) for words in of.items() if len(words[1]) > 1
    ] == []


def test_a_space_is_stated_in_one_row():
    row = read(item_code="A-1", title="厂房出租", kind="空间", facets="类型=厂房；面积=800-1500")
    loaded = SCHEMAS["own"].load(row)
    assert loaded["facets"] == {"type": ["factory"], "area_m2": {"min": 800, "max": 1500}}


def test_what_is_wrong_with_a_cell_is_said_in_the_words_of_the_template() -> None:
    assert cells.in_chinese("Must be one of: product, fund.") == "只能是以下之一：产品, 基金。"
    assert cells.in_chinese("Not an amount with at most two decimals.").startswith("不是有效金额")
