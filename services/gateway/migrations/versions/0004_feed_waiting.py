"""Rows enter the feed with their position; until then they wait in a table of their own."""

import sqlalchemy as sa
from alembic import op

revision = "gateway_0004"
down_revision = "gateway_0003"

Uid = sa.Uuid(as_uuid=False)
TOLD = (
    "event_id, audience, type, kind, resource_id, sequence, thread_id, occurred_at,"
    " business_date, actor_party, actor_name"
)


def upgrade() -> None:
    op.create_table(
        "feed_waiting",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("event_id", Uid, nullable=False),
        sa.Column("audience", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("resource_id", Uid, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=True),
        sa.Column("thread_id", Uid, nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("business_date", sa.Date, nullable=False),
        sa.Column("actor_party", Uid, nullable=True),
        sa.Column("actor_name", sa.Text, nullable=True),
    )
    op.execute("LOCK TABLE feed IN ACCESS EXCLUSIVE MODE")  # nothing is told between the two
    taken = "CREATE TEMP TABLE taken ON COMMIT DROP AS SELECT * FROM feed WHERE position IS NULL"
    op.execute(taken)
    op.execute("DELETE FROM feed WHERE position IS NULL")
    op.execute(f"INSERT INTO feed_waiting ({TOLD}) SELECT {TOLD} FROM taken ORDER BY id")  # noqa: S608
    op.drop_index("feed_unnumbered", "feed")
    op.drop_index("feed_by_type", "feed")
    op.drop_column("feed", "id")
    op.drop_constraint("feed_position_key", "feed")
    op.create_primary_key("feed_pkey", "feed", ["position"])
    op.create_index("feed_by_type", "feed", ["audience", "type", "position"])


def downgrade() -> None:
    op.drop_index("feed_by_type", "feed")
    op.drop_constraint("feed_pkey", "feed")
    op.alter_column("feed", "position", nullable=True)
    op.add_column("feed", sa.Column("id", sa.BigInteger, sa.Identity()))
    op.create_primary_key("feed_pkey", "feed", ["id"])
    op.create_unique_constraint("feed_position_key", "feed", ["position"])
    op.execute(
        f"INSERT INTO feed ({TOLD}) SELECT {TOLD} FROM feed_waiting ORDER BY id"  # noqa: S608
        " ON CONFLICT (event_id, audience) DO NOTHING"
    )
    numbered, unnumbered = sa.text("position IS NOT NULL"), sa.text("position IS NULL")
    by_type = ["audience", "type", "position"]
    op.create_index("feed_by_type", "feed", by_type, postgresql_where=numbered)
    op.create_index("feed_unnumbered", "feed", ["id"], postgresql_where=unnumbered)
    op.drop_table("feed_waiting")
