"""What buyers say they paid, until who received it has checked it."""

import sqlalchemy as sa
from alembic import op

from services.orders.migrations.columns import check, day, foreign_key, instant, integer, text, uuid

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "payment_reports",
        uuid("payable_id"),
        text("reference"),
        integer("amount_fen"),
        day("paid_on"),
        instant("reported_at"),
        integer("received_before_fen"),
        sa.PrimaryKeyConstraint("payable_id", "reference", name="payment_reports_pk"),
        foreign_key("payment_reports", "payable_id", "payables"),
        check("payment_reports_amount", "amount_fen > 0"),
        check("payment_reports_received_before", "received_before_fen >= 0"),
    )


def downgrade() -> None:
    op.drop_table("payment_reports")
