"""Steps as a caller reads them: pages, counts, and those of one deal."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.contracts.actor import Actor
from services.gateway.readmodel import audiences
from services.gateway.readmodel.reads import MAX_CURSOR_LENGTH, NOT_WRITTEN_BY_US, instant
from services.gateway.readmodel.steps import items, selection
from services.messaging import Reader

PAGE_ITEMS = 50
MAX_PAGE_ITEMS = 200

Document = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Where a page ended. Opaque to the caller."""

    urgent_at: datetime
    id: str
    owner: str

    def write(self) -> str:
        place = json.dumps([self.urgent_at.isoformat(), self.id, self.owner])
        return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, written: str) -> "Place":
        """Raises ValueError for anything that `write` has not written."""
        if len(written) > MAX_CURSOR_LENGTH:
            raise ValueError("not a cursor")
        try:
            raw = base64.urlsafe_b64decode(written.encode("ascii") + b"=" * (-len(written) % 4))
            urgent_at, id, owner = json.loads(raw)
            place = cls(instant(urgent_at), str(UUID(id)), owner)
        except NOT_WRITTEN_BY_US as error:
            raise ValueError("not a cursor") from error
        if not (isinstance(owner, str) and owner.isascii() and owner.isprintable()):
            raise ValueError("not a cursor")
        return place


@dataclass(frozen=True)
class Asked:
    """What a caller wants to know: whose steps, and which of them."""

    view: str
    codes: Sequence[str]
    now: datetime
    is_overdue: bool = False


def page(
    reader: Reader, actor: Actor, asked: Asked, limit: int, after: Place | None
) -> tuple[list[str], str | None]:
    """The most urgent first, each as JSON, and the cursor of the next page or None."""
    statement = selection.PAGES[asked.view, asked.is_overdue, after is not None]
    place = (after.urgent_at, after.id, after.owner) if after else (None, None, None)
    mine = list(audiences.mine(actor))
    given = (mine, list(asked.codes), limit + 1, asked.now, *place)
    rows = list(map(items.Row.of, reader.rows(statement, given)))
    shown = items.every(rows[:limit], actor, asked.now)
    return shown, _next(rows[limit - 1]) if len(rows) > limit else None


def counts(reader: Reader, actor: Actor, asked: Asked) -> Document:
    """How many there are of each step, and how many of those are overdue."""
    given = (list(audiences.mine(actor)), list(asked.codes), asked.now)
    rows = reader.rows(selection.COUNTS[asked.view], given)
    steps = [{"step": code, "count": count, "overdue": overdue} for code, count, overdue in rows]
    return {
        "total": sum(step["count"] for step in steps),
        "overdue": sum(step["overdue"] for step in steps),
        "steps": steps,
    }


def _next(last: items.Row) -> str:
    return Place(datetime.fromisoformat(last.urgent_at), last.id, last.owner).write()
