"""What a supplier has to hold and to have done."""

import pytest

from services.matching import grades
from services.matching.sides import Requirement

from .readings import found, values, words


def asked(text: str) -> list[list[tuple[str, str | None]]]:
    """Each requirement as its alternatives."""
    return [[(one.name, one.grade) for one in either] for either in values("requirements", text)]


@pytest.mark.parametrize(
    ("text", "requirements"),
    [
        (
            "投标人须具备市政公用工程施工总承包叁级及以上资质。",
            [[("市政公用工程施工总承包", "叁级")]],
        ),
        (
            "具有电子与智能化工程专业承包二级（含）以上资质",
            [[("电子与智能化工程专业承包", "二级")]],
        ),
        ("须具备有效的城乡规划编制乙级资质", [[("城乡规划编制", "乙级")]]),
        ("应具备工程勘察资质等级为甲级资质", [[("工程勘察", "甲级")]]),
        ("供应商须通过ISO9001质量管理体系认证", [[("ISO9001", None)]]),
        ("須具備ＣＭＭＩ３級認證", [[("CMMI", "3级")]]),
        ("要求具备CMMI-5认证", [[("CMMI", "5级")]]),
        ("供应商须持有安全生产许可证", [[("安全生产许可证", None)]]),
        ("须具有《印刷经营许可证》", [[("印刷经营许可证", None)]]),
        ("须具有信用等级AAA级", [[("信用等级", "AAA")]]),
        ("須具備建築工程施工總承包貳級資質", [[("建筑工程施工总承包", "贰级")]]),
        ("The supplier must hold ISO 27001.", [[("ISO 27001", None)]]),
    ],
)
def test_qualifications_as_people_write_them(text, requirements):
    assert asked(text) == requirements


@pytest.mark.parametrize(
    "text",
    [
        "",
        "提供营业执照和事业单位法人证书、社会团体法人登记证书等",
        "供应商应具有良好的资质",
        "不要求安全生产许可证",
        "本项目为校园网统一身份认证平台建设",
        "采购排污许可证申办服务",
        "投标人应在证书有效期内",
    ],
)
def test_what_is_no_requirement(text):
    assert asked(text) == []


def test_two_that_are_both_asked_for_stay_two():
    text = "须具备建筑工程施工总承包二级及以上资质，并具备有效的安全生产许可证。"
    assert asked(text) == [[("建筑工程施工总承包", "二级")], [("安全生产许可证", None)]]


@pytest.mark.parametrize(
    ("text", "alternatives"),
    [
        (
            "具有通信工程施工总承包三级资质或机电工程施工总承包三级资质",
            [("通信工程施工总承包", "三级"), ("机电工程施工总承包", "三级")],
        ),
        ("具备测绘甲级或乙级资质", [("测绘", "甲级"), ("测绘", "乙级")]),
        (
            "具有《食品生产许可证》、《食品经营许可证》或《餐饮服务许可证》",
            [("食品生产许可证", None), ("食品经营许可证", None), ("餐饮服务许可证", None)],
        ),
        (
            "具备房屋建筑工程监理乙级资质、市政公用工程监理乙级资质之一",
            [("房屋建筑工程监理", "乙级"), ("市政公用工程监理", "乙级")],
        ),
    ],
)
def test_or_does_not_become_and(text, alternatives):
    (one,) = found("requirements", text)
    assert [(each.name, each.grade) for each in one.value] == alternatives


def test_one_of_several_is_less_sure_than_one():
    alone, either = (
        found("requirements", text)[0].confidence_ppm
        for text in ("具备测绘甲级资质", "具备测绘甲级资质或勘察甲级资质")
    )
    assert either < alone


def test_or_a_higher_grade_is_no_alternative():
    assert asked("具备测绘乙级或以上资质") == [[("测绘", "乙级")]]


def test_what_earns_points_or_is_asked_of_persons_is_less_sure():
    firm, points, person = (
        found("requirements", text)[0].confidence_ppm
        for text in (
            "供应商须持有安全生产许可证",
            "提供安全生产许可证的得2分",
            "项目经理须持有安全生产许可证",
        )
    )
    assert points < firm and person < firm


def test_what_is_read_compares_with_what_suppliers_hold():
    (one,) = found("requirements", "须具备市政公用工程施工总承包叁级及以上资质")
    (required,) = one.value
    assert isinstance(required, Requirement)
    assert grades.answers(required, "市政公用工程施工总承包", "二级") is True
    assert grades.answers(required, "建筑工程施工总承包", "二级") is False


def test_the_words_are_those_of_the_text_as_it_was_given():
    text = "三、須具備建築工程施工總承包貳級資質。"
    (one,) = found("requirements", text)
    assert words(one, text) == "建築工程施工總承包貳級資質"


def test_the_clause_that_asks_for_earlier_deals():
    text = "3.2业绩要求：自2024年1月1日起至少完成1个同类检测项目，金额不低于8万元。4.其他。"
    (one,) = found("performance", text)
    assert one.value == "业绩要求：自2024年1月1日起至少完成1个同类检测项目，金额不低于8万元"
    assert words(one, text) == one.value


@pytest.mark.parametrize(
    "text", ["业绩要求：无", "本项目不要求业绩。", "3.6业绩要求：", "业绩不作要求"]
)
def test_no_earlier_deals_asked_for(text):
    assert found("performance", text) == ()
