"""What only matching can answer."""

import time
from functools import partial
from typing import Any

from sqlalchemy import select

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.contracts.reasons import WITHHELD
from services.matching import admission, candidates, copies, profile, readings, shares, terms
from services.matching.tables import PartyCopy, Supply
from services.messaging import Transaction

MOST_LISTED = 10  # suppliers that the operator is shown by name
_FULL_PPM = 1_000_000
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
        "terms": terms.shared(candidates.wanted(demand), profile.read(*texts)),
    }


def read(actor: Actor, tx: Transaction, id: None, args: dict[str, Any]) -> dict[str, Any]:
    """What a text says of the fields of a demand. Nothing is kept, and nobody is looked up."""
    return readings.answer(args["title"], args["text"], tx.now, pause=_LET_OTHERS_WORK)


def exposure(actor: Actor, tx: Transaction, id: None, args: dict[str, Any]) -> dict[str, Any]:
    """How the newest lists share their places, for the operator."""
    found = shares.of_newest(tx.session, args["lists"])
    most = sorted(found.counts.items(), key=lambda one: (-one[1], one[0]))[:MOST_LISTED]
    named = select(PartyCopy.id, PartyCopy.name).where(PartyCopy.id.in_([id for id, _ in most]))
    names: dict[str, str] = dict(iter(tx.session.execute(named)))
    return {
        "lists": found.lists,
        "suppliers": found.suppliers,
        "suppliers_listed": len(found.counts),
        "supplies_never_matched": shares.never_matched(tx.session),
        "largest_share_ppm": int(found.largest * _FULL_PPM),
        "coverage_ppm": int(found.coverage * _FULL_PPM),
        "gini_ppm": int(found.gini * _FULL_PPM),
        "most_listed": [
            {"supplier_id": id, "supplier_name": names.get(id), "lists": times}
            for id, times in most
        ],
    }


def withheld(actor: Actor, tx: Transaction, id: None, args: dict[str, Any]) -> dict[str, Any]:
    """The next best of a demand's last ranking, for its buyer and the operator.

    Raises Problem("not_found").
    """
    demand = copies.demand(tx, args["demand_id"], lock=False)
    if actor.party_id != demand.data["buyer_id"] and "operator" not in actor.capacities:
        raise Problem("not_found", "/demand_id")
    return {"withheld": [_in_words(one) for one in demand.withheld or ()]}


def _in_words(one: dict[str, Any]) -> dict[str, Any]:
    zh, en = WITHHELD[one["reason_code"]]
    return one | {"reason_zh": zh, "reason_en": en}
