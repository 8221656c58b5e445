"""A claim is financed once: not a fen of it is held by two applications."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from deploy.sails.demo import financing
from deploy.sails.demo.deal import Deal
from services.client import Refused, fen, money
from tests.e2e.scene import Scene

AT_ONCE = 50
ITEMS = ["party", "contract", "invoice", "receivable"]


@pytest.mark.timeout(300)
def test_fifty_applications_for_the_whole_claim_make_one_position(scene: Scene) -> None:
    deal = scene.carried_to(financing.apply, number=0)
    answers = _apply_at_once(deal, fen(deal.receivable["confirmed"]))

    accepted = [answer for answer in answers if isinstance(answer, dict)]
    refused = [answer.code for answer in answers if isinstance(answer, Refused)]
    assert (len(accepted), refused) == (1, ["not_enough_left"] * (AT_ONCE - 1))
    [position] = _positions(deal)
    assert position["amount"] == deal.receivable["confirmed"]
    assert [found.to_json() for found in scene.report().violations] == []


@pytest.mark.timeout(300)
def test_fifty_applications_for_two_percent_each_all_fit_and_nothing_more(scene: Scene) -> None:
    deal = scene.carried_to(financing.apply, number=1)
    confirmed_fen = fen(deal.receivable["confirmed"])
    share_fen = confirmed_fen // AT_ONCE
    answers = _apply_at_once(deal, share_fen)

    assert [answer for answer in answers if isinstance(answer, Refused)] == []
    held_fen = sum(fen(position["amount"]) for position in _positions(deal))
    assert held_fen == AT_ONCE * share_fen <= confirmed_fen
    one_more = _apply(deal, _authorisation(deal), confirmed_fen - held_fen + 1)
    assert isinstance(one_more, Refused)
    assert one_more.code == "not_enough_left"
    assert [found.to_json() for found in scene.report().violations] == []


def _apply_at_once(deal: Deal, amount_fen: int) -> list[dict[str, Any] | Refused]:
    authorisation_id = _authorisation(deal)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        amounts = [amount_fen] * AT_ONCE
        return list(threads.map(lambda fen: _apply(deal, authorisation_id, fen), amounts))


def _apply(deal: Deal, authorisation_id: str, amount_fen: int) -> dict[str, Any] | Refused:
    share = {"receivable_id": deal.receivable["id"], "amount": money(amount_fen)}
    body = {"shares": [share], "authorisation_id": authorisation_id, "offer_window_hours": 24}
    try:
        return deal.supplier["supplier.owner"].client.post("/applications", body)
    except Refused as refused:
        return refused


def _authorisation(deal: Deal) -> str:
    """To a bank that must not offer here: what is tested is the claim, not the window."""
    body = {
        "recipient_ids": [deal.banks[0].organisation.id],
        "items": ITEMS,
        "purpose": "应收账款融资审查",
        "valid_until": "2099-12-31",
    }
    return str(deal.supplier["supplier.owner"].client.post("/authorisations", body)["id"])


def _positions(deal: Deal) -> list[dict[str, Any]]:
    return deal.supplier["supplier.owner"].finds("/positions", deal.thread_id, state="held")
