"""Who of a ranking gets a notice of a demand: the load and the lists of late, as rows say them.

Rankings side by side do not see each other's notices and lists, so a supplier may get one more
than the cap for each: it is a courtesy to readers, no invariant worth a lock on every supplier.
Nothing is counted up anywhere: each demand keeps its own list, and the newest ones are looked at,
so that it is the same in every process and after every restart, and nobody waits for a hot row.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import text

from services.matching import allocation, exposure
from services.matching.allocation import Allotment
from services.matching.exposure import Seen
from services.matching.ranking import Ranked
from services.matching.tables import LIST_NUMBERS, DemandCopy, Match
from services.messaging import Transaction

LIVE = frozenset({"sent", "interested", "quoted", "won"})

# Both in one statement: each is a round trip of every ranking. An answered notice that nobody
# knows of yet, because the quote is sealed, is not open. The row without a supplier counts lists.
_LOAD = text(
    """
    WITH recent AS MATERIALIZED (
        SELECT listed FROM demand_copies
         WHERE list_number IS NOT NULL AND id <> CAST(:demand_id AS uuid)
         ORDER BY list_number DESC LIMIT :most_lists
    ), shown AS (
        SELECT supplier_id, count(*) AS lists FROM recent, unnest(listed) AS supplier_id
         WHERE supplier_id = ANY(CAST(:suppliers AS uuid[])) GROUP BY supplier_id
    ), waiting AS (
        SELECT supplier_id, count(*) AS notices FROM matches
         WHERE supplier_id = ANY(CAST(:suppliers AS uuid[])) AND state = 'sent'
           AND quote_state IS DISTINCT FROM 'sealed' AND sent_at > :since
         GROUP BY supplier_id
    )
    SELECT CAST(supplier_id AS text), coalesce(notices, 0), coalesce(lists, 0)
      FROM waiting FULL JOIN shown USING (supplier_id)
    UNION ALL SELECT NULL, 0, count(*) FROM recent
    """
)


def allot(
    tx: Transaction, demand: DemandCopy, known: Iterable[Match], ranked: Sequence[Ranked]
) -> Allotment:
    """Of those that may be sent, best first: who is sent and why, who is not and why."""
    candidates = allocation.candidates(ranked)
    given = {
        "demand_id": demand.id,
        "suppliers": sorted({one.supplier_id for one in candidates}),
        "since": tx.now - allocation.NOTICE_LIFE,
        "most_lists": exposure.WINDOW,
    }
    load = {id: counts for id, *counts in tx.session.execute(_LOAD, given)}
    _, lists = load.pop(None)
    seen = Seen(lists, {id: shown for id, (_, shown) in load.items()})
    waiting = {id: count for id, (count, _) in load.items()}
    return allocation.allot(candidates, seen, waiting, live(known), demand.planned or ())


def live(known: Iterable[Match]) -> Mapping[str, int]:
    """By supplier, the matches of a demand that have a place among its notices.

    None, but listed, for one who declined: it is not asked again for another of its supplies.
    """
    known = list(known)
    declined = (match.supplier_id for match in known if match.state == "declined")
    taken = Counter(match.supplier_id for match in known if match.state in LIVE)
    return dict.fromkeys(declined, 0) | taken


def list_them(demand: DemandCopy, known: Iterable[Match], told: Iterable[str]) -> None:
    """The demand's list from now on: these suppliers, and who was told before and still is."""
    kept = {one.supplier_id for one in known if one.state in LIVE and one.source == "machine"}
    listed = sorted(kept.union(told))
    if listed and listed != demand.listed:  # one that stays the same is no newer than it was
        demand.listed, demand.list_number = listed, LIST_NUMBERS.next_value()
