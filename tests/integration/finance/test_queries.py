"""An estimate before applying stores nothing and needs no consent."""

from services.contracts.money import as_money
from tests.integration.finance.deal import PAYABLE_FEN, Deal, refuses

ADVANCE_FEN = PAYABLE_FEN * 9 // 10


def ask(deal: Deal, id: str, amount_fen: int = PAYABLE_FEN) -> dict[str, object]:
    shares = [{"receivable_id": id, "amount": as_money(amount_fen)}]
    return deal.ask("precheck_application", deal.supplier, {"shares": shares})


def test_what_each_product_could_lend_and_why_not(deal: Deal) -> None:
    claim = deal.until_confirmed()
    deal.equip(deal.bank, granted_fen=50_000_000)
    deal.equip(deal.rival, max_term_days=30)
    answer = ask(deal, claim["id"])
    assert (answer["amount_fen"], answer["missing"]) == (PAYABLE_FEN, [])
    estimates = {product["bank_id"]: product for product in answer["products"]}
    assert estimates[deal.bank.id]["amount_fen"] == ADVANCE_FEN  # no word of what a limit leaves
    assert estimates[deal.bank.id]["term_days"] == 65
    assert estimates[deal.rival.id]["refusals"] == ["term_too_long"]
    assert deal.number("SELECT count(*) FROM positions") == 0


def test_an_offer_under_seal_changes_no_estimate(deal: Deal) -> None:
    claim = deal.until_confirmed()
    deal.equip(deal.bank, granted_fen=ADVANCE_FEN)
    application = deal.submit(claim["id"], deal.authorise(deal.bank))["application.submitted"]
    before = ask(deal, claim["id"])["products"]
    deal.offer(deal.bank, application)
    assert deal.number("SELECT min(granted_fen - sealed_fen) FROM limits") == 0
    assert ask(deal, claim["id"])["products"] == before
    assert [one["amount_fen"] for one in before] == [ADVANCE_FEN]


def test_what_is_missing_is_named(deal: Deal) -> None:
    claim = deal.until_checked()
    assert ask(deal, claim["id"])["missing"] == ["receivable_not_confirmed"]


def test_more_than_is_left_is_named(deal: Deal) -> None:
    claim = deal.until_confirmed()
    assert ask(deal, claim["id"], PAYABLE_FEN + 1)["missing"] == ["not_enough_left"]


def test_only_ones_own_claims(deal: Deal) -> None:
    claim = deal.until_confirmed()
    deal.supplier = deal.stranger
    with refuses(deal, "not_found", 404):
        ask(deal, claim["id"])


def test_an_estimate_names_each_claim_once_and_at_least_one(deal: Deal) -> None:
    share = {"receivable_id": deal.until_confirmed()["id"], "amount": as_money(1)}
    with refuses(deal, "shares_missing", 422, "/shares"):
        deal.ask("precheck_application", deal.supplier, {"shares": []})
    with refuses(deal, "receivable_twice", 422, "/shares/1/receivable_id"):
        deal.ask("precheck_application", deal.supplier, {"shares": [share, share]})


def test_a_bank_reads_the_claims_of_what_is_opened_to_it(deal: Deal) -> None:
    application = deal.until_submitted()
    (claim,) = deal.ask("sheet_application", deal.bank.maker, id=application["id"])["claims"]
    assert (claim["number"], claim["debtor_name"]) == ("QF-R-2026-000001", "华北重工集团")
    assert claim["share_fen"] == claim["confirmed_fen"] == PAYABLE_FEN
    assert claim["invoice"]["number"] == deal.invoice()["number"]
    assert len(claim["confirmation_sha256"]) == 64
    reasons = {"reason_codes": ["term_too_long"]}
    deal.do("screen_out_application", deal.bank.system, reasons, id=application["id"])
    for bank, known in ((deal.bank, ["term_too_long"]), (deal.rival, [])):
        asked = deal.ask("sheet_application", bank.system, id=application["id"])
        assert asked["reason_codes"] == known  # what another bank thinks is not told


def test_nobody_reads_claims_that_were_not_opened_to_them(deal: Deal) -> None:
    application = deal.until_submitted()
    with refuses(deal, "not_found", 404):
        deal.ask("sheet_application", deal.maker, id=application["id"])
    with refuses(deal, "sheet_not_opened", 403):  # a bank knows by its teaser that there is one
        deal.ask("sheet_application", deal.stranger, id=application["id"])
    [(consent,)] = deal.sql("SELECT id FROM authorisations")
    deal.do("revoke_authorisation", deal.supplier, id=str(consent))
    with refuses(deal, "sheet_not_opened", 403):
        deal.ask("sheet_application", deal.bank.maker, id=application["id"])
