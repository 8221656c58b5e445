"""Hard constraints: exact, in code, never part of a score. Each passes, fails or is unknown.

What is not known never excludes anybody: a person sees the verdict and decides.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from services.contracts.money import format_amount
from services.matching import grades, kinds, regions
from services.matching.sides import Offered, Requirement, Wanted

PASS, FAIL, UNKNOWN = "pass", "fail", "unknown"
NOTE_LENGTH = 200  # the contract's bound of a verdict's note

# Hundreds of candidates are judged for every twenty that anybody reads of.
Words = Callable[[], tuple[str, str]]


class Verdict(NamedTuple):
    """What one constraint says of a pair. `words`: in Chinese and English, made when shown."""

    constraint: str
    verdict: str
    words: Words

    def to_json(self) -> dict[str, str]:
        """As the contract writes it."""
        zh, en = self.words()
        return {
            "constraint": self.constraint,
            "verdict": self.verdict,
            "note_zh": zh[:NOTE_LENGTH],
            "note_en": en[:NOTE_LENGTH],
        }


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
        lambda: (
            f"供给类型 {offered.kind}，需求类型 {wanted.kind}",
            f"supply kind {offered.kind}, demand kind {wanted.kind}",
        ),
    )


def counterparty(wanted: Wanted, offered: Offered) -> Verdict:
    """Nobody supplies to themselves."""
    if offered.supplier_id != wanted.buyer_id:
        return _verdict(
            "counterparty", True, lambda: ("供需双方为不同机构", "two different organisations")
        )
    return _verdict("counterparty", False, lambda: ("供方就是需方", "the supplier is the buyer"))


def active(offered: Offered) -> Verdict:
    """The supply is on offer."""
    if offered.is_active:
        return _verdict("active", True, lambda: ("供给有效", "the supply is active"))
    return _verdict("active", False, lambda: ("供给未生效或已归档", "the supply is not active"))


def verified(offered: Offered, today: date) -> Verdict:
    """An unverified supplier may be matched; it may not sign (verification is a person's act)."""
    until = offered.verified_until
    if until is None:
        return _verdict(
            "verified", None, lambda: ("供方尚未核验", "the supplier is not verified yet")
        )
    if until < today:
        return _verdict(
            "verified", None, lambda: (f"供方核验已于 {until} 到期", f"verified until {until}")
        )
    return _verdict(
        "verified", True, lambda: (f"供方核验有效至 {until}", f"supplier verified until {until}")
    )


def region(wanted: Wanted, offered: Offered) -> Verdict:
    """The regions served include the demand's."""
    served = offered.regions
    if served is None:
        return _verdict("region", None, lambda: ("服务地区未知", "regions served unknown"))
    names = "、".join(served[:10])
    return _verdict(
        "region",
        regions.covers(served, wanted.region),
        lambda: (
            f"需求地区 {wanted.region or '未知'}，服务地区 {names or '不限'}",
            f"wanted in {wanted.region or 'unknown'}, serves {names or 'anywhere'}",
        ),
    )


def qualification(wanted: Wanted, offered: Offered, today: date) -> Verdict:
    """Every required qualification is held, valid today, at that grade or a higher one."""
    if wanted.requirements is None:
        return _verdict(
            "qualification", None, lambda: ("需求的资质要求未知", "requirements unknown")
        )
    met = {item: meets(item, offered, today) for item in wanted.requirements}
    if False in met.values():
        return _verdict("qualification", False, _listing(met, False, "缺少资质：", "lacks: "))
    if None in met.values():
        return _verdict("qualification", None, _listing(met, None, "资质待核对：", "to check: "))
    if not met:
        return _verdict("qualification", True, lambda: ("无资质要求", "none required"))
    return _verdict("qualification", True, lambda: ("具备所需资质", "all required are held"))


def meets(required: Requirement, offered: Offered, today: date) -> bool | None:
    """As `grades.meets`; None also where the supply states nothing of its qualifications."""
    if offered.qualifications is None:
        return None
    return grades.meets(required, offered.qualifications, today)


def price(wanted: Wanted, offered: Offered) -> Verdict:
    """The lowest price of the supply is within the budget."""
    low, budget = offered.price_min_fen, wanted.budget_fen
    if budget is None or low is None:
        return _verdict("price", None, lambda: ("预算或起价未知", "budget or lowest price unknown"))
    return _verdict(
        "price",
        low <= budget,
        lambda: (
            f"起价 {format_amount(low)} 元，预算 {format_amount(budget)} 元",
            f"from CNY {format_amount(low)}, budget CNY {format_amount(budget)}",
        ),
    )


def capacity(offered: Offered) -> Verdict:
    """One free unit at least, where capacity is declared."""
    free = offered.capacity_free
    if free is None:
        return _verdict("capacity", None, lambda: ("未申报产能", "capacity not declared"))
    return _verdict("capacity", free > 0, lambda: (f"剩余产能 {free}", f"free capacity {free}"))


def lead_time(wanted: Wanted, offered: Offered, today: date) -> Verdict:
    """Started on the day quotes close (today at the earliest) it is delivered in time."""
    due = wanted.delivery_due_date
    if due is None or offered.lead_time_days is None:
        return _verdict("lead_time", None, lambda: ("交期未知", "lead time or due date unknown"))
    start = max(today, wanted.quotes_until or today)
    ready = start + timedelta(days=offered.lead_time_days)
    return _verdict(
        "lead_time",
        ready <= due,
        lambda: (
            f"最早 {ready} 可交付，要求 {due}",
            f"ready on {ready} at the earliest, due on {due}",
        ),
    )


def _verdict(constraint: str, holds: bool | None, words: Words) -> Verdict:
    verdict = UNKNOWN if holds is None else PASS if holds else FAIL
    return Verdict(constraint, verdict, words)


def _listing(met: dict[Requirement, bool | None], verdict: bool | None, zh: str, en: str) -> Words:
    """Names those requirements on which the verdict is this one."""

    def words() -> tuple[str, str]:
        names = [f"{item.name}{item.grade or ''}" for item, one in met.items() if one is verdict]
        return f"{zh}{'、'.join(names)}", f"{en}{'、'.join(names)}"

    return words
