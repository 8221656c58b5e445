"""What lists are filtered and sorted by: taken from the very document that an audience sees.

So a filter tells nobody more than the document does: what is masked there has no value here.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from services.contracts.registry import AGGREGATES
from services.days import end_of_day
from services.gateway.readmodel import marks

Document = Mapping[str, Any]

# By which a desk must have acted, one for each kind: a moment, or a day that ends in Shanghai.
DUE = {
    "demand": "quote_deadline_at",
    "quote": "valid_until",
    "contract": "sign_until",
    "delivery": "inspect_until",
    "payable": "due_date",
    "supply": "evidence_until",
    "receivable": "due_date",
    "authorisation": "valid_until",
    "application": "offers_until",
    "offer": "valid_until",
    "loan": "due_date",
    "mandate": "valid_until",
}
# What it is worth, the first that is there.
AMOUNT = {
    "demand": ("budget_fen",),
    "quote": ("price_fen",),
    "contract": ("amount_fen",),
    "delivery": ("accepted_fen", "amount_fen"),
    "payable": ("amount_fen",),
    "supply": ("price_min_fen",),
    "receivable": ("confirmed_fen", "claimed_fen"),
    "position": ("amount_fen",),
    "application": ("amount_fen",),
    "offer": ("amount_fen",),
    "loan": ("principal_fen",),
    "limit": ("granted_fen",),
    "mandate": ("limit_fen",),
}
FACETED = frozenset({"demand", "supply"})  # those that are of one `kind` or another
REGION = {"demand": "region", "supply": "supplier_region"}
TITLED = "demand"  # by whose title people know a deal

# Of a kind that has a due or an amount, for a document that does not say it: sorted last.
NEVER, NO_AMOUNT_FEN = "infinity", -1

# Who is a party to a document: fields with one organisation, and with several.
PARTIES = (
    "buyer_id", "supplier_id", "awarded_supplier_id", "seller_id", "debtor_id", "applicant_id",
    "bank_id", "borrower_id", "grantor_id", "party_id",
)  # fmt: skip
PARTY_LISTS = ("debtor_ids", "recipient_ids")
# What a person would call it by, and whom it names.
NAMES = (
    "title", "name", "demand_title", "supply_title", "buyer_name", "supplier_name", "seller_name",
    "debtor_name", "applicant_name", "bank_name", "contract_number",
)  # fmt: skip
NAME_LISTS = ("debtor_names",)


class Extract(NamedTuple):
    """The columns of a list, as PostgreSQL reads them; None where the kind has none.

    `words` are those that a search looks through, `parties` all who are named as such.
    """

    due_at: str | None
    amount_fen: int | None
    facet: str | None
    region: str | None
    title: str | None
    words: str
    parties: str


class _Fields(NamedTuple):
    """Of one kind, the fields that there are."""

    due: str | None
    amounts: tuple[str, ...]
    facet: str
    region: str
    names: tuple[str, ...]
    name_lists: tuple[str, ...]
    parties: tuple[str, ...]
    party_lists: tuple[str, ...]


@cache
def _fields(kind: str) -> _Fields:
    declared = AGGREGATES[kind].schema.fields
    names, name_lists, parties, party_lists = (
        tuple(name for name in all_names if name in declared)
        for all_names in (NAMES, NAME_LISTS, PARTIES, PARTY_LISTS)
    )
    facet = "kind" if kind in FACETED else ""
    amounts, region = AMOUNT.get(kind, ()), REGION.get(kind, "")
    return _Fields(DUE.get(kind), amounts, facet, region, names, name_lists, parties, party_lists)


def of(kind: str, document: Document) -> Extract:
    """From a document as an audience sees it, its money still in fen."""
    fields, get = _fields(kind), document.get
    return Extract(
        _due_at(get(fields.due)) if fields.due else None,
        _amount_fen(document, fields.amounts) if fields.amounts else None,
        get(fields.facet),
        get(fields.region),
        document["title"] if kind == TITLED else None,
        marks.words_of(_names(document, fields)),
        _listed(document, fields),
    )


def _names(document: Document, fields: _Fields) -> tuple[str, ...]:
    """Its number, its title and the names in it."""
    found = [document["number"], *map(document.get, fields.names)]
    for name in fields.name_lists:
        found += document.get(name) or ()
    return tuple(filter(None, found))


def _listed(document: Document, fields: _Fields) -> str:
    """Its parties, as an array of ids is written."""
    found = list(map(document.get, fields.parties))
    for name in fields.party_lists:
        found += document.get(name) or ()
    return f"{{{','.join(dict.fromkeys(filter(None, found)))}}}"


def _due_at(written: str | None) -> str:
    if written is None:
        return NEVER
    return written if "T" in written else _end_of(written)


@cache
def _end_of(day: str) -> str:
    """Of those that a contract takes there are some thirty-seven thousand."""
    return end_of_day(date.fromisoformat(day)).isoformat()


def _amount_fen(document: Document, fields: tuple[str, ...]) -> int:
    given = (document[name] for name in fields if document.get(name) is not None)
    return next(given, NO_AMOUNT_FEN)
