"""Names of qualifications 资质 as they stand in texts, with their grade 等级."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import NamedTuple

from services.matching.reading import vocabulary

QUALIFICATIONS = 100  # of one text
LONGEST_NAME = 24  # characters in front of what ends a name; 电力工程施工总承包 has nine
SHORTEST_NAME = 2

_GRADE = "(?:特|[壹贰叁肆伍一二三四五1-5ⅰⅱⅲⅳⅴ]|[甲乙丙丁])\\s?级"
# A grade suffices as a higher one does, so 三级(含)以上 says no more than 三级.
_OR_MORE = r"(?:\s?\(含\))?(?:\s?\(?(?:及其?|或者?|含)?以上\)?)?"
# 资质等级为甲级, 资质甲级: what stands between a name and its grade.
_TO_GRADE = r"\s?(?:企业)?(?:资质)?(?:等级)?\s?(?:为|达到|不低于)?\s?"
_IS_TO_GRADE = re.compile(rf"{_TO_GRADE}\Z")
_GRADES = rf"(?P<grade>{_GRADE})(?:\s?(?:或者?|、|/)\s?(?P<other>{_GRADE}))?{_OR_MORE}"
_WORKS = "(?:施工总承包|工程总承包|总承包|专业承包|劳务分包|施工劳务)"
_PAPERS = (
    "许可证|资质证书|资格证书|认证证书|执业证书|执业证|资格证|注册证书?|备案凭证|备案证|准入证|资质认定证书|资质认定|"
    "体系认证证书|体系认证|产品认证|(?:3c|ccc|ce|cqc)认证|资质(?!要求|文件|审查|条件|等级|证明|动态|和资格)"
)


class Form(NamedTuple):
    """One way to write a qualification: `pattern` finds its end, or all of it where it has a name.

    `sure_ppm`: how sure it is that this is a qualification, where the sentence asks for one.
    """

    pattern: re.Pattern[str]
    sure_ppm: int


_FORMS = (
    # 市政公用工程施工总承包叁级及以上资质
    Form(re.compile(rf"(?P<kind>{_WORKS}){_TO_GRADE}{_GRADES}(?:\s?的?(?:企业)?资质)?"), 930_000),
    # 林业调查规划设计丙级及以上资质, 工程设计资质甲级
    Form(re.compile(rf"{_GRADES}\s?的?(?:企业)?(?:资质|资格|证书)"), 880_000),
    Form(re.compile(rf"资质(?:等级)?\s?(?:为|达到|不低于)?\s?{_GRADES}"), 870_000),
    # ISO9001质量管理体系认证, GB/T 19001
    Form(
        re.compile(
            r"(?P<name>(?<![a-z])(?:iso(?:/iec)?|gb/t|iatf|ohsas)[\s/-]?[0-9]{4,5}(?:[-:][0-9]{4})?)"
            r"(?:\s?[\u4e00-\u9fff]{0,12}?(?:认证证书|认证|证书|体系))?"
        ),
        880_000,
    ),
    # CMMI3级, CMMI-L3, DCMM 三级
    Form(
        re.compile(
            r"(?P<name>(?<![a-z])(?:cmmi|dcmm|itss|ccrc|tmmi)|信息系统建设和服务能力)\s?[-(]?(?:maturity\s)?"
            r"(?:评估)?(?:等级)?(?:证书)?\s?(?:ml|level|l|cs|成熟度)?\s?-?(?P<grade>[1-5](?:\s?级)?|[一二三四五]\s?级)\)?(?![0-9])"
            + _OR_MORE
            + r"(?:\s?(?:认证证书|认证|资质证书|资质|证书))?"
        ),
        880_000,
    ),
    Form(
        re.compile(rf"(?P<name>等级保护|等保)\s?(?P<grade>[一二三四1-4]\s?级){_OR_MORE}"), 700_000
    ),
    Form(
        re.compile(
            r"(?P<name>信用等级|企业信用|资信等级)(?:评价|评定|认证)?\s?(?:为|达到|不低于)?\s?"
            rf"(?P<grade>a{{1,3}})(?![a-z])级?{_OR_MORE}"
        ),
        800_000,
    ),
    # 安全生产许可证, 律师事务所执业许可证
    Form(re.compile(rf"(?P<kind>{_PAPERS})(?:\s?{_GRADES})?"), 750_000),
)
_NAME = re.compile(r"[\u4e00-\u9fff·a-z]{1,24}\Z")


class Written(NamedTuple):
    """A qualification at text[start:end]; `other` is a second grade that would do."""

    start: int
    end: int
    name: str
    grade: str | None
    other: str | None
    sure_ppm: int


def written(text: str) -> list[Written]:
    """In the order of the text, none inside another, the surest reading of each."""
    listed: list[Written] = []
    for one in sorted(_all(text), key=lambda one: (-one.sure_ppm, one.start)):
        if not any(one.start < other.end and other.start < one.end for other in listed):
            listed.append(one)
    return sorted(listed)[:QUALIFICATIONS]


def _all(text: str) -> Iterator[Written]:
    for form in _FORMS:
        for found in islice(form.pattern.finditer(text), QUALIFICATIONS):
            groups = found.groupdict()
            name = groups.get("name") or _name_before(text, found.start())
            if name is not None:
                kind = groups.get("kind") or ""
                start = text.rfind(name, 0, found.end())
                grade, other = _grade(groups.get("grade")), _grade(groups.get("other"))
                yield Written(start, found.end(), name + kind, grade, other, form.sure_ppm)


def _grade(written: str | None) -> str | None:
    if written is None:
        return None
    bare = "".join(written.split())
    return f"{bare}级" if bare[-1].isdigit() else bare.upper()


def _name_before(text: str, end: int) -> str | None:
    """The name that ends there; None when none does, or one that every company could show."""
    words = vocabulary.entry("requirement")
    before = _IS_TO_GRADE.sub("", text[max(0, end - LONGEST_NAME) : end], 1)
    found = _NAME.search(before)
    name = _begins_behind().split(found[0])[-1] if found else ""
    name = name.lstrip("".join(words["not_first"]))
    is_special = len(name) >= SHORTEST_NAME and not name.endswith(tuple(words["common"]))
    return name if is_special else None


@cache
def _begins_behind() -> re.Pattern[str]:
    return vocabulary.any_of(vocabulary.entry("requirement")["begins_behind"])
