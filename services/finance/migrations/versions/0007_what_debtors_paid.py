"""A share says what its debtor has paid of it, a repayment who paid it."""

import sqlalchemy as sa
from alembic import op

from services.finance.migrations.columns import quoted

revision = "0007"
down_revision = "0006"

BEFORE = "acknowledged committed filed funded held noticed released releasing settled"
STATES = f"{BEFORE} short_paid"
# Per receivable, at the commit: what is allocated is what live positions have not received, and
# what was received is what they and those before them have.
POSITIONS_FIT = """
CREATE OR REPLACE FUNCTION positions_fit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE live bigint; received bigint; allocated bigint; settled bigint;
BEGIN
  SELECT coalesce(sum(amount_fen - settled_fen)
                  FILTER (WHERE state NOT IN ('settled', 'short_paid', 'released')), 0),
         coalesce(sum(settled_fen), 0)
    INTO live, received FROM positions WHERE receivable_id = NEW.receivable_id;
  SELECT allocated_fen, settled_fen INTO allocated, settled
    FROM receivables WHERE id = NEW.receivable_id;
  IF live <> allocated OR received <> settled THEN
    RAISE EXCEPTION 'positions of % hold % and received % fen, % allocated and % settled',
      NEW.receivable_id, live, received, allocated, settled
      USING ERRCODE = 'check_violation', CONSTRAINT = 'positions_fit';
  END IF;
  RETURN NULL;
END $$;
"""
POSITIONS_FITTED = """
CREATE OR REPLACE FUNCTION positions_fit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE live bigint; allocated bigint;
BEGIN
  SELECT coalesce(sum(amount_fen), 0) INTO live FROM positions
   WHERE receivable_id = NEW.receivable_id AND state NOT IN ('settled', 'released');
  SELECT allocated_fen INTO allocated FROM receivables WHERE id = NEW.receivable_id;
  IF live <> allocated THEN
    RAISE EXCEPTION 'positions of % hold % fen, % allocated', NEW.receivable_id, live, allocated
      USING ERRCODE = 'check_violation', CONSTRAINT = 'positions_fit';
  END IF;
  RETURN NULL;
END $$;
"""
ALLOCATED_AGAIN = """
UPDATE receivables
   SET state = 'confirmed',
       allocated_fen = receivables.allocated_fen + live.settled_fen,
       settled_fen = receivables.settled_fen - live.settled_fen
  FROM (SELECT receivable_id, sum(settled_fen) AS settled_fen FROM positions
         WHERE state NOT IN ('settled', 'short_paid', 'released') GROUP BY receivable_id) AS live
 WHERE live.receivable_id = receivables.id
"""
TRIGGER = """
CREATE CONSTRAINT TRIGGER positions_fit
  AFTER INSERT OR UPDATE OF {columns} ON positions
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION positions_fit();
"""


def upgrade() -> None:
    op.add_column(
        "positions", sa.Column("settled_fen", sa.BigInteger, nullable=False, server_default="0")
    )
    op.execute("UPDATE positions SET settled_fen = amount_fen WHERE state = 'settled'")
    _check("positions", "settled", "settled_fen BETWEEN 0 AND amount_fen")
    _check("positions", "settled_whole", "state <> 'settled' OR settled_fen = amount_fen")
    _states(STATES)
    _trigger(POSITIONS_FIT, "state, amount_fen, settled_fen, receivable_id")
    op.add_column(
        "repayments", sa.Column("payer", sa.Text, nullable=False, server_default="debtor")
    )
    _check("repayments", "payer", f"payer IN ({quoted('debtor borrower')})")


def downgrade() -> None:
    """What was received of a share that is lent on is allocated again, as it was before.

    A claim that was received whole is confirmed again: it is settled once its loan is repaid.
    """
    op.drop_column("repayments", "payer")
    op.execute(ALLOCATED_AGAIN)
    op.execute("UPDATE positions SET state = 'released' WHERE state = 'short_paid'")
    _trigger(POSITIONS_FITTED, "state, amount_fen, receivable_id")
    _states(BEFORE)
    op.drop_column("positions", "settled_fen")


def _trigger(function: str, columns: str) -> None:
    """The trigger that is replaced looks at what was changed before."""
    op.execute("SET CONSTRAINTS positions_fit IMMEDIATE")
    op.execute("DROP TRIGGER positions_fit ON positions")
    op.execute(function)
    op.execute(TRIGGER.format(columns=columns))


def _states(words: str) -> None:
    op.drop_constraint(op.f("ck_positions_state"), "positions")
    _check("positions", "state", f"state IN ({quoted(words)})")


def _check(table: str, name: str, condition: str) -> None:
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)
