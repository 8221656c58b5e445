"""A refused claim says by whom, in which duty, and when; of those from before it is unknown."""

from alembic import op

from services.finance.migrations.columns import moment, text

revision = "0008"
down_revision = "0007"

COLUMNS = ("refused_by", "refused_as", "refused_at")


def upgrade() -> None:
    for column in (*text("refused_by", "refused_as", null=True), *moment("refused_at", null=True)):
        op.add_column("receivables", column)


def downgrade() -> None:
    for column in COLUMNS:
        op.drop_column("receivables", column)
