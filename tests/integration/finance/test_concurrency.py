"""Many at once, from threads, on the real database: not a fen more than is there."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from services.contracts.money import as_money
from services.contracts.problems import Problem
from tests.conftest import POOL_SIZE
from tests.integration.finance.deal import PAYABLE_FEN, Deal

AT_ONCE = 50
TRIES = 10  # a caller that is told to come again does so for a minute


def at_once(act: Callable[[int], Any], times: int = AT_ONCE) -> tuple[list[Any], list[str]]:
    """Do it so often, as a service does: by as many workers as there are connections.

    What they answered, and the codes of those refused. Whom a busy machine let wait for a lock too
    long comes again, as every caller does; one that is told so to the last shows as refused.
    """

    def attempt(nth: int) -> Any:
        for _ in range(TRIES):
            try:
                return act(nth)
            except Problem as problem:
                refused = problem
                if problem.code != "unavailable":
                    break
        return refused

    with ThreadPoolExecutor(POOL_SIZE) as pool:
        done = list(pool.map(attempt, range(times)))
    refused = [problem.code for problem in done if isinstance(problem, Problem)]
    return [answer for answer in done if not isinstance(answer, Problem)], refused


def apply_for(deal: Deal, amount_fen: int) -> Callable[[int], Any]:
    claim, authorisation_id = deal.until_confirmed(), deal.authorise()
    share = {"receivable_id": claim["id"], "amount": as_money(amount_fen)}
    return lambda _: deal.submit(claim["id"], authorisation_id, shares=[share])


def test_fifty_applications_for_the_whole_and_one_wins(deal: Deal) -> None:
    won, refused = at_once(apply_for(deal, PAYABLE_FEN))
    assert (len(won), set(refused), len(refused)) == (1, {"not_enough_left"}, AT_ONCE - 1)
    assert deal.number("SELECT count(*) FROM positions") == 1
    assert deal.number("SELECT allocated_fen FROM receivables") == PAYABLE_FEN


def test_fifty_applications_for_two_percent_each_and_not_a_fen_more(deal: Deal) -> None:
    apply = apply_for(deal, PAYABLE_FEN // 50)
    won, refused = at_once(apply)
    assert (len(won), refused) == (AT_ONCE, [])
    assert deal.number("SELECT sum(amount_fen) FROM positions") == PAYABLE_FEN
    assert deal.number("SELECT allocated_fen FROM receivables") == PAYABLE_FEN
    _, refused = at_once(apply, 2)
    assert refused == ["not_enough_left"] * 2
    sequences = [e.sequence for e in deal.desk.events() if e.type == "receivable.allocated.v1"]
    assert sequences == list(range(sequences[0], sequences[0] + AT_ONCE))


def test_fifty_claims_on_one_payable_and_one_counts(deal: Deal) -> None:
    won, refused = at_once(lambda nth: deal.enter(invoice=deal.invoice(f"{nth:020d}")), 20)
    assert (len(won), refused) == (20, [])
    states = dict(deal.sql("SELECT state, count(*) FROM receivables GROUP BY state"))
    assert states == {"checked": 1, "duplicate_held": 19}
    assert deal.number("SELECT sum(claimed_fen) FROM payable_claims") == PAYABLE_FEN


def test_two_checkers_at_once_and_one_signs(deal: Deal) -> None:
    prepared = deal.until_prepared()
    id, sha256 = prepared["id"], prepared["confirmation_sha256"]
    won, refused = at_once(lambda _: deal.confirm(id, sha256), 5)
    assert (len(won), refused) == (1, ["illegal_move"] * 4)


def test_offers_on_a_tight_limit_never_exceed_it(deal: Deal) -> None:
    deal.publish(deal.bank, min=as_money(1))
    deal.limit(deal.bank, "debtor", deal.maker.id, 10 * PAYABLE_FEN)
    deal.limit(deal.bank, "total", None, PAYABLE_FEN // 10 + 5)
    apply, amount_fen = apply_for(deal, PAYABLE_FEN // 20), PAYABLE_FEN // 50
    applications = [apply(0)["application.submitted"] for _ in range(8)]
    drafts = [
        deal.draft_offer(deal.bank, application, amount=as_money(amount_fen))
        for application in applications
    ]
    approver = deal.bank.approver
    won, refused = at_once(lambda nth: deal.do("approve_offer", approver, id=drafts[nth]), 8)
    assert (len(won), refused) == (5, ["total_limit_exhausted"] * 3)
    assert deal.number("SELECT sealed_fen FROM limits WHERE scope = 'total'") == 5 * amount_fen


def test_two_choices_at_once_and_one_is_accepted(deal: Deal) -> None:
    application, mine, other = deal.until_selecting()
    chosen = [mine, other] * 3
    won, refused = at_once(lambda nth: deal.choose(application["id"], chosen[nth]), 6)
    assert (len(won), refused) == (1, ["illegal_move"] * 5)
    assert deal.number("SELECT count(*) FROM offers WHERE state = 'accepted'") == 1


def test_one_answer_sent_ten_times_pays_out_once(deal: Deal) -> None:
    loan = deal.until_instructed()
    won, refused = at_once(lambda _: deal.pay_out(loan), 10)
    assert (len(won), refused) == (10, [])
    assert sum(bool(facts) for facts in won) == 1
    assert deal.number("SELECT count(*) FROM journal_entries") == 1


def test_one_repayment_sent_ten_times_counts_once(deal: Deal) -> None:
    loan = deal.until_active()
    won, refused = at_once(lambda _: deal.repay(loan["id"], PAYABLE_FEN), 10)
    assert (len(won), refused) == (10, [])
    assert sum(bool(facts) for facts in won) == 1
    assert deal.number("SELECT sum(amount_fen) FROM postings") == 0


def test_withdrawing_and_choosing_at_once_leaves_one_of_them(deal: Deal) -> None:
    application, mine, _ = deal.until_selecting()
    id = application["id"]
    acts = [
        lambda: deal.choose(id, mine),
        lambda: deal.do("withdraw_application", deal.supplier, id=id),
    ]
    at_once(lambda nth: acts[nth % 2](), 4)
    [(state,)] = deal.sql("SELECT state FROM applications")
    live = deal.number("SELECT count(*) FROM positions WHERE state <> 'released'")
    assert (state, live) in {("withdrawn", 0), ("securing", 1)}
