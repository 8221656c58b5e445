"""The statements that find steps: one index range for each owner and each step that is asked for.

A step that other things have done already is left out, as it is of the indexes.
"""

from itertools import product

from services.gateway.readmodel.steps.table import BY_CODE
from services.messaging import Prepared

# Of one's own audiences ($1), or all that the operator may know of. How many of these there are is
# hidden from the planner: knowing it, it would plan anew each time, for as long as the reading.
SOURCES = {
    "mine": ("unnest((SELECT $1)) AS held (owner) CROSS JOIN unnest((SELECT $2)) AS asked (step)",
             "steps.owner = held.owner AND steps.step = asked.step"),
    "operator": ("unnest((SELECT $2)) AS asked (step)",
                 "steps.step = asked.step AND steps.is_on_board"),
}  # fmt: skip
_LENT = ", ".join(
    f"('{code}', '{step.lent.kind}')" for code, step in sorted(BY_CODE.items()) if step.lent
)
# Beside the row: names of organisations, which are public; the title of the deal and the clock that
# another thing lends, as far as the caller ($1) sees those; the ids of `counterparts` only where
# a reader may know no more than some of them. Each name is looked up by itself: the planner takes
# every step to have ten and would read all organisations for each.
_SHOWN = f"""
    SELECT found.kind, found.id::text AS id, found.owner, found.step, found.role,
           found.thread_id::text AS thread_id, found.number,
           coalesce(found.title, (
               SELECT views.title FROM views
               WHERE kind = 'demand' AND views.id = found.thread_id AND audience = ANY($1) LIMIT 1
           )) AS title,
           found.amount_fen, found.since::text AS since,
           coalesce(found.due_at, lender.until)::text AS due_at,
           found.due_date::text AS due_date,
           (SELECT name FROM parties WHERE parties.id = CASE
                WHEN starts_with(found.owner, 'party:') THEN substr(found.owner, 7)::uuid
            END) AS owner_name,
           found.urgent_at::text AS urgent_at,
           {{counterparts}}::text[] AS counterparts,
           ARRAY(SELECT coalesce((SELECT name FROM parties WHERE parties.id = named.id), '')
                 FROM unnest(found.counterparts) WITH ORDINALITY AS named (id, place)
                 ORDER BY named.place) AS names
    FROM found
    LEFT JOIN (VALUES {_LENT}) AS lent (step, kind) ON lent.step = found.step
    LEFT JOIN LATERAL (
        SELECT nullif(views.due_at, 'infinity') AS until FROM views
        WHERE views.kind = lent.kind AND views.id = found.about AND audience = ANY($1)
        ORDER BY array_position($1, audience) LIMIT 1
    ) AS lender ON true
    ORDER BY found.urgent_at, found.id, found.owner
"""  # noqa: S608  the table of steps is our own
_PAGE = """
    WITH found AS MATERIALIZED (
        SELECT one.* FROM {source}
        CROSS JOIN LATERAL (
            SELECT * FROM steps WHERE {where} AND NOT is_done {narrowed}
            ORDER BY urgent_at, id, owner LIMIT $3
        ) AS one
        ORDER BY urgent_at, id, owner LIMIT $3
    )
"""
_COUNT = """
    SELECT steps.step, count(*), count(*) FILTER (WHERE due_at <= $3)
    FROM {source} JOIN steps ON {where}
    WHERE NOT steps.is_done
    GROUP BY steps.step ORDER BY steps.step
"""


def _paged(view: str, overdue: bool, after: bool) -> Prepared:
    filters = ((overdue, "AND due_at <= $4 AND urgent_at <= $4"),
               (after, "AND (urgent_at, id, owner) > ($5, $6, $7)"))  # fmt: skip
    source, where = SOURCES[view]
    narrowed = " ".join(sql for wanted, sql in filters if wanted)
    found = _PAGE.format(source=source, where=where, narrowed=narrowed)
    types = ("text[]", "text[]", "int", "timestamptz", "timestamptz", "uuid", "text")
    return Prepared(
        f"steps_{view}_{overdue:d}{after:d}", types, found + _SHOWN.format(counterparts="'{}'")
    )


def _counted(view: str) -> Prepared:
    source, where = SOURCES[view]
    sql = _COUNT.format(source=source, where=where)
    return Prepared(f"steps_{view}_counted", ("text[]", "text[]", "timestamptz"), sql)


PAGES = {
    (view, overdue, after): _paged(view, overdue, after)
    for view, overdue, after in product(SOURCES, (False, True), (False, True))
}
COUNTS = {view: _counted(view) for view in SOURCES}
# All steps of some things, whoever owes them: who may know which is for the reader to judge.
OF_THINGS = Prepared(
    "steps_of_things",
    ("text[]", "text[]", "text[]"),
    """
    WITH found AS MATERIALIZED (
        SELECT steps.* FROM unnest($2, $3::uuid[]) AS thing (kind, id)
        JOIN steps ON steps.kind = thing.kind AND steps.id = thing.id
        WHERE NOT steps.is_done
    )
    """  # noqa: S608
    + _SHOWN.format(counterparts="found.counterparts"),
)
