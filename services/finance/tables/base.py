"""The metadata of the finance database and the column types that its tables share."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from sqlalchemy import BigInteger, CheckConstraint, DateTime, MetaData, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import DeclarativeBase, mapped_column

from services.messaging import messaging_tables

# Unique constraints are named one by one: the shared tables of messaging have names of their own.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Everything in the finance database; integers are 64 bit because most of them are fen."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012  SQLAlchemy reads it from the class
        int: BigInteger,
        str: Text,
        datetime: DateTime(timezone=True),
    }


messaging_tables(Base.metadata)

Id = Annotated[str, mapped_column(Uuid(as_uuid=False))]
Ids = Annotated[list[str], mapped_column(ARRAY(Uuid(as_uuid=False)))]
Words = Annotated[list[str], mapped_column(ARRAY(Text))]


def one_of(column: str, words: Sequence[str], name: str) -> CheckConstraint:
    """The column holds one of these words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=name)
