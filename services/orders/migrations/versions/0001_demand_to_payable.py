"""Demands, quotes, contracts, deliveries, payables, and what is kept of other services."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from services.messaging.migration import create_messaging_tables, drop_messaging_tables

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


def _aggregate(table: str, *columns: sa.schema.SchemaItem) -> None:
    """A table of an aggregate: what all have in common, then its own columns and constraints."""
    op.create_table(
        table,
        _uuid("id"),
        _text("number"),
        _text("state"),
        _int("sequence"),
        _instant("created_at"),
        _instant("updated_at"),
        _text("reason_code", null=True),
        _uuid("thread_id", null=True),
        *columns,
        sa.PrimaryKeyConstraint("id", name=f"{table}_pk"),
        sa.UniqueConstraint("number", name=f"{table}_number"),
    )


def _demands() -> None:
    _aggregate(
        "demands",
        _text("kind"),
        _text("method"),
        _uuid("buyer_id"),
        _text("buyer_name"),
        sa.Column("buyer_verified", sa.Boolean, nullable=False),
        _text("title"),
        _text("text"),
        _text("category", null=True),
        _text("region", null=True),
        _text("quantity", null=True),
        _int("budget_fen", null=True),
        _instant("quote_deadline_at", null=True),
        _day("delivery_due_date", null=True),
        _json("requirements", null=True),
        _text("performance", null=True),
        _json("terms", null=True),
        _int("version"),
        _text("origin"),
        _text("source_ref", null=True),
        _instant("published_at", null=True),
        _int("quote_count"),
        _uuid("awarded_quote_id", null=True),
        _uuid("awarded_supplier_id", null=True),
        _uuid("awarded_supply_id", null=True),
        _instant("award_confirm_until", null=True),
        _text("award_reason", null=True),
        _text("capacity"),
        _uuid("contract_id", null=True),
        _text("reason_note", null=True),
        _states(
            "demands", "draft", "published", "evaluating", "awarded", "contracting",
            "contracted", "fulfilled", "unsuccessful", "cancelled",
        ),
        _check("demands_capacity", "capacity IN ('unchecked', 'reserved', 'short')"),
        _check("demands_budget", "budget_fen >= 0"),
        _check(
            "demands_awarded",
            "state NOT IN ('awarded', 'contracting', 'contracted', 'fulfilled')"
            " OR awarded_quote_id IS NOT NULL",
        ),
        _check("demands_origin", "(origin = 'imported') = (source_ref IS NOT NULL)"),
    )  # fmt: skip
    op.create_index("demands_source_ref", "demands", ["source_ref"], unique=True)


def _quotes() -> None:
    _aggregate(
        "quotes",
        _uuid("demand_id"),
        _int("demand_version"),
        _uuid("buyer_id"),
        _uuid("supplier_id"),
        _text("supplier_name"),
        _uuid("match_id", null=True),
        _uuid("supply_id", null=True),
        _int("round_no"),
        _text("seal"),
        _text("salt"),
        _instant("sealed_at"),
        _instant("opened_at", null=True),
        _int("sealed_price_fen"),
        _int("sealed_delivery_days"),
        _text("sealed_note"),
        _day("valid_until"),
        _states(
            "quotes", "draft", "sealed", "opened", "accepted", "rejected", "withdrawn",
            "invalidated", "expired",
        ),
        _check("quotes_price", "sealed_price_fen > 0"),
        _check("quotes_sealed", "state <> 'sealed' OR opened_at IS NULL"),
        _key("quotes", "demand_id", "demands"),
    )  # fmt: skip
    op.create_index("quotes_demand_id", "quotes", ["demand_id"])
    op.create_index(
        "quotes_one_live", "quotes", ["demand_id", "supplier_id"], unique=True,
        postgresql_where=sa.text("state IN ('draft', 'sealed', 'opened', 'accepted')"),
    )  # fmt: skip


def _contracts() -> None:
    _aggregate(
        "contracts",
        _text("kind"),
        _uuid("demand_id"),
        _uuid("quote_id"),
        _uuid("buyer_id"),
        _text("buyer_name"),
        _uuid("supplier_id"),
        _text("supplier_name"),
        _text("title"),
        _int("amount_fen"),
        _day("delivery_due_date", null=True),
        _json("terms"),
        _text("buyer_nature", null=True),
        sa.Column("buyer_fiscal_funded", sa.Boolean),
        _text("buyer_size", null=True),
        _text("supplier_size", null=True),
        _text("content_sha256"),
        _json("findings"),
        _text("reason_note", null=True),
        _instant("sign_until", null=True),
        _instant("signed_at", null=True),
        _states(
            "contracts", "draft", "cleared", "blocked", "signing", "active", "completed",
            "declined", "expired",
        ),
        _check("contracts_amount", "amount_fen > 0"),
        _check(
            "contracts_signed", "state NOT IN ('active', 'completed') OR signed_at IS NOT NULL"
        ),
        _key("contracts", "demand_id", "demands"),
        _key("contracts", "quote_id", "quotes"),
    )  # fmt: skip
    op.create_index(
        "contracts_one_live", "contracts", ["demand_id"], unique=True,
        postgresql_where=sa.text("state NOT IN ('declined', 'expired')"),
    )  # fmt: skip


def _signatures() -> None:
    op.create_table(
        "signatures",
        _uuid("contract_id"),
        _uuid("party_id"),
        _uuid("user_id"),
        _uuid("key_id"),
        _text("signature"),
        _instant("signed_at"),
        sa.PrimaryKeyConstraint("contract_id", "party_id", name="signatures_pk"),
        _key("signatures", "contract_id", "contracts"),
    )


def _deliveries() -> None:
    _aggregate(
        "deliveries",
        _uuid("contract_id"),
        _uuid("demand_id"),
        _uuid("buyer_id"),
        _uuid("supplier_id"),
        _text("subject"),
        _int("amount_fen"),
        _text("note", null=True),
        _text("evidence_sha256", null=True),
        _instant("shipped_at", null=True),
        _instant("delivered_at", null=True),
        _day("inspect_until", null=True),
        _instant("accepted_at", null=True),
        _int("accepted_fen", null=True),
        _text("reason_note", null=True),
        _states(
            "deliveries", "shipped", "delivered", "accepted", "part_accepted", "rejected",
            "deemed_conforming", "inspection_overdue",
        ),
        _check("deliveries_amount", "amount_fen > 0"),
        _check("deliveries_accepted", "accepted_fen > 0 AND accepted_fen <= amount_fen"),
        _check("deliveries_inspection", "(delivered_at IS NULL) = (inspect_until IS NULL)"),
        _key("deliveries", "contract_id", "contracts"),
        _key("deliveries", "demand_id", "demands"),
    )  # fmt: skip
    op.create_index("deliveries_contract_id", "deliveries", ["contract_id"])


def _payables() -> None:
    _aggregate(
        "payables",
        _uuid("contract_id"),
        _uuid("demand_id"),
        _uuid("buyer_id"),
        _uuid("supplier_id"),
        _int("node_no"),
        _text("node_kind"),
        _int("amount_fen"),
        _int("paid_fen"),
        _int("term_days"),
        _day("start_date", null=True),
        _day("due_date", null=True),
        _instant("paid_at", null=True),
        _int("late_interest_fen"),
        _states(
            "payables", "scheduled", "running", "due", "part_paid", "paid", "overdue",
            "paid_late",
        ),
        _check("payables_amount", "amount_fen > 0"),
        _check("payables_paid", "paid_fen >= 0 AND paid_fen <= amount_fen"),
        _check("payables_settled", "(state IN ('paid', 'paid_late')) = (paid_fen = amount_fen)"),
        _check("payables_dates", "(start_date IS NULL) = (due_date IS NULL)"),
        _check("payables_late_interest", "late_interest_fen >= 0"),
        _key("payables", "contract_id", "contracts"),
        _key("payables", "demand_id", "demands"),
        sa.UniqueConstraint("contract_id", "node_no", name="payables_contract_id_node_no"),
    )  # fmt: skip


def _payments() -> None:
    op.create_table(
        "payments",
        _uuid("payable_id"),
        _text("reference"),
        _int("amount_fen"),
        _day("paid_on"),
        _instant("recorded_at"),
        _check("payments_amount", "amount_fen > 0"),
        sa.PrimaryKeyConstraint("payable_id", "reference", name="payments_pk"),
        _key("payments", "payable_id", "payables"),
    )


def _copies() -> None:
    _copy(
        "party_copies",
        _text("name"),
        _json("capacities"),
        _text("nature"),
        sa.Column("fiscal_funded", sa.Boolean, nullable=False),
        _text("size", null=True),
        _day("verified_until", null=True),
    )
    _copy("user_copies", _uuid("party_id"), _json("signing_keys"))
    _copy("match_copies", _uuid("demand_id"), _uuid("supplier_id"), _uuid("supply_id"))


def _copy(table: str, *columns: sa.Column) -> None:
    """A copy of another service's aggregate, with the sequence of the fact it comes from."""
    op.create_table(
        table,
        _uuid("id"),
        _int("sequence"),
        *columns,
        sa.PrimaryKeyConstraint("id", name=f"{table}_pk"),
    )


def _text(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=null)


def _int(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger, nullable=null)


def _uuid(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid, nullable=null)


def _day(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.Date, nullable=null)


def _instant(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _json(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, JSONB, nullable=null)


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=name)


def _states(table: str, *states: str) -> sa.CheckConstraint:
    known = ", ".join(f"'{state}'" for state in states)
    return _check(f"{table}_state", f"state IN ({known})")


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"{table}_{column}_fk")
