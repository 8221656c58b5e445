"""What a figure may tell of few: the operator reads them all, an authority none that tells of one.

What is public stays: demands, their budgets and states, as the hall and the statistics have them.
Of everything else a count of fewer than LEAST is withheld, with all that is made of it; a sum also
where there are fewer than FEW deals behind it, or fewer than LEAST parties on one side of them. A
breakdown adds up to its total, so beside what is withheld the next smallest is withheld, too.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.gateway.readmodel.audiences import OPERATOR
from services.gateway.readmodel.figures import AMOUNT_OF, Period
from services.messaging import Planned, Reader

Indicator = dict[str, Any]
LEAST = 3
FEW = 5
UNDER_LEAST, TOO_FEW, BESIDE_FEW = "under_three", "too_few", "beside_few"
OVERDUE = "overdue"
_BREAKDOWNS = ("supplies.count_by_state", "matches.count_by_state")
_PUBLIC = "demand"  # the step that every demand has come to
_OF_STEP = ("funnel.count", "funnel.conversion", "funnel.median_hours", "funnel.p90_hours")
_COUNTS = ("overdue.payables", "overdue.confirmations")

# How many parties stand on either side of what a step's amount is the sum of; the lesser of both.
# `parties` has the two sides first, as the contract declares them.
_SIDES = f"""
    WITH cohort AS MATERIALIZED (
        SELECT id FROM views WHERE audience = '{OPERATOR}' AND kind = 'demand'
          AND sort_at >= %s AND sort_at < %s AND starts_with(coalesce(region, ''), %s)
    )
    SELECT step.name, least(count(DISTINCT told.parties[1]), count(DISTINCT told.parties[2]))
    FROM views AS told JOIN cohort ON cohort.id = told.thread_id
    JOIN unnest(%s::text[], %s::text[], %s::text[]) AS step (name, kind, state)
      ON step.kind = told.kind AND coalesce(step.state, told.state) = told.state
    WHERE told.audience = '{OPERATOR}' AND told.kind = ANY(%s) GROUP BY step.name
    UNION ALL
    SELECT '{OVERDUE}', least(count(DISTINCT parties[1]), count(DISTINCT parties[2]))
    FROM views WHERE audience = '{OPERATOR}' AND kind = 'payable' AND state = 'overdue'
"""  # noqa: S608  the names are our own
_COUNTED = [
    (step, kind, state) for step, (kind, states) in AMOUNT_OF.items() for state in states or (None,)
]


def sides(reader: Reader, period: Period) -> dict[str, int]:
    """By step, and of what is overdue: on either side of the deals at least so many parties."""
    steps, kinds, states = (list(column) for column in zip(*_COUNTED, strict=True))
    given = [period.begins, period.ends, period.region, steps, kinds, states, sorted(set(kinds))]
    return dict(reader.rows(Planned("sides", _SIDES), given))


def for_others(indicators: Iterable[Indicator], parties: Mapping[str, int]) -> list[Indicator]:
    """As whoever is not the operator reads them; `parties` are those of `sides`."""
    found = list(indicators)
    counts = {one["of"].get("step"): one["value"] for one in found if one["id"] == "funnel.count"}
    late = next((one["value"] for one in found if one["id"] == "overdue.payables"), 0)
    thin = {step for step in AMOUNT_OF if _is_thin(counts.get(step, 0), parties.get(step, 0))}
    if _is_thin(late, parties.get(OVERDUE, 0)):
        thin.add(OVERDUE)
    reasons = [_reason(one, thin, counts) for one in found]
    for name in _BREAKDOWNS:
        _hide_beside([one for one in found if one["id"] == name], found, reasons)
    return [
        one if reason is None else one | _withheld(reason)
        for one, reason in zip(found, reasons, strict=True)
    ]


def _withheld(reason: str) -> Indicator:
    return {"value": None, "numerator": None, "denominator": None, "reason": reason}


def _is_thin(deals: int, parties: int) -> bool:
    return deals < FEW or parties < LEAST


def _is_few(count: Any) -> bool:
    """None at all tells of nobody."""
    return count is not None and 0 < count < LEAST


def _reason(one: Indicator, thin: set[str], counts: Mapping[str | None, int]) -> str | None:
    id, step = one["id"], one["of"].get("step")
    if id in _COUNTS or id in _BREAKDOWNS:
        return UNDER_LEAST if _is_few(one["value"]) else None
    if id == "overdue.payables_amount":
        return TOO_FEW if OVERDUE in thin else None
    if id == "funnel.amount":
        return TOO_FEW if step in thin else None
    if id in _OF_STEP and step != _PUBLIC:
        made_of = counts[step], one["numerator"], one["denominator"]
        return UNDER_LEAST if any(map(_is_few, made_of)) else None
    return None


def _hide_beside(
    parts: Sequence[Indicator], found: Sequence[Indicator], reasons: list[str | None]
) -> None:
    """The smallest that is still told, where one of them is withheld."""
    places = {id(one): place for place, one in enumerate(found)}
    told = [one for one in parts if reasons[places[id(one)]] is None and one["value"]]
    if told and len(told) < len([one for one in parts if one["value"]]):
        smallest = min(told, key=lambda one: int(one["value"]))
        reasons[places[id(smallest)]] = BESIDE_FEW
