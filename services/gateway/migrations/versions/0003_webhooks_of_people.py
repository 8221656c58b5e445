"""Whose a webhook is: it ends with that person's last key.

Of an older one that is only known once its organisation enables it anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "gateway_0003"
down_revision = "gateway_0002"


def upgrade() -> None:
    op.add_column("webhooks", sa.Column("user_id", sa.Uuid(as_uuid=False), nullable=True))
    op.create_index("ix_webhooks_user_id", "webhooks", ["user_id"])


def downgrade() -> None:
    op.drop_column("webhooks", "user_id")
