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
        "number": 1,
        "supplier_id": SHOP,
        "kind": "product",
        "verified_until": date(2027, 1, 1),
        "regions": ("浙江",),
        "qualifications": (Holding("ISO9001质量管理体系认证", None, date(2027, 6, 1)),),
        "price_min_fen": 40_000_000,
        "capacity_free": 3,
        "lead_time_days": 30,
    }
    return Offered(**stated | changes)


def a_gardener(**changes) -> Offered:
    """A company that plants trees."""
    stated = {"id": "supply-garden", "number": 2, "supplier_id": GARDENER}
    return a_shop(**stated | changes)


def a_state(id="s1", number=1, **changes) -> dict:
    """The public state of the shop's supply."""
    stated = {
        "id": id,
        "number": f"QF-S-2026-{number:06}",
        "sequence": 1,
        "state": "active",
        "kind": "product",
        "origin": "own",
        "supplier_id": f"supplier of {id}",
        "supplier_name": "启航精密",
        "supplier_region": None,
        "title": "钛合金叶轮",
        "text": "五轴联动加工",
        "categories": [],
        "regions": [],
        "qualifications": [
            {"name": "AS9100航空质量管理体系认证", "grade": None, "expires_on": None}
        ],
        "track_record": [a_deal()],
        "price_min_fen": None,
        "capacity_declared": None,
        "capacity_reserved": 0,
        "capacity_used": 0,
        "lead_time_days": None,
    }
    return stated | changes


def a_deal(**changes) -> dict:
    """Grinding shafts, a month ago."""
    stated = {
        "title": "航空泵轴精密磨削",
        "buyer": None,
        "place": "浙江省杭州市西湖区",
        "date": "2026-02-01",
        "amount_fen": 48_000_000,
        "outcome": "won",
    }
    return stated | changes
