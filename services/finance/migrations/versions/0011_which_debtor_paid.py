"""A repayment says which debtor paid it, and a rest is held until its filing is cancelled."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

# Where there is one, it paid. Which one of several did, nobody has said.
THE_ONE = """
UPDATE repayments SET debtor_id = CAST(the_one.debtor_id AS uuid)
  FROM (SELECT loans.id, min(CAST(debtor_id AS text)) AS debtor_id
          FROM loans JOIN positions USING (application_id)
         WHERE loans.disbursed_at IS NOT NULL GROUP BY loans.id
        HAVING count(DISTINCT debtor_id) = 1) AS the_one
 WHERE the_one.id = repayments.loan_id AND payer = 'debtor'
"""
# As it was given back before, whether a filing stood or not.
RESTS_GIVEN_BACK = """
UPDATE receivables SET allocated_fen = allocated_fen - rest.fen
  FROM (SELECT receivable_id, sum(amount_fen - settled_fen) AS fen FROM positions
         WHERE state = 'releasing' AND settled_at IS NOT NULL GROUP BY receivable_id) AS rest
 WHERE rest.receivable_id = receivables.id
"""
ENDED = """
UPDATE positions SET state = 'short_paid' WHERE state = 'releasing' AND settled_at IS NOT NULL
"""


def upgrade() -> None:
    op.add_column("repayments", sa.Column("debtor_id", sa.Uuid(as_uuid=False)))
    op.execute(THE_ONE)
    op.create_check_constraint(
        op.f("ck_repayments_debtor"), "repayments", "payer = 'debtor' OR debtor_id IS NULL"
    )


def downgrade() -> None:
    op.execute(RESTS_GIVEN_BACK)
    op.execute(ENDED)
    op.execute("SET CONSTRAINTS positions_fit IMMEDIATE")
    op.drop_column("repayments", "debtor_id")
