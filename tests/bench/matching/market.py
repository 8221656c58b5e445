"""Supplies and demands by their number: always the same, in any order, without keeping any.

Words come as in a language: few are said by everybody, most by hardly anybody. Of ten suppliers
four are new, the others have some three deals, few have many.
"""

import random
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from typing import Any

from services.contracts import capabilities

TODAY = date(2026, 3, 2)
STRANGE_WORDS = 60_000  # beside those that mean a capability; some 0.1 % of supplies say each
NEWCOMERS, MEAN_DEALS, MOST_DEALS = 0.4, 5, 50
DEAL_DAYS = 500
CITIES = (
    "武汉市", "宜昌市夷陵区", "杭州市西湖区", "南京市", "苏州市", "长沙市", "成都市", "西安市",
    "广州市", "深圳市", "厦门市", "福州市鼓楼区", "合肥市", "郑州市", "济南市", "青岛市", "大连市",
    "沈阳市", "天津市", "重庆市",
)  # fmt: skip
PROVINCES = ("湖北", "浙江", "江苏", "湖南", "四川", "陕西", "广东", "福建", "安徽", "河南")
_SYLLABLES = (
    "钛合金叶轮五轴加工数控铣床齿轮箱轴承传感器变频电机泵阀管道焊接铸造锻涂层检测校准仪表光学激雷达池"
    "储能伏风缆软件算法平台据安全云计物联网人视觉制芯片封装试材料复碳纤维树脂橡胶陶瓷玻璃水处环保除尘"
    "脱硫监农灌溉种子流仓包印刷设咨询培训法律会"
)
State = dict[str, Any]


def supply(number: int) -> State:
    """The public state of the supply with this number, from 1."""
    rng = random.Random(number)
    leaf, city = rng.choice(_meanings()), rng.choice(CITIES)
    return {
        "id": f"{number:08x}-0000-7000-8000-000000000000",
        "number": f"QF-S-2026-{number:06}",
        "sequence": 1,
        "state": "active",
        "kind": "product",
        "origin": "own",
        "supplier_id": f"{number:08x}-0000-7000-9000-000000000000",
        "supplier_name": f"{city[:2]}{_phrase(rng, 1)}{leaf}有限公司",
        "supplier_region": None,
        "title": leaf + _phrase(rng, 2),
        "text": _phrase(rng, 40),
        "categories": [leaf],
        "regions": rng.sample(PROVINCES, rng.choice((0, 0, 1, 3))),
        "qualifications": [_held(rng) for _ in range(rng.randrange(4))],
        "price_min_fen": rng.choice((None, 1_000_000, 50_000_000)),
        "capacity_declared": None,
        "capacity_reserved": 0,
        "capacity_used": 0,
        "lead_time_days": rng.choice((None, 10, 60)),
        "track_record": [_deal(rng) for _ in range(_deal_count(rng))],
    }


def demand(number: int) -> State:
    """The public state of a published order; its text is as long as real ones are."""
    rng = random.Random(-number)
    return {
        "id": f"{number:08x}-0000-7000-a000-000000000000",
        "state": "published",
        "kind": "order",
        "buyer_id": "00000000-0000-7000-b000-000000000000",
        "buyer_name": "买方集团",
        "title": rng.choice(_meanings()) + _phrase(rng, 3),
        "text": _phrase(rng, 80),
        "category": None,
        "region": rng.choice(CITIES),
        "budget_fen": int(10 ** rng.uniform(7, 10)),
        "quote_deadline_at": "2026-03-16T09:00:00+00:00",
        "delivery_due_date": "2026-08-01",
        "requirements": [],
    }


def _deal_count(rng: random.Random) -> int:
    if rng.random() < NEWCOMERS:
        return 0
    return min(MOST_DEALS, 1 + int(rng.expovariate(1 / MEAN_DEALS)))


def _deal(rng: random.Random) -> State:
    return {
        "title": rng.choice(_meanings()) + _phrase(rng, 8),
        "buyer": None,
        "place": rng.choice(CITIES),
        "date": (TODAY - timedelta(days=rng.randrange(DEAL_DAYS))).isoformat(),
        "amount_fen": int(10 ** rng.uniform(6, 10)),
        "outcome": rng.choice(("won", "bid")),
    }


def _held(rng: random.Random) -> State:
    name = rng.choice(_meanings()) + "资质"
    return {"name": name, "grade": rng.choice(("一级", "二级", None)), "expires_on": None}


def _phrase(rng: random.Random, words: int) -> str:
    vocabulary, cumulated = _vocabulary()
    return "，".join(rng.choices(vocabulary, cum_weights=cumulated, k=words))


@cache
def _meanings() -> tuple[str, ...]:
    leaves = [node for node in capabilities.CAPABILITIES if not node.is_group]
    named = [word for node in leaves for word in (node.zh, *node.synonyms)]
    return tuple(word for word in named if not word.isascii())


@cache
def _vocabulary() -> tuple[list[str], list[float]]:
    """Words, and how often each is said, summed up: Zipf's law."""
    rng = random.Random(0)
    strange = ("".join(rng.choices(_SYLLABLES, k=2)) for _ in range(STRANGE_WORDS))
    words = [*_meanings(), *strange]
    rng.shuffle(words)
    return words, list(accumulate(1 / (place + 10) for place in range(len(words))))
