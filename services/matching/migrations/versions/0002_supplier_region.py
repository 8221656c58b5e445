"""Where its supplier is stands on a supply, as its facts say it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("supplies", sa.Column("supplier_region", sa.Text, nullable=True))
    op.execute(
        "UPDATE supplies SET supplier_region = party_copies.region FROM party_copies"
        " WHERE party_copies.id = supplies.supplier_id AND party_copies.region IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_column("supplies", "supplier_region")
