"""The budget among all the amounts of a notice; what is no budget is none."""

import pytest

from services.contracts.money import MAX_FEN

from .readings import best, found, values, words

YUAN, WAN = 100, 1_000_000  # in fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("机床采购预算为46.25万元。", 4625 * WAN // 100),
        ("最高限价：¥1,250,800.50元", 1_250_800 * YUAN + 50),
        ("最高限价 ￥320000", 320_000 * YUAN),
        ("预算金额人民币伍拾万元整", 50 * WAN),
        ("招标控制价：壹佰零贰万叁仟肆佰元伍角整", 1_023_400 * YUAN + 50),
        ("预算30万，本月付款", 30 * WAN),
        ("项目预算1.2亿元", 12_000 * WAN),
        ("项目预算1亿2000万元", 12_000 * WAN),
        ("项目预算3万5千元", None),  # rather nothing than 5千元
        ("预估总金额九十万元", 90 * WAN),
        ("预算金额(万元)：75.5", 755 * WAN // 10),
        ("预算金额：860000.00", 860_000 * YUAN),
        ("预算为【12】万元（【含税】）", 12 * WAN),
        ("採購預算：參拾萬圓整", 30 * WAN),
        ("预算：１２．５万元", 125 * WAN // 10),
        ("预算80万元至100万元", 100 * WAN),
        ("预算80-100万元", 100 * WAN),
        ("价格控制在20万元以内", 20 * WAN),
        ("预算 3 0 0 元", None),  # three numbers, and no telling which
        ("The budget is RMB 1.5 million including tax.", 150 * WAN),
        ("Ceiling price: CNY 300,000", 30 * WAN),
        ("Our budget for the lot is 45,000 yuan", 45_000 * YUAN),
    ],
)
def test_amounts_as_people_write_them(text, fen):
    assert best("budget_fen", text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "",
        "预算详见附件，公告未明确列示",
        "投标保证金：2万元",
        "注册资本不低于500万元",
        "每逾期一天罚款5000元",
        "具备合同金额不少于80万元的同类业绩",
        "近三年完成过采购金额100万元以上的项目",
        "单价预算不超过200元/台",
        "标书售价500元",
        "覆盖面积约30万平方米",
        "预算几十万元",
        "预算50万美元",
        "Budget: USD 50,000",
        "项目总投资约8000万元",
        "预算0元",
        "预算：2026年安排",
        "合同履约担保为预算的5%",
        "A deposit of RMB 20,000 is required.",
        "Turnover of at least CNY 5 million",
    ],
)
def test_what_is_no_budget(text):
    assert found("budget_fen", text) == ()


def test_the_total_with_tax_comes_first():
    text = "不含税预算为100000元，含税预算为113000元，投标保证金1000元。"
    assert values("budget_fen", text) == [113_000 * YUAN, 100_000 * YUAN]


def test_a_total_comes_before_its_parts_and_is_never_made_up():
    parts = "标包一预算10万元，标包二预算25万元"
    assert best("budget_fen", f"{parts}，总预算35万元") == 35 * WAN
    assert best("budget_fen", "预算：材料10万元，人工25万元，全部35万元") == 35 * WAN
    assert 35 * WAN not in values("budget_fen", parts)


def test_a_part_of_the_price_is_not_taken_for_it():
    assert best("budget_fen", "最高限价60万元，其中安全生产费2万元") == 60 * WAN


def test_the_words_are_those_of_the_text_as_it_was_given():
    text = "甲醛㎡检测。採購預算：人民幣參拾萬圓整（含稅）"
    (one,) = found("budget_fen", text)
    assert words(one, text) == "人民幣參拾萬圓整"
    assert (one.field, one.source) == ("budget_fen", "text")


def test_a_title_is_read_too():
    title = "检测服务（预算15万元）"
    (one,) = found("budget_fen", "", title)
    assert (one.value, one.source, words(one, "", title)) == (15 * WAN, "title", "15万元")


def test_less_said_is_less_sure():
    plain, bare, ranged, full = (
        found("budget_fen", text)[0].confidence_ppm
        for text in ("预算：150000", "预算15万", "预算10-15万元", "预算15万元")
    )
    assert 0 < plain < bare < full <= 1_000_000
    assert ranged < full


def test_amounts_stay_within_what_the_platform_takes():
    assert best("budget_fen", f"预算{MAX_FEN // 100}元") == MAX_FEN
    assert best("budget_fen", f"预算{MAX_FEN // 100 + 1}元") is None
    assert best("budget_fen", "预算1.005元") == 101  # half up, as money is rounded
