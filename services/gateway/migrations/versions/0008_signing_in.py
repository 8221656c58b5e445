"""People sign in: logins, invitations, sessions, and failures in a row."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "gateway_0008"
down_revision = "gateway_0007"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    nobody = sa.false()
    op.add_column(
        "users", sa.Column("can_sign_in", sa.Boolean, nullable=False, server_default=nobody)
    )
    op.create_table(
        "logins",
        sa.Column("user_id", sa.Uuid, primary_key=True),
        sa.Column("login", sa.Text, nullable=False, unique=True),
        sa.Column("password_hash", sa.Text, nullable=False),
    )
    op.create_table(
        "invitations",
        sa.Column("user_id", sa.Uuid, primary_key=True),
        sa.Column("code_sha256", sa.Text, nullable=False, unique=True),
        sa.Column("ends_at", MOMENT, nullable=False, index=True),
    )
    op.create_table(
        "sessions",
        sa.Column("secret_sha256", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Uuid, nullable=False, index=True),
        sa.Column("roles", JSONB, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False, index=True),
        sa.Column("seen_at", MOMENT, nullable=False),
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("subject", sa.Text, primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False, index=True),
    )


def downgrade() -> None:
    for table in ("sign_in_failures", "sessions", "invitations", "logins"):
        op.drop_table(table)
    op.drop_column("users", "can_sign_in")
