"""Supplies, matches, reservations and copies"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from services.messaging.migration import create_messaging_tables, drop_messaging_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.Uuid(as_uuid=False)
MOMENT = sa.DateTime(timezone=True)
PREFIXES = ("S", "T")


def upgrade() -> None:
    """Everything of the first release."""
    create_messaging_tables(op, *PREFIXES)
    _supplies()
    _matches()
    _reservations()
    _copies()


def downgrade() -> None:
    """Back to an empty database."""
    for table in ("demand_copies", "party_copies", "reservations", "matches", "supplies"):
        op.drop_table(table)
    drop_messaging_tables(op, *PREFIXES)


def _column(
    name: str, kind: sa.types.TypeEngine | type = sa.Text, *, null: bool = False
) -> sa.Column:
    return sa.Column(name, kind, nullable=null)


def _check(condition: str, name: str) -> sa.CheckConstraint:
    """`op.f`: the name is whole; the naming convention must not be applied to it again."""
    return sa.CheckConstraint(condition, name=op.f(name))


def _aggregate() -> tuple[sa.Column, ...]:
    return (
        sa.Column("id", ID, nullable=False),
        _column("number"),
        _column("state"),
        _column("sequence", sa.BigInteger),
        _column("created_at", MOMENT),
        _column("updated_at", MOMENT),
        _column("reason_code", null=True),
        _column("thread_id", ID, null=True),
    )


def _supplies() -> None:
    op.create_table(
        "supplies",
        *_aggregate(),
        _column("kind"),
        _column("supplier_id", ID),
        _column("supplier_name"),
        _column("supplier_verified", sa.Boolean),
        _column("title"),
        _column("text"),
        _column("categories", JSONB),
        _column("regions", JSONB),
        _column("qualifications", JSONB, null=True),
        _column("price_min_fen", sa.BigInteger, null=True),
        _column("price_max_fen", sa.BigInteger, null=True),
        _column("capacity_declared", sa.BigInteger, null=True),
        _column("capacity_free", sa.BigInteger, null=True),
        _column("capacity_reserved", sa.BigInteger),
        _column("capacity_used", sa.BigInteger),
        _column("lead_time_days", sa.BigInteger, null=True),
        _column("track_record", JSONB),
        _column("record_count", sa.BigInteger),
        _column("won_count", sa.BigInteger),
        _column("places", JSONB),
        _column("origin"),
        _column("source_ref", null=True),
        _check(
            "state IN ('active', 'archived', 'draft', 'rejected', 'verifying')",
            name="supplies_state",
        ),
        _check(
            "capacity_free >= 0 AND capacity_reserved >= 0 AND capacity_used >= 0",
            name="supplies_signs",
        ),
        _check(
            "CASE WHEN capacity_declared IS NULL"
            " THEN capacity_free IS NULL AND capacity_reserved = 0 AND capacity_used = 0"
            " ELSE capacity_free IS NOT NULL"
            " AND capacity_free + capacity_reserved + capacity_used = capacity_declared END",
            name="supplies_capacity",
        ),
        _check("(origin = 'imported') = (source_ref IS NOT NULL)", name="supplies_origin"),
        sa.PrimaryKeyConstraint("id", name="supplies_pk"),
        sa.UniqueConstraint("number", name="supplies_number"),
    )
    op.create_index("supplies_source_ref", "supplies", ["source_ref"], unique=True)
    op.create_index("supplies_supplier_id", "supplies", ["supplier_id"])


def _matches() -> None:
    op.create_table(
        "matches",
        *_aggregate(),
        _column("demand_id", ID),
        _column("demand_title"),
        _column("supply_id", ID),
        _column("supply_title"),
        _column("buyer_id", ID),
        _column("supplier_id", ID),
        _column("supplier_name"),
        _column("source"),
        _column("rank", sa.BigInteger, null=True),
        _column("score_ppm", sa.BigInteger, null=True),
        _column("contributions", JSONB),
        _column("verdicts", JSONB),
        _column("terms", JSONB),
        _column("weights_version", null=True),
        _column("quote_id", ID, null=True),
        _column("quote_sequence", sa.BigInteger, null=True),
        _column("quote_state", null=True),
        _check(
            "state IN ('closed', 'declined', 'expired', 'interested', 'lost', 'proposed',"
            " 'quoted', 'sent', 'withdrawn', 'won')",
            name="matches_state",
        ),
        sa.PrimaryKeyConstraint("id", name="matches_pk"),
        sa.UniqueConstraint("number", name="matches_number"),
        sa.UniqueConstraint("demand_id", "supply_id", name="matches_demand_id_supply_id"),
    )
    op.create_index(
        "matches_open_notices",
        "matches",
        ["supplier_id"],
        postgresql_where=sa.text("state = 'sent'"),
    )


def _reservations() -> None:
    op.create_table(
        "reservations",
        _column("demand_id", ID),
        _column("supply_id", ID),
        _column("state"),
        _column("units", sa.BigInteger),
        _column("quote_id", ID, null=True),
        _check(
            "state IN ('open', 'released', 'reserved', 'short', 'used')", name="reservations_state"
        ),
        _check("units >= 0", name="reservations_units"),
        sa.PrimaryKeyConstraint("demand_id", "supply_id", name="reservations_pk"),
    )


def _copies() -> None:
    op.create_table(
        "party_copies",
        _column("id", ID),
        _column("sequence", sa.BigInteger),
        _column("name"),
        _column("region", null=True),
        _column("verified_until", sa.Date, null=True),
        sa.PrimaryKeyConstraint("id", name="party_copies_pk"),
    )
    op.create_table(
        "demand_copies",
        _column("id", ID),
        _column("sequence", sa.BigInteger),
        _column("state"),
        _column("data", JSONB),
        _column("withheld", JSONB, null=True),
        sa.PrimaryKeyConstraint("id", name="demand_copies_pk"),
    )
