"""Which steps other things have done, noted as it is written: a step is read far more often.

A step and each of its parts are written under guards of their own, so two that finish it at once
would each take the other's part for missing. Who writes any of them therefore holds that step's
lock from before the writing until the commit, and settles afterwards: the last one sees them all.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from services.gateway.readmodel.steps.parts import PARTS
from services.gateway.readmodel.steps.table import FILLED

KINDS = FILLED | PARTS.keys()  # things of which a step is done in parts, or which are a part
_LOCKS = 803_250_017  # apart from all other locks within the database

Row = dict[str, Any]

# In the order of the keys, so that nobody waits in a circle; of what is owed no more, too, since
# settling would wait for those rows. For who holds the guards of the things.
_HOLD = text(
    """
    SELECT pg_advisory_xact_lock(key)
    FROM (
        SELECT DISTINCT hashtextextended(about || owner, :locks) AS key
        FROM (
            SELECT about, owner FROM json_to_recordset(CAST(:shared AS json)) AS row
                (about uuid, owner text)
            UNION ALL
            SELECT steps.about, steps.owner
            FROM unnest(CAST(:kinds AS text[]), CAST(:ids AS uuid[])) AS moved (kind, id)
            JOIN steps ON steps.kind = moved.kind AND steps.id = moved.id
            WHERE steps.whole IS NOT NULL
        ) AS touched
        ORDER BY key
    ) AS ordered
    """
)
_SETTLE = text(
    """
    UPDATE steps SET is_done = NOT is_done
    FROM json_to_recordset(CAST(:shared AS json)) AS row (about uuid, owner text)
    WHERE steps.about = row.about AND steps.owner = row.owner AND steps.whole IS NOT NULL
      AND steps.is_done <> (steps.whole <= coalesce((
          SELECT sum(done.part) FROM step_parts AS done
          WHERE done.about = steps.about AND done.owner = steps.owner
      ), 0))
    """
)


def shared(steps: Iterable[Row], done: Iterable[Row]) -> list[Row]:
    """Of rows to be written: what has to be settled, of which thing by whom."""
    rows = [*(step for step in steps if step["whole"] is not None), *done]
    pairs = dict.fromkeys((row["about"], row["owner"]) for row in rows)
    return [{"about": about, "owner": owner} for about, owner in pairs]


def hold(work: Session | Connection, given: Row) -> None:
    """Before the rows of these `kinds` and `ids` are written; `shared`: of those rows."""
    work.execute(_HOLD, given | {"locks": _LOCKS})


def settle(work: Session | Connection, given: Row) -> None:
    """After it, in the same transaction."""
    work.execute(_SETTLE, given)
