"""Keys have names, a maker and a day of their last use; those from before keep their prefix alone.

A process of the release before issues keys without a name: it is given one.
"""

import sqlalchemy as sa
from alembic import op

revision = "gateway_0019"
down_revision = "gateway_0018"

Uid = sa.Uuid(as_uuid=False)


def upgrade() -> None:
    unnamed = sa.Column("name", sa.Text, nullable=False, server_default="未命名")
    op.add_column("api_keys", unnamed)
    op.add_column("api_keys", sa.Column("issued_by", Uid, nullable=True))
    op.create_table(
        "key_uses",
        sa.Column("key_id", Uid, primary_key=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("key_uses")
    for column in ("name", "issued_by"):
        op.drop_column("api_keys", column)
