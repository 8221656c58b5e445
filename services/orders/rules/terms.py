"""What the rules say of payment terms, before anybody signs them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.contracts.taxonomy import group_of
from services.orders.rules import BOOK
from services.rules import NoRule, Rule

WHOLE_BP = 10_000
SME_SIZES = frozenset({"medium", "small", "micro"})
PUBLIC_NATURES = frozenset({"government", "public_institution"})

Terms = Mapping[str, Any]
Finding = dict[str, Any]


@dataclass(frozen=True)
class Side:
    """What the rules ask of a party: its nature and its size, null where it declared none."""

    nature: str
    fiscal_funded: bool
    size: str | None

    @property
    def is_public(self) -> bool:
        """A public body, or one that lives on fiscal funds (Decree 802, art. 9 and appendix)."""
        return self.nature in PUBLIC_NATURES or self.fiscal_funded


def shares_are_whole(terms: Terms) -> bool:
    """Whether the shares of all payment nodes sum to the whole amount."""
    shares: list[int] = [node["share_bp"] for node in terms["nodes"]]
    return sum(shares) == WHOLE_BP


def protects(buyer: Side, supplier: Side) -> bool:
    """Whether Decree 802 binds the deal: an SME sells to a public body or a large enterprise.

    A medium buyer is outside; so is a side that has not declared its size.
    """
    return supplier.size in SME_SIZES and (buyer.is_public or buyer.size == "large")


def blocks(findings: list[Finding]) -> bool:
    """Whether any of them must be mended before signing."""
    return any(finding["blocks"] for finding in findings)


def check_terms(
    terms: Terms, buyer: Side, supplier: Side, day: date, capability: str | None = None
) -> list[Finding]:
    """All findings by the rules in force on `day`, the day the contract is made.

    `capability`: the code of what is bought, where the buyer has named it.
    """
    return [
        finding
        for rule_id, check in CHECKS.items()
        for rule in _in_force(rule_id, day)
        if _is_for(rule, capability)
        for finding in check(rule, terms, buyer, supplier, day)
    ]


def _in_force(rule_id: str, day: date) -> Iterator[Rule]:
    """The rule as it stood on `day`; none where it was not yet in force."""
    try:
        yield BOOK.at(rule_id, day)
    except NoRule:
        return


def _is_for(rule: Rule, capability: str | None) -> bool:
    """Some rules are written for one group of capabilities only."""
    group = rule.parameters.get("group")
    return group is None or (capability is not None and group_of(capability) == group)


def _percent(bp: int) -> str:
    """`300` → `3%`, `345` → `3.45%`."""
    return f"{bp // 100}.{bp % 100:02}".rstrip("0").rstrip(".") + "%"


def _finding(rule: Rule, blocking: bool, zh: str, en: str) -> Finding:
    return {
        "rule_id": rule.id,
        "citation": rule.citation,
        "blocks": blocking,
        "note": zh,
        "note_en": en,
    }


def _payment_term(
    rule: Rule, terms: Terms, buyer: Side, supplier: Side, _day: date
) -> Iterator[Finding]:
    """Rule 1. A side of unknown size is told that the rule could not be judged."""
    if supplier.size is None or (buyer.size is None and not buyer.is_public):
        yield _finding(
            rule, False, "一方未申报企业规模，付款期限规则未能判断",
            "One side has not declared its size: the term could not be judged",
        )  # fmt: skip
        return
    if not protects(buyer, supplier):
        return
    judge = _public_term if buyer.is_public else _large_term
    for node in terms["nodes"]:
        if node["kind"] in rule.parameters["nodes"]:
            yield from judge(rule, node["term_days"], terms)


def _public_term(rule: Rule, term_days: int, _terms: Terms) -> Iterator[Finding]:
    usual, most = rule.parameters["public_days"], rule.parameters["public_agreed_days"]
    if term_days > most:
        yield _finding(
            rule, True, f"付款期限{term_days}天，超过约定上限{most}天",
            f"The term of {term_days} days is over the {most} that may be agreed",
        )  # fmt: skip
    elif term_days > usual:
        yield _finding(
            rule, False, f"付款期限{term_days}天，超过{usual}天，以合同另有约定为准",
            f"The term of {term_days} days is over {usual}: it holds as agreed otherwise",
        )  # fmt: skip


def _large_term(rule: Rule, term_days: int, terms: Terms) -> Iterator[Finding]:
    usual = rule.parameters["large_days"]
    if usual is None or term_days <= usual:
        return
    reason = terms.get("term_reason")
    if reason:
        yield _finding(
            rule, False, f"付款期限{term_days}天，超过{usual}天，理由：{reason[:200]}",
            f"The term of {term_days} days is over {usual}; the stated reason: {reason[:200]}",
        )  # fmt: skip
    else:
        yield _finding(
            rule, True, f"付款期限{term_days}天，超过{usual}天且未说明行业理由",
            f"The term of {term_days} days is over {usual} without a stated industry reason",
        )  # fmt: skip


def _pay_when_paid(
    rule: Rule, terms: Terms, buyer: Side, supplier: Side, _day: date
) -> Iterator[Finding]:
    if terms.get("pay_when_paid") and protects(buyer, supplier):
        yield _finding(
            rule, True, "不得以收到第三方付款为付款条件（背靠背）",
            "Payment must not depend on a third party's payment",
        )  # fmt: skip


def _late_interest(
    rule: Rule, terms: Terms, buyer: Side, supplier: Side, day: date
) -> Iterator[Finding]:
    """Rule 3: an agreed rate is at least the 1-year LPR on the day the contract is made."""
    agreed = terms.get("late_rate_bp")
    if agreed is None or not protects(buyer, supplier):
        return
    for lpr in _in_force("lpr_1y", day):
        lowest = lpr.parameters["rate_bp"]
        if agreed < lowest:
            yield _finding(
                rule, True, f"逾期年利率{_percent(agreed)}，低于1年期LPR（{_percent(lowest)}）",
                f"The late rate of {_percent(agreed)} a year is below the 1-year LPR of "
                f"{_percent(lowest)}",
            )  # fmt: skip


def _retention(rule: Rule, terms: Terms, *_: object) -> Iterator[Finding]:
    share = sum(node["share_bp"] for node in terms["nodes"] if node["kind"] == "retention")
    most = rule.parameters["max_share_bp"]
    if share > most:
        yield _finding(
            rule, False, f"质保金比例{_percent(share)}，高于{_percent(most)}",
            f"The retention of {_percent(share)} is over {_percent(most)}",
        )  # fmt: skip


CHECKS: dict[str, Callable[[Rule, Terms, Side, Side, date], Iterator[Finding]]] = {
    "payment_term": _payment_term,
    "pay_when_paid": _pay_when_paid,
    "late_interest": _late_interest,
    "retention_share": _retention,
}
