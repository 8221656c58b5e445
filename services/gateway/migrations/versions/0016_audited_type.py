"""By which the audit finds facts of one type."""

import sqlalchemy as sa
from alembic import op

revision = "gateway_0016"
down_revision = "gateway_0015"


def upgrade() -> None:
    op.create_index(
        "feed_audited_type", "feed",
        ["type", sa.text("occurred_at DESC"), sa.text("position DESC")],
        postgresql_where=sa.text("audience = 'role:operator'"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("feed_audited_type", "feed")
