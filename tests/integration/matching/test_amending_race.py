"""Supplies are amended while demands open: nobody is left waiting with a price above the budget."""

from concurrent.futures import ThreadPoolExecutor

from services.contracts.demand import demand
from services.contracts.supply import AmendSupply
from services.matching.commands import amendments
from services.messaging.failures import is_conflict

BODY = {"title": "钛合金叶轮加工", "text": "五轴联动数控加工"}
DEAR = {"price_min": {"amount": "9000.00", "currency": "CNY"}}
SHOPS = 6


def test_whoever_waits_meets_the_budget_as_its_supply_says_now(market, buyer):
    shops = [market.party(f"精密{n}号") for n in range(SHOPS)]
    ids = [market.supply(shop, **BODY) for shop in shops]
    market.follow()
    states = [market.demand(buyer, budget_fen=500_000) for _ in range(SHOPS)]
    again = [state | {"version": 2, "region": "330100"} for state in states]
    facts = [market.fact(demand, "published", state, 2) for state in states]
    facts += [market.fact(demand, "amended", state, 3) for state in again]

    def amend(shop, id):
        known = market.get_supply(id).sequence
        given = BODY | DEAR
        market.desk.execute(
            AmendSupply, amendments.amend, shop, given, id=id, expected_version=known
        )

    def opens(fact):
        for _ in range(5):
            try:
                return market.opens(fact)
            except Exception as error:
                if not is_conflict(error):
                    raise
        raise AssertionError("in each other's way for ever")

    with ThreadPoolExecutor(8) as pool:
        done = [pool.submit(opens, fact) for fact in facts[:3]]
        done += [pool.submit(amend, *one) for one in zip(shops, ids, strict=True)]
        done += [pool.submit(opens, fact) for fact in facts[3:]]
        for one in done:
            one.result()
    waiting = [one for state in states for one in market.matches(state["id"], "sent")]
    assert waiting == []
