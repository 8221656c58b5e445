"""A repayment says which debtor paid it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"

# Where there is one, it paid. Which one of several did, nobody has said.
THE_ONE = """
UPDATE repayments SET debtor_id = CAST(the_one.debtor_id AS uuid)
  FROM (SELECT loans.id, min(CAST(debtor_id AS text)) AS debtor_id
          FROM loans JOIN positions USING (application_id)
         WHERE loans.disbursed_at IS NOT NULL GROUP BY loans.id
        HAVING count(DISTINCT debtor_id) = 1) AS the_one
 WHERE the_one.id = repayments.loan_id AND payer = 'debtor'
"""


def upgrade() -> None:
    op.add_column("repayments", sa.Column("debtor_id", sa.Uuid(as_uuid=False)))
    op.execute(THE_ONE)
    op.create_check_constraint(
        op.f("ck_repayments_debtor"), "repayments", "payer = 'debtor' OR debtor_id IS NULL"
    )


def downgrade() -> None:
    op.drop_column("repayments", "debtor_id")
