"""Loans, payout instructions, repayments, and the journal that only grows."""

import sqlalchemy as sa
from alembic import op

from services.finance.migrations.columns import (
    aggregate,
    check,
    day,
    flag,
    foreign_key,
    moment,
    number,
    one_of,
    primary_key,
    text,
    unique_where,
    uuid,
)

revision = "0003"
down_revision = "0002"

TABLES = ("loans", "instructions", "repayments", "journal_entries", "postings")

# Nothing that was booked changes or goes: corrections are counter-postings.
APPEND_ONLY = """
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
    USING ERRCODE = 'check_violation', CONSTRAINT = 'append_only';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entries
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON postings
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
"""
# An entry has postings and they sum to zero: held at the commit, when all are written. Both tables
# ask, so that neither an entry without postings nor a later posting slips through.
ENTRY_BALANCES = """
CREATE FUNCTION entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE entry uuid; total bigint; parts bigint;
BEGIN
  IF TG_TABLE_NAME = 'postings' THEN entry := NEW.entry_id; ELSE entry := NEW.id; END IF;
  SELECT coalesce(sum(amount_fen), 0), count(*) INTO total, parts
    FROM postings WHERE entry_id = entry;
  IF total <> 0 OR parts < 2 THEN
    RAISE EXCEPTION 'entry % has % postings that sum to % fen', entry, parts, total
      USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_balances';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER entry_balances AFTER INSERT ON journal_entries
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION entry_balances();
CREATE CONSTRAINT TRIGGER entry_balances AFTER INSERT ON postings
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION entry_balances();
"""


def upgrade() -> None:
    _loans()
    _instructions()
    _repayments()
    _journal_entries()
    _postings()
    op.execute(APPEND_ONLY)
    op.execute(ENTRY_BALANCES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("DROP FUNCTION append_only()")
    op.execute("DROP FUNCTION entry_balances()")


def _loans() -> None:
    aggregate(
        "loans",
        "active created due failed instructed overdue paid part_paid unknown",
        *uuid("application_id", "offer_id", "bank_id"),
        *text("bank_name"),
        *uuid("borrower_id"),
        *number("principal_fen", "fee_fen", "rate_bp"),
        *text("day_count"),
        *flag("recourse"),
        *uuid("instruction_id", null=True),
        *moment("instructed_at", "disbursed_at", null=True),
        *text("bank_reference", null=True),
        *day("due_date"),
        *day("accrued_until", null=True),
        *number("interest_due_fen", "interest_paid_fen", "principal_paid_fen", "surplus_fen"),
        check("loans", "paid", "state <> 'paid' OR principal_paid_fen = principal_fen"),
        check("loans", "interest", "interest_due_fen >= 0 AND interest_paid_fen >= 0"),
        check("loans", "principal", "principal_fen > fee_fen AND fee_fen >= 0"),
        check("loans", "principal_paid", "principal_paid_fen BETWEEN 0 AND principal_fen"),
        foreign_key("loans", "application_id", "applications"),
        foreign_key("loans", "offer_id", "offers"),
        sa.UniqueConstraint("offer_id", name="uq_loans_offer_id"),
    )
    op.create_index("ix_loans_bank_id", "loans", ["bank_id"])
    unique_where("uq_loans_live", "loans", ["application_id"], "state <> 'failed'")


def _instructions() -> None:
    op.create_table(
        "instructions",
        *uuid("id", "loan_id"),
        *moment("instructed_at"),
        *text("outcome", "bank_reference", null=True),
        *moment("answered_at", null=True),
        check("instructions", "outcome", "outcome IN ('paid', 'failed', 'unknown')"),
        foreign_key("instructions", "loan_id", "loans"),
        primary_key("instructions", "id"),
    )
    op.create_index("ix_instructions_loan_id", "instructions", ["loan_id"])


def _repayments() -> None:
    op.create_table(
        "repayments",
        *uuid("loan_id"),
        *number("line_no"),
        *uuid("bank_id"),
        *text("reference"),
        *moment("received_at"),
        *number("amount_fen", "interest_fen", "principal_fen", "surplus_fen"),
        check(
            "repayments",
            "applied",
            "amount_fen > 0 AND amount_fen = interest_fen + principal_fen + surplus_fen",
        ),
        foreign_key("repayments", "loan_id", "loans"),
        primary_key("repayments", "loan_id", "line_no"),
        sa.UniqueConstraint("bank_id", "reference", name="uq_repayments_reference"),
    )


def _journal_entries() -> None:
    op.create_table(
        "journal_entries",
        *uuid("id", "loan_id"),
        *text("kind", "reference"),
        *moment("booked_at"),
        *day("business_date"),
        foreign_key("journal_entries", "loan_id", "loans"),
        primary_key("journal_entries", "id"),
        sa.UniqueConstraint("loan_id", "kind", "reference", name="uq_journal_entries_reference"),
    )


def _postings() -> None:
    op.create_table(
        "postings",
        *uuid("entry_id"),
        *text("account"),
        *number("amount_fen"),
        one_of(
            "postings",
            "account",
            "bank_cash principal interest_income fee_income surplus surplus_income seller_due",
        ),
        check("postings", "amount", "amount_fen <> 0"),
        foreign_key("postings", "entry_id", "journal_entries"),
        primary_key("postings", "entry_id", "account"),
    )
