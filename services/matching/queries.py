"""What only matching can answer."""

from typing import Any

from services.contracts.actor import Actor
from services.matching import admission, candidates, copies, ranking
from services.matching.profile import read
from services.matching.tables import Supply
from services.messaging import Transaction


def check(actor: Actor, tx: Transaction, id: None, args: dict[str, Any]) -> dict[str, Any]:
    """What a match of an own supply with a demand in the hall would show; nothing is entered.

    Raises as entering does.
    """
    demand = copies.demand(tx, args["demand_id"], lock=False)
    supply = tx.load(Supply, args["supply_id"], of=("supplier_id",))
    verdicts = admission.admit(tx, demand, supply)
    texts = (supply.title, *supply.categories, supply.text)
    return {
        "verdicts": [verdict.to_json() for verdict in verdicts],
        "terms": ranking.shared_terms(candidates.wanted(demand), read(*texts)),
    }
