"""Hard constraints: exact, in code, never part of a score. Each passes, fails or is unknown.

What is not known never excludes anybody: a person sees the verdict and decides.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from services.contracts.money import format_amount
from services.matching import grades, kinds, regions
from services.matching.sides import Offered, Requirement, Wanted

PASS, FAIL, UNKNOWN = "pass", "fail", "unknown"
NOTE_LENGTH = 200  # the contract's bound of a verdict's note


class Verdict(NamedTuple):
    """What one constraint says of a pair, in words for both sides."""

    constraint: str
    verdict: str
    note_zh: str
    note_en: str


def judge(wanted: Wanted, offered: Offered, today: date) -> list[Verdict]:
    """All verdicts on a pair, in the order in which people read them."""
    return [
        kind(wanted, offered),
        counterparty(wanted, offered),
        active(offered),
        verified(offered, today),
        region(wanted, offered),
        qualification(wanted, offered, today),
        price(wanted, offered),
        capacity(offered),
        lead_time(wanted, offered, today),
    ]


def failed(verdicts: Sequence[Verdict]) -> list[str]:
    """The constraints that exclude the pair."""
    return [verdict.constraint for verdict in verdicts if verdict.verdict == FAIL]


def kind(wanted: Wanted, offered: Offered) -> Verdict:
    """The supply's kind answers the demand's."""
    return _verdict(
        "kind",
        kinds.answers(wanted.kind, offered.kind),
        f"供给类型 {offered.kind}，需求类型 {wanted.kind}",
        f"supply kind {offered.kind}, demand kind {wanted.kind}",
    )


def counterparty(wanted: Wanted, offered: Offered) -> Verdict:
    """Nobody supplies to themselves."""
    other = offered.supplier_id != wanted.buyer_id
    if other:
        return _verdict("counterparty", True, "供需双方为不同机构", "two different organisations")
    return _verdict("counterparty", False, "供方就是需方", "the supplier is the buyer")


def active(offered: Offered) -> Verdict:
    """The supply is on offer."""
    if offered.is_active:
        return _verdict("active", True, "供给有效", "the supply is active")
    return _verdict("active", False, "供给未生效或已归档", "the supply is not active")


def verified(offered: Offered, today: date) -> Verdict:
    """An unverified supplier may be matched; it may not sign (verification is a person's act)."""
    until = offered.verified_until
    if until is None:
        return _verdict("verified", None, "供方尚未核验", "the supplier is not verified yet")
    if until < today:
        return _verdict("verified", None, f"供方核验已于 {until} 到期", f"verified until {until}")
    return _verdict("verified", True, f"供方核验有效至 {until}", f"supplier verified until {until}")


def region(wanted: Wanted, offered: Offered) -> Verdict:
    """The regions served include the demand's."""
    if offered.regions is None:
        return _verdict("region", None, "服务地区未知", "regions served unknown")
    served = "、".join(offered.regions[:10]) or "不限"
    return _verdict(
        "region",
        regions.covers(offered.regions, wanted.region),
        f"需求地区 {wanted.region or '未知'}，服务地区 {served}",
        f"wanted in {wanted.region or 'unknown'}, serves {served.replace('不限', 'anywhere')}",
    )


def qualification(wanted: Wanted, offered: Offered, today: date) -> Verdict:
    """Every required qualification is held, valid today, at that grade or a higher one."""
    if wanted.requirements is None:
        return _verdict("qualification", None, "需求的资质要求未知", "requirements unknown")
    met = {item: meets(item, offered, today) for item in wanted.requirements}
    if False in met.values():
        missing = _listed([item for item, verdict in met.items() if verdict is False])
        return _verdict("qualification", False, f"缺少资质：{missing}", f"lacks: {missing}")
    if None in met.values():
        open_ones = _listed([item for item, verdict in met.items() if verdict is None])
        return _verdict("qualification", None, f"资质待核对：{open_ones}", f"to check: {open_ones}")
    if not met:
        return _verdict("qualification", True, "无资质要求", "none required")
    return _verdict("qualification", True, "具备所需资质", "all required are held")


def meets(required: Requirement, offered: Offered, today: date) -> bool | None:
    """As `grades.meets`; None also where the supply states nothing of its qualifications."""
    if offered.qualifications is None:
        return None
    return grades.meets(required, offered.qualifications, today)


def price(wanted: Wanted, offered: Offered) -> Verdict:
    """The lowest price of the supply is within the budget."""
    if wanted.budget_fen is None or offered.price_min_fen is None:
        return _verdict("price", None, "预算或起价未知", "budget or lowest price unknown")
    low, budget = format_amount(offered.price_min_fen), format_amount(wanted.budget_fen)
    return _verdict(
        "price",
        offered.price_min_fen <= wanted.budget_fen,
        f"起价 {low} 元，预算 {budget} 元",
        f"from CNY {low}, budget CNY {budget}",
    )


def capacity(offered: Offered) -> Verdict:
    """One free unit at least, where capacity is declared."""
    free = offered.capacity_free
    if free is None:
        return _verdict("capacity", None, "未申报产能", "capacity not declared")
    return _verdict("capacity", free > 0, f"剩余产能 {free}", f"free capacity {free}")


def lead_time(wanted: Wanted, offered: Offered, today: date) -> Verdict:
    """Started on the day quotes close (today at the earliest) it is delivered in time."""
    if wanted.delivery_due_date is None or offered.lead_time_days is None:
        return _verdict("lead_time", None, "交期未知", "lead time or due date unknown")
    start = max(today, wanted.quotes_until or today)
    ready = start + timedelta(days=offered.lead_time_days)
    return _verdict(
        "lead_time",
        ready <= wanted.delivery_due_date,
        f"最早 {ready} 可交付，要求 {wanted.delivery_due_date}",
        f"ready on {ready} at the earliest, due on {wanted.delivery_due_date}",
    )


def _verdict(constraint: str, holds: bool | None, zh: str, en: str) -> Verdict:
    verdict = UNKNOWN if holds is None else PASS if holds else FAIL
    return Verdict(constraint, verdict, zh[:NOTE_LENGTH], en[:NOTE_LENGTH])


def _listed(requirements: Sequence[Requirement]) -> str:
    return "、".join(f"{item.name}{item.grade or ''}" for item in requirements)
