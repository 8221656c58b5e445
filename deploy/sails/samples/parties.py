"""Forty fictional organisations, or many more, as the bodies that register them."""

import random
from collections.abc import Iterator
from itertools import product
from typing import Any

from deploy.sails.samples.credit import COMPANY, PUBLIC_INSTITUTION, credit_code
from deploy.sails.samples.industries import Industry, industries

Body = dict[str, Any]
SUPPLIERS = 30
REGIONS = {
    "110108": "北京", "110114": "北京", "120116": "天津", "310115": "上海",
    "320509": "苏州", "330110": "杭州", "370212": "青岛", "420111": "武汉",
    "440305": "深圳", "510107": "成都", "610113": "西安",
}  # fmt: skip
FIRST = "岚砺沐澄峤珩煜朔湛霁蔚笙翎棠栎沅洵皓霆穗"
SECOND = "锋拓航衡川阔岳泽舟源桥启畅原野程远屿"

# Name without city, nature, size, tiers, fiscal_funded, industry.
BUYERS: tuple[tuple[str, str, str, list[str], bool, str], ...] = (
    ("岚航重型装备集团有限公司", "state_owned", "large", [], False, "C34"),
    ("砺远轨道交通股份有限公司", "state_owned", "large", [], False, "C37"),
    ("澄源能源投资集团有限公司", "state_owned", "large", [], False, "D44"),
    ("珩拓汽车制造有限公司", "private", "large", ["高新技术企业"], False, "C36"),
    ("沐川生物医药集团有限公司", "private", "large", ["高新技术企业"], False, "C27"),
    ("朔衡应用技术研究院", "public_institution", "large", [], True, "M73"),
)
BANKS = (("湛舟商业银行股份有限公司", "private"), ("霁桥科创银行股份有限公司", "state_owned"))
TIERS = ((), ("高新技术企业",), ("高新技术企业", "专精特新"), ("专精特新", "小巨人"))


def buyers(rng: random.Random) -> list[Body]:
    """Five large companies and a public institution."""
    found = []
    for name, nature, size, tiers, fiscal_funded, industry in BUYERS:
        code, city = rng.choice(list(REGIONS.items()))
        registered = PUBLIC_INSTITUTION if nature == "public_institution" else COMPANY
        found.append(
            _party(rng, city + name, code, ["buyer"], nature, registered=registered)
            | {"size": size, "tiers": tiers, "fiscal_funded": fiscal_funded, "industry": industry}
        )
    return found


def suppliers(rng: random.Random, count: int = SUPPLIERS) -> list[tuple[Industry, Body]]:
    """Small and medium companies, every line of business at least twice."""
    names = _names(rng)
    lines = [industries()[index % len(industries())] for index in range(count)]
    made = [(industry, _supplier(rng, industry, next(names))) for industry in lines]
    _tell_apart(rng, [body for _, body in made])
    return made


def others(rng: random.Random) -> list[Body]:
    """Two banks, the registry of filings and the operator of the platform."""
    banks = [
        _party(rng, f"北京{name}", "110108", ["bank"], nature)
        | {"size": "large", "industry": "J66"}
        for name, nature in BANKS
    ]
    registry = _party(
        rng, "动产登记演示中心", "110108", ["registry"], "public_institution",
        registered=PUBLIC_INSTITUTION,
    )  # fmt: skip
    operator = _party(rng, "千帆演示运营有限公司", "110108", ["operator"], "state_owned")
    return [*banks, registry, operator]


def _supplier(rng: random.Random, industry: Industry, invented: str) -> Body:
    code, city = rng.choice(list(REGIONS.items()))
    name = f"{city}{invented}{rng.choice(industry.company_words)}有限公司"
    return _party(rng, name, code, ["supplier"], "private") | {
        "size": rng.choice(["medium", "small", "small", "micro"]),
        "industry": industry.code,
        "tiers": list(rng.choice(TIERS)),
    }


def _party(
    rng: random.Random,
    name: str,
    region: str,
    capacities: list[str],
    nature: str,
    *,
    registered: str = COMPANY,
) -> Body:
    return {
        "name": name,
        "credit_code": credit_code(rng, region, registered),
        "capacities": capacities,
        "nature": nature,
        "region": region,
    }


def _tell_apart(rng: random.Random, bodies: list[Body]) -> None:
    """No code twice: of thousands two are likely to have drawn the same."""
    taken: set[str] = set()
    for body in bodies:
        while body["credit_code"] in taken:
            body["credit_code"] = credit_code(rng, body["region"], COMPANY)
        taken.add(body["credit_code"])


def _names(rng: random.Random) -> Iterator[str]:
    """Invented names, none twice: of two characters while there are any, then of three."""
    for parts in ((FIRST, SECOND), (FIRST, SECOND, SECOND)):
        names = ["".join(characters) for characters in product(*parts)]
        rng.shuffle(names)
        yield from names
