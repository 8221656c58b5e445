"""What scores look at is read from the facts of a supply, not from columns beside them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"

_COUNTS = ("record_count", "won_count")


def upgrade() -> None:
    for name in (*_COUNTS, "places"):
        op.drop_column("supplies", name)


def downgrade() -> None:
    for name in _COUNTS:
        op.add_column(
            "supplies", sa.Column(name, sa.BigInteger, nullable=False, server_default="0")
        )
    places = sa.Column("places", JSONB, nullable=False, server_default="[]")
    op.add_column("supplies", places)
