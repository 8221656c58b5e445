"""Every kind of thing and every state of it, with who owes the next step: the only place."""

from collections.abc import Mapping
from typing import Any

from services.gateway.readmodel.steps import declared, financing, market, trade
from services.gateway.readmodel.steps.declared import NOBODY, Owed, Step, Steps

TABLE: Mapping[str, Steps] = {
    "party": market.PARTY,
    "document": market.DOCUMENT,
    "user": market.USER,
    "api_key": market.API_KEY,
    "mandate": market.MANDATE,
    "webhook": market.WEBHOOK,
    "clock": market.CLOCK,
    "demand": trade.DEMAND,
    "quote": trade.QUOTE,
    "contract": trade.CONTRACT,
    "delivery": trade.DELIVERY,
    "payable": trade.PAYABLE,
    "supply": market.SUPPLY,
    "import": market.IMPORT,
    "match": market.MATCH,
    "receivable": financing.RECEIVABLE,
    "authorisation": financing.AUTHORISATION,
    "position": financing.POSITION,
    "product": financing.PRODUCT,
    "limit": financing.LIMIT,
    "application": financing.APPLICATION,
    "offer": financing.OFFER,
    "loan": financing.LOAN,
}
# A code means one thing, of one kind, however many states owe it.
BY_CODE: Mapping[str, Step] = {
    step.code: step for steps in TABLE.values() for each in steps.values() for step in each
}
KIND_OF: Mapping[str, str] = {
    step.code: kind for kind, steps in TABLE.items() for each in steps.values() for step in each
}
OWING = frozenset(KIND_OF.values())  # kinds of which something is owed in some state
FILLED: Mapping[str, tuple[Step, ...]] = {
    kind: tuple(step for code, step in BY_CODE.items() if step.filled and KIND_OF[code] == kind)
    for kind in sorted({KIND_OF[code] for code, step in BY_CODE.items() if step.filled})
}
CODES = tuple(sorted(BY_CODE))


def owed(kind: str, document: Mapping[str, Any]) -> list[Owed]:
    """Who owes what, by a whole state or by what one reader sees of it.

    A state of a release to come owes nothing that this one knows of.
    """
    return declared.owed(TABLE[kind].get(document["state"], NOBODY), document)
