"""What is searched has the order of lists, and indexes have all that their lists go by.

What takes long comes first, and only searches wait for it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "gateway_0022"
down_revision = "gateway_0021"

Uid = sa.Uuid(as_uuid=False)
COLUMNS = "id, kind, audiences, words, parties, facet, marks"
# Made anew: to change each row would leave the table and its index twice as large.
FILL = f"""
    INSERT INTO searched ({COLUMNS}, sort_at)
    SELECT {COLUMNS}, sort_at
    FROM (SELECT {COLUMNS} FROM searched_before) AS before
    JOIN (SELECT id, kind, sort_at FROM resources) AS resources USING (id, kind)
"""  # noqa: S608  all names are our own
KEYS = ["kind", "state", "sort_at"]
OF_OPERATOR = sa.text("audience = 'role:operator'")
INCLUDED = ["thread_id", "amount_fen", "facet", "region"]


def upgrade() -> None:
    op.rename_table("searched", "searched_before")
    op.create_table(
        "searched",
        sa.Column("id", Uid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("sort_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("audiences", ARRAY(sa.Text), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("parties", ARRAY(Uid), nullable=False),
        sa.Column("facet", sa.Text),
        sa.Column("marks", ARRAY(sa.BigInteger), nullable=False),
    )
    op.execute(FILL)
    op.drop_table("searched_before")
    op.create_index("searched_id", "searched", ["id"])
    op.create_index(
        "searched_marks", "searched", ["marks"], postgresql_using="gin",
        postgresql_with={"gin_pending_list_limit": 1024},
    )  # fmt: skip
    op.execute("ANALYZE searched")
    _make_counted_anew([*KEYS, "id"], INCLUDED)
    op.create_index(
        "views_titled", "views", ["id", "audience"], postgresql_include=["title"],
        postgresql_where=sa.text("kind = 'demand'"),
    )  # fmt: skip
    _make_audited_anew(["occurred_at", "position"])


def downgrade() -> None:
    op.drop_index("views_titled", "views")
    op.drop_column("searched", "sort_at")
    _make_counted_anew(KEYS, ["id", *INCLUDED])
    _make_audited_anew([])


def _make_counted_anew(keys: list[str], included: list[str]) -> None:
    op.drop_index("views_counted", "views")
    op.create_index(
        "views_counted", "views", keys, postgresql_include=included, postgresql_where=OF_OPERATOR,
    )  # fmt: skip


def _make_audited_anew(included: list[str]) -> None:
    op.drop_index("feed_audited_thing", "feed")
    op.create_index(
        "feed_audited_thing", "feed", ["resource_id"], postgresql_include=included,
        postgresql_where=OF_OPERATOR,
    )  # fmt: skip
