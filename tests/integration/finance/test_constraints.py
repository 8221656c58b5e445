"""What the database itself refuses, whoever writes."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.integration.finance.deal import Deal


def refused_by(deal: Deal, constraint: str, *statements: str) -> None:
    """The transaction fails by this constraint, at the statement or at the commit."""
    with pytest.raises(DBAPIError) as error, deal.desk.session() as session, session.begin():
        for statement in statements:
            session.execute(text(statement))
    assert error.value.orig.diag.constraint_name == constraint


def test_a_receivable_is_never_overdrawn(deal: Deal) -> None:
    deal.until_confirmed()
    refused_by(
        deal, "ck_receivables_allocated",
        "UPDATE receivables SET allocated_fen = confirmed_fen + 1",
    )  # fmt: skip
    refused_by(
        deal, "ck_receivables_allocated",
        "UPDATE receivables SET allocated_fen = confirmed_fen, settled_fen = 1",
    )  # fmt: skip
    refused_by(
        deal, "ck_receivables_allocated",
        "UPDATE receivables SET allocated_fen = confirmed_fen, credited_fen = 1",
    )  # fmt: skip


def test_what_is_allocated_is_what_live_positions_hold(deal: Deal) -> None:
    deal.until_submitted()
    refused_by(deal, "positions_fit", "UPDATE positions SET amount_fen = amount_fen - 1")
    refused_by(deal, "positions_fit", "UPDATE positions SET state = 'released'")


def test_maker_and_checker_are_two_people_in_every_table(deal: Deal) -> None:
    deal.until_selecting()
    for table, second in (
        ("receivables", "confirmed_by"), ("limits", "approved_by"), ("offers", "approved_by"),
    ):  # fmt: skip
        statement = f"UPDATE {table} SET {second} = prepared_by"
        refused_by(deal, f"ck_{table}_two_people", statement)


def test_an_invoice_is_never_claimed_beyond_its_total(deal: Deal) -> None:
    deal.until_checked()
    refused_by(deal, "ck_invoices_allocated", "UPDATE invoices SET allocated_fen = total_fen + 1")


def test_a_limit_is_never_exceeded(deal: Deal) -> None:
    deal.until_submitted()
    refused_by(deal, "ck_limits_granted", "UPDATE limits SET used_fen = granted_fen + 1")


def test_one_offer_is_accepted_and_one_loan_lives(deal: Deal) -> None:
    deal.until_active()
    refused_by(deal, "uq_offers_accepted", "UPDATE offers SET state = 'accepted'")


@pytest.mark.parametrize("table", ["postings", "journal_entries"])
@pytest.mark.parametrize(
    "act", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"]
)
def test_what_was_booked_stays(deal: Deal, table: str, act: str) -> None:
    deal.until_active()
    column = "amount_fen" if table == "postings" else "reference"
    refused_by(deal, "append_only", act.format(table, column))


def test_an_entry_sums_to_zero_at_the_commit(deal: Deal) -> None:
    loan = deal.until_active()
    entry = (
        "INSERT INTO journal_entries (id, loan_id, kind, reference, booked_at, business_date)"
        f" VALUES (gen_random_uuid(), '{loan['id']}', 'repayment', 'X', now(), current_date)"
    )
    posting = (
        "INSERT INTO postings (entry_id, account, amount_fen)"
        " SELECT id, '{}', {} FROM journal_entries WHERE reference = 'X'"
    )
    refused_by(deal, "entry_balances", entry)
    refused_by(deal, "entry_balances", entry, posting.format("bank_cash", 1))
    refused_by(
        deal, "entry_balances", entry,
        posting.format("bank_cash", 2), posting.format("principal", -1),
    )  # fmt: skip
    refused_by(
        deal, "entry_balances",
        "INSERT INTO postings (entry_id, account, amount_fen)"
        " SELECT id, 'seller_due', 5 FROM journal_entries",
    )  # fmt: skip


def test_a_loan_is_paid_only_when_nothing_is_owed(deal: Deal) -> None:
    deal.until_active()
    refused_by(deal, "ck_loans_paid", "UPDATE loans SET state = 'paid'")
    refused_by(
        deal, "ck_loans_principal_paid", "UPDATE loans SET principal_paid_fen = principal_fen + 1"
    )
