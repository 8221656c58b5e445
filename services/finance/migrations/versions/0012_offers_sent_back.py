"""An offer may be sent back to who prepared it, with words that stand in no fact."""

import sqlalchemy as sa
from alembic import op

from services.finance.migrations.columns import quoted

revision = "0012"
down_revision = "0011"

BEFORE = "accepted expired fulfilled lapsed lost prepared sealed visible withdrawn"


def upgrade() -> None:
    op.add_column("offers", sa.Column("reason_note", sa.Text))
    _allow(f"{BEFORE} rejected")


def downgrade() -> None:
    """To whom there was no sending back, it was withdrawn."""
    op.execute("UPDATE offers SET state = 'withdrawn' WHERE state = 'rejected'")
    _allow(BEFORE)
    op.drop_column("offers", "reason_note")


def _allow(states: str) -> None:
    op.drop_constraint(op.f("ck_offers_state"), "offers")
    op.create_check_constraint(op.f("ck_offers_state"), "offers", f"state IN ({quoted(states)})")
