"""Supplies of the suppliers, as the bodies that draft them."""

import random
from datetime import date, timedelta
from typing import Any

from deploy.sails.samples.industries import Industry, supply_text
from deploy.sails.samples.wishes import ROUND_YUAN, Wish
from services.client import fen, money

Body = dict[str, Any]
CAPACITIES = (None, 1, 2, 3, 5, 8, 20)


def fitting(rng: random.Random, wish: Wish, today: date) -> Body:
    """A supply that answers the wish: qualified, affordable, in time, in its region."""
    industry = wish.industry
    budget_fen = fen(wish.body["budget"])
    floor_fen = budget_fen * rng.randint(50, 90) // 100
    held = [
        {"name": name, "grade": industry.best(name), "expires_on": _expiry(rng, today)}
        for name in industry.qualifications
    ]
    regions = rng.choice([[], [], [wish.body["region"]]])
    body = _body(rng, industry, wish.subject, wish.ability, floor_fen)
    return body | {"qualifications": held, "regions": regions}


def any_of(rng: random.Random, industry: Industry, region: str, today: date) -> Body:
    """A supply of that line of business, fitting or not as it comes."""
    subject, ability = rng.choice(industry.objects), rng.choice(industry.abilities)
    low, high = (yuan // ROUND_YUAN for yuan in industry.budget_yuan)
    floor_fen = rng.randint(low // 2, high) * ROUND_YUAN * 100
    names = rng.sample(industry.qualifications, rng.randint(0, len(industry.qualifications)))
    held = [
        industry.qualification(rng, name) | {"expires_on": _expiry(rng, today)} for name in names
    ]
    body = _body(rng, industry, subject, ability, floor_fen)
    return body | {"qualifications": held, "regions": rng.choice([[], [], [region]])}


def _body(
    rng: random.Random, industry: Industry, subject: str, ability: str, floor_fen: int
) -> Body:
    fastest, slowest = industry.lead_days
    return {
        "kind": industry.supply_kind,
        "title": f"{subject}{rng.choice(['供应', '定制', '承接', '服务'])}（{ability}）",
        "text": supply_text(rng, industry, subject, ability),
        "categories": industry.categories,
        "price_min": money(floor_fen),
        "price_max": money(floor_fen * rng.randint(2, 6)),
        "capacity_declared": rng.choice(CAPACITIES),
        "lead_time_days": rng.randint(fastest, slowest),
    }


def _expiry(rng: random.Random, today: date) -> str:
    return (today + timedelta(days=rng.randint(200, 1200))).isoformat()
