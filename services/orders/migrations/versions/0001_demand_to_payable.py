"""Demands, quotes, contracts, deliveries, payables, and what is kept of other services."""

import sqlalchemy as sa
from alembic import op

from services.messaging.migration import create_messaging_tables, drop_messaging_tables
from services.orders.migrations.columns import (
    aggregate,
    check,
    copy,
    day,
    foreign_key,
    instant,
    integer,
    json,
    states,
    text,
    uuid,
)

revision = "0001"
down_revision = None

PREFIXES = ("D", "Q", "C", "L", "Y")
TABLES = (
    "demands", "quotes", "contracts", "signatures", "deliveries", "payables", "payments",
    "party_copies", "user_copies", "match_copies",
)  # fmt: skip


def upgrade() -> None:
    create_messaging_tables(op, *PREFIXES)
    _demands()
    _quotes()
    _contracts()
    _signatures()
    _deliveries()
    _payables()
    _payments()
    _copies()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    drop_messaging_tables(op, *PREFIXES)


def _demands() -> None:
    aggregate(
        "demands",
        text("kind"),
        text("method"),
        uuid("buyer_id"),
        text("buyer_name"),
        sa.Column("buyer_verified", sa.Boolean, nullable=False),
        text("title"),
        text("text"),
        text("category", null=True),
        text("region", null=True),
        text("quantity", null=True),
        integer("budget_fen", null=True),
        instant("quote_deadline_at", null=True),
        day("delivery_due_date", null=True),
        json("requirements", null=True),
        text("performance", null=True),
        json("terms", null=True),
        integer("version"),
        text("origin"),
        text("source_ref", null=True),
        instant("published_at", null=True),
        integer("quote_count"),
        uuid("awarded_quote_id", null=True),
        uuid("awarded_supplier_id", null=True),
        uuid("awarded_supply_id", null=True),
        instant("award_confirm_until", null=True),
        text("award_reason", null=True),
        text("capacity"),
        uuid("contract_id", null=True),
        text("reason_note", null=True),
        states(
            "demands", "draft", "published", "evaluating", "awarded", "contracting",
            "contracted", "fulfilled", "unsuccessful", "cancelled",
        ),
        check("demands_capacity", "capacity IN ('unchecked', 'reserved', 'short')"),
        check("demands_budget", "budget_fen >= 0"),
        check(
            "demands_awarded",
            "state NOT IN ('awarded', 'contracting', 'contracted', 'fulfilled')"
            " OR awarded_quote_id IS NOT NULL",
        ),
        check("demands_origin", "(origin = 'imported') = (source_ref IS NOT NULL)"),
    )  # fmt: skip
    op.create_index("demands_source_ref", "demands", ["source_ref"], unique=True)


def _quotes() -> None:
    aggregate(
        "quotes",
        uuid("demand_id"),
        integer("demand_version"),
        uuid("buyer_id"),
        uuid("supplier_id"),
        text("supplier_name"),
        uuid("match_id", null=True),
        uuid("supply_id", null=True),
        integer("round_no"),
        text("seal"),
        text("salt"),
        instant("sealed_at"),
        instant("opened_at", null=True),
        integer("sealed_price_fen"),
        integer("sealed_delivery_days"),
        text("sealed_note"),
        day("valid_until"),
        states(
            "quotes", "draft", "sealed", "opened", "accepted", "rejected", "withdrawn",
            "invalidated", "expired",
        ),
        check("quotes_price", "sealed_price_fen > 0"),
        check("quotes_sealed", "state <> 'sealed' OR opened_at IS NULL"),
        foreign_key("quotes", "demand_id", "demands"),
    )  # fmt: skip
    op.create_index("quotes_demand_id", "quotes", ["demand_id"])
    op.create_index(
        "quotes_one_live", "quotes", ["demand_id", "supplier_id"], unique=True,
        postgresql_where=sa.text("state IN ('draft', 'sealed', 'opened', 'accepted')"),
    )  # fmt: skip


def _contracts() -> None:
    aggregate(
        "contracts",
        text("kind"),
        uuid("demand_id"),
        uuid("quote_id"),
        uuid("buyer_id"),
        text("buyer_name"),
        uuid("supplier_id"),
        text("supplier_name"),
        text("title"),
        integer("amount_fen"),
        day("delivery_due_date", null=True),
        json("terms"),
        text("buyer_nature", null=True),
        sa.Column("buyer_fiscal_funded", sa.Boolean),
        text("buyer_size", null=True),
        text("supplier_size", null=True),
        text("content_sha256"),
        json("findings"),
        text("reason_note", null=True),
        instant("sign_until", null=True),
        instant("signed_at", null=True),
        states(
            "contracts", "draft", "cleared", "blocked", "signing", "active", "completed",
            "declined", "expired",
        ),
        check("contracts_amount", "amount_fen > 0"),
        check(
            "contracts_signed", "state NOT IN ('active', 'completed') OR signed_at IS NOT NULL"
        ),
        foreign_key("contracts", "demand_id", "demands"),
        foreign_key("contracts", "quote_id", "quotes"),
    )  # fmt: skip
    op.create_index(
        "contracts_one_live", "contracts", ["demand_id"], unique=True,
        postgresql_where=sa.text("state NOT IN ('declined', 'expired')"),
    )  # fmt: skip


def _signatures() -> None:
    op.create_table(
        "signatures",
        uuid("contract_id"),
        uuid("party_id"),
        uuid("user_id"),
        uuid("key_id"),
        text("signature"),
        instant("signed_at"),
        sa.PrimaryKeyConstraint("contract_id", "party_id", name="signatures_pk"),
        foreign_key("signatures", "contract_id", "contracts"),
    )


def _deliveries() -> None:
    aggregate(
        "deliveries",
        uuid("contract_id"),
        uuid("demand_id"),
        uuid("buyer_id"),
        uuid("supplier_id"),
        text("subject"),
        integer("amount_fen"),
        text("note", null=True),
        text("evidence_sha256", null=True),
        instant("shipped_at", null=True),
        instant("delivered_at", null=True),
        day("inspect_until", null=True),
        instant("accepted_at", null=True),
        integer("accepted_fen", null=True),
        text("reason_note", null=True),
        states(
            "deliveries", "shipped", "delivered", "accepted", "part_accepted", "rejected",
            "deemed_conforming", "inspection_overdue",
        ),
        check("deliveries_amount", "amount_fen > 0"),
        check("deliveries_accepted", "accepted_fen > 0 AND accepted_fen <= amount_fen"),
        check("deliveries_inspection", "(delivered_at IS NULL) = (inspect_until IS NULL)"),
        foreign_key("deliveries", "contract_id", "contracts"),
        foreign_key("deliveries", "demand_id", "demands"),
    )  # fmt: skip
    op.create_index("deliveries_contract_id", "deliveries", ["contract_id"])


def _payables() -> None:
    aggregate(
        "payables",
        uuid("contract_id"),
        uuid("demand_id"),
        uuid("buyer_id"),
        uuid("supplier_id"),
        integer("node_no"),
        text("node_kind"),
        integer("amount_fen"),
        integer("paid_fen"),
        integer("term_days"),
        day("start_date", null=True),
        day("due_date", null=True),
        instant("paid_at", null=True),
        integer("late_interest_fen"),
        states(
            "payables", "scheduled", "running", "due", "part_paid", "paid", "overdue",
            "paid_late",
        ),
        check("payables_amount", "amount_fen > 0"),
        check("payables_paid", "paid_fen >= 0 AND paid_fen <= amount_fen"),
        check("payables_settled", "(state IN ('paid', 'paid_late')) = (paid_fen = amount_fen)"),
        check("payables_dates", "(start_date IS NULL) = (due_date IS NULL)"),
        check("payables_late_interest", "late_interest_fen >= 0"),
        foreign_key("payables", "contract_id", "contracts"),
        foreign_key("payables", "demand_id", "demands"),
        sa.UniqueConstraint("contract_id", "node_no", name="payables_contract_id_node_no"),
    )  # fmt: skip


def _payments() -> None:
    op.create_table(
        "payments",
        uuid("payable_id"),
        text("reference"),
        integer("amount_fen"),
        day("paid_on"),
        instant("recorded_at"),
        check("payments_amount", "amount_fen > 0"),
        sa.PrimaryKeyConstraint("payable_id", "reference", name="payments_pk"),
        foreign_key("payments", "payable_id", "payables"),
    )


def _copies() -> None:
    copy(
        "party_copies",
        text("name"),
        json("capacities"),
        text("nature"),
        sa.Column("fiscal_funded", sa.Boolean, nullable=False),
        text("size", null=True),
        day("verified_until", null=True),
    )
    copy("user_copies", uuid("party_id"), json("signing_keys"))
    copy("match_copies", uuid("demand_id"), uuid("supplier_id"), uuid("supply_id"))
