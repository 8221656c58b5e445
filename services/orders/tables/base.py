"""What all tables of orders share. Columns are named as in the public state."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    MetaData,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column

from services.lifecycle import Lifecycle

Json = dict[str, Any]


class Base(DeclarativeBase):
    """All tables of the service; constraints have names that the migrations and refusals use."""

    metadata = MetaData(
        naming_convention={
            "ck": "%(table_name)s_%(constraint_name)s",
            "uq": "%(table_name)s_%(column_0_N_name)s",
            "fk": "%(table_name)s_%(column_0_name)s_fk",
            "pk": "%(table_name)s_pk",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        int: BigInteger,
        datetime: DateTime(timezone=True),
        date: Date,
        Json: JSONB(none_as_null=True),
        list[Any]: JSONB(none_as_null=True),
    }


def states_check(table: Lifecycle) -> CheckConstraint:
    """The row's state is one of the lifecycle's."""
    known = ", ".join(f"'{state}'" for state in sorted(table.states))
    return CheckConstraint(f"state IN ({known})", name="state")


def id_column(target: str | None = None, *, null: bool = False) -> Any:
    """An identifier as text; with `target` a key into that table."""
    key = Uuid(as_uuid=False)
    if target is None:
        return mapped_column(key, nullable=null)
    return mapped_column(key, ForeignKey(f"{target}.id"), nullable=null)
