"""Who owes the next step of what. The worker fills it from the views that there are."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "gateway_0010"
down_revision = "gateway_0009"

Uid = sa.Uuid(as_uuid=False)
Moment = sa.DateTime(timezone=True)
URGENT = "coalesce(due_at, since)"


def upgrade() -> None:
    op.create_table(
        "steps",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("id", Uid, primary_key=True),
        sa.Column("owner", sa.Text, primary_key=True),
        sa.Column("step", sa.Text, primary_key=True),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("thread_id", Uid),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("counterparts", ARRAY(Uid), nullable=False),
        sa.Column("amount_fen", sa.BigInteger),
        sa.Column("since", Moment, nullable=False),
        sa.Column("due_at", Moment),
        sa.Column("due_date", sa.Date),
        sa.Column("urgent_at", Moment, sa.Computed(URGENT, persisted=True), nullable=False),
        sa.Column("about", Uid),
        sa.Column("whole", sa.BigInteger),
        sa.Column("is_on_board", sa.Boolean, nullable=False),
    )
    op.create_index("steps_owed", "steps", ["owner", "step", "urgent_at", "id"])
    op.create_index(
        "steps_on_board",
        "steps",
        ["step", "urgent_at", "id", "owner"],
        postgresql_where=sa.text("is_on_board"),
    )
    op.create_table(
        "step_parts",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("id", Uid, primary_key=True),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("about", Uid, nullable=False),
        sa.Column("part", sa.BigInteger, nullable=False),
    )
    op.create_index("step_parts_of", "step_parts", ["about", "owner"])
    op.create_table(
        "steps_made",
        sa.Column("id", sa.SmallInteger, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    for table in ("steps_made", "step_parts", "steps"):
        op.drop_table(table)
