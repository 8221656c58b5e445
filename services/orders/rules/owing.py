"""How much is owed at each payment node, from which day, until when, and what lateness costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from services.contracts.money import half_up, largest_remainder
from services.days import add_days
from services.orders.rules import BOOK
from services.orders.rules.terms import WHOLE_BP, Terms

PPM = 1_000_000


@dataclass(frozen=True)
class Handover:
    """What of the contract one delivery has fulfilled so far.

    `delivered_on`: it arrived. `inspected_on`: it passed inspection, or the inspection period
    ended in the buyer's silence (Decree 802, art. 10); null while the buyer still may inspect.
    """

    delivered_fen: int
    delivered_on: date
    accepted_fen: int = 0
    inspected_on: date | None = None


def split(amount_fen: int, terms: Terms) -> list[int]:
    """The amount of each payment node, in order; they sum to `amount_fen` exactly."""
    return largest_remainder(amount_fen, [node["share_bp"] for node in terms["nodes"]])


def start_date(
    node_no: int, terms: Terms, amount_fen: int, signed_on: date, handovers: Sequence[Handover]
) -> date | None:
    """The day from which the term of node `node_no` (from 1) counts; null: not yet.

    Decree 802 arts 9-10: delivery of the whole; where passing inspection is a condition of
    payment, the day the whole has passed it (or the inspection period ended in silence);
    progress settlement, the day both have confirmed that much. An advance counts from signing.
    """
    kind = terms["nodes"][node_no - 1]["kind"]
    if kind == "advance":
        return signed_on
    if kind == "progress":
        return _day_reached(_inspected(handovers), _progress_fen(node_no, terms, amount_fen))
    if kind == "delivery" and not terms["inspection_is_condition"]:
        arrived = [(handover.delivered_on, handover.delivered_fen) for handover in handovers]
        return _day_reached(arrived, amount_fen)
    return _day_reached(_inspected(handovers), amount_fen)


def kept(parts_fen: Sequence[int], handed_fen: int, whole_fen: int) -> list[int]:
    """How much of each part of a node is owed for what is handed over of the contract's whole.

    The node is owed as far as the contract is handed over, its earlier parts before its later.
    """
    left = largest_remainder(sum(parts_fen), [handed_fen, whole_fen - handed_fen])[0]
    parts = []
    for part_fen in parts_fen:
        parts.append(min(part_fen, left))
        left -= parts[-1]
    return parts


def due_date(start: date, term_days: int) -> date:
    """The last day to pay: the start day is not counted, a holiday moves it on (Civil Code 203)."""
    return add_days(start, term_days)


def daily_late_rate(terms: Terms, protected: bool, signed_on: date) -> Fraction:
    """The share of a late amount that one calendar day costs (Decree 802, art. 17).

    The agreed yearly rate, else 0.05 % a day where the decree protects the seller, else none.
    """
    rule = BOOK.at("late_interest", signed_on)
    agreed = terms.get("late_rate_bp")
    if agreed is not None:
        return Fraction(agreed, WHOLE_BP * rule.parameters["year_days"])
    return Fraction(rule.parameters["daily_ppm"] if protected else 0, PPM)


def late_interest(amount_fen: int, due: date, paid_on: date, daily_rate: Fraction) -> int:
    """Interest in fen on what was paid after `due`, half up; the due date itself is in time."""
    days_late = max((paid_on - due).days, 0)
    return half_up(amount_fen * daily_rate * days_late)


def _inspected(handovers: Sequence[Handover]) -> list[tuple[date, int]]:
    return [
        (handover.inspected_on, handover.accepted_fen)
        for handover in handovers
        if handover.inspected_on is not None
    ]


def _progress_fen(node_no: int, terms: Terms, amount_fen: int) -> int:
    """How much must be confirmed for this progress node: the progress shares up to it."""
    parts = split(amount_fen, terms)
    kinds = [node["kind"] for node in terms["nodes"]]
    return sum(parts[i] for i in range(node_no) if kinds[i] == "progress")


def _day_reached(steps: Sequence[tuple[date, int]], wanted_fen: int) -> date | None:
    """The first day on which the amounts so far sum to what is wanted."""
    reached = 0
    for day, amount_fen in sorted(steps):
        reached += amount_fen
        if reached >= wanted_fen:
            return day
    return None
