"""Every few minutes: the free notices of open demands shared out all at once 批量统筹分配.

What is planned is noted on the demands and each of them is ranked again, which tells the planned
ones first: constraints, caps and explanations are those of every ranking. A crash in between
loses nothing but time.
"""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import structlog
from sqlalchemy import text

from services.contracts.demand import demand as aggregate
from services.matching import allocation, metrics, programme
from services.matching.commands.again import RANK_AGAIN
from services.matching.commands.notices import LIVE
from services.matching.programme import Pair, Plan
from services.messaging import Transaction

NAME, ALLOT = "programme", "allot"  # of the timer's deadline
DEMANDS = 500  # at once, the newest; with their next best some 5,000 pairs
# The process does nothing else while it plans: far below what a consumer's connection stands.
LIMIT_S = 0.5
OPEN_TO_IT = frozenset(
    {
        allocation.OVER_DEMAND_CAP,
        allocation.OVER_SUPPLIER_CAP,
        allocation.OFTEN_LISTED,
        allocation.PLACE_KEPT,
    }
)

_log = structlog.get_logger()
_FREE = text(
    """
    SELECT CAST(id AS text), withheld, taken FROM demand_copies CROSS JOIN LATERAL (
        SELECT count(*) AS taken FROM matches
         WHERE matches.demand_id = demand_copies.id AND matches.state = ANY(:live)) AS of_it
     WHERE demand_copies.state = 'published' AND jsonb_array_length(withheld) > 0
       AND taken < :places
     ORDER BY id DESC LIMIT :demands
    """
)
_OPEN_NOTICES = text(
    """
    SELECT CAST(supplier_id AS text), count(*) FROM matches
     WHERE supplier_id = ANY(CAST(:suppliers AS uuid[])) AND state = 'sent'
       AND quote_state IS DISTINCT FROM 'sealed' AND sent_at > :since GROUP BY supplier_id
    """
)
_PLAN = text(
    """
    UPDATE demand_copies SET planned = CAST(:planned AS uuid[])
     WHERE id = CAST(:id AS uuid) AND state = 'published'
    """
)


def allot(tx: Transaction, id: str) -> None:
    """Plan, and have each demand of the plan ranked again at once."""
    given = {
        "live": sorted(LIVE), "places": allocation.NOTICES_PER_DEMAND, "demands": DEMANDS,
    }  # fmt: skip
    found = list(tx.session.execute(_FREE, given))
    places = {demand: allocation.NOTICES_PER_DEMAND - taken for demand, _, taken in found}
    pairs = [pair for demand, withheld, _ in found for pair in _pairs(demand, withheld)]
    planned = _planned(pairs, places, _room(tx, pairs))
    by_demand: dict[str, list[str]] = {}
    for pair in planned.chosen:
        by_demand.setdefault(pair.demand_id, []).append(pair.supply_id)
    for demand, chosen in sorted(by_demand.items()):
        tx.session.execute(_PLAN, {"id": demand, "planned": chosen})
    tx.schedule_unset(aggregate, RANK_AGAIN, dict.fromkeys(by_demand, tx.now))


def _planned(pairs: list[Pair], places: Mapping[str, int], room: Mapping[str, int]) -> Plan:
    began_s = time.monotonic()
    found = programme.plan(pairs, places, room, LIMIT_S)
    took_s = time.monotonic() - began_s
    metrics.PLAN_SECONDS.labels("exact" if found.is_exact else "greedy").observe(took_s)
    metrics.PLAN_GAP.set(found.gap_ppm / programme.FULL_PPM)
    _log.info(
        "notices planned",
        demands=len(places),
        pairs=len(pairs),
        chosen=len(found.chosen),
        exact=found.is_exact,
        gap_ppm=found.gap_ppm,
    )
    return found


def _pairs(demand_id: str, withheld: list[dict[str, Any]]) -> Iterator[Pair]:
    """With the next best of its last ranking; who has been told or is excluded is not of them."""
    for one in withheld:
        if one["reason_code"] in OPEN_TO_IT and one["score_ppm"] > 0 and "supplier_id" in one:
            yield Pair(demand_id, one["supplier_id"], one["supply_id"], one["score_ppm"])


def _room(tx: Transaction, pairs: list[Pair]) -> dict[str, int]:
    suppliers = sorted({pair.supplier_id for pair in pairs})
    given = {"suppliers": suppliers, "since": tx.now - allocation.NOTICE_LIFE}
    waiting = Counter[str](dict(iter(tx.session.execute(_OPEN_NOTICES, given))))
    return {one: allocation.OPEN_NOTICES_PER_SUPPLIER - waiting[one] for one in suppliers}
