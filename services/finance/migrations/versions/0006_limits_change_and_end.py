"""Limits are rejected, changed by two people, and ended; a rejected one keeps no other out."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_SUBJECT = ("bank_id", "scope", "subject_id")


def upgrade() -> None:
    op.add_column("limits", sa.Column("proposed_fen", sa.BigInteger))
    op.add_column("limits", sa.Column("proposed_by", sa.Text))
    op.add_column("limits", sa.Column("reason_note", sa.Text))
    _allow("'approved', 'changing', 'ended', 'prepared', 'rejected', 'reopening'")
    op.create_check_constraint(
        op.f("ck_limits_proposed"),
        "limits",
        "(state IN ('changing', 'reopening')) = (proposed_fen IS NOT NULL)"
        " AND (proposed_fen IS NULL) = (proposed_by IS NULL)",
    )
    op.drop_constraint(op.f("uq_limits_subject"), "limits")
    op.create_index(
        "uq_limits_subject", "limits", _SUBJECT, unique=True,
        postgresql_nulls_not_distinct=True, postgresql_where=sa.text("state <> 'rejected'"),
    )  # fmt: skip


def downgrade() -> None:
    """What waits for approval is dropped; an ended limit keeps what it has lent and no more."""
    op.execute("DELETE FROM limits WHERE state = 'rejected'")
    op.execute("UPDATE limits SET granted_fen = sealed_fen + reserved_fen + used_fen"
               " WHERE state IN ('ended', 'reopening')")  # fmt: skip
    op.drop_index("uq_limits_subject", "limits")
    op.create_unique_constraint(
        op.f("uq_limits_subject"), "limits", _SUBJECT, postgresql_nulls_not_distinct=True
    )
    op.drop_constraint(op.f("ck_limits_proposed"), "limits")
    op.execute("UPDATE limits SET state = 'approved' WHERE state <> 'prepared'")
    _allow("'approved', 'prepared'")
    for name in ("proposed_fen", "proposed_by", "reason_note"):
        op.drop_column("limits", name)


def _allow(states: str) -> None:
    op.drop_constraint(op.f("ck_limits_state"), "limits")
    op.create_check_constraint(op.f("ck_limits_state"), "limits", f"state IN ({states})")
