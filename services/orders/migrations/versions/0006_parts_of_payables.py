"""A node may be owed in parts, and claims say how much of theirs is confirmed and paid."""

from alembic import op

from services.orders.migrations.columns import integer

revision = "0006"
down_revision = "0005"

ONE_A_NODE = "payables_contract_id_node_no"


def upgrade() -> None:
    for name in ("confirmed_fen", "settled_fen"):
        op.add_column("claim_copies", integer(name, null=True))
    op.create_index("payables_contract_id", "payables", ["contract_id"])
    op.drop_constraint(ONE_A_NODE, "payables")


def downgrade() -> None:
    """Refused where a node is owed in parts: no sum of them has one due date."""
    op.create_unique_constraint(ONE_A_NODE, "payables", ["contract_id", "node_no"])
    op.drop_index("payables_contract_id", "payables")
    for name in ("settled_fen", "confirmed_fen"):
        op.drop_column("claim_copies", name)
