"""Matches know since when they were sent and why declined; older supplies, until when they hold."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

SENT = "UPDATE matches SET sent_at = updated_at WHERE state = 'sent'"
# What the operator verified before evidence expired. Of public sources nothing was verified.
FIND = """
    UPDATE supplies SET evidence_until = (
        SELECT min(CAST(held ->> 'expires_on' AS date))
          FROM jsonb_array_elements(qualifications) AS held)
     WHERE state = 'active' AND origin = 'own' AND evidence_until IS NULL
       AND qualifications IS NOT NULL
"""
AWAIT = """
    INSERT INTO deadlines (aggregate, subject_id, verb, due_at)
    SELECT 'supply', id, 'expire',
           CAST(evidence_until + 1 AS timestamp) AT TIME ZONE 'Asia/Shanghai'
      FROM supplies WHERE state = 'active' AND evidence_until IS NOT NULL
    ON CONFLICT (aggregate, subject_id, verb)
    DO UPDATE SET due_at = least(deadlines.due_at, excluded.due_at)
"""


def upgrade() -> None:
    """What has expired already goes stale with the timer's first turn."""
    op.add_column("matches", sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("matches", sa.Column("reason_note", sa.Text, nullable=True))
    op.execute(SENT)
    op.create_index(
        "matches_waiting", "matches", ["supply_id"],
        postgresql_where=sa.text("state IN ('sent', 'interested')"),
    )  # fmt: skip
    op.execute(FIND)
    op.execute(AWAIT)


def downgrade() -> None:
    """The days that were found are true, and stay."""
    op.drop_index("matches_waiting", "matches")
    for name in ("reason_note", "sent_at"):
        op.drop_column("matches", name)
