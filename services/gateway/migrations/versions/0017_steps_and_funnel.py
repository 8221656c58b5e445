"""Steps and the funnel are read sooner, from columns.

Of a step whether it is done by others, of its deal the title; of a deal the moments of all steps of
the funnel in one row.
"""

from typing import Any

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
FUNNEL = (
    "demand", "matched", "quoted", "awarded", "contracted", "accepted", "confirmed", "applied",
    "offered", "disbursed", "settled",
)  # fmt: skip
FIRSTS = ", ".join(f"min(first_at) FILTER (WHERE step = '{step}')" for step in FUNNEL)
TO_COLUMNS = f"""
    INSERT INTO milestones (thread_id, {", ".join(f"at_{step}" for step in FUNNEL)})
    SELECT thread_id, {FIRSTS} FROM milestones_before GROUP BY thread_id
"""  # noqa: S608  all names are our own
TO_ROWS = f"""
    INSERT INTO milestones (thread_id, step, first_at)
    SELECT thread_id, passed.step, passed.first_at FROM milestones_before
    CROSS JOIN LATERAL (
        VALUES {", ".join(f"('{step}', at_{step})" for step in FUNNEL)}
    ) AS passed (step, first_at)
    WHERE passed.first_at IS NOT NULL
"""  # noqa: S608
Moment = sa.DateTime(timezone=True)
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
    _mark_steps()
    moments = [sa.Column(f"at_{step}", Moment) for step in FUNNEL]
    _make_milestones_anew(moments, TO_COLUMNS)


def _mark_steps() -> None:
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


def _make_milestones_anew(columns: list[sa.Column[Any]], fill: str) -> None:
    op.rename_table("milestones", "milestones_before")
    op.execute("ALTER INDEX milestones_pkey RENAME TO milestones_before_pkey")
    thread = sa.Column("thread_id", sa.Uuid(as_uuid=False), primary_key=True)
    op.create_table("milestones", thread, *columns)
    op.execute(fill)
    op.drop_table("milestones_before")


def downgrade() -> None:
    step = sa.Column("step", sa.Text, primary_key=True)
    _make_milestones_anew([step, sa.Column("first_at", Moment, nullable=False)], TO_ROWS)
    op.drop_index("steps_in_parts", "steps")
    for name, columns in INDEXES.items():
        op.drop_index(name, "steps")
        op.create_index(name, "steps", columns, postgresql_where=BEFORE[name])
    op.drop_column("steps", "is_done")
    op.drop_column("views", "title")
