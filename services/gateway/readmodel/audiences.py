"""Who may see what: the only place that decides it.

For each aggregate a pure function from its public state to `{audience: document}`. An audience is
`public` (everyone signed in), `party:<id>`, `role:operator`, `role:registry` or `role:bank`, which
gets masked teasers alone. Whoever is not named sees nothing. Sealed means sealed: the state itself
carries no sealed price, and here nobody but its owner learns that a sealed thing exists.

A masked document has no version either: it would tell of every fact that is kept from its reader.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from services.contracts.actor import Actor
from services.contracts.party import JOINING
from services.contracts.registry import AGGREGATES
from services.contracts.roles import APPLICANT
from services.days import shanghai_date

Document = dict[str, Any]
Audiences = dict[str, Document]

PUBLIC, OPERATOR, BANK, REGISTRY = "public", "role:operator", "role:bank", "role:registry"
# By the capacity that the first part of a duty names; the fullest documents first.
ROLE_AUDIENCES = {"operator": OPERATOR, "registry": REGISTRY, "bank": BANK}

# Upper bounds in fen of the amount bands of a teaser, CNY 1, 5, 10 and 30 million; the last is
# the programme's limit per application.
AMOUNT_BANDS = (
    (100_000_000, "under_1m"),
    (500_000_000, "1m_to_5m"),
    (1_000_000_000, "5m_to_10m"),
    (3_000_000_000, "10m_to_30m"),
)
HIGHEST_BAND = "30m_and_more"
OFFER_TERMS = (
    "amount_fen", "rate_bp", "fee_fen", "interest_fen", "all_in_cost_bp", "day_count", "recourse",
    "loan_due_date", "pay_within_hours",
)  # fmt: skip
CAPACITY = (
    "capacity_declared", "capacity_reserved", "capacity_used", "capacity_unit", "capacity_period",
    "reserved_for_demand_id",
)  # fmt: skip
# What nobody has proved, and what is between a supplier and the operator.
CLAIMS = ("claimed_badges", "claimed_deals", "item_code", "reason_note")
QUOTE_TERMS = ("price_fen", "delivery_days", "note")
# What an authorised bank reads of an application: nothing of its rivals, not even their number.
SHEET = (
    "id", "number", "state", "created_at", "thread_id", "applicant_id", "applicant_name",
    "debtor_ids", "debtor_names", "shares", "amount_fen", "latest_due_date",
    "purpose", "submitted_at", "offers_until", "select_until", "waiting_for",
)  # fmt: skip
ALLOTTED = ("allotted", "allotted_zh", "allotted_en")
# Counts the facts, those too that are kept from a reader.
VERSION = ("sequence", "updated_at")
AWARD = (
    "quote_count", "awarded_quote_id", "awarded_supplier_id", "awarded_supply_id",
    "award_confirm_until", "award_reason", "capacity", "contract_id", "reason_note",
)  # fmt: skip


def of_party(party_id: str) -> str:
    """The audience that is one organisation."""
    return f"party:{party_id}"


def held_by(party_id: str, capacities: Iterable[str]) -> tuple[str, ...]:
    """All audiences that an organisation acting in these capacities belongs to, fullest first.

    Who has not been let in sees what is its own alone.
    """
    held = set(capacities)
    if APPLICANT in held:
        return (of_party(party_id),)
    roles = [audience for capacity, audience in ROLE_AUDIENCES.items() if capacity in held]
    return (of_party(party_id), *roles, PUBLIC)


def mine(actor: Actor) -> tuple[str, ...]:
    """All audiences that the caller belongs to, by their duties; fullest first."""
    return held_by(actor.party_id, actor.capacities)


def documents(kind: str, state: Document) -> Audiences:
    """What each audience sees of an aggregate in this state. Fields not declared go to nobody."""
    declared = AGGREGATES[kind].schema.fields
    return TABLE[kind]({name: state[name] for name in declared if name in state})


def _without(state: Document, *names: str) -> Document:
    """Masked: without these, and without its version."""
    return {name: state[name] for name in state if name not in names and name not in VERSION}


def _only(state: Document, *names: str) -> Document:
    """What is added to the state later stays unseen until it is listed."""
    return {name: state[name] for name in names if name in state}


def _to(state: Document, *columns: str) -> Audiences:
    """The whole state to the parties in these columns."""
    return {of_party(state[column]): state for column in columns if state.get(column)}


def _party(state: Document) -> Audiences:
    """Nobody else learns who asks to be let in."""
    own = {OPERATOR: state, of_party(state["id"]): state}
    return own if state["state"] in JOINING else {PUBLIC: state} | own


def _own(state: Document) -> Audiences:
    return _to(state, "party_id")


def _own_and_operator(state: Document) -> Audiences:
    return {OPERATOR: state, **_own(state)}


def _clock(state: Document) -> Audiences:
    return {PUBLIC: state, OPERATOR: state}


def _demand(state: Document) -> Audiences:
    """A draft is its owner's. The hall sees no rivals' number, no winner; the winner sees itself.

    How many have quoted is the buyer's to know (招标投标法 art. 22), and why it chose as it did.
    """
    own = _to(state, "buyer_id")
    if not state.get("published_at"):
        return own
    winner = _to(_without(state, "quote_count", "award_reason"), "awarded_supplier_id")
    return {PUBLIC: _without(state, *AWARD), OPERATOR: state, **winner, **own}


def _quote(state: Document) -> Audiences:
    """Until it is opened only its supplier knows of it; the operator never sees the price."""
    own = _to(state, "supplier_id")
    if state["state"] == "sealed" or not state.get("opened_at"):
        return own
    return {OPERATOR: _without(state, *QUOTE_TERMS), **_to(state, "buyer_id"), **own}


def _deal(state: Document) -> Audiences:
    return {OPERATOR: state, **_to(state, "buyer_id", "supplier_id")}


def _supply(state: Document) -> Audiences:
    """How busy a supplier is stays with it, and so does by which demand: it would be its winner."""
    shown = {OPERATOR: state, **_to(state, "supplier_id")}
    if state["state"] == "active":
        shown[PUBLIC] = _without(state, *CAPACITY, *CLAIMS)
    return shown


def _match(state: Document) -> Audiences:
    """A rank would tell a supplier how many rivals there are, and so would why it was told."""
    supplier = _to(_without(state, "rank", *ALLOTTED), "supplier_id")
    return {OPERATOR: state, **supplier, **_to(state, "buyer_id")}


def _receivable(state: Document) -> Audiences:
    """How much of it is financed is not the debtor's to know before a notice arrives."""
    debtor = _to(_without(state, "allocated_fen", "settled_fen"), "debtor_id")
    return {OPERATOR: state, **debtor, **_to(state, "seller_id")}


def _authorisation(state: Document) -> Audiences:
    """A recipient does not see the other recipients."""
    recipients = {
        of_party(bank): _without(state) | {"recipient_ids": [bank]}
        for bank in state["recipient_ids"]
    }
    return {OPERATOR: state, **recipients, **_to(state, "grantor_id")}


def _position(state: Document) -> Audiences:
    """The bank from its choice on, the debtor from the notice on (an undisclosed one stays so)."""
    shown = {OPERATOR: state, **_to(state, "seller_id")}
    if state.get("bank_id"):
        shown |= {REGISTRY: state, **_to(state, "bank_id")}
    if state.get("notice"):
        shown |= _to(state, "debtor_id")
    return shown


def _product(state: Document) -> Audiences:
    on_sale = {PUBLIC: state} if state["state"] == "published" else {}
    return {OPERATOR: state, **on_sale, **_to(state, "bank_id")}


def _limit(state: Document) -> Audiences:
    return _to(state, "bank_id")


def _application(state: Document) -> Audiences:
    """The sheet opens to authorised banks, without their rivals; all banks see a teaser."""
    sheet = _only(state, *SHEET)
    banks = {of_party(bank): sheet | {"opened_to": [bank]} for bank in state.get("opened_to") or ()}
    return {OPERATOR: state, BANK: _teaser(state), **banks, **_to(state, "applicant_id")}


def _teaser(state: Document) -> Document:
    """No name and no id of a party, nor the thread, whose public demand names the debtor."""
    kept = ("id", "number", "state", "created_at", "submitted_at", "offers_until")
    return {
        **{name: state.get(name) for name in kept},
        "amount_band": _band(state["amount_fen"]),
        "term_days": _term_days(state.get("latest_due_date"), state["created_at"]),
        "share_count": len(state.get("shares") or ()),
    }


def _band(amount_fen: int) -> str:
    return next((band for high, band in AMOUNT_BANDS if amount_fen < high), HIGHEST_BAND)


def _term_days(due_date: str | None, created_at: str) -> int | None:
    if due_date is None:
        return None
    start = shanghai_date(datetime.fromisoformat(created_at))
    return (date.fromisoformat(due_date) - start).days


def _offer(state: Document) -> Audiences:
    """Before the window has closed an offer is its bank's alone; rivals never see it."""
    own = _to(state, "bank_id")
    if (
        state["state"] in ("prepared", "sealed", "rejected", "withdrawn")
        or state.get("amount_fen") is None
    ):
        return own
    people = ("prepared_by", "approved_by")
    applicant = _to(_without(state, *people), "applicant_id")
    return {OPERATOR: _without(state, *people, *OFFER_TERMS), **applicant, **own}


def _loan(state: Document) -> Audiences:
    return {OPERATOR: state, **_to(state, "bank_id", "borrower_id")}


TABLE: dict[str, Callable[[Document], Audiences]] = {
    "party": _party,
    "document": _own_and_operator,
    "user": _own_and_operator,
    "api_key": _own_and_operator,
    "mandate": _own,
    "webhook": _own,
    "clock": _clock,
    "demand": _demand,
    "quote": _quote,
    "contract": _deal,
    "delivery": _deal,
    "payable": _deal,
    "supply": _supply,
    "import": _own_and_operator,
    "match": _match,
    "receivable": _receivable,
    "authorisation": _authorisation,
    "position": _position,
    "product": _product,
    "limit": _limit,
    "application": _application,
    "offer": _offer,
    "loan": _loan,
}
