"""The programme's figures as indicators: each with what it was divided by, and what it means."""

from collections.abc import Iterator
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from services.contracts.money import format_amount
from services.gateway.readmodel.definitions import DEFINITIONS
from services.gateway.readmodel.figures import Backlog, Figures, Group, Step
from services.gateway.readmodel.milestones import STEPS

Indicator = dict[str, Any]
NOT_KNOWN = "not_known_to_the_gateway"
_HOUR_S = 3_600
_PPM = 1_000_000


def of_programme(figures: Figures, as_of: datetime) -> list[Indicator]:
    """Everything that is counted."""
    found = [*_demands(figures.demands), *_by_state("supplies", figures.supplies)]
    found += _by_state("matches", figures.matches)
    for step in STEPS:
        found += _step(step, figures.funnel[step], figures.amount_fen(step))
    found += _overdue(figures)
    return [{"as_of": as_of.isoformat(), **indicator} for indicator in found]


def of_exposure(answer: dict[str, Any] | None, reason: str | None, as_of: str) -> list[Indicator]:
    """How notices are shared out; `answer` is matching's, or None with the reason why."""
    found = answer or {}
    lists, listed, suppliers = (
        found.get(name) for name in ("lists", "suppliers_listed", "suppliers")
    )
    return [
        one("exposure.gini", found.get("gini_ppm"), unit="ppm", reason=reason, as_of=as_of),
        one("exposure.largest_share", found.get("largest_share_ppm"), denominator=lists,
            unit="ppm", reason=reason, as_of=as_of),
        one("exposure.coverage", found.get("coverage_ppm"), listed, suppliers, unit="ppm",
            reason=reason, as_of=as_of),
    ]  # fmt: skip


def of_health(backlog: Backlog, as_of: str) -> list[Indicator]:
    """Of the platform itself, for the operator: what the gateway can know."""
    return [
        one("health.outbox_age", backlog.oldest_s, unit="seconds", as_of=as_of),
        one("health.outbox_depth", backlog.facts, as_of=as_of),
        one("health.feed_waiting", backlog.waiting, as_of=as_of),
        one("health.dead_letters", None, reason=NOT_KNOWN, as_of=as_of),
        one("health.other_outboxes_age", None, unit="seconds", reason=NOT_KNOWN, as_of=as_of),
    ]


def one(
    id: str,
    value: Any,
    numerator: Any = None,
    denominator: Any = None,
    *,
    unit: str = "count",
    of: dict[str, str | None] | None = None,
    reason: str | None = None,
    **more: Any,
) -> Indicator:
    """An indicator; `of`: of which kind, state or step it is, `reason`: why it has no value."""
    zh, en = DEFINITIONS[id]
    return {
        "id": id, "of": of or {}, "value": value, "numerator": numerator,
        "denominator": denominator, "unit": unit, "reason": reason,
        "definition_zh": zh, "definition_en": en, **more,
    }  # fmt: skip


def _demands(groups: list[Group]) -> Iterator[Indicator]:
    total = sum(group.count for group in groups)
    amount_fen = sum(group.amount_fen or 0 for group in groups)
    yield one("demands.count", total, total, total)
    yield one("demands.amount", format_amount(amount_fen), unit="CNY")
    for group in groups:
        of = {"kind": group.sort, "state": group.state}
        yield one("demands.count_by_state", group.count, group.count, total, of=of)
        amount = format_amount(group.amount_fen or 0)
        whole = format_amount(amount_fen)
        yield one("demands.amount_by_state", amount, amount, whole, unit="CNY", of=of)


def _by_state(id: str, groups: list[Group]) -> Iterator[Indicator]:
    total = sum(group.count for group in groups)
    yield one(f"{id}.count", total, total, total)
    for group in groups:
        of: dict[str, str | None] = {"state": group.state}
        yield one(f"{id}.count_by_state", group.count, group.count, total, of=of)


def _step(name: str, step: Step, amount_fen: int | None) -> Iterator[Indicator]:
    of: dict[str, str | None] = {"step": name}
    yield one("funnel.count", step.count, step.count, step.count, of=of)
    reason = None if amount_fen is not None else NOT_KNOWN
    amount = None if amount_fen is None else format_amount(amount_fen)
    yield one("funnel.amount", amount, unit="CNY", of=of, reason=reason)
    if name == next(iter(STEPS)):
        return
    yield one(
        "funnel.conversion", _share(step.converted, step.before), step.converted, step.before,
        unit="ppm", of=of,
    )  # fmt: skip
    yield one("funnel.median_hours", _hours(step.median_s), unit="hours", of=of)
    yield one("funnel.p90_hours", _hours(step.p90_s), unit="hours", of=of)


def _overdue(figures: Figures) -> Iterator[Indicator]:
    payables = {group.state: group for group in figures.payables}
    open_ones = sum(group.count for group in figures.payables)
    overdue = payables.get("overdue", Group(None, "overdue", 0, 0))
    owed = sum(group.amount_fen or 0 for group in figures.payables)
    yield one("overdue.payables", overdue.count, overdue.count, open_ones)
    late = format_amount(overdue.amount_fen or 0)
    yield one("overdue.payables_amount", late, late, format_amount(owed), unit="CNY")
    yield one(
        "overdue.confirmations", figures.confirmations_late, figures.confirmations_late,
        figures.confirmations,
    )  # fmt: skip


def _share(part: int, whole: int) -> int | None:
    """In millionths, rounded down; None of nothing."""
    return part * _PPM // whole if whole else None


def _hours(seconds: float | None) -> float | None:
    if seconds is None:
        return None
    hours = Decimal(str(seconds)) / _HOUR_S
    return float(hours.quantize(Decimal("0.01"), ROUND_HALF_UP))
