"""A supply is new, or says something else: the open demands that it may answer are ranked again.

Which ones is found by words that both have, rare ones first; whether it is told of them, and who
else, is decided by the ranking that every demand gets.
"""

import json
import time
from collections.abc import Sequence

from sqlalchemy import DateTime, Text, column, text
from sqlalchemy.orm import Session

from services.contracts.envelope import Event
from services.matching import allocation, finding
from services.matching.commands import again
from services.matching.commands.capacity import UNITS_PER_AWARD
from services.matching.commands.notices import LIVE
from services.messaging import Transaction

# Facts after which a supply offers no more than before.
QUIET = frozenset(
    {"created", "submitted", "rejected", "archived", "reserved", "short", "used", "expired"}
)
DEMANDS_OF_ONE = 20  # that share most with a supply; past them a match is a chance hit
COMMON = 100  # a word that so many open demands have says nothing of any of them
# How long a look waits for rankings that were under way when the supply was stated: they may have
# missed it, and until their commit nobody sees the words of their demands. They take some 20 ms.
UNDER_WAY_S, POLL_S = 0.5, 0.01

# Each word is looked up by itself and at most COMMON times, so that what a supply says costs the
# same however many demands are open. A demand whose notices are used up has no place for anybody.
_FIND = text(
    """
    WITH asked AS MATERIALIZED (
        SELECT supplier_id, kinds, words, place FROM ROWS FROM (
            json_to_recordset(CAST(:supplies AS json))
                AS (supplier_id text, kinds text[], words text[])
        ) WITH ORDINALITY AS one (supplier_id, kinds, words, place)
    ), word AS (
        SELECT DISTINCT unnest(words) AS word FROM asked
    ), found AS MATERIALIZED (
        SELECT word.word, near.id, near.kind, near.buyer_id,
               count(*) OVER (PARTITION BY word.word) AS demands
          FROM word CROSS JOIN LATERAL (
            SELECT id, data ->> 'kind' AS kind, data ->> 'buyer_id' AS buyer_id
              FROM demand_copies
             WHERE state = 'published' AND found_by @> ARRAY[word.word] LIMIT :common
          ) AS near
    ), shared AS (
        SELECT place, id, sum(ln(CAST(:common AS float8) / demands)) AS worth
          FROM asked CROSS JOIN LATERAL unnest(words) AS said JOIN found ON found.word = said
         WHERE kind = ANY(kinds) AND buyer_id <> supplier_id
         GROUP BY place, id
    ), best AS (
        SELECT id, row_number() OVER (PARTITION BY place ORDER BY worth DESC, id) AS rank
          FROM shared
         WHERE worth > 0 AND :notices > (
            SELECT count(*) FROM matches
             WHERE matches.demand_id = shared.id AND matches.state = ANY(:live))
    )
    SELECT CAST(id AS text) AS id, ranked_again_at FROM demand_copies
     WHERE id IN (SELECT id FROM best WHERE rank <= :most) ORDER BY demand_copies.id
    """
).columns(column("id", Text), column("ranked_again_at", DateTime(timezone=True)))

# A number greater than those of all transactions that write at this moment, and the least of those
# that still do (this one among them). Compiling a look costs more than what it looks at.
_BEGUN = text(
    "SELECT CAST(CAST(pg_current_xact_id() AS text) AS bigint), set_config('jit', 'off', true)"
)
_WRITING = text("SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint)")


def find_demands(tx: Transaction, events: Sequence[Event]) -> None:
    """Have the demands that these supplies may answer ranked again, soon; none of them twice."""
    newest = {event.subject: event.data for event in sorted(events, key=lambda one: one.sequence)}
    news = {event.subject for event in events if _is_news(event)}
    states = [newest[id] for id in sorted(news) if newest[id]["state"] == "active"]
    if not states:
        return
    asked = [
        {
            "supplier_id": state["supplier_id"],
            "kinds": finding.demand_kinds(state),
            "words": finding.of_supply(state),
        }
        for state in states
    ]
    _wait_for_rankings(tx.session)
    given = {
        "supplies": json.dumps(asked, ensure_ascii=False),
        "common": COMMON,
        "notices": allocation.NOTICES_PER_DEMAND,
        "live": sorted(LIVE),
        "most": DEMANDS_OF_ONE,
    }
    again.mark(tx, [(id, last) for id, last in tx.session.execute(_FIND, given)])


def _is_news(event: Event) -> bool:
    """Capacity that is free again is news only where there was none: a full one is excluded."""
    if event.past != "released":
        return event.past not in QUIET
    taken: int = event.data["capacity_reserved"] + event.data["capacity_used"]
    return bool(event.data["capacity_declared"] == taken + UNITS_PER_AWARD)


def _wait_for_rankings(session: Session) -> None:
    """Until the writing transactions of this moment have ended, or for UNDER_WAY_S at most.

    This one holds no lock meanwhile: nobody waits for it but others that look.
    """
    give_up_at_s = time.monotonic() + UNDER_WAY_S
    begun = session.scalar(_BEGUN) or 0
    while (session.scalar(_WRITING) or 0) < begun and time.monotonic() < give_up_at_s:
        time.sleep(POLL_S)
