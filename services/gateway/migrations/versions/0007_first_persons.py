"""Who is the first person of an organisation, whom the operator added: they bring in all others.

Of those from before: the earliest of each, and whom the feed says somebody from outside added.
"""

import sqlalchemy as sa
from alembic import op

revision = "gateway_0007"
down_revision = "gateway_0006"

FIND = """
    UPDATE users SET is_first = true
    WHERE id IN (SELECT DISTINCT ON (party_id) id FROM users ORDER BY party_id, created_at, id)
       OR EXISTS (
           SELECT FROM feed
           WHERE kind = 'user' AND resource_id = users.id AND type = 'user.added.v1'
             AND actor_party <> users.party_id
       )
"""


def upgrade() -> None:
    nobody = sa.false()
    op.add_column("users", sa.Column("is_first", sa.Boolean, nullable=False, server_default=nobody))
    op.execute(FIND)


def downgrade() -> None:
    op.drop_column("users", "is_first")
