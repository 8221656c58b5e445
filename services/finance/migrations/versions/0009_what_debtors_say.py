"""What debtors say: who refused a claim and when, and what they paid of a share after its notice.

Of claims refused before it is unknown by whom.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from services.finance.migrations.columns import moment, text

revision = "0009"
down_revision = "0008"

COLUMNS = ("refused_by", "refused_as", "refused_at")


def upgrade() -> None:
    for column in (*text("refused_by", "refused_as", null=True), *moment("refused_at", null=True)):
        op.add_column("receivables", column)
    op.add_column("positions", sa.Column("reports", JSONB, nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("positions", "reports")
    for column in COLUMNS:
        op.drop_column("receivables", column)
