"""How the chain of orders writes columns and constraints; the names are those of the tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB


def aggregate(table: str, *columns: sa.schema.SchemaItem) -> None:
    """A table of an aggregate: what all have in common, then its own columns and constraints."""
    op.create_table(
        table,
        uuid("id"),
        text("number"),
        text("state"),
        integer("sequence"),
        instant("created_at"),
        instant("updated_at"),
        text("reason_code", null=True),
        uuid("thread_id", null=True),
        *columns,
        sa.PrimaryKeyConstraint("id", name=f"{table}_pk"),
        sa.UniqueConstraint("number", name=f"{table}_number"),
    )


def copy(table: str, *columns: sa.Column) -> None:
    """A copy of another service's aggregate, with the sequence of the fact it comes from."""
    op.create_table(
        table,
        uuid("id"),
        integer("sequence"),
        *columns,
        sa.PrimaryKeyConstraint("id", name=f"{table}_pk"),
    )


def text(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=null)


def integer(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger, nullable=null)


def uuid(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid, nullable=null)


def day(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.Date, nullable=null)


def instant(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def json(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, JSONB, nullable=null)


def check(name: str, condition: str) -> sa.CheckConstraint:
    """`op.f`: the name is whole; the naming convention must not be applied to it again."""
    return sa.CheckConstraint(condition, name=op.f(name))


def states(table: str, *states: str) -> sa.CheckConstraint:
    known = ", ".join(f"'{state}'" for state in states)
    return check(f"{table}_state", f"state IN ({known})")


def foreign_key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"{table}_{column}_fk")
