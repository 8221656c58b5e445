"""What only matching can answer."""

import time
from functools import partial
from typing import Any

from services.contracts.actor import Actor
from services.matching import admission, candidates, copies, profile, ranking, readings
from services.matching.tables import Supply
from services.messaging import Transaction

_LET_OTHERS_WORK = partial(time.sleep, 0)


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
        "terms": ranking.shared_terms(candidates.wanted(demand), profile.read(*texts)),
    }


def read(actor: Actor, tx: Transaction, id: None, args: dict[str, Any]) -> dict[str, Any]:
    """What a text says of the fields of a demand. Nothing is kept, and nobody is looked up."""
    return readings.answer(args["title"], args["text"], tx.now, pause=_LET_OTHERS_WORK)
