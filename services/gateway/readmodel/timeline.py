"""One deal as its story: the facts of a thread that the caller may know, in order."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from services.contracts.problems import Problem
from services.gateway.readmodel import feed

# A settled deal with twenty matches has about 150 facts; a tender with every supplier of a park
# invited stays below this.
MAX_FACTS = 5_000

_FACTS = text(
    """
    SELECT * FROM (
        SELECT DISTINCT ON (feed.event_id) feed.*
        FROM feed
        JOIN unnest(CAST(:mine AS text[])) WITH ORDINALITY AS held(audience, rank)
          ON held.audience = feed.audience
        WHERE feed.thread_id = :thread_id
        ORDER BY feed.event_id, held.rank
    ) AS told
    LEFT JOIN LATERAL (
        SELECT views.document FROM views
        WHERE views.kind = told.kind AND views.id = told.resource_id
          AND views.audience = ANY(CAST(:mine AS text[]))
        ORDER BY array_position(CAST(:mine AS text[]), views.audience) LIMIT 1
    ) AS present ON true
    ORDER BY occurred_at, id LIMIT :limit
    """
)

# Which amount of its document tells what a fact is about; the first that is there.
AMOUNTS = (
    "amount", "price", "principal", "confirmed", "claimed", "accepted", "granted", "budget",
)  # fmt: skip


def of_thread(session: Session, thread_id: str, mine: Sequence[str]) -> list[dict[str, Any]]:
    """Who, what, when, how much. Raises Problem("not_found") where the caller knows of nothing."""
    given = {"mine": list(mine), "thread_id": thread_id, "limit": MAX_FACTS}
    rows = session.execute(_FACTS, given).all()
    if not rows:
        raise Problem("not_found")
    return [_entry(row) for row in rows]


def _entry(row: Row[Any]) -> dict[str, Any]:
    document = json.loads(row.document) if row.document else {}
    return {
        "id": str(row.event_id),
        "type": row.type,
        "kind": row.kind,
        "resource_id": str(row.resource_id),
        "sequence": row.sequence,
        "number": document.get("number"),
        "occurred_at": row.occurred_at.isoformat(),
        "business_date": row.business_date.isoformat(),
        "actor": feed.actor(row),
        "amount": next((document[name] for name in AMOUNTS if document.get(name)), None),
        "state": document.get("state"),
    }
