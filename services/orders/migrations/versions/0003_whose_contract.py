"""Deliveries and payables say whose contract they belong to, by name and number."""

from alembic import op

from services.orders.migrations.columns import text

revision = "0003"
down_revision = "0002"

TABLES = ("deliveries", "payables")
COLUMNS = ("buyer_name", "supplier_name", "contract_number")


def upgrade() -> None:
    for table in TABLES:
        for column in COLUMNS:
            op.add_column(table, text(column, null=True))  # the release before writes none
        op.execute(
            f"UPDATE {table} SET buyer_name = c.buyer_name, supplier_name = c.supplier_name,"  # noqa: S608
            f" contract_number = c.number FROM contracts c WHERE c.id = {table}.contract_id"
        )


def downgrade() -> None:
    for table in TABLES:
        for column in COLUMNS:
            op.drop_column(table, column)
