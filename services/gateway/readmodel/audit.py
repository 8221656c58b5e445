"""The audit: who did what when on which thing, as the operator is told of it; newest first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.gateway.readmodel import marks, places
from services.gateway.readmodel.audiences import OPERATOR
from services.gateway.readmodel.feed import MAX_POSITION
from services.messaging import Planned, Reader

PAGE_ITEMS = 50
MAX_PAGE_ITEMS = 200
MAX_THINGS = 1_000  # that a search may mean, the newest; who finds more says more
# About people, their machines and papers, and who asks to be let in: the operator's business, not
# an authority's.
OF_PEOPLE = ("user", "api_key", "mandate", "webhook", "document")
OF_JOINING = (
    "party.introduced", "party.amended", "party.submitted", "party.refused", "party.rejected",
)  # fmt: skip

_UUID = "^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$"
# The thing's number and state as the operator sees them now; nothing where there is nothing any
# more. A person is named as the register of people has them today; a system has no id of its own.
# What is shown is made of the entries of the page alone, not of all among which they are found.
_AUDIT = f"""
    SELECT told.position, told.event_id::text, told.type, told.kind, told.resource_id::text,
           told.sequence, told.thread_id::text, told.occurred_at, told.business_date,
           told.actor_party::text, told.actor_name, told.state AS state_after,
           person.id::text AS actor_user, present.state AS state,
           CASE WHEN present.id IS NOT NULL THEN resources.number END AS number,
           person.name AS person_name, person.roles AS person_roles
    FROM ({{told}}) AS told
    LEFT JOIN views AS present ON present.kind = told.kind
        AND present.id = told.resource_id AND present.audience = '{OPERATOR}'
    LEFT JOIN users AS person ON person.id =
        CASE WHEN told.actor_user ~ '{_UUID}' THEN told.actor_user::uuid END
    LEFT JOIN resources ON resources.kind = told.kind AND resources.id = told.resource_id
    ORDER BY told.occurred_at DESC, told.position DESC
"""  # noqa: S608  the name is our own
# The audience stands here as its indexes have it.
_TOLD = f"""
    SELECT {{columns}} FROM feed WHERE audience = '{OPERATOR}' {{where}}
    ORDER BY occurred_at DESC, position DESC LIMIT %s
"""  # noqa: S608  the name is our own
# Of thousands that a search finds no more is sorted than what they are sorted by.
_TOLD_OF_FOUND = "SELECT feed.* FROM ({newest}) AS newest JOIN feed USING (position)"
_FOUND = """
    resource_id IN (
        SELECT id FROM searched WHERE marks @> CAST(%s AS bigint[]) {liked}
        ORDER BY id DESC LIMIT %s)
"""
_NAMES = (
    "position", "event_id", "type", "kind", "resource_id", "sequence", "thread_id", "occurred_at",
    "business_date", "actor_party", "actor_name", "state_after", "actor_user", "state", "number",
    "person_name", "person_roles",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What is looked for. `after`: (occurred_at, position) of the last one seen.

    `with_people`: who acted is told by name, to the operator alone.
    """

    question: str | None = None
    party_id: str | None = None
    type: str | None = None
    thread_id: str | None = None
    from_to: tuple[datetime | None, datetime | None] = (None, None)
    without: Sequence[str] = ()
    without_types: Sequence[str] = ()
    after: tuple[datetime, int] | None = None
    with_people: bool = False

    def going_on(self, after: tuple[datetime, int] | None) -> "Asked":
        """The same, from there."""
        return replace(self, after=after)


def page(reader: Reader, asked: Asked, limit: int) -> tuple[list[dict[str, Any]], str | None]:
    """Entries, and the cursor of the next page or None."""
    where, values = _where(asked)
    narrowed = " ".join(f"AND {condition}" for condition in where)
    told = _TOLD.format(columns="*", where=narrowed)
    if asked.question is not None:
        told = _TOLD_OF_FOUND.format(newest=_TOLD.format(columns="position", where=narrowed))
    rows = [
        dict(zip(_NAMES, row, strict=True))
        for row in reader.rows(Planned("audit", _AUDIT.format(told=told)), [*values, limit + 1])
    ]
    shown = rows[:limit]
    after = _cursor(shown[-1]) if len(rows) > limit else None
    return [_entry(row, asked.with_people) for row in shown], after


def read_cursor(written: str) -> tuple[datetime, int]:
    """Raises ValueError for anything that is no cursor of ours."""
    try:
        moment, position = places.unwritten(written)
        if not 0 < position <= MAX_POSITION:
            raise ValueError("a position that nothing has")
        return places.instant(moment), int(position)
    except places.NOT_WRITTEN_BY_US as error:
        raise ValueError("not a cursor") from error


def _where(asked: Asked) -> tuple[list[str], list[Any]]:
    begins, ends = asked.from_to
    each: list[tuple[str, Any]] = [
        ("actor_party = %s", asked.party_id),
        ("type = %s", asked.type),
        ("thread_id = %s", asked.thread_id),
        ("occurred_at >= %s", begins),
        ("occurred_at < %s", ends),
        ("kind <> ALL(%s)", list(asked.without) or None),
        ("type <> ALL(%s)", list(asked.without_types) or None),
        ("(occurred_at, position) < %s", asked.after),
    ]
    given = [(condition, value) for condition, value in each if value is not None]
    conditions, values = [one for one, _ in given], [value for _, value in given]
    if asked.question is not None:
        wanted, patterns = marks.asked(asked.question)
        liked = " AND words LIKE %s" * len(patterns)
        conditions.append(_FOUND.format(liked=liked))
        values += [[*wanted, marks.named("audience", OPERATOR)], *patterns, MAX_THINGS]
    return conditions, values


def _entry(row: dict[str, Any], with_people: bool) -> dict[str, Any]:
    actor = {"party_id": row["actor_party"], "name": row["actor_name"]}
    person = {
        "id": row["actor_user"], "name": row["person_name"], "roles": row["person_roles"],
    }  # fmt: skip
    return {
        "id": row["event_id"],
        "type": row["type"],
        "kind": row["kind"],
        "resource_id": row["resource_id"],
        "number": row["number"],
        "state": row["state"],
        "state_after": row["state_after"],
        "thread_id": row["thread_id"],
        "occurred_at": row["occurred_at"].isoformat(),
        "business_date": row["business_date"].isoformat(),
        "actor": actor if row["actor_party"] else None,
        "person": person if with_people and row["person_name"] else None,
    }


def _cursor(row: dict[str, Any]) -> str:
    return places.written([row["occurred_at"].isoformat(), row["position"]])
