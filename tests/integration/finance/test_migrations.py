"""A database of finance goes back to an earlier release and forth again, with what is in it."""

from alembic import command
from alembic.config import Config

from deploy.sails.migrate import chains
from tests.integration.finance.deal import PAYABLE_FEN, Deal

LENT_FEN = 150_000_000  # CNY 1,500,000 on two claims of CNY 1,000,000
CLAIMS = "SELECT state, allocated_fen, settled_fen FROM receivables ORDER BY id"


def migrations(deal: Deal) -> Config:
    """What Alembic is told to go back and forth in the deal's database."""
    config = Config()
    config.set_main_option("script_location", str(chains()["finance"]))
    url = deal.desk.engine.url.render_as_string(hide_password=False)
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def test_a_claim_collected_whole_is_confirmed_again_while_its_loan_owes(deal: Deal) -> None:
    first, second = deal.until_confirmed(), deal.until_another_confirmed()
    loan = deal.lend({first["id"]: PAYABLE_FEN, second["id"]: PAYABLE_FEN}, LENT_FEN)
    deal.repay(loan["id"], PAYABLE_FEN, "HK-1", debtor_id=first["debtor_id"])
    assert deal.sql(CLAIMS) == [("settled", 0, PAYABLE_FEN), ("confirmed", PAYABLE_FEN, 0)]

    command.downgrade(migrations(deal), "0006")
    assert deal.sql(CLAIMS) == [("confirmed", PAYABLE_FEN, 0)] * 2

    command.upgrade(migrations(deal), "head")
    deal.repay(loan["id"], PAYABLE_FEN, "HK-2", debtor_id=second["debtor_id"])
    assert deal.sql("SELECT state FROM loans") == [("paid",)]
    assert deal.sql(CLAIMS) == [("confirmed", PAYABLE_FEN, 0), ("settled", 0, PAYABLE_FEN)]


def test_the_one_debtor_of_earlier_repayments_is_named(deal: Deal) -> None:
    loan = deal.until_active()
    deal.repay(loan["id"], 1_000_000, "HK-1")
    deal.repay(loan["id"], 1_000_000, "HK-2", payer="borrower")
    command.downgrade(migrations(deal), "0007")
    command.upgrade(migrations(deal), "head")
    named = deal.sql("SELECT CAST(debtor_id AS text) FROM repayments ORDER BY line_no")
    assert named == [(deal.maker.id,), (None,)]


def test_a_rest_that_waits_is_given_back_as_it_was_before(deal: Deal) -> None:
    loan = deal.until_active()
    deal.repay(loan["id"], 40_000_000, "HK-1")
    deal.repay(loan["id"], 60_000_000, "HK-2", payer="borrower")
    command.downgrade(migrations(deal), "0007")
    assert deal.sql("SELECT state, settled_fen FROM positions") == [("short_paid", 40_000_000)]
    assert deal.sql(CLAIMS) == [("confirmed", 0, 40_000_000)]
