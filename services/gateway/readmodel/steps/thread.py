"""The open steps of one deal that a caller may know of, and what a fact started.

Its owner knows a step, and so does whoever sees all of the thing that the step follows from.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from services.contracts import citations
from services.contracts.actor import Actor
from services.gateway.readmodel import audiences
from services.gateway.readmodel.steps import items, selection
from services.gateway.readmodel.steps.items import Row
from services.gateway.readmodel.steps.keeping import AMOUNTS, others
from services.gateway.readmodel.steps.table import BY_CODE, owed
from services.messaging import Prepared, Reader

Document = dict[str, Any]
Key = tuple[str, str]

# Of the things of a deal as one reader sees them, the youngest: a settled deal has about 60.
MAX_THINGS = 500
_SEEN = Prepared(
    "views_of_deal",
    ("uuid", "text[]", "int"),
    """
    SELECT DISTINCT ON (sort_at, kind, id) kind, id::text, document FROM views
    WHERE thread_id = $1 AND audience = ANY($2)
    ORDER BY sort_at DESC, kind, id, array_position($2, audience) LIMIT $3
    """,
)
# By fact, the column with the clock that it started; the value is the present one.
CLOCKS: Mapping[str, str] = {
    "demand.published": "quote_deadline_at",
    "demand.reopened": "quote_deadline_at",
    "demand.awarded": "award_confirm_until",
    "contract.signing_started": "sign_until",
    "contract.signed": "delivery_due_date",
    "delivery.delivered": "inspect_until",
    "payable.running": "due_date",
    "receivable.confirmation_requested": "confirm_until",
    "application.submitted": "offers_until",
    "application.offers_closed": "select_until",
    "application.reselecting": "select_until",
    "offer.visible": "valid_until",
    "offer.accepted": "pay_until",
    "loan.instructed": "pay_until",
    "loan.disbursed": "due_date",
}


def of_deal(reader: Reader, thread_id: str, actor: Actor, now: datetime) -> list[str]:
    """The most urgent first, each as JSON."""
    mine = list(audiences.mine(actor))
    seen = {
        (kind, id): json.loads(text)
        for kind, id, text in reader.rows(_SEEN, (thread_id, mine, MAX_THINGS))
    }
    if not seen:
        return []
    kinds, ids = map(list, zip(*seen, strict=True))
    rows = map(Row.of, reader.rows(selection.OF_THINGS, (mine, kinds, ids)))
    known = [_known(row, seen[row.kind, row.id], mine) for row in rows]
    return items.every(filter(None, known), actor, now)


def _known(row: Row, document: Document, mine: Sequence[str]) -> Row | None:
    """The row as far as this reader may know it: the owner's own, else by the reader's document."""
    if row.owner in mine:
        return row
    told = {(each.step.code, each.owner) for each in owed(row.kind, document)}
    if BY_CODE[row.step].is_sealed or (row.step, row.owner) not in told:
        return None
    named = set(others(document, row.party_id))
    shown = zip(row.counterparts, row.names, strict=True)
    sees_amount = any(document.get(name.removesuffix("_fen")) for name in AMOUNTS)
    return row._replace(
        names=tuple(name for id, name in shown if id in named),
        amount_fen=row.amount_fen if sees_amount else None,
    )


def rule_of(event_type: str, on: date) -> Document | None:
    """The rule that decided a fact, or set the clock that it started."""
    return items.rule(citations.OF_FACTS.get(event_type.removesuffix(".v1")), on)


def clock_of(event_type: str, document: Document) -> str | None:
    """The deadline that a fact started, as it stands now."""
    column = CLOCKS.get(event_type.removesuffix(".v1"))
    return document.get(column) if column else None
