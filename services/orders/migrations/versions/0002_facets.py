"""What a demand states besides the fields of all kinds: its facets."""

from alembic import op

from services.orders.migrations.columns import json

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("demands", json("facets", null=True))


def downgrade() -> None:
    op.drop_column("demands", "facets")
