"""A limit is rejected, changed by two people, ended and reopened; what is taken always counts."""

import pytest
from alembic import command
from alembic.config import Config

from deploy.sails.migrate import chains
from services.contracts.money import as_money
from tests.integration.finance.deal import PAYABLE_FEN, Deal, refuses
from tests.integration.finance.test_concurrency import apply_for, at_once

OFFER_FEN = PAYABLE_FEN // 50
WRONG = {"reason_code": "amount_wrong", "note": "少一个零"}
WORSE = {"reason_code": "credit_worse", "note": None}


def propose(deal: Deal, id: str, granted_fen: int) -> dict[str, object]:
    given = {"granted": as_money(granted_fen)}
    facts = deal.do("propose_limit", deal.bank.maker, given, id=id)
    state: dict[str, object] = facts["limit.proposed"]
    return state


def limit_of(deal: Deal, scope: str) -> str:
    [(id,)] = deal.sql(
        f"SELECT id::text FROM limits WHERE scope = '{scope}' AND bank_id = '{deal.bank.id}'"
    )
    return str(id)


def test_what_is_rejected_keeps_no_other_out(deal: Deal) -> None:
    given = {"scope": "total", "granted": as_money(1_000)}
    id = deal.do("create_limit", deal.bank.maker, given)["limit.prepared"]["id"]
    with refuses(deal, "forbidden", 403):
        deal.do("reject_limit", deal.bank.maker, WRONG, id=id)
    with refuses(deal, "not_found", 404):
        deal.do("reject_limit", deal.rival.approver, WRONG, id=id)
    rejected = deal.do("reject_limit", deal.bank.approver, WRONG, id=id)["limit.rejected"]
    assert (rejected["state"], rejected["reason_code"], rejected["reason_note"]) == (
        "rejected", "amount_wrong", "少一个零",
    )  # fmt: skip
    with refuses(deal, "illegal_move", 409):
        deal.do("approve_limit", deal.bank.approver, id=id)
    with refuses(deal, "illegal_move", 409):
        propose(deal, id, 1_000)
    deal.limit(deal.bank, "total", None, 10_000)


def test_a_change_takes_a_second_person_and_counts_from_then_on(deal: Deal) -> None:
    both = deal.bank.maker.colleague("bank.maker", "bank.approver")
    id = deal.limit(deal.bank, "total", None, 1_000)
    deal.bank.maker = both
    waiting = propose(deal, id, 5_000)
    assert (waiting["state"], waiting["granted_fen"], waiting["proposed_fen"]) == (
        "changing", 1_000, 5_000,
    )  # fmt: skip
    with refuses(deal, "same_person", 403):
        deal.do("approve_limit", both, id=id)
    with refuses(deal, "illegal_move", 409):
        propose(deal, id, 6_000)
    approved = deal.do("approve_limit", deal.bank.approver, id=id)["limit.approved"]
    assert (approved["granted_fen"], approved["proposed_fen"], approved["prepared_by"]) == (
        5_000, None, both.actor.user_id,
    )  # fmt: skip
    propose(deal, id, 9_000)
    kept = deal.do("reject_limit", deal.bank.approver, WRONG, id=id)["limit.rejected"]
    assert (kept["state"], kept["granted_fen"], kept["proposed_fen"], kept["reason_code"]) == (
        "approved", 5_000, None, "amount_wrong",
    )  # fmt: skip


def test_offers_go_on_while_a_change_waits(deal: Deal) -> None:
    application = deal.until_submitted()
    propose(deal, limit_of(deal, "total"), 20 * PAYABLE_FEN)
    assert deal.offer(deal.bank, application)


def test_a_limit_never_falls_below_what_is_taken(deal: Deal) -> None:
    """Sealed offers count, and no fact says so."""
    application = deal.until_submitted()
    id, taken_fen = limit_of(deal, "debtor"), PAYABLE_FEN * 9 // 10
    waiting = propose(deal, id, taken_fen - 1)
    deal.offer(deal.bank, application, amount=as_money(taken_fen))
    with refuses(deal, "limit_below_taken", 409, "/granted"):
        deal.do("approve_limit", deal.bank.approver, id=id)
    deal.do("reject_limit", deal.bank.approver, WRONG, id=id)
    with refuses(deal, "limit_below_taken", 409, "/granted"):
        propose(deal, id, taken_fen - 1)
    propose(deal, id, taken_fen)
    lowered = deal.do("approve_limit", deal.bank.approver, id=id)["limit.approved"]
    assert (lowered["granted_fen"], lowered["reserved_fen"]) == (taken_fen, 0)
    assert waiting["reserved_fen"] == 0


def test_who_prepared_takes_back_what_waits(deal: Deal) -> None:
    given = {"scope": "total", "granted": as_money(1_000)}
    id = deal.do("create_limit", deal.bank.maker, given)["limit.prepared"]["id"]
    with refuses(deal, "forbidden", 403):
        deal.do("withdraw_limit", deal.bank.approver, id=id)
    with refuses(deal, "not_found", 404):
        deal.do("withdraw_limit", deal.rival.maker, id=id)
    taken_back = deal.do("withdraw_limit", deal.bank.maker, id=id)["limit.withdrawn"]
    assert taken_back["state"] == "withdrawn"
    with refuses(deal, "illegal_move", 409):
        deal.do("approve_limit", deal.bank.approver, id=id)
    other = deal.limit(deal.bank, "total", None, 10_000)
    propose(deal, other, 20_000)
    kept = deal.do("withdraw_limit", deal.bank.maker, id=other)["limit.withdrawn"]
    assert (kept["state"], kept["granted_fen"], kept["proposed_fen"]) == ("approved", 10_000, None)
    with refuses(deal, "illegal_move", 409):
        deal.do("withdraw_limit", deal.bank.maker, id=other)
    deal.do("end_limit", deal.bank.approver, WORSE, id=other)
    propose(deal, other, 20_000)
    still = deal.do("withdraw_limit", deal.bank.maker, id=other)["limit.withdrawn"]
    assert (still["state"], still["ended_code"]) == ("ended", "credit_worse")


def test_each_decision_keeps_its_reason(deal: Deal) -> None:
    """Why a limit ended is told beside why its reopening was refused, until it is open again."""
    maker, approver = deal.bank.maker.actor.user_id, deal.bank.approver.actor.user_id
    id = deal.limit(deal.bank, "total", None, 1_000)
    propose(deal, id, 5_000)
    deal.do("approve_limit", deal.bank.approver, id=id)
    deal.do("end_limit", deal.bank.approver, WORSE, id=id)
    propose(deal, id, 6_000)
    refused = deal.do("reject_limit", deal.bank.approver, WRONG, id=id)["limit.rejected"]
    assert (refused["state"], refused["ended_code"], refused["reason_code"]) == (
        "ended", "credit_worse", "amount_wrong",
    )  # fmt: skip
    propose(deal, id, 7_000)
    opened = deal.do("approve_limit", deal.bank.approver, id=id)["limit.approved"]
    assert (opened["granted_fen"], opened["ended_code"], opened["reason_code"]) == (
        7_000, None, None,
    )  # fmt: skip
    told = [
        (one["decision"], one["user_id"], one["from_fen"], one["to_fen"], one["reason_code"])
        for one in deal.ask("history_limit", deal.bank.maker, id=id)["decisions"]
    ]
    assert told == [
        ("prepared", maker, None, 1_000, None),
        ("approved", approver, None, 1_000, None),
        ("proposed", maker, 1_000, 5_000, None),
        ("approved", approver, 1_000, 5_000, None),
        ("ended", approver, 5_000, None, "credit_worse"),
        ("proposed", maker, None, 6_000, None),
        ("rejected", approver, None, 6_000, "amount_wrong"),
        ("proposed", maker, None, 7_000, None),
        ("approved", approver, None, 7_000, None),
    ]
    with refuses(deal, "not_found", 404):
        deal.ask("history_limit", deal.rival.maker, id=id)


def test_why_limits_of_before_ended_is_read_from_their_facts(deal: Deal) -> None:
    id = deal.limit(deal.bank, "total", None, 1_000)
    deal.do("end_limit", deal.bank.approver, WORSE, id=id)
    propose(deal, id, 6_000)
    deal.do("reject_limit", deal.bank.approver, WRONG, id=id)
    config = Config()
    config.set_main_option("script_location", str(chains()["finance"]))
    url = deal.desk.engine.url.render_as_string(hide_password=False)
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    command.downgrade(config, "0007")
    command.upgrade(config, "head")
    [why] = deal.sql(f"SELECT ended_code, reason_code FROM limits WHERE id = '{id}'")
    assert tuple(why) == ("credit_worse", "amount_wrong")


@pytest.mark.parametrize("scope", ["debtor", "total"])
def test_an_ended_limit_reserves_no_more_and_what_is_taken_runs_on(deal: Deal, scope: str) -> None:
    application, mine, _ = deal.until_selecting()
    id = limit_of(deal, scope)
    ended = deal.do("end_limit", deal.bank.approver, WORSE, id=id)["limit.ended"]
    assert (ended["state"], ended["reason_code"]) == ("ended", "credit_worse")
    with refuses(deal, "limit_exists", 409):
        deal.limit(deal.bank, scope, ended["subject_id"], 20 * PAYABLE_FEN)
    facts = deal.choose(application["id"], mine)
    assert facts["offer.accepted"]["id"] == mine
    assert deal.number(f"SELECT reserved_fen FROM limits WHERE id = '{id}'") > 0


@pytest.mark.parametrize("scope", ["debtor", "total", "borrower", "product"])
def test_no_offer_is_approved_under_an_ended_limit(deal: Deal, scope: str) -> None:
    """Of scopes that need no limit, too: ending one is no way to lend without bounds."""
    application = deal.until_submitted()
    subjects = {"borrower": deal.supplier.id, "product": deal.products[deal.bank.id]}
    if scope in subjects:
        deal.limit(deal.bank, scope, subjects[scope], 10 * PAYABLE_FEN)
    id, draft = limit_of(deal, scope), deal.draft_offer(deal.bank, application)
    deal.do("end_limit", deal.bank.approver, WORSE, id=id)
    with refuses(deal, f"{scope}_limit_exhausted", 409):
        deal.do("approve_offer", deal.bank.approver, id=draft)
    propose(deal, id, 10 * PAYABLE_FEN)
    with refuses(deal, f"{scope}_limit_exhausted", 409):
        deal.do("approve_offer", deal.bank.approver, id=draft)
    deal.do("approve_limit", deal.bank.approver, id=id)
    deal.do("approve_offer", deal.bank.approver, id=draft)


def test_a_lost_offer_does_not_come_back_under_an_ended_limit(deal: Deal) -> None:
    application, _, other = deal.until_selecting()
    deal.choose(application["id"], other)
    deal.do("end_limit", deal.bank.approver, WORSE, id=limit_of(deal, "debtor"))
    deal.wait(hours=48)
    states = {state for (state,) in deal.sql("SELECT state FROM offers")}
    assert states == {"lapsed", "lost"}


def test_lowering_and_reserving_at_once_never_lets_more_be_taken_than_granted(deal: Deal) -> None:
    deal.publish(deal.bank, min=as_money(1))
    deal.limit(deal.bank, "debtor", deal.maker.id, 10 * PAYABLE_FEN)
    total = deal.limit(deal.bank, "total", None, 10 * OFFER_FEN)
    propose(deal, total, 3 * OFFER_FEN)
    apply = apply_for(deal, PAYABLE_FEN // 20)
    drafts = [
        deal.draft_offer(
            deal.bank, apply(0)["application.submitted"], amount=as_money(OFFER_FEN)
        )
        for _ in range(7)
    ]  # fmt: skip
    acts = [("approve_offer", id) for id in drafts]
    acts.insert(3, ("approve_limit", total))
    won, refused = at_once(
        lambda nth: deal.do(acts[nth][0], deal.bank.approver, id=acts[nth][1]), len(acts)
    )
    assert len(won) + len(refused) == len(acts)
    assert set(refused) <= {"total_limit_exhausted", "limit_below_taken"}
    [(granted, taken)] = deal.sql(
        f"SELECT granted_fen, sealed_fen + reserved_fen + used_fen FROM limits WHERE id = '{total}'"
    )
    assert taken <= granted
    assert granted == (10 if "limit_below_taken" in refused else 3) * OFFER_FEN
