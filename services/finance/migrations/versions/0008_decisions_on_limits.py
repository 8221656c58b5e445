"""What waits for approval is withdrawn; why a limit ended outlives other reasons; its history."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_SUBJECT = ("bank_id", "scope", "subject_id")
_BEFORE = "'approved', 'changing', 'ended', 'prepared', 'rejected', 'reopening'"
_DECISIONS = ", ".join(
    f"'limit.{past}.v1'"
    for past in ("prepared", "approved", "rejected", "proposed", "withdrawn", "ended")
)
# Of those that have ended, from the fact that says so: the row has the reason of what came after.
_WHY_ENDED = """
UPDATE limits SET ended_code = ended.state ->> 'reason_code',
                  ended_note = ended.state ->> 'reason_note'
FROM (SELECT DISTINCT ON (envelope ->> 'subject') envelope ->> 'subject' AS id,
             envelope -> 'data' AS state
      FROM outbox WHERE type = 'limit.ended.v1'
      ORDER BY envelope ->> 'subject', outbox.id DESC) AS ended
WHERE CAST(limits.id AS text) = ended.id AND limits.state IN ('ended', 'reopening')
"""


def upgrade() -> None:
    op.add_column("limits", sa.Column("ended_code", sa.Text))
    op.add_column("limits", sa.Column("ended_note", sa.Text))
    op.execute(_WHY_ENDED)
    _allow(f"{_BEFORE}, 'withdrawn'", "state NOT IN ('rejected', 'withdrawn')")
    op.create_index(
        "outbox_of_limits", "outbox", [sa.text("(envelope ->> 'subject')")],
        postgresql_where=sa.text(f"type IN ({_DECISIONS})"),
    )  # fmt: skip


def downgrade() -> None:
    """What was withdrawn was never a limit."""
    op.drop_index("outbox_of_limits", "outbox")
    op.execute("DELETE FROM limits WHERE state = 'withdrawn'")
    _allow(_BEFORE, "state <> 'rejected'")
    op.drop_column("limits", "ended_note")
    op.drop_column("limits", "ended_code")


def _allow(states: str, unique: str) -> None:
    op.drop_constraint(op.f("ck_limits_state"), "limits")
    op.create_check_constraint(op.f("ck_limits_state"), "limits", f"state IN ({states})")
    op.drop_index("uq_limits_subject", "limits")
    op.create_index(
        "uq_limits_subject", "limits", _SUBJECT, unique=True,
        postgresql_nulls_not_distinct=True, postgresql_where=sa.text(unique),
    )  # fmt: skip
