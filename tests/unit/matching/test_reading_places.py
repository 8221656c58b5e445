"""Where it is wanted, and how much."""

import pytest

from services.matching import regions
from services.matching.reading import Guess, read

from .readings import best, found, values, words


@pytest.mark.parametrize(
    ("title", "text", "region"),
    [
        ("", "交货地点：杭州市西湖区", "浙江省杭州市西湖区"),
        ("", "建設地點：廣東省廣州市", "广东省广州市"),
        ("", "建设地点位于苏州市虎丘区北京东路1号", "江苏省苏州市虎丘区"),
        ("厦门分公司叉车采购", "", "福建省厦门市"),
        ("晋江分公司叉车采购", "", "福建省泉州市晋江市"),
        ("成都叉车采购", "送货地址：绵阳", "四川省绵阳市"),
        ("", "服务区域：全国", "全国"),
        ("", "Delivery to 上海", "上海市"),
        ("", "北京东路的大理石，环保定制", None),
        ("", "中国境内（不含香港、澳门、台湾地区）", None),
        ("", "", None),
    ],
)
def test_places_as_people_write_them(title, text, region):
    assert best("region", text, title) == region


def test_where_it_is_delivered_comes_before_where_the_buyer_sits():
    text = "采购人：宁波市某某有限公司。交货地点：湖州市。"
    assert values("region", text)[:2] == ["浙江省湖州市", "浙江省宁波市"]


def test_a_name_that_several_places_bear_is_told_by_the_rest():
    assert best("region", "建设地点：鼓楼区", "福州市路灯改造") == "福建省福州市鼓楼区"
    alone, told = found("region", "建设地点：鼓楼区"), found("region", "建设地点：福州市鼓楼区")
    assert alone[0].value == "鼓楼区"
    assert alone[0].confidence_ppm < told[0].confidence_ppm


def test_what_is_read_compares_with_what_suppliers_serve():
    region = best("region", "交货地点：恩施")
    assert regions.covers(("湖北省",), region) is True
    assert regions.covers(("浙江省",), region) is False
    assert regions.covers(("福建省",), best("region", "交货地点：厦门市翔安区")) is True


def test_the_words_are_those_of_the_text_as_it_was_given():
    text = "㎡交貨地點：廣東省廣州市天河區。"
    (one,) = found("region", text)
    assert words(one, text) == "廣東省廣州市天河區"


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("采购数量：50台", "50台"),
        ("叉车，数量120", "120"),
        ("拟采购叉车12辆", "12辆"),
        ("本次拟采购服务器总计1,500台", "1,500台"),
        ("钢材一批，采购数量三套", "三套"),
        ("Quantity: 500 units", "500 units"),
        ("Supply of 20 pcs of valves", "20 pcs"),
        ("拟采购25米升降塔", None),
        ("具备至少3个同类业绩", None),
        ("数量：详见清单", None),
        ("", None),
    ],
)
def test_quantities_as_people_write_them(text, quantity):
    assert best("quantity", text) == quantity


def test_one_of_many_quantities_is_hardly_the_quantity():
    (alone,) = found("quantity", "叉车，数量12台")
    several = found("quantity", "叉车，数量12台；货架，数量300组")
    assert [one.value for one in several] == ["12台", "300组"]
    assert several[0].confidence_ppm < alone.confidence_ppm // 2 + 50_000


def test_categories_come_from_whoever_knows_them():
    title, text = "叉车采购", "仓储设备"

    def known(of: str) -> list[Guess]:
        return (
            [Guess("物流装备", of.index("车") - 1, of.index("车") + 1, 800_000)]
            if "车" in of
            else []
        )

    (one,) = read(title, text, None, known).category
    assert (one.value, one.source, words(one, text, title)) == ("物流装备", "title", "叉车")
    assert read(title, text, None).category == ()
