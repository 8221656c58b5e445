"""An invitation tells whether its person asked for it; of those that wait nobody knows."""

import sqlalchemy as sa
from alembic import op

revision = "gateway_0020"
down_revision = "gateway_0019"


def upgrade() -> None:
    by_oneself = sa.Column("by_oneself", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("invitations", by_oneself)


def downgrade() -> None:
    op.drop_column("invitations", "by_oneself")
