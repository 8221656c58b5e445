"""Whom the machine told of each demand, and the words by which new supplies find open ones.

Demands that are open now get theirs when they are ranked the next time.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0005"
down_revision = "0004"

_COLUMNS = (
    ("listed", ARRAY(sa.Uuid(as_uuid=False))),
    ("list_number", sa.BigInteger()),
    ("found_by", ARRAY(sa.Text())),
    ("ranked_again_at", sa.DateTime(timezone=True)),
    ("planned", ARRAY(sa.Uuid(as_uuid=False))),
)


def upgrade() -> None:
    op.add_column("matches", sa.Column("allotted", sa.Text, nullable=True))
    op.execute(sa.schema.CreateSequence(sa.Sequence("list_numbers")))
    for name, kind in _COLUMNS:
        op.add_column("demand_copies", sa.Column(name, kind, nullable=True))
    op.create_index(
        "demand_copies_lists",
        "demand_copies",
        ["list_number"],
        postgresql_where=sa.text("list_number IS NOT NULL"),
    )
    # Looked into once for each word of a new supply: a list of pending entries would be read
    # through each time.
    op.create_index(
        "demand_copies_found_by",
        "demand_copies",
        ["found_by"],
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
        postgresql_where=sa.text("state = 'published'"),
    )


def downgrade() -> None:
    for name in ("demand_copies_found_by", "demand_copies_lists"):
        op.drop_index(name, table_name="demand_copies")
    for name, _ in _COLUMNS:
        op.drop_column("demand_copies", name)
    op.execute(sa.schema.DropSequence(sa.Sequence("list_numbers")))
    op.drop_column("matches", "allotted")
