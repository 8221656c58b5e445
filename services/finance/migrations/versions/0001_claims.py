"""Claims, the invoices and payables they claim, and what is kept of other services."""

from alembic import op

from services.finance.migrations.columns import (
    aggregate,
    check,
    day,
    document,
    flag,
    foreign_key,
    moment,
    number,
    primary_key,
    text,
    texts,
    uuid,
    uuids,
)
from services.messaging.migration import create_messaging_tables, drop_messaging_tables

revision = "0001"
down_revision = None

PREFIXES = ("R", "Z", "N", "F", "G", "A", "O", "B")
TABLES = (
    "party_copies", "user_copies", "mandate_copies", "contract_copies", "payable_copies",
    "receivables", "invoices", "payable_claims",
)  # fmt: skip


def upgrade() -> None:
    create_messaging_tables(op, *PREFIXES)
    _party_copies()
    _user_copies()
    _mandate_copies()
    _contract_copies()
    _payable_copies()
    _receivables()
    _invoices()
    _payable_claims()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    drop_messaging_tables(op, *PREFIXES)


def _party_copies() -> None:
    op.create_table(
        "party_copies",
        *text("name"),
        *texts("capacities"),
        *uuid("group_id", null=True),
        *day("verified_until", null=True),
        *uuid("id"),
        *number("sequence"),
        primary_key("party_copies", "id"),
    )


def _user_copies() -> None:
    op.create_table(
        "user_copies",
        *uuid("party_id"),
        *document("signing_keys"),
        *uuid("id"),
        *number("sequence"),
        primary_key("user_copies", "id"),
    )


def _mandate_copies() -> None:
    op.create_table(
        "mandate_copies",
        *uuid("party_id", "user_id"),
        *uuid("supplier_id", "contract_id", null=True),
        *number("limit_fen"),
        *day("valid_until"),
        *moment("revoked_at", null=True),
        *uuid("id"),
        *number("sequence"),
        primary_key("mandate_copies", "id"),
    )
    op.create_index("ix_mandate_copies_person", "mandate_copies", ["party_id", "user_id"])


def _contract_copies() -> None:
    op.create_table(
        "contract_copies",
        *text("number", "state", "kind"),
        *uuid("buyer_id"),
        *text("buyer_name"),
        *uuid("supplier_id"),
        *text("supplier_name"),
        *number("amount_fen"),
        *moment("signed_at", null=True),
        *uuid("thread_id", null=True),
        *uuid("id"),
        *number("sequence"),
        primary_key("contract_copies", "id"),
    )


def _payable_copies() -> None:
    op.create_table(
        "payable_copies",
        *text("state"),
        *uuid("contract_id"),
        *number("amount_fen", "paid_fen"),
        *day("due_date", null=True),
        *uuid("id"),
        *number("sequence"),
        primary_key("payable_copies", "id"),
    )


def _receivables() -> None:
    aggregate(
        "receivables",
        "checked confirmation_requested confirmed draft duplicate_held entered prepared refused"
        " rejected settled withdrawn",
        *uuid("seller_id"),
        *text("seller_name"),
        *uuid("debtor_id"),
        *text("debtor_name"),
        *uuid("contract_id"),
        *text("contract_number"),
        *uuids("payable_ids"),
        *text("invoice_code", "invoice_number"),
        *day("invoice_issued_on"),
        *number("invoice_total_fen", "invoice_tax_fen"),
        *text("invoice_sha256", null=True),
        *number("claimed_fen"),
        *number("confirmed_fen", null=True),
        *number("credited_fen", "allocated_fen", "settled_fen"),
        *day("due_date"),
        *day("confirm_until", null=True),
        *flag("confirmation_overdue"),
        *text("prepared_by", "confirmed_by", null=True),
        *moment("confirmed_at", null=True),
        *text("confirmation_sha256", null=True),
        *uuid("confirmation_key_id", null=True),
        *text("confirmation_signature", null=True),
        *day("requested_on", null=True),
        *text("reason_note", null=True),
        check(
            "receivables",
            "allocated_when_confirmed",
            "state IN ('confirmed', 'settled') OR allocated_fen + settled_fen = 0",
        ),
        check(
            "receivables",
            "allocated",
            "allocated_fen + settled_fen <= coalesce(confirmed_fen, 0) - credited_fen",
        ),
        check("receivables", "claimed", "claimed_fen > 0"),
        check("receivables", "confirmed", "confirmed_fen > 0 AND confirmed_fen <= claimed_fen"),
        check(
            "receivables", "fen", "credited_fen >= 0 AND allocated_fen >= 0 AND settled_fen >= 0"
        ),
        check("receivables", "two_people", "prepared_by <> confirmed_by"),
    )
    op.create_index("ix_receivables_debtor_id", "receivables", ["debtor_id"])
    op.create_index("ix_receivables_seller_id", "receivables", ["seller_id"])


def _invoices() -> None:
    op.create_table(
        "invoices",
        *uuid("seller_id", "debtor_id"),
        *text("code", "number"),
        *number("total_fen", "allocated_fen"),
        check("invoices", "allocated", "allocated_fen >= 0 AND allocated_fen <= total_fen"),
        primary_key("invoices", "seller_id", "debtor_id", "code", "number"),
    )


def _payable_claims() -> None:
    op.create_table(
        "payable_claims",
        *uuid("receivable_id", "payable_id"),
        *number("claimed_fen"),
        foreign_key("payable_claims", "receivable_id", "receivables"),
        primary_key("payable_claims", "receivable_id", "payable_id"),
    )
    op.create_index("ix_payable_claims_payable_id", "payable_claims", ["payable_id"])
