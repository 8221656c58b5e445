"""What a figure may tell of few: the operator reads them all, an authority none that tells of one.

What is public stays: demands, their budgets and states, as the hall and the statistics have them.
Of everything else

- a count is withheld whose value, numerator or denominator is below LEAST, so that "0 of 1" is, too
  (0 alone tells of nobody), and with the counts of a step the share and the hours made of them;
- a sum is withheld where there are fewer than FEW deals behind it, or fewer than LEAST parties on
  one side of them; and where it differs by fewer than FEW deals from a sum that is told, which
  would leave the money of these; so is what was settled where it is all that was lent but for
  fewer than FEW loans, of which a deal may have several. What demands would spend at a later step
  is such a sum: budgets are public, so that of one would name it;
- a breakdown adds up to its total: beside what is withheld the next smallest is, until what is left
  of the total fits more than one answer; and the total itself, where no part is left to tell.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from services.gateway.readmodel.audiences import OPERATOR
from services.gateway.readmodel.figures import AMOUNT_OF, BY_BUDGET, Period
from services.gateway.readmodel.milestones import COLUMNS
from services.messaging import Planned, Reader

Indicator = dict[str, Any]
LEAST = 3
FEW = 5
UNDER_LEAST, TOO_FEW, BESIDE_FEW = "under_three", "too_few", "beside_few"
OVERDUE, IN_TIME = "overdue", "in_time"  # the payables that run, in two parts
UNSETTLED = "unsettled"  # the loans that are not repaid
_BREAKDOWNS = ("supplies", "matches")
_PUBLIC = "demand"  # the step that every demand has come to
_OF_STEP = ("funnel.conversion", "funnel.median_hours", "funnel.p90_hours")
_IN_TWO = ("overdue.payables", "overdue.confirmations")  # what is late, and the rest of it
_LATE_SUM = "overdue.payables_amount"

# How many parties stand on either side of what a sum is made of; the lesser of both, and buyers
# alone where it is one of budgets. `parties` has the two sides first, as the contract declares
# them.
_SIDES = f"""
    WITH cohort AS MATERIALIZED (
        SELECT id, parties[1] AS buyer, amount_fen FROM views
        WHERE audience = '{OPERATOR}' AND kind = 'demand'
          AND sort_at >= %s AND sort_at < %s AND starts_with(coalesce(region, ''), %s)
    )
    SELECT step.name, least(count(DISTINCT told.parties[1]), count(DISTINCT told.parties[2]))
    FROM views AS told JOIN cohort ON cohort.id = told.thread_id
    JOIN unnest(%s::text[], %s::text[], %s::text[]) AS step (name, kind, state)
      ON step.kind = told.kind AND coalesce(step.state, told.state) = told.state
    WHERE told.audience = '{OPERATOR}' AND told.kind = ANY(%s) GROUP BY step.name
    UNION ALL
    SELECT step.name, count(DISTINCT cohort.buyer)
    FROM cohort JOIN milestones ON milestones.thread_id = cohort.id
    CROSS JOIN LATERAL (
        VALUES {", ".join(f"('{step}', {COLUMNS[step]})" for step in BY_BUDGET)}
    ) AS step (name, reached)
    WHERE step.reached IS NOT NULL AND cohort.amount_fen >= 0 GROUP BY step.name
    UNION ALL
    SELECT part, least(count(DISTINCT parties[1]), count(DISTINCT parties[2]))
    FROM views, LATERAL (SELECT CASE state WHEN 'overdue' THEN '{OVERDUE}' ELSE '{IN_TIME}' END)
      AS of (part)
    WHERE audience = '{OPERATOR}' AND kind = 'payable'
      AND state IN ('running', 'due', 'part_paid', 'overdue') GROUP BY part
    UNION ALL
    SELECT '{UNSETTLED}', count(*) FROM views AS told JOIN cohort ON cohort.id = told.thread_id
    WHERE told.audience = '{OPERATOR}' AND told.kind = 'loan' AND told.state = ANY(%s)
"""  # noqa: S608  the names are our own
_LENT, _SETTLED = (frozenset(AMOUNT_OF[step][1] or ()) for step in ("disbursed", "settled"))
_COUNTED = [
    (step, kind, state) for step, (kind, states) in AMOUNT_OF.items() for state in states or (None,)
]


def sides(reader: Reader, period: Period) -> dict[str, int]:
    """By step, and of what runs in time or is overdue: on either side at least so many parties.

    Beside these how many loans are not repaid.
    """
    steps, kinds, states = (list(column) for column in zip(*_COUNTED, strict=True))
    given = [period.begins, period.ends, period.region, steps, kinds, states, sorted(set(kinds))]
    given.append(sorted(_LENT - _SETTLED))
    return dict(reader.rows(Planned("sides", _SIDES), given))


def for_others(indicators: Iterable[Indicator], parties: Mapping[str, int]) -> list[Indicator]:
    """As whoever is not the operator reads them; `parties` are those of `sides`."""
    found = list(indicators)
    few = [place for place, one in enumerate(found) if not _is_public(one) and _is_of_few(one)]
    reasons = dict.fromkeys(few, UNDER_LEAST)
    reasons |= dict(_made_of_few(found, [found[place] for place in few]))
    reasons |= dict(_sums(found, parties))
    for name in _BREAKDOWNS:
        reasons = dict(_beside(found, name)) | reasons
    return [
        one | _withheld(reasons[place]) if place in reasons and one["reason"] is None else one
        for place, one in enumerate(found)
    ]


def _withheld(reason: str) -> Indicator:
    return {"value": None, "numerator": None, "denominator": None, "reason": reason}


def _is_public(one: Indicator) -> bool:
    return one["of"].get("step") == _PUBLIC or str(one["id"]).startswith("demands.")


def _is_few(count: int | None) -> bool:
    """None at all tells of nobody."""
    return count is not None and 0 < count < LEAST


def _is_of_few(one: Indicator) -> bool:
    """Whether a count, or what a share is made of, is below LEAST."""
    if one["unit"] not in ("count", "ppm"):
        return False
    counted = one["value"] if one["unit"] == "count" else None
    return any(map(_is_few, (counted, one["numerator"], one["denominator"])))


def _made_of_few(found: Sequence[Indicator], few: Sequence[Indicator]) -> Iterator[tuple[int, str]]:
    """What follows from counts of few, or leaves a few of its whole."""
    steps = {one["of"]["step"] for one in few if one["id"].startswith("funnel.")}
    is_exposure_of_few = any(one["id"].startswith("exposure.") for one in few)
    for place, one in enumerate(found):
        id = one["id"]
        is_of_such_step = id in _OF_STEP and one["of"]["step"] in steps
        if is_of_such_step or (is_exposure_of_few and id.startswith("exposure.")):
            yield place, UNDER_LEAST
        elif id in _IN_TWO and one not in few and _is_few(one["denominator"] - one["numerator"]):
            yield place, BESIDE_FEW


def _sums(found: Sequence[Indicator], parties: Mapping[str, int]) -> Iterator[tuple[int, str]]:
    """The sums that few stand behind, or between that and one that is told."""
    counts = {one["of"]["step"]: one["value"] for one in found if one["id"] == "funnel.count"}
    late = next(one for one in found if one["id"] == "overdue.payables")
    told = {counts[_PUBLIC]}
    for place, one in enumerate(found):
        if one["id"] == _LATE_SUM:
            in_time = late["denominator"] - late["numerator"]
            is_rest_thin = in_time > 0 and _is_thin(in_time, parties.get(IN_TIME, 0))
            if is_rest_thin or _is_thin(late["numerator"], parties.get(OVERDUE, 0)):
                yield place, TOO_FEW
        elif one["id"] == "funnel.amount" and not _is_public(one) and one["value"] is not None:
            step = one["of"]["step"]
            if _is_thin(counts[step], parties.get(step, 0)):
                yield place, TOO_FEW
            elif any(0 < abs(counts[step] - other) < FEW for other in told) or (
                step == "settled" and 0 < parties.get(UNSETTLED, 0) < FEW
            ):
                yield place, BESIDE_FEW
            else:
                told.add(counts[step])


def _is_thin(deals: int, parties: int) -> bool:
    return deals < FEW or parties < LEAST


def _beside(found: Sequence[Indicator], name: str) -> Iterator[tuple[int, str]]:
    """The smallest parts of a breakdown that the few in it would be known by; or all of it."""
    every = [place for place, one in enumerate(found) if one["id"].startswith(f"{name}.")]
    parts = sorted(
        (found[place]["value"], place)
        for place in every
        if found[place]["id"] == f"{name}.count_by_state" and found[place]["value"]
    )
    values = [value for value, _ in parts]
    few = sum(map(_is_few, values))
    if not few:
        return
    for hidden in range(few + 1, len(parts) + 1):
        if _fits_more(values[:few], values[few:hidden], values[hidden:]):
            yield from ((place, BESIDE_FEW) for _, place in parts[few:hidden])
            return
    yield from ((place, BESIDE_FEW) for place in every)


def _fits_more(few: Sequence[int], beside: Sequence[int], told: Sequence[int]) -> bool:
    """Whether the few could add up to something else, by all that a reader knows.

    That is: what few and beside are together, that each of the few is below LEAST, and that those
    beside are not, nor greater than any that is told.
    """
    whole, most = sum(few) + sum(beside), len(few) * (LEAST - 1)
    least = max(len(few), whole - len(beside) * min(told)) if told else len(few)
    return least < min(most, whole - len(beside) * LEAST)
