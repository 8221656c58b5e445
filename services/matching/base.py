"""What all tables of the service are made of."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, MetaData, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase

from services.lifecycle import Lifecycle
from services.matching.column_types import Json


class Base(DeclarativeBase):
    """All tables of the service; constraints have names that migrations and refusals use."""

    metadata = MetaData(
        naming_convention={
            "ck": "%(table_name)s_%(constraint_name)s",
            "uq": "%(table_name)s_%(column_0_N_name)s",
            "pk": "%(table_name)s_pk",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        int: BigInteger,
        datetime: DateTime(timezone=True),
        date: Date,
        Json: JSONB,
        list[str]: JSONB,
        list[Json]: JSONB,
    }


def known_states(table: Lifecycle) -> CheckConstraint:
    """The row's state is one of the lifecycle's."""
    known = ", ".join(f"'{state}'" for state in sorted(table.states))
    return CheckConstraint(f"state IN ({known})", name="state")
