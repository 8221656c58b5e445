"""The audit tells the state that a fact left its thing in; of facts from before it is unknown."""

import sqlalchemy as sa
from alembic import op

revision = "gateway_0018"
down_revision = "gateway_0017"


def upgrade() -> None:
    for table in ("feed", "feed_waiting"):
        op.add_column(table, sa.Column("state", sa.Text, nullable=True))


def downgrade() -> None:
    for table in ("feed", "feed_waiting"):
        op.drop_column(table, "state")
