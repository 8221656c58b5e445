"""Which payables claims are on, and whether the buyer has confirmed them."""

from alembic import op

from services.orders.migrations.columns import copy, json, text, uuid

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    copy("claim_copies", text("state"), uuid("contract_id"), json("payable_ids"))
    op.create_index("claim_copies_contract_id", "claim_copies", ["contract_id"])


def downgrade() -> None:
    op.drop_table("claim_copies")
