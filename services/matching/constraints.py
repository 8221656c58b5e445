"""Hard constraints: exact, in code, never part of a score. Each passes, fails or is unknown.

What is not known never excludes anybody: a person sees the verdict and decides.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cached_property, partial
from typing import NamedTuple

from services.contracts.money import format_amount
from services.matching import grades, kinds, regions
from services.matching.sides import Offered, Wanted

PASS, FAIL, UNKNOWN = "pass", "fail", "unknown"
NOTE_LENGTH = 200  # the contract's bound of a verdict's note
SHOWN_REGIONS = 10

Holds = bool | None  # None: unknown
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


class Pair:
    """A demand and a supply as they are on a day."""

    def __init__(self, wanted: Wanted, offered: Offered, today: date) -> None:
        self.wanted, self.offered, self.today = wanted, offered, today

    @cached_property
    def met(self) -> list[Holds]:
        """By required qualification; None also where the supply states nothing of its own."""
        required, held = self.wanted.requirements or (), self.offered.qualifications
        if held is None:
            return [None] * len(required)
        return [grades.meets(item, held, self.today) for item in required]

    def failed(self) -> list[str]:
        """The constraints that exclude it, without a word on why."""
        return [name for name, holds, _ in CONSTRAINTS if holds(self) is False]

    def verdicts(self) -> list[Verdict]:
        """All of them, in the order in which people read them."""
        return [_verdict(self, *constraint) for constraint in CONSTRAINTS]


class Constraint(NamedTuple):
    """A rule on a pair, and what there is to say of it."""

    name: str
    holds: Callable[[Pair], Holds]
    words: Callable[[Pair], tuple[str, str]]


def judge(wanted: Wanted, offered: Offered, today: date) -> list[Verdict]:
    """All verdicts on a pair, in the order in which people read them."""
    return Pair(wanted, offered, today).verdicts()


def failed(verdicts: Sequence[Verdict]) -> list[str]:
    """The constraints that exclude the pair."""
    return [verdict.constraint for verdict in verdicts if verdict.verdict == FAIL]


def kind(pair: Pair) -> Holds:
    """The supply's kind answers the demand's."""
    return kinds.answers(pair.wanted.kind, pair.offered.kind)


def _kind(pair: Pair) -> tuple[str, str]:
    return (
        f"供给类型 {pair.offered.kind}，需求类型 {pair.wanted.kind}",
        f"supply kind {pair.offered.kind}, demand kind {pair.wanted.kind}",
    )


def counterparty(pair: Pair) -> Holds:
    """Nobody supplies to themselves."""
    return pair.offered.supplier_id != pair.wanted.buyer_id


def _counterparty(pair: Pair) -> tuple[str, str]:
    if counterparty(pair):
        return "供需双方为不同机构", "two different organisations"
    return "供方就是需方", "the supplier is the buyer"


def active(pair: Pair) -> Holds:
    """The supply is on offer."""
    return pair.offered.is_active


def _active(pair: Pair) -> tuple[str, str]:
    if active(pair):
        return "供给有效", "the supply is active"
    return "供给未生效或已归档", "the supply is not active"


def verified(pair: Pair) -> Holds:
    """An unverified supplier may be matched; it may not sign (verification is a person's act)."""
    until = pair.offered.verified_until
    return True if until is not None and until >= pair.today else None


def _verified(pair: Pair) -> tuple[str, str]:
    until = pair.offered.verified_until
    if until is None:
        return "供方尚未核验", "the supplier is not verified yet"
    if until < pair.today:
        return f"供方核验已于 {until} 到期", f"verified until {until}"
    return f"供方核验有效至 {until}", f"supplier verified until {until}"


def region(pair: Pair) -> Holds:
    """The regions served include the demand's."""
    served = pair.offered.regions
    return None if served is None else regions.covers(served, pair.wanted.region)


def _region(pair: Pair) -> tuple[str, str]:
    served, wanted = pair.offered.regions, pair.wanted.region
    if served is None:
        return "服务地区未知", "regions served unknown"
    names = "、".join(served[:SHOWN_REGIONS])
    return (
        f"需求地区 {wanted or '未知'}，服务地区 {names or '不限'}",
        f"wanted in {wanted or 'unknown'}, serves {names or 'anywhere'}",
    )


def qualification(pair: Pair) -> Holds:
    """Every required qualification is held, valid today, at that grade or a higher one."""
    if pair.wanted.requirements is None:
        return None
    met = pair.met
    return False if False in met else None if None in met else True


def _qualification(pair: Pair) -> tuple[str, str]:
    if pair.wanted.requirements is None:
        return "需求的资质要求未知", "requirements unknown"
    if False in pair.met:
        return _listing(pair, False, "缺少资质：", "lacks: ")
    if None in pair.met:
        return _listing(pair, None, "资质待核对：", "to check: ")
    if not pair.met:
        return "无资质要求", "none required"
    return "具备所需资质", "all required are held"


def price(pair: Pair) -> Holds:
    """The lowest price of the supply is within the budget."""
    low, budget = pair.offered.price_min_fen, pair.wanted.budget_fen
    return None if budget is None or low is None else low <= budget


def _price(pair: Pair) -> tuple[str, str]:
    low, budget = pair.offered.price_min_fen, pair.wanted.budget_fen
    if budget is None or low is None:
        return "预算或起价未知", "budget or lowest price unknown"
    return (
        f"起价 {format_amount(low)} 元，预算 {format_amount(budget)} 元",
        f"from CNY {format_amount(low)}, budget CNY {format_amount(budget)}",
    )


def capacity(pair: Pair) -> Holds:
    """One free unit at least, where capacity is declared."""
    free = pair.offered.capacity_free
    return None if free is None else free > 0


def _capacity(pair: Pair) -> tuple[str, str]:
    free = pair.offered.capacity_free
    if free is None:
        return "未申报产能", "capacity not declared"
    return f"剩余产能 {free}", f"free capacity {free}"


def lead_time(pair: Pair) -> Holds:
    """Started on the day quotes close (today at the earliest) it is delivered in time."""
    due, days = pair.wanted.delivery_due_date, pair.offered.lead_time_days
    return None if due is None or days is None else _start(pair) + timedelta(days=days) <= due


def _lead_time(pair: Pair) -> tuple[str, str]:
    due, days = pair.wanted.delivery_due_date, pair.offered.lead_time_days
    if due is None or days is None:
        return "交期未知", "lead time or due date unknown"
    ready = _start(pair) + timedelta(days=days)
    return (
        f"最早 {ready} 可交付，要求 {due}",
        f"ready on {ready} at the earliest, due on {due}",
    )


def _start(pair: Pair) -> date:
    return max(pair.today, pair.wanted.quotes_until or pair.today)


def _verdict(
    pair: Pair,
    name: str,
    holds: Callable[[Pair], Holds],
    words: Callable[[Pair], tuple[str, str]],
) -> Verdict:
    said = {True: PASS, False: FAIL, None: UNKNOWN}[holds(pair)]
    return Verdict(name, said, partial(words, pair))


def _listing(pair: Pair, verdict: Holds, zh: str, en: str) -> tuple[str, str]:
    """Names those requirements on which the verdict is this one."""
    each = zip(pair.wanted.requirements or (), pair.met, strict=True)
    names = "、".join(f"{item.name}{item.grade or ''}" for item, one in each if one is verdict)
    return f"{zh}{names}", f"{en}{names}"


CONSTRAINTS = (
    Constraint("kind", kind, _kind),
    Constraint("counterparty", counterparty, _counterparty),
    Constraint("active", active, _active),
    Constraint("verified", verified, _verified),
    Constraint("region", region, _region),
    Constraint("qualification", qualification, _qualification),
    Constraint("price", price, _price),
    Constraint("capacity", capacity, _capacity),
    Constraint("lead_time", lead_time, _lead_time),
)
