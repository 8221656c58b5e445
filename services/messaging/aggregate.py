"""What the rows of all aggregates have in common."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, DateTime, Sequence, Text, Uuid
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from services.contracts.declare import Aggregate
from services.lifecycle import Lifecycle
from services.messaging.tables import number_sequence


class AggregateRow:
    """A mixin for the table of an aggregate's root.

    Names equal the state schema's, so `AGGREGATE.schema.dump(row)` is the public state. REFUSALS
    maps a constraint of the table to the code of the Problem that its violation means.
    """

    AGGREGATE: ClassVar[Aggregate]
    LIFECYCLE: ClassVar[Lifecycle]
    REFUSALS: ClassVar[Mapping[str, str]] = {}

    id: Mapped[str] = mapped_column(Uuid(as_uuid=False), primary_key=True)
    number: Mapped[str] = mapped_column(Text, unique=True)
    state: Mapped[str] = mapped_column(Text)
    sequence: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    reason_code: Mapped[str | None] = mapped_column(Text)
    thread_id: Mapped[str | None] = mapped_column(Uuid(as_uuid=False))

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805  SQLAlchemy calls it with the class
        # Two writers that both forgot the lock cannot give out one sequence twice: the second
        # update finds no row, and its whole transaction is tried again.
        return {"version_id_col": cls.sequence, "version_id_generator": False}

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "AGGREGATE" in cls.__dict__:
            Sequence(number_sequence(cls.AGGREGATE.prefix), metadata=cls.metadata)  # type: ignore[attr-defined]
