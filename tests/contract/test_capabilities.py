"""The capability taxonomy is whole, its words decide, and texts are read by them."""

import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from deploy.sails import docs
from services.contracts import capabilities, taxonomy
from services.contracts.capabilities import CAPABILITIES, Capability, named, recognise
from services.contracts.phrases import fold

# GB/T 4754-2017: the 大类 of each 门类.
DIVISIONS = {
    "A": range(1, 6), "B": range(6, 13), "C": range(13, 44), "D": range(44, 47),
    "E": range(47, 51), "F": range(51, 53), "G": range(53, 61), "H": range(61, 63),
    "I": range(63, 66), "J": range(66, 70), "K": range(70, 71), "L": range(71, 73),
    "M": range(73, 76), "N": range(76, 80), "O": range(80, 83), "P": range(83, 84),
    "Q": range(84, 86), "R": range(86, 91), "S": range(91, 97), "T": range(97, 98),
}  # fmt: skip
SERVICE_CLASSES = (
    "融资上市", "战略规划", "法律财税", "卓越绩效", "知识产权", "企业文化", "产业协作",
    "人力资源", "信息化", "其他企业服务",
)  # fmt: skip
GROUPS = [node for node in CAPABILITIES if node.is_group]
HAN = re.compile(r"[\u4e00-\u9fff]")
each_node = pytest.mark.parametrize("node", CAPABILITIES, ids=lambda node: node.code)


def first(text: str) -> str | None:
    found = recognise(text)
    return found[0].code if found else None


def test_there_are_so_many_nodes_in_two_levels() -> None:
    assert 80 <= len(CAPABILITIES) <= 100
    assert 12 <= len(GROUPS) <= 16
    assert len({node.code for node in CAPABILITIES}) == len(CAPABILITIES)
    assert sum(len(capabilities.children(group.code)) + 1 for group in GROUPS) == len(CAPABILITIES)


@each_node
def test_a_code_is_well_formed_and_stands_under_its_group(node: Capability) -> None:
    assert re.fullmatch(r"[a-z]{2,10}(\.[a-z_]{2,12})?", node.code)
    assert capabilities.by_code(node.group).is_group
    assert capabilities.path(node.code)[-1] is node
    assert [above.code for above in capabilities.path(node.code)[:-1]] == (
        [] if node.is_group else [node.group]
    )


def test_a_group_stands_before_its_leaves() -> None:
    in_order = [node.group for node in CAPABILITIES]
    assert list(dict.fromkeys(in_order)) == [group.code for group in GROUPS]
    assert sorted(in_order, key=[group.code for group in GROUPS].index) == in_order


@each_node
def test_both_languages_name_it_and_have_words_for_it(node: Capability) -> None:
    assert HAN.search(node.zh)
    assert node.en.isascii()
    synonyms = next(
        entry["synonyms"]
        for entry in yaml.safe_load(taxonomy.NODES.read_text("utf-8"))
        if entry["code"] == node.code
    )
    assert 4 <= len(synonyms["zh"]) <= 20
    assert 3 <= len(synonyms["en"]) <= 20
    assert all(word.isascii() for word in synonyms["en"])


@each_node
def test_every_word_for_it_means_it_alone(node: Capability) -> None:
    for word in (node.code, *node.words):
        assert named(word) == node.code
        assert named(f"  {word.upper()} ") == node.code


def test_no_word_is_so_short_that_it_says_nothing() -> None:
    words = [word for node in CAPABILITIES for word in node.words]
    assert len(words) == len({fold(word) for word in words})
    assert not [word for word in words if len(word) < 2]


@each_node
def test_its_industries_are_of_the_standard(node: Capability) -> None:
    assert node.gbt4754
    assert len(set(node.gbt4754)) == len(node.gbt4754)
    for code in node.gbt4754:
        assert re.fullmatch(r"[A-T]\d\d", code)
        assert int(code[1:]) in DIVISIONS[code[0]]


def test_the_ten_classes_of_service_packages_have_a_node_each() -> None:
    assert len({named(name) for name in SERVICE_CLASSES} - {None}) == len(SERVICE_CLASSES)


def test_nothing_of_it_changes() -> None:
    with pytest.raises(AttributeError):
        CAPABILITIES[0].zh = "别的"  # type: ignore[misc]
    assert isinstance(CAPABILITIES[0].synonyms, tuple)
    with pytest.raises(KeyError):
        capabilities.by_code("works.unheard_of")


@pytest.mark.parametrize("value", ["", "  ", "。", "没有这一类", "x" * 100_000, "works.unheard_of"])
def test_an_unknown_category_has_no_code(value: str) -> None:
    assert named(value) is None


def test_how_near_two_capabilities_are() -> None:
    near = capabilities.closeness_ppm
    assert near("works.road", "works.road") == capabilities.FULL_PPM
    assert near("works.road", "works.bridge") == capabilities.KIN_PPM
    assert near("works.road", "works") == near("works", "works.road") == capabilities.KIN_PPM
    assert near("works.road", "it.cloud") == 0
    assert 0 < capabilities.KIN_PPM < capabilities.FULL_PPM


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("南湾大桥加固改造工程施工监理", "consult.supervision"),
        ("滨河路污水管网改造工程", "works.municipal"),
        ("东坝水库除险加固工程施工", "works.hydraulic"),
        ("办公楼装修改造施工", "works.fitout"),
        ("五轴数控机床及配套夹具采购", "equip.machine"),
        ("YJV 型低压电力电缆年度框架采购", "equip.cable"),
        ("企业门户网站的等保测评", "it.security"),
        ("总部食堂外包服务", "ops.catering"),
        ("宣传册印刷", "media.print"),
        ("常年法律顾问选聘", "firm.law_tax"),
        ("Ｂ轮股权融资，寻找产业基金", "fin.listing"),
        ("芯片的可靠性试验与失效分析", "lab.test"),
        ("求租标准厂房 3000 平方米", "space.factory"),
        ("寻求固态电解质的锂电池技术", "tech.energy"),
        ("招募创业导师", "firm.training"),
        ("Rehabilitation of a sewer and a sidewalk", "works.municipal"),
        ("Supply of valves for the sewage treatment plant", "equip.valve"),
    ],
)
def test_a_title_is_read_for_what_it_asks_for(text: str, code: str) -> None:
    assert first(text) == code


@pytest.mark.parametrize(
    "text", ["", "。，！？", "   \n", "关于召开座谈会的通知", "aipcbx", "\0\ud800"]
)
def test_a_text_without_a_known_word_is_about_nothing(text: str) -> None:
    assert recognise(text) == []


def test_a_group_is_told_only_where_no_leaf_of_it_is() -> None:
    assert first("新区建设工程施工") == "works"
    assert {each.code for each in recognise("新区公路建设工程施工")} == {"works.road"}


def test_a_title_says_more_than_what_follows() -> None:
    found = recognise("物业服务采购\n驻地有机房和食堂，须与保安配合。")
    assert found[0].code == "ops.property"
    assert {"it.cloud", "ops.catering", "ops.guard"} == {each.code for each in found[1:]}


def test_another_word_for_it_makes_it_surer() -> None:
    once, twice = recognise("设备间空调"), recognise("设备间空调\n中央空调与冷却塔")
    assert once[0].code == twice[0].code == "equip.hvac"
    assert once[0].confidence_ppm < twice[0].confidence_ppm <= capabilities.FULL_PPM


def test_the_limit_holds() -> None:
    text = "勘察、监理、造价、物业、保安、印刷、广告"
    assert [len(recognise(text, limit)) for limit in (-1, 0, 1, 3)] == [0, 0, 1, 3]
    assert len(recognise(text)) == capabilities.LIMIT


@given(st.lists(st.sampled_from([w for n in CAPABILITIES for w in n.words]), max_size=12))
def test_spans_quote_a_word_of_the_capability(words: list[str]) -> None:
    text = "、".join(words).upper()
    for code, confidence_ppm, start, end in recognise(text, limit=100):
        assert named(text[start:end]) == code
        assert 0 < confidence_ppm <= capabilities.FULL_PPM


@given(st.text(max_size=200))
def test_any_text_is_read_the_same_each_time(text: str) -> None:
    assert recognise(text) == recognise(text)


def test_the_page_of_the_taxonomy_is_fresh() -> None:
    assert docs.CAPABILITIES.read_text("utf-8") == docs.capability_page(), "run `make docs`"
