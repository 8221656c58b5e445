"""In which browsers people have signed in before."""

import sqlalchemy as sa
from alembic import op

revision = "gateway_0021"
down_revision = "gateway_0020"


def upgrade() -> None:
    op.create_table(
        "known_devices",
        sa.Column("secret_sha256", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Uuid(as_uuid=False), primary_key=True, index=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False, index=True),
    )


def downgrade() -> None:
    op.drop_table("known_devices")
