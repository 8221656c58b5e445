"""What people and machines are told: deliveries, replays, old secrets; who acted; marks and drafts.

`actor_user` of facts from before stays unknown: nobody is notified of what the own organisation
did then.
"""

import sqlalchemy as sa
from alembic import op

revision = "gateway_0011"
down_revision = "gateway_0010"

Uid = sa.Uuid(as_uuid=False)
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    _make_webhooks()
    for table in ("feed", "feed_waiting"):
        op.add_column(table, sa.Column("actor_user", sa.Text, nullable=True))
    op.create_table(
        "notification_marks",
        sa.Column("user_id", Uid, primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "preferences",
        sa.Column("user_id", Uid, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("updated_at", Moment, nullable=False, server_default=sa.func.now()),
    )


def _make_webhooks() -> None:
    for name in ("rotated_at", "last_success_at"):
        op.add_column("webhooks", sa.Column(name, Moment, nullable=True))
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("webhook_id", Uid, nullable=False),
        sa.Column("event_id", Uid, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=True),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("status", sa.SmallInteger, nullable=True),
        sa.Column("error", sa.Text, nullable=True),
        sa.Column("duration_ms", sa.Integer, nullable=False),
        sa.Column("next_at", Moment, nullable=True),
    )
    op.create_index(
        "webhook_deliveries_of", "webhook_deliveries", ["webhook_id", sa.text("id DESC")]
    )
    op.create_index("webhook_deliveries_at", "webhook_deliveries", ["at"])
    op.create_table(
        "webhook_asked",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("webhook_id", Uid, nullable=False, index=True),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("event_id", Uid, nullable=False),
        sa.Column("asked_at", Moment, nullable=False, server_default=sa.func.now(), index=True),
        sa.Column("due_at", Moment, nullable=False, server_default=sa.func.now()),
    )
    op.create_table(
        "webhook_old_secrets",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("webhook_id", Uid, nullable=False, index=True),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("until", Moment, nullable=False, index=True),
    )


def downgrade() -> None:
    for table in (
        "preferences", "notification_marks", "webhook_old_secrets", "webhook_asked",
        "webhook_deliveries",
    ):  # fmt: skip
        op.drop_table(table)
    for table in ("feed_waiting", "feed"):
        op.drop_column(table, "actor_user")
    for name in ("last_success_at", "rotated_at"):
        op.drop_column("webhooks", name)
