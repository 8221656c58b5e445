"""Demands of the buyers, as the bodies that draft them."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from deploy.sails.samples.industries import Industry, demand_text
from services.client import money
from services.days import SHANGHAI

Body = dict[str, Any]
QUOTES_CLOSE_AT = time(17, 0)
ROUND_YUAN = 1_000

# (kind, share in 1/10,000, term in days). A public institution must pay within 30 days, a large
# company within 60 (保障中小企业款项支付条例, arts 9-10): every variant keeps within both.
NODES = (
    (("acceptance", 10_000, 30),),
    (("advance", 3_000, 5), ("acceptance", 7_000, 30)),
    (("advance", 2_000, 5), ("delivery", 3_000, 15), ("acceptance", 5_000, 30)),
    (("delivery", 4_000, 15), ("acceptance", 5_500, 30), ("retention", 500, 30)),
)


@dataclass(frozen=True)
class Wish:
    """A demand with what it was made of, so that fitting supplies can be made for it."""

    industry: Industry
    subject: str
    ability: str
    body: Body


def wish(rng: random.Random, industry: Industry, region: str, today: date) -> Wish:
    """One demand; quotes close one to three weeks after `today`."""
    subject, ability = rng.choice(industry.objects), rng.choice(industry.abilities)
    low, high = (yuan // ROUND_YUAN for yuan in industry.budget_yuan)
    closes_on = today + timedelta(days=rng.randint(7, 21))
    due = closes_on + timedelta(days=industry.lead_days[1] + rng.randint(20, 60))
    count = rng.choice([1, 2, 5, 10, 50, 200])
    body = {
        "kind": industry.demand_kind,
        "method": rng.choice(["inquiry", "inquiry", "negotiation", "tender"]),
        "title": f"{subject}采购（{ability}）",
        "text": demand_text(rng, industry, subject, ability),
        "category": industry.categories[0],
        "region": region,
        "quantity": f"{count}{industry.unit}",
        "budget": money(rng.randint(low, high) * ROUND_YUAN * 100),
        "quote_deadline_at": datetime.combine(closes_on, QUOTES_CLOSE_AT, SHANGHAI).isoformat(),
        "delivery_due_date": due.isoformat(),
        "requirements": _requirements(rng, industry),
        "performance": rng.choice(
            ["近三年至少有两项同类业绩。", "须提供一份同类合同作为证明。", None]
        ),
        "terms": _terms(rng),
    }
    return Wish(industry, subject, ability, body)


def _requirements(rng: random.Random, industry: Industry) -> list[Body]:
    names = rng.sample(industry.qualifications, rng.choice([0, 1, 1, 2]))
    return [industry.qualification(rng, name) for name in names]


def _terms(rng: random.Random) -> Body:
    nodes = [
        {"kind": kind, "share_bp": share_bp, "term_days": term_days}
        for kind, share_bp, term_days in rng.choice(NODES)
    ]
    return {
        "nodes": nodes,
        "inspection_days": rng.choice([5, 7, 10]),
        "inspection_is_condition": rng.choice([True, False]),
    }
