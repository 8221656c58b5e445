"""What a list is narrowed to, as its address says it; every kind has the filters that fit it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from marshmallow import ValidationError

from services.contracts.actor import Actor
from services.contracts.characters import has_control_characters
from services.contracts.demand import KINDS as DEMAND_KINDS
from services.contracts.fields import Day
from services.contracts.money import MAX_FEN, parse_amount
from services.contracts.problems import Problem
from services.contracts.registry import EVENTS
from services.contracts.supply_parts import KINDS as SUPPLY_KINDS
from services.days import end_of_day, start_of_day
from services.gateway.edge.intake import Parameters
from services.gateway.readmodel import audiences, audit, extracts, marks, reads
from services.gateway.readmodel.narrowing import MAX_STATES, Filters, Range
from services.gateway.readmodel.places import NEWEST, SORTS, Place, Sort

FACETS: dict[str, Sequence[str]] = {"demand": DEMAND_KINDS, "supply": SUPPLY_KINDS}
PAGED = ("sort", "cursor", "limit")
AUDIT = ("q", "party_id", "type", "from", "to", "thread_id")
PERIOD = ("from", "to", "region")
_ALWAYS = ("view", "state", "thread_id", "q", "counterpart_id", "from", "to")
_WRONG_WORDS = (
    f"Up to {marks.MAX_WORDS} words of at least {marks.LETTERS} characters,"
    f" {marks.MAX_LENGTH} characters in all."
)


def known(kind: str) -> tuple[str, ...]:
    """The names of a kind's filters."""
    return (
        *_ALWAYS,
        *(("kind",) if kind in FACETS else ()),
        *(("due_from", "due_to") if kind in extracts.DUE else ()),
        *(("amount_from", "amount_to") if kind in extracts.AMOUNT else ()),
    )


def sorts(kind: str) -> list[str]:
    """How a list of the kind may be sorted; the first is what it is without a word."""
    has = {"newest": True, "due": kind in extracts.DUE, "amount": kind in extracts.AMOUNT}
    return [name for name in SORTS if has[name]]


def asked(actor: Actor, kind: str, given: Parameters) -> Filters:
    """Raises Problem query_invalid, no_view."""
    return Filters(
        kind,
        view(actor, given),
        states=_states(given),
        thread_id=uuid(given, "thread_id"),
        facet=given.text("kind", FACETS.get(kind, ())),
        counterpart_id=uuid(given, "counterpart_id"),
        question=question(given),
        from_to=days(given, "from", "to"),
        due=_due(given),
        amount_fen=_amounts(given),
    )


def audited(actor: Actor, given: Parameters) -> audit.Asked:
    """An authority reads nothing of people, nor who of a party acted or asks to be let in."""
    is_operator = "operator" in actor.capacities
    return audit.Asked(
        question(given),
        uuid(given, "party_id"),
        given.text("type", EVENTS),
        uuid(given, "thread_id"),
        days(given, "from", "to"),
        () if is_operator else audit.OF_PEOPLE,
        () if is_operator else audit.OF_JOINING,
        with_people=is_operator,
    )


def sort(kind: str, given: Parameters) -> Sort:
    """The order that is asked for."""
    return SORTS[given.text("sort", sorts(kind)) or NEWEST.name]


def place(given: Parameters, order: Sort) -> Place | None:
    """Where the page begins; a cursor is of one order."""
    text = given.text("cursor")
    try:
        return None if text is None else Place.read(text, order)
    except ValueError:
        raise given.refuse("cursor", "Not a valid cursor.") from None


def view(actor: Actor, given: Parameters) -> str:
    """The audience whose list is asked for; by default the caller's own organisation's."""
    named = {"mine": audiences.of_party(actor.party_id), "public": audiences.PUBLIC}
    named |= audiences.ROLE_AUDIENCES
    asked_for = given.text("view", named) or "mine"
    if named[asked_for] not in audiences.mine(actor):
        raise Problem("no_view", view=asked_for)
    return named[asked_for]


def uuid(given: Parameters, name: str) -> str | None:
    """An id as we write them."""
    id = given.text(name)
    if id is not None and not reads.is_uuid(id):
        raise given.refuse(name, "Not a valid UUID.")
    return id


def question(given: Parameters) -> str | None:
    """Words to search for."""
    text = given.text("q")
    if text is None:
        return None
    try:
        if len(text) > marks.MAX_LENGTH or not is_storable(text):
            raise ValueError("not a question")
        marks.asked(text)
    except ValueError:
        raise given.refuse("q", _WRONG_WORDS) from None
    return text


def is_storable(text: str) -> bool:
    """PostgreSQL takes no NUL and no lone surrogate."""
    return not has_control_characters(text)


def days(given: Parameters, first: str, last: str) -> Range:
    """From the start of one day in Shanghai to the end of another, both included."""
    begins, ends = day(given, first), day(given, last)
    if begins and ends and ends < begins:
        raise given.refuse(last, "Ends before it begins.")
    return begins and start_of_day(begins), ends and end_of_day(ends)


def day(given: Parameters, name: str) -> date | None:
    """A day as commands take them."""
    text = given.text(name)
    if text is None:
        return None
    try:
        found: date = Day().deserialize(text)
    except (ValidationError, ValueError):
        raise given.refuse(name, "Not a valid date.") from None
    return found


def _states(given: Parameters) -> tuple[str, ...]:
    """PostgreSQL takes no NUL and no lone surrogate, and no state has one."""
    text = given.text("state")
    if text is None:
        return ()
    if not (text.isascii() and text.isprintable()):
        raise given.refuse("state", "String does not match expected pattern.")
    states = tuple(dict.fromkeys(text.split(",")))
    if len(states) > MAX_STATES:
        raise given.refuse("state", f"Not a list of at most {MAX_STATES} states.")
    return states


def _due(given: Parameters) -> Range:
    """A day's due is its end, the first moment after it."""
    begins, ends = days(given, "due_from", "due_to")
    moment = timedelta(microseconds=1)
    return begins and begins + moment, ends and ends + moment


def _amounts(given: Parameters) -> Range:
    """Both included."""
    low, high = _amount(given, "amount_from"), _amount(given, "amount_to")
    if low is not None and high is not None and high < low:
        raise given.refuse("amount_to", "Ends before it begins.")
    return low, None if high is None else high + 1


def _amount(given: Parameters, name: str) -> int | None:
    text: Any = given.text(name)
    if text is None:
        return None
    try:
        fen = parse_amount(text)
    except ValueError:
        raise given.refuse(name, "Not an amount with at most two decimals.") from None
    if fen > MAX_FEN:
        raise given.refuse(name, "The amount is out of range.")
    return fen
