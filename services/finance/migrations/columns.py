"""How the chain of finance writes columns and constraints; the names are those of the tables."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

Columns = list[sa.Column]


def uuid(*names: str, null: bool = False) -> Columns:
    return _columns(sa.Uuid(as_uuid=False), names, null)


def text(*names: str, null: bool = False) -> Columns:
    return _columns(sa.Text(), names, null)


def number(*names: str, null: bool = False) -> Columns:
    return _columns(sa.BigInteger(), names, null)


def day(*names: str, null: bool = False) -> Columns:
    return _columns(sa.Date(), names, null)


def moment(*names: str, null: bool = False) -> Columns:
    return _columns(sa.DateTime(timezone=True), names, null)


def flag(*names: str) -> Columns:
    return _columns(sa.Boolean(), names, null=False)


def uuids(*names: str) -> Columns:
    return _columns(ARRAY(sa.Uuid(as_uuid=False)), names, null=False)


def texts(*names: str) -> Columns:
    return _columns(ARRAY(sa.Text()), names, null=False)


def document(*names: str) -> Columns:
    return _columns(JSONB(), names, null=False)


def aggregate(table: str, states: str, *items: sa.schema.SchemaItem) -> None:
    """A table of an aggregate: what all have in common, then its own columns and constraints."""
    op.create_table(
        table,
        *items,
        *uuid("id"),
        *text("number", "state"),
        *number("sequence"),
        *moment("created_at", "updated_at"),
        *text("reason_code", null=True),
        *uuid("thread_id", null=True),
        one_of(table, "state", states),
        primary_key(table, "id"),
        sa.UniqueConstraint("number", name=f"uq_{table}_number"),
    )


def check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    """`op.f`: the name is whole; the naming convention must not be applied to it again."""
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def one_of(table: str, column: str, words: str) -> sa.CheckConstraint:
    """The column holds one of the words, given with spaces between."""
    return check(table, column, f"{column} IN ({quoted(words)})")


def quoted(words: str) -> str:
    """`'a', 'b'` of "a b"."""
    return ", ".join(f"'{word}'" for word in words.split())


def primary_key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def foreign_key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}")


def unique_where(name: str, table: str, columns: Sequence[str], condition: str) -> None:
    """Unique among the rows of which the condition holds."""
    op.create_index(name, table, columns, unique=True, postgresql_where=sa.text(condition))


def _columns(kind: sa.types.TypeEngine, names: Sequence[str], null: bool) -> Columns:
    return [sa.Column(name, kind, nullable=null) for name in names]
