"""What a person's portal remembers: saved filters, language, drafts of forms.

By name, the last write wins, on whichever device: what a person sees of its own draft is what it
wrote last. Nothing of it is a fact, and nobody else reads it.
"""

import json
from typing import Any

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from services.contracts.personal import VALUE_BYTES
from services.contracts.problems import Problem
from services.gateway.readmodel.rendering import to_text
from services.gateway.tables import PREFERENCES, User

MAX_NAMES = 50  # 0.8 MB a person at most; filters and drafts of a busy desk are a dozen

_KEEP = text(
    """
    INSERT INTO preferences AS kept (user_id, name, value)
    VALUES (CAST(:person AS uuid), :name, :value)
    ON CONFLICT (user_id, name) DO UPDATE SET value = excluded.value, updated_at = now()
    RETURNING updated_at
    """
)


def page(session: Session, user_id: str, name: str | None) -> str:
    """All of a person, or the one of this name, as JSON: `{"items": [...]}`, by name."""
    asked = select(PREFERENCES).where(PREFERENCES.c.user_id == user_id)
    if name is not None:
        asked = asked.where(PREFERENCES.c.name == name)
    rows = session.execute(asked.order_by(PREFERENCES.c.name))
    items = [_item(row.name, row.value, row.updated_at.isoformat()) for row in rows]
    return f'{{"items":[{",".join(items)}]}}'


def keep(session: Session, user_id: str, name: str, value: dict[str, Any] | None) -> str:
    """The item as it is kept now, JSON; of what is forgotten `value` and `updated_at` are null.

    Raises Problem invalid, too_many.
    """
    if value is None:
        mine = PREFERENCES.c.user_id == user_id, PREFERENCES.c.name == name
        session.execute(delete(PREFERENCES).where(*mine))
        return _item(name, "null", None)
    written = _written(value)
    _refuse_too_many(session, user_id, name)
    given = {"person": user_id, "name": name, "value": written}
    return _item(name, written, session.execute(_KEEP, given).scalar_one().isoformat())


def _item(name: str, value: str, updated_at: str | None) -> str:
    """The value is spliced in as the text that it is stored as."""
    head = to_text({"name": name, "updated_at": updated_at})
    return f'{head[:-1]},"value":{value}}}'


def _written(value: dict[str, Any]) -> str:
    try:
        written = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except ValueError:  # a number so large that it is none
        raise _invalid("Contains a number that is out of range.") from None
    if len(written.encode()) > VALUE_BYTES:
        raise _invalid(f"Larger than {VALUE_BYTES} bytes.")
    return written


def _invalid(message: str) -> Problem:
    return Problem("invalid", "/value", errors=[{"pointer": "/value", "message": message}])


def _refuse_too_many(session: Session, user_id: str, name: str) -> None:
    """The person is locked: of two new names at once one is counted first."""
    session.get(User, user_id, with_for_update=True)
    others = PREFERENCES.c.user_id == user_id, PREFERENCES.c.name != name
    if (session.scalar(select(func.count()).where(*others)) or 0) >= MAX_NAMES:
        raise Problem("too_many", limit=MAX_NAMES)
