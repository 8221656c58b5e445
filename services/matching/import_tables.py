"""The tables of imports: a file, and its rows with what became of each."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.contracts import importing as contract
from services.matching import lifecycle
from services.matching.base import Base, known_states
from services.messaging import AggregateRow

_ID = Uuid(as_uuid=False)
_RUNNING = text("state = 'running'")


class Import(AggregateRow, Base):
    """A file that is worked off. `last_line`: the row of the file that was done last."""

    __tablename__ = "imports"
    AGGREGATE = contract.importing
    LIFECYCLE = lifecycle.IMPORT
    REFUSALS: ClassVar[dict[str, str]] = {"imports_running": "import_running"}

    party_id: Mapped[str] = mapped_column(_ID)
    target: Mapped[str]
    format: Mapped[str]
    rows_total: Mapped[int]
    rows_done: Mapped[int]
    imported: Mapped[int]
    skipped: Mapped[int]
    failed: Mapped[int]
    finished_at: Mapped[datetime | None]
    last_line: Mapped[int]

    __table_args__ = (
        known_states(lifecycle.IMPORT),
        CheckConstraint(
            "rows_done = imported + skipped + failed AND rows_done <= rows_total", name="counts"
        ),
        Index("imports_running", "party_id", unique=True, postgresql_where=_RUNNING),
    )


class ImportRow(Base):
    """A row of a file; `given` only while it waits. `item_code`: by what it is known again."""

    __tablename__ = "import_rows"

    import_id: Mapped[str] = mapped_column(_ID, ForeignKey("imports.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    given: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    outcome: Mapped[str | None]
    code: Mapped[str | None]
    params: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    field: Mapped[str | None]
    item_code: Mapped[str | None]
    supply_id: Mapped[str | None] = mapped_column(_ID)
    supply_number: Mapped[str | None]

    __table_args__ = (
        Index(
            "import_rows_item_code", "import_id", "item_code",
            postgresql_where=text("item_code IS NOT NULL"),
        ),
    )  # fmt: skip
