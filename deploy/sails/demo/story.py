"""The story from the first organisation to the timeline."""

from pathlib import Path

from deploy.sails.demo import company, logins, market, real_market, timeline
from deploy.sails.demo.carry import carry
from deploy.sails.demo.company import Company
from deploy.sails.demo.deal import Deal
from deploy.sails.demo.narrator import Narrator, Storyteller
from deploy.sails.demo.shared_clock import SharedClock
from deploy.sails.demo.stage import Stage
from deploy.sails.samples import Sample, generate
from services.client import fen

PRICE_PERCENT = 92  # of the budget: what the best bidder asks for
# A large buyer's 60 days after acceptance: the longest that the regulation allows (Decree 802).
TERMS = {
    "nodes": [{"kind": "acceptance", "share_bp": 10_000, "term_days": 60}],
    "inspection_days": 7,
    "inspection_is_condition": True,
}


def tell_all(stage: Stage, tell: Storyteller, seed: int, data: Path | None) -> str:
    """Everything between the platform's start and the check; answers the deal's thread id."""
    clock = SharedClock(stage.operator)
    if data is not None:
        real_market.replay(stage, data, tell)
    sample = generate(seed, clock.today())
    tell.chapter("chapter-cast")
    with tell.bar("load-parties", len(sample.parties) - len(sample.named("operator"))) as done:
        everyone = company.assemble(stage, sample, done)
    tell.chapter("chapter-market")
    market.load(stage, everyone, sample, tell)
    tell.chapter("chapter-deal")
    deal = a_deal(everyone, sample, clock, tell)
    thread_id = carry(deal)
    tell.chapter("chapter-timeline")
    tell.console.print(timeline.of_thread(deal.supplier["supplier.owner"], thread_id))
    tell.chapter("chapter-logins")
    tell.console.print(logins.given_to_all(stage, deal))
    return thread_id


def a_deal(
    everyone: Company, sample: Sample, clock: SharedClock, tell: Narrator, number: int = 0
) -> Deal:
    """A deal over the sample's order number `number`, which its buyer wants once more."""
    orders = [(name, body) for name, body in sample.demands if body["kind"] == "order"]
    name, body = orders[number % len(orders)]
    return Deal(
        buyer=everyone.buyer(name),
        company=everyone,
        clock=clock,
        wish=body | {"terms": TERMS},
        price_fen=fen(body["budget"]) * PRICE_PERCENT // 100,
        tell=tell,
    )
