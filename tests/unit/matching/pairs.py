"""A machine shop, a gardener and what a buyer wants of them."""

from datetime import date

from services.matching.sides import Holding, Offered, Requirement, Wanted

TODAY = date(2026, 3, 2)
BUYER, SHOP, GARDENER = "buyer", "shop", "gardener"


def a_demand(**changes) -> Wanted:
    """Titanium impellers, milled on five axes, in Hangzhou."""
    stated = {
        "kind": "order",
        "buyer_id": BUYER,
        "title": "钛合金叶轮五轴加工",
        "text": "需要五轴联动加工钛合金叶轮，公差微米级。",
        "category": "数控加工",
        "region": "浙江省杭州市",
        "budget_fen": 50_000_000,
        "quotes_until": date(2026, 3, 16),
        "delivery_due_date": date(2026, 5, 1),
        "requirements": (Requirement("ISO9001质量管理体系认证"),),
    }
    return Wanted(**stated | changes)


def a_shop(**changes) -> Offered:
    """A shop that can do it."""
    stated = {
        "id": "supply-shop",
        "supplier_id": SHOP,
        "kind": "product",
        "verified_until": date(2027, 1, 1),
        "regions": ("浙江",),
        "qualifications": (Holding("ISO9001质量管理体系认证", None, date(2027, 6, 1)),),
        "categories": ("数控加工", "机械零部件"),
        "price_min_fen": 40_000_000,
        "capacity_free": 3,
        "lead_time_days": 30,
        "places": frozenset({"浙江", "杭州"}),
    }
    return Offered(**stated | changes)


def a_gardener(**changes) -> Offered:
    """A company that plants trees."""
    stated = {"id": "supply-garden", "supplier_id": GARDENER, "categories": ("园林绿化",)}
    return a_shop(**stated | changes)
