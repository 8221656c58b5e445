"""What waits for its position is found by its fact and by its thread."""

import sqlalchemy as sa
from alembic import op

revision = "gateway_0005"
down_revision = "gateway_0004"


def upgrade() -> None:
    op.create_index("feed_waiting_event_id", "feed_waiting", ["event_id"])
    with_thread = sa.text("thread_id IS NOT NULL")
    op.create_index(
        "feed_waiting_of_thread", "feed_waiting", ["thread_id"], postgresql_where=with_thread
    )


def downgrade() -> None:
    op.drop_index("feed_waiting_of_thread", "feed_waiting")
    op.drop_index("feed_waiting_event_id", "feed_waiting")
