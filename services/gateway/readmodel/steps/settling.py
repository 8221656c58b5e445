"""Which steps other things have done, noted as it is written: a step is read far more often.

A step and each of its parts are written under guards of their own, so two that finish it at once
would each take the other's part for missing. Who writes any of them therefore holds that step's
lock from before the writing until the commit, and settles afterwards: the last one sees them all.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from services.gateway.readmodel.audiences import of_party
from services.gateway.readmodel.steps.declared import Document, parties_of
from services.gateway.readmodel.steps.parts import PARTS
from services.gateway.readmodel.steps.table import FILLED

_LOCKS = 803_250_017  # apart from all other locks within the database

Pair = tuple[str, str]  # of which thing by whom

_HOLD = text(
    """
    SELECT pg_advisory_xact_lock(hashtextextended(about || owner, :locks))
    FROM unnest(CAST(:abouts AS text[]), CAST(:owners AS text[])) AS shared (about, owner)
    """
)
_SETTLE = text(
    """
    UPDATE steps SET is_done = NOT is_done
    FROM unnest(CAST(:abouts AS uuid[]), CAST(:owners AS text[])) AS shared (about, owner)
    WHERE steps.about = shared.about AND steps.owner = shared.owner AND steps.whole IS NOT NULL
      AND steps.is_done <> (steps.whole <= coalesce((
          SELECT sum(done.part) FROM step_parts AS done
          WHERE done.about = steps.about AND done.owner = steps.owner
      ), 0))
    """
)


class Settling:
    """Of the facts of a batch: what of them may be done in parts, or is a part."""

    def __init__(self, facts: Iterable[tuple[str, Document]]) -> None:
        pairs = sorted({pair for kind, state in facts for pair in _pairs(kind, state)})
        self._given: dict[str, Any] = {
            "abouts": [about for about, _ in pairs],
            "owners": [owner for _, owner in pairs],
            "locks": _LOCKS,
        }

    def hold(self, work: Session | Connection) -> None:
        """Before they are written, in one order, so that nobody waits in a circle."""
        if self._given["abouts"]:
            work.execute(_HOLD, self._given)

    def settle(self, work: Session | Connection) -> None:
        """Once they are written, in the same transaction."""
        if self._given["abouts"]:
            work.execute(_SETTLE, self._given)


def _pairs(kind: str, state: Document) -> Iterable[Pair]:
    """In any of its states: a step that is owed no more is deleted, and others would settle it."""
    for step in FILLED.get(kind, ()):
        for party_id in parties_of(step, state):
            if step.filled and party_id:
                yield state[step.filled.about], of_party(party_id)
    if kind in PARTS:
        part = PARTS[kind](state)
        yield part["about"], part["owner"]
