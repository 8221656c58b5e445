"""The applicant chooses in time; what happens when the chosen bank does not pay."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlalchemy import text

from tests.integration.finance.deal import PAYABLE_FEN, Deal, refuses
from tests.waiting import eventually


def test_choosing_commits_the_claim_and_frees_the_losers_limits(deal: Deal) -> None:
    application, mine, other = deal.until_selecting()
    facts = deal.choose(application["id"], mine)
    assert facts.types == [
        "application.offer_chosen", "offer.accepted", "position.committed", "offer.lost",
        "limit.changed", "limit.changed",
    ]  # fmt: skip
    assert facts["application.offer_chosen"]["accepted_offer_id"] == mine
    assert facts["offer.lost"]["id"] == other
    assert facts["position.committed"]["bank_id"] == deal.bank.id
    assert facts["offer.accepted"]["pay_until"] is not None
    assert dict(deal.sql("SELECT bank_id::text, sum(reserved_fen) FROM limits GROUP BY 1")) == {
        deal.bank.id: 180_000_000, deal.rival.id: 0,
    }  # fmt: skip


def test_only_a_visible_offer_of_this_application(deal: Deal) -> None:
    application, mine, _ = deal.until_selecting()
    with refuses(deal, "not_found", 404):
        deal.choose(application["id"], deal.desk.ids.new())
    deal.choose(application["id"], mine)
    with refuses(deal, "illegal_move", 409):
        deal.choose(application["id"], mine)
    deal.supplier = deal.stranger
    with refuses(deal, "not_found", 404):
        deal.choose(application["id"], mine)


def test_nothing_can_be_chosen_before_the_window_has_closed(deal: Deal) -> None:
    application = deal.until_submitted()
    id = deal.offer(deal.bank, application)
    with refuses(deal, "illegal_move", 409):
        deal.choose(application["id"], id)


def test_an_offer_past_its_validity_cannot_be_chosen_though_the_timer_is_down(deal: Deal) -> None:
    application = deal.until_submitted()
    window_end = datetime.fromisoformat(application["offers_until"])
    early = (window_end + timedelta(hours=1)).isoformat()
    first = deal.offer(deal.bank, application, valid_until=early)
    second = deal.offer(deal.rival, application)
    deal.wait_until(window_end)
    deal.desk.clock.advance(hours=1)
    with refuses(deal, "offer_expired", 409):
        deal.choose(application["id"], first)
    assert deal.tick().types == ["offer.expired", "limit.changed", "limit.changed"]
    assert deal.choose(application["id"], second)["offer.accepted"]["id"] == second


def test_the_time_to_choose_ends(deal: Deal) -> None:
    application, mine, _ = deal.until_selecting()
    deal.desk.clock.moment = datetime.fromisoformat(application["select_until"])
    with refuses(deal, "selection_over", 409):
        deal.choose(application["id"], mine)
    facts = deal.tick()
    assert facts["application.expired"]["state"] == "expired"
    assert facts["receivable.allocated"]["allocated_fen"] == 0
    assert deal.number("SELECT sum(reserved_fen) FROM limits") == 0


def test_a_lapse_before_filing_lets_the_applicant_choose_again(deal: Deal) -> None:
    deal.until_securing()
    facts = deal.wait(hours=48)
    assert facts.types == [
        "offer.lapsed", "application.reselecting", "position.released", "receivable.allocated",
        "limit.changed", "limit.changed", "limit.changed", "limit.changed", "offer.visible",
        "application.reselecting", "position.held", "receivable.allocated",
    ]  # fmt: skip
    application = facts["application.reselecting"]
    assert (application["state"], application["accepted_offer_id"]) == ("selecting", None)
    assert application["shares"][0]["position_id"] == facts["position.held"]["id"]
    chosen = deal.choose(application["id"], facts["offer.visible"]["id"])
    assert chosen["position.committed"]["bank_id"] == deal.rival.id
    assert deal.number("SELECT allocated_fen FROM receivables") == PAYABLE_FEN


def test_a_lapse_after_filing_waits_for_the_cancellation(deal: Deal) -> None:
    position, id = deal.until_securing()
    deal.file(position["id"])
    facts = deal.wait(hours=48)
    assert facts["application.reselecting"]["state"] == "releasing"
    assert facts["position.releasing"]["id"] == position["id"]
    assert "position.held" not in facts.types
    released = deal.do("release_position", deal.registry, id=position["id"])
    assert released["application.reselecting"]["state"] == "selecting"
    assert released["position.held"]["application_id"] == id


def test_a_lapse_with_no_other_valid_offer_ends_the_application(deal: Deal) -> None:
    deal.until_securing()
    deal.desk.clock.advance(days=20)
    facts = deal.tick()
    assert facts["application.expired"]["state"] == "expired"
    assert deal.number("SELECT sum(reserved_fen) FROM limits") == 0
    assert deal.number("SELECT allocated_fen FROM receivables") == 0


def test_a_claim_financed_elsewhere_meanwhile_ends_the_application(deal: Deal) -> None:
    position, id = deal.until_securing()
    deal.file(position["id"])
    deal.wait(hours=48)
    authorisation_id = deal.authorise()
    deal.do("release_position", deal.registry, id=position["id"])
    deal.do("withdraw_application", deal.supplier, id=id)
    again = deal.submit(position["receivable_id"], authorisation_id)
    assert again["receivable.allocated"]["allocated_fen"] == PAYABLE_FEN


def test_an_instructed_payout_never_lapses_blindly(deal: Deal) -> None:
    loan = deal.until_instructed()
    assert deal.wait(hours=72) == []
    deal.pay_out(loan, "unknown")
    assert deal.tick() == []
    facts = deal.pay_out(loan, "failed")
    assert facts.types[:2] == ["loan.failed", "offer.lapsed"]


def test_product_without_security_is_instructed_at_once(deal: Deal) -> None:
    application, mine, _ = deal.until_selecting(security="none")
    facts = deal.choose(application["id"], mine)
    assert facts.types[-2:] == ["application.ready", "loan.instructed"]
    assert facts["loan.instructed"]["instruction_id"]


def test_a_lapse_locks_the_limits_of_all_banks_in_one_order(deal: Deal) -> None:
    deal.until_securing()
    deal.desk.clock.advance(hours=48)
    limits = "SELECT id FROM limits WHERE bank_id = :bank ORDER BY id FOR UPDATE NOWAIT"
    with deal.desk.session() as other, ThreadPoolExecutor(1) as pool:
        other.execute(text(limits), {"bank": deal.bank.id})
        lapsed = pool.submit(deal.tick)
        eventually(lambda: deal.number("SELECT count(*) FROM pg_locks WHERE NOT granted") == 1)
        other.execute(text(limits), {"bank": deal.rival.id})  # none is held out of turn
        other.commit()
        assert lapsed.result()["application.reselecting"]["state"] == "selecting"
