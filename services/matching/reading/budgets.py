"""The budget 预算 or price ceiling 最高限价 of a demand, among all the amounts of its text."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from services.matching.reading import roles, vocabulary
from services.matching.reading.amounts import Amount, amounts
from services.matching.reading.found import Found, bounded
from services.matching.reading.plain import Plain
from services.matching.reading.roles import Cue

# Fitted by hand on texts whose budget is known; they only order candidates.
GROSS_PPM = 30_000  # what is paid includes the tax
NET_PPM = -100_000
TOTAL_PPM = 20_000
PART_PPM = -300_000
RANGE_PPM = -150_000
SECOND_PPM = -100_000  # another number stands between the word and this one
UNITS_PPM = {"yuan": 0, "bare": -80_000, "plain": -350_000}

_NUMBER = re.compile("[0-9]{3}|[万元]")


def find(plain: Plain) -> Iterator[Found]:
    """Candidates for `budget_fen`."""
    mentioned = amounts(plain.text)
    judged = [(one, ppm) for one in mentioned if (ppm := _confidence(plain.text, one)) is not None]
    total = _sum_of_others([one.fen for one, _ in judged])
    for one, ppm in judged:
        sure = bounded(ppm + (PART_PPM if total and one.fen < total else 0))
        yield Found("budget_fen", one.fen, plain.source, one.start, one.end, sure)


def _confidence(text: str, amount: Amount) -> int | None:
    """How sure it is that the amount is the budget; None: it is something else, or nobody says."""
    around = roles.context(text, amount.start, amount.end)
    cue = roles.role("budget").cue(around)
    if cue is None or (amount.unit == "plain" and len(cue.between) > _ADJACENT):
        return None
    return (
        cue.confidence_ppm
        + UNITS_PPM[amount.unit]
        + (RANGE_PPM if amount.is_range else 0)
        + (SECOND_PPM if _NUMBER.search(cue.between) else 0)
        + (TOTAL_PPM if _words("total").search(around.clause) else 0)
        + (PART_PPM if _words("part").search(_behind_cue(around.clause, cue)) else 0)
        + _tax(text, amount)
    )


_ADJACENT = 6  # characters between the word and a number without unit: 为, :, (含税)


def _behind_cue(clause: str, cue: Cue) -> str:
    """The clause from its cue on, which is where the amount is called a part."""
    return clause[max(0, clause.rfind(cue.word)) :]


def _tax(text: str, amount: Amount) -> int:
    """The remark behind an amount tells, else the last one in front of it in its clause."""
    behind = _REMARK.match(text, amount.end)
    front = text[max(0, amount.start - roles.LOOK_BACK) : amount.start]
    told = behind[0] if behind else re.split(r"[,。;\n]", front)[-1]
    return _tax_of(told)


_REMARK = re.compile(r"\s?(?:人民币)?\s?\([^()]{1,20}")


def _tax_of(told: str) -> int:
    last = None
    for last in _taxes().finditer(told):  # noqa: B007  the last one is meant
        pass
    if last is None:
        return 0
    return NET_PPM if last[0] in vocabulary.entry("net") else GROSS_PPM


@cache
def _taxes() -> re.Pattern[str]:
    return vocabulary.any_of([*vocabulary.entry("gross"), *vocabulary.entry("net")])


@cache
def _words(name: str) -> re.Pattern[str]:
    return vocabulary.any_of(vocabulary.entry(name))


def _sum_of_others(fen: Sequence[int]) -> int | None:
    """The amount that at least two different others add up to; None when there is none."""
    different = sorted(set(fen))
    whole = sum(different)
    return different[-1] if len(different) > 2 and whole == 2 * different[-1] else None
