"""What a supply states for the kind of demands that it answers: its facets."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("supplies", sa.Column("facets", JSONB, nullable=True))


def downgrade() -> None:
    op.drop_column("supplies", "facets")
