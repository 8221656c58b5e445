"""People sign in by an OpenID Connect issuer: whose a name there is, and attempts under way."""

import sqlalchemy as sa
from alembic import op

revision = "gateway_0014"
down_revision = "gateway_0013"

Uid = sa.Uuid(as_uuid=False)


def upgrade() -> None:
    op.create_table(
        "oidc_links",
        sa.Column("issuer", sa.Text, primary_key=True),
        sa.Column("subject", sa.Text, primary_key=True),
        sa.Column("user_id", Uid, nullable=False, index=True),
    )
    op.create_table(
        "oidc_attempts",
        sa.Column("state_sha256", sa.Text, primary_key=True),
        sa.Column("nonce", sa.Text, nullable=False),
        sa.Column("verifier", sa.Text, nullable=False),
        sa.Column("user_id", Uid, nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False, index=True),
    )


def downgrade() -> None:
    for table in ("oidc_attempts", "oidc_links"):
        op.drop_table(table)
