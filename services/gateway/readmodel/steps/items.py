"""One step as the API shows it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from services.contracts import citations
from services.contracts.actor import Actor
from services.contracts.money import as_money
from services.days import shanghai_date
from services.gateway.readmodel import audiences
from services.gateway.readmodel.rendering import API
from services.gateway.readmodel.steps.declared import duties
from services.gateway.readmodel.steps.table import BY_CODE

Document = dict[str, Any]

_PATHS = {code: API + step.command.path if step.command else None for code, step in BY_CODE.items()}


class Row(NamedTuple):
    """As the statements give it; ids as text."""

    kind: str
    id: str
    owner: str
    step: str
    role: str
    thread_id: str | None
    number: str
    title: str | None
    counterparts: list[str]
    names: list[str]
    amount_fen: int | None
    since: datetime
    due_at: datetime | None
    due_date: date | None
    owner_name: str | None
    urgent_at: str

    @property
    def party_id(self) -> str | None:
        """Of the organisation that owes it; None: whoever has the role."""
        kind, _, party_id = self.owner.partition(":")
        return party_id if kind == "party" else None


def every(rows: Iterable[Row], actor: Actor, now: datetime) -> list[Document]:
    """`may`: it is the caller's organisation's, and the key in hand allows it."""
    mine, today = frozenset(audiences.mine(actor)), shanghai_date(now)

    def item(row: Row) -> Document:
        step, party_id = BY_CODE[row.step], row.party_id
        since = shanghai_date(row.since)
        return {
            "id": f"{row.id}.{row.step}.{party_id or row.role}",
            "kind": row.kind,
            "resource_id": row.id,
            "number": row.number,
            "thread_id": row.thread_id,
            "step": row.step,
            "title": row.title,
            "counterparts": [name for name in row.names if name],
            "amount": None if row.amount_fen is None else as_money(row.amount_fen),
            "since": row.since.isoformat(),
            "days": max(0, (today - since).days),
            "due": until(row.due_at, row.due_date),
            "is_overdue": row.due_at is not None and row.due_at <= now,
            "rule": rule(step.rule, since),
            "owner": {"party_id": party_id, "name": row.owner_name, "role": row.role},
            "scope": step.scope,
            "duties": list(duties(step.scope, row.role)),
            "command": path(row.step, row.id),
            "may": row.owner in mine and step.scope in actor.scopes,
        }

    return [item(row) for row in rows]


def until(due_at: datetime | None, due_date: date | None) -> str | None:
    """The last day, or the moment until when."""
    if due_date is not None:
        return due_date.isoformat()
    return None if due_at is None else due_at.isoformat()


def rule(id: str | None, on: date) -> Document | None:
    """With its citation as it was in force on that day."""
    if id is None:
        return None
    cited = citations.at(id, on)
    return {"id": id, "citation_zh": cited.zh, "citation_en": cited.en}


def path(code: str, id: str) -> str | None:
    """Where to POST what does it."""
    template = _PATHS[code]
    return None if template is None else template.replace("{id}", id)
