"""A signing key belongs to one person. Of two who had registered the same, it is the first's."""

import sqlalchemy as sa
from alembic import op

revision = "gateway_0006"
down_revision = "gateway_0005"

TAKE_OVER = """
    INSERT INTO signing_keys (public_key, user_id)
    SELECT DISTINCT ON (key->>'public_key') key->>'public_key', users.id
    FROM users, jsonb_array_elements(users.signing_keys) AS key
    ORDER BY key->>'public_key', users.created_at, users.id
"""


def upgrade() -> None:
    op.create_table(
        "signing_keys",
        sa.Column("public_key", sa.Text(), primary_key=True),
        sa.Column("user_id", sa.Uuid(as_uuid=False), nullable=False),
    )
    op.execute(TAKE_OVER)


def downgrade() -> None:
    op.drop_table("signing_keys")
