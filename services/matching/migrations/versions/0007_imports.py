"""Files of supplies are worked off row by row."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.schema import CreateSequence, DropSequence

from services.messaging.tables import number_sequence

revision = "0007"
down_revision = "0006"

ID = sa.Uuid(as_uuid=False)
MOMENT = sa.DateTime(timezone=True)
PREFIX = "I"


def upgrade() -> None:
    """Both tables, and the numbers of imports."""
    op.execute(CreateSequence(sa.Sequence(number_sequence(PREFIX))))
    _imports()
    _rows()


def downgrade() -> None:
    """Supplies that were imported stay."""
    op.execute("DELETE FROM deadlines WHERE aggregate = 'import'")
    op.drop_table("import_rows")
    op.drop_table("imports")
    op.execute(DropSequence(sa.Sequence(number_sequence(PREFIX))))


def _column(
    name: str, kind: sa.types.TypeEngine | type = sa.Text, *, null: bool = False
) -> sa.Column:
    return sa.Column(name, kind, nullable=null)


def _imports() -> None:
    counts = ("rows_total", "rows_done", "imported", "skipped", "failed", "last_line")
    op.create_table(
        "imports",
        _column("id", ID),
        _column("number"),
        _column("state"),
        _column("sequence", sa.BigInteger),
        _column("created_at", MOMENT),
        _column("updated_at", MOMENT),
        _column("reason_code", null=True),
        _column("thread_id", ID, null=True),
        _column("party_id", ID),
        _column("target"),
        _column("format"),
        *(_column(name, sa.BigInteger) for name in counts),
        _column("finished_at", MOMENT, null=True),
        sa.CheckConstraint(
            "state IN ('cancelled', 'finished', 'running')", name=op.f("imports_state")
        ),
        sa.CheckConstraint(
            "rows_done = imported + skipped + failed AND rows_done <= rows_total",
            name=op.f("imports_counts"),
        ),
        sa.PrimaryKeyConstraint("id", name="imports_pk"),
        sa.UniqueConstraint("number", name="imports_number"),
    )
    running = sa.text("state = 'running'")
    op.create_index(
        "imports_running", "imports", ["party_id"], unique=True, postgresql_where=running
    )


def _rows() -> None:
    op.create_table(
        "import_rows",
        _column("import_id", ID),
        _column("line", sa.BigInteger),
        _column("given", JSONB, null=True),
        _column("outcome", null=True),
        _column("code", null=True),
        _column("params", JSONB, null=True),
        _column("field", null=True),
        _column("item_code", null=True),
        _column("supply_id", ID, null=True),
        _column("supply_number", null=True),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="import_rows_import_id"),
        sa.PrimaryKeyConstraint("import_id", "line", name="import_rows_pk"),
    )
    with_code = sa.text("item_code IS NOT NULL")
    op.create_index(
        "import_rows_item_code", "import_rows", ["import_id", "item_code"],
        postgresql_where=with_code,
    )  # fmt: skip
