"""Supplies have versions, codes, an item code, badges and earlier deals that are claimed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"

_TEXTS = (
    "item_code", "gbt4754", "external_code", "capacity_unit", "capacity_period", "reason_note",
)  # fmt: skip
_LISTS = ("capability_codes", "badges", "claimed_badges", "claimed_deals")
_STATES = "'active', 'archived', 'draft', 'rejected', 'verifying'"
_WITH_STALE = "'active', 'archived', 'draft', 'rejected', 'stale', 'verifying'"


def upgrade() -> None:
    """The defaults are for rows that exist; what they are about is recognised when amended."""
    for name in _TEXTS:
        op.add_column("supplies", sa.Column(name, sa.Text, nullable=True))
    op.add_column("supplies", sa.Column("evidence_until", sa.Date, nullable=True))
    for name in _LISTS:
        _add(name, JSONB, "[]")
    _add("version", sa.BigInteger, "1")
    _add("capabilities_from", sa.Text, "recognised")
    op.create_index(
        "supplies_item_code", "supplies", ["supplier_id", "item_code"], unique=True,
        postgresql_where=sa.text("state <> 'archived'"),
    )  # fmt: skip
    _allow(_WITH_STALE)


def downgrade() -> None:
    """What is stale goes back to the operator, who knows nothing of evidence that expires."""
    op.execute("UPDATE supplies SET state = 'verifying' WHERE state = 'stale'")
    _allow(_STATES)
    op.drop_index("supplies_item_code", "supplies")
    for name in ("capabilities_from", "version", *_LISTS, "evidence_until", *_TEXTS):
        op.drop_column("supplies", name)
    op.execute("DELETE FROM deadlines WHERE aggregate = 'supply'")


def _add(name: str, kind: type, default: str) -> None:
    op.add_column("supplies", sa.Column(name, kind, nullable=False, server_default=default))
    op.alter_column("supplies", name, server_default=None)


def _allow(states: str) -> None:
    op.drop_constraint(op.f("supplies_state"), "supplies")
    op.create_check_constraint(op.f("supplies_state"), "supplies", f"state IN ({states})")
