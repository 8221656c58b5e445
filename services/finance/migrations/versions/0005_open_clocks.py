"""A share says which gates it passes, a loan until when it is to be paid out."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

SECURE = """
    UPDATE positions SET security = products.security
    FROM applications
    JOIN offers ON offers.id = applications.accepted_offer_id
    JOIN products ON products.id = offers.product_id
    WHERE positions.application_id = applications.id AND positions.bank_id = offers.bank_id
"""
PROMISE = """
    UPDATE loans SET pay_until = offers.pay_until FROM offers WHERE offers.id = loans.offer_id
"""


def upgrade() -> None:
    op.add_column("positions", sa.Column("security", sa.Text))
    op.add_column("loans", sa.Column("pay_until", sa.DateTime(timezone=True)))
    op.execute(SECURE)
    op.execute(PROMISE)


def downgrade() -> None:
    op.drop_column("loans", "pay_until")
    op.drop_column("positions", "security")
