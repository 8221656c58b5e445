"""Steps are read sooner: what is done of them and what their deal is called, kept in columns."""

import sqlalchemy as sa
from alembic import op

revision = "gateway_0017"
down_revision = "gateway_0016"

MARK = """
    UPDATE steps SET is_done = true
    WHERE whole <= coalesce((
        SELECT sum(part) FROM step_parts AS done
        WHERE done.about = steps.about AND done.owner = steps.owner
    ), 0)
"""
TITLE = "UPDATE views SET title = document::json ->> 'title' WHERE kind = 'demand'"
INDEXES = {
    "steps_owed": ["owner", "step", "urgent_at", "id"],
    "steps_on_board": ["step", "urgent_at", "id", "owner"],
}
BEFORE = {"steps_owed": None, "steps_on_board": sa.text("is_on_board")}
AFTER = {
    "steps_owed": sa.text("NOT is_done"),
    "steps_on_board": sa.text("is_on_board AND NOT is_done"),
}


def upgrade() -> None:
    done = sa.Column("is_done", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("steps", done)
    op.execute(MARK)
    op.add_column("views", sa.Column("title", sa.Text))
    op.execute(TITLE)
    for name, columns in INDEXES.items():
        op.drop_index(name, "steps")
        op.create_index(
            name, "steps", columns, postgresql_include=["due_at"], postgresql_where=AFTER[name]
        )
    op.create_index(
        "steps_in_parts", "steps", ["about", "owner"],
        postgresql_where=sa.text("whole IS NOT NULL"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("steps_in_parts", "steps")
    for name, columns in INDEXES.items():
        op.drop_index(name, "steps")
        op.create_index(name, "steps", columns, postgresql_where=BEFORE[name])
    op.drop_column("steps", "is_done")
    op.drop_column("views", "title")
