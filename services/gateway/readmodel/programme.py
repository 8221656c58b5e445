"""The programme's figures, counted from the operator's rows and the deals' milestones.

Three statements, each by the indexes of lists. The demands that count are those published in the
period and the park that are asked for; what follows of them counts with them, whenever it came.
"""

from typing import Any

from services.gateway.readmodel.audiences import OPERATOR
from services.gateway.readmodel.figures import Backlog, Figures, Group, Period, Step, whole
from services.gateway.readmodel.milestones import COLUMNS, STEPS
from services.messaging import Planned, Reader

MAX_REGION = 40  # characters, as of a demand's region

_COHORT = f"""
    WITH cohort AS MATERIALIZED (
        SELECT id, facet, state, nullif(amount_fen, -1) AS amount_fen FROM views
        WHERE audience = '{OPERATOR}' AND kind = 'demand'
          AND sort_at >= %s AND sort_at < %s AND starts_with(coalesce(region, ''), %s)
    )
"""  # noqa: S608  the name is our own
_DEMANDS = f"""{_COHORT}
    SELECT facet, state, count(*), sum(amount_fen) FROM cohort
    GROUP BY facet, state ORDER BY facet, state
"""  # noqa: S608
# As a filter, not as a join: what follows comes grouped as its index has it.
_FOLLOWING = f"""{_COHORT}
    SELECT kind, state, count(*), sum(nullif(amount_fen, -1)) FROM views
    WHERE audience = '{OPERATOR}' AND kind = ANY(%s)
      AND (thread_id IN (SELECT id FROM cohort)) IS TRUE
    GROUP BY kind, state ORDER BY kind, state
"""  # noqa: S608
_MATCHES = f"""
    SELECT state, count(*) FROM views
    WHERE audience = '{OPERATOR}' AND kind = 'match' {{where}} GROUP BY state ORDER BY state
"""  # noqa: S608
# Gone through apart: nobody can guess how many demands a park has.
_MATCHES_OF_PARK = f"""
    WITH park AS MATERIALIZED (
        SELECT id FROM views WHERE audience = '{OPERATOR}' AND kind = 'demand'
          AND starts_with(coalesce(region, ''), %s)
    ), sent AS MATERIALIZED (
        SELECT state, thread_id FROM views
        WHERE audience = '{OPERATOR}' AND kind = 'match' AND sort_at >= %s AND sort_at < %s
    )
    SELECT state, count(*) FROM sent JOIN park ON park.id = sent.thread_id
    GROUP BY state ORDER BY state
"""  # noqa: S608
_IN_PARK = "starts_with(coalesce(region, ''), %s)"
_SUPPLIES = f"""
    SELECT state, count(*) FROM views
    WHERE audience = '{OPERATOR}' AND kind = 'supply' {{where}} GROUP BY state ORDER BY state
"""  # noqa: S608
_LATE = f"""
    SELECT count(*), count(*) FILTER (WHERE strpos(document, '"confirmation_overdue":true') > 0)
    FROM views WHERE audience = '{OPERATOR}' AND kind = 'receivable'
      AND state IN ('confirmation_requested', 'prepared')
"""  # noqa: S608
_PAYABLES = f"""
    SELECT state, count(*), sum(nullif(amount_fen, -1)) FROM views
    WHERE audience = '{OPERATOR}' AND kind = 'payable'
      AND state IN ('running', 'due', 'part_paid', 'overdue') GROUP BY state
"""  # noqa: S608
# Of each step: who reached it, of these who had reached the one before, and how long that took.
_STEP = """
    count({own}), count(*) FILTER (WHERE {own} IS NOT NULL AND {before} IS NOT NULL),
    count({before}), sum(amount_fen) FILTER (WHERE {own} IS NOT NULL),
    percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY date_part('epoch', {own} - {before}))
"""
_REACHED = list(COLUMNS.values())
_FUNNEL = f"""
    {_COHORT}
    SELECT {
    ", ".join(
        _STEP.format(own=own, before=before)
        for own, before in zip(_REACHED, [_REACHED[0], *_REACHED], strict=False)
    )
}
    FROM cohort JOIN milestones ON milestones.thread_id = cohort.id
"""  # noqa: S608
_BACKLOG = """
    SELECT (SELECT count(*) FROM outbox WHERE position IS NULL),
           (SELECT extract(epoch FROM now() - min(recorded_at)) FROM outbox WHERE position IS NULL),
           (SELECT count(*) FROM feed_waiting)
"""
_FIGURES = 5  # of each step, the last of them two


def figures(reader: Reader, period: Period) -> Figures:
    """As of now."""
    given = (period.begins, period.ends, period.region)
    kinds = ["contract", "delivery", "receivable", "application", "loan"]
    late = reader.rows(Planned("late", _LATE), ())[0]
    return Figures(
        [_group(*row) for row in reader.rows(Planned("demands", _DEMANDS), given)],
        [_group(*row) for row in reader.rows(Planned("following", _FOLLOWING), (*given, kinds))],
        _supplies(reader, period),
        _matches(reader, period),
        _funnel(reader, period),
        [_group(None, *row) for row in reader.rows(Planned("payables", _PAYABLES), ())],
        *late,
    )


def backlog(reader: Reader) -> Backlog:
    """Of this gateway's database."""
    facts, oldest_s, waiting = reader.rows(Planned("backlog", _BACKLOG), ())[0]
    return Backlog(facts, round(float(oldest_s or 0), 1), waiting)


def _supplies(reader: Reader, period: Period) -> list[Group]:
    where, values = _sent_in(period)
    if period.region:
        where, values = f"{where} AND {_IN_PARK}", [*values, period.region]
    return _by_state(reader, Planned("supplies", _SUPPLIES.format(where=where)), values)


def _matches(reader: Reader, period: Period) -> list[Group]:
    if period.region:
        given = [period.region, period.begins, period.ends]
        return _by_state(reader, Planned("matches_of_park", _MATCHES_OF_PARK), given)
    where, values = _sent_in(period)
    return _by_state(reader, Planned("matches", _MATCHES.format(where=where)), values)


def _sent_in(period: Period) -> tuple[str, list[Any]]:
    if period.is_all:
        return "", []
    return "AND sort_at >= %s AND sort_at < %s", [period.begins, period.ends]


def _by_state(reader: Reader, statement: Planned, values: list[Any]) -> list[Group]:
    return [Group(None, state, count, None) for state, count in reader.rows(statement, values)]


def _funnel(reader: Reader, period: Period) -> dict[str, Step]:
    given = (period.begins, period.ends, period.region)
    row = reader.rows(Planned("funnel", _FUNNEL), given)[0]
    each = [row[place : place + _FIGURES] for place in range(0, len(row), _FIGURES)]
    return {
        step: Step(*counts, *(took_s or (None, None)))
        for step, (*counts, took_s) in zip(STEPS, each, strict=True)
    }


def _group(sort: str | None, state: str, count: int, amount_fen: Any) -> Group:
    return Group(sort, state, count, whole(amount_fen))
