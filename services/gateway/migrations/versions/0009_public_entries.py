"""What the public pages find and list, made of the public documents that there are."""

import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, insert

from services.contracts.money import parse_amount
from services.gateway.readmodel import entries

revision = "gateway_0009"
down_revision = "gateway_0008"

Uid = sa.Uuid(as_uuid=False)
Moment = sa.DateTime(timezone=True)
BATCH = 500  # documents in memory at once
KINDS = ("demand", "supply", "party")
AMOUNTS = ("budget", "price_min", "price_max")


def upgrade() -> None:
    table = op.create_table(
        "public_entries",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("id", Uid, primary_key=True),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("owner_id", Uid, nullable=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("sort_at", Moment, nullable=False),
        sa.Column("open_until", Moment, nullable=True),
        sa.Column("industry", sa.Text, nullable=True),
        sa.Column("region", sa.Text, nullable=True),
        sa.Column("amount_fen", sa.BigInteger, nullable=True),
        sa.Column("terms", ARRAY(sa.Text), nullable=False),
        sa.Column("card", sa.Text, nullable=False),
        sa.Column("etag", sa.Text, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
    )
    _fill(table)
    op.create_index("public_entries_number", "public_entries", ["number", "kind"])
    newest = [sa.text("sort_at DESC"), sa.text("id DESC")]
    op.create_index("public_entries_listed", "public_entries", ["kind", *newest])
    op.create_index("public_entries_by_state", "public_entries", ["kind", "state", *newest])
    op.create_index("public_entries_terms", "public_entries", ["terms"], postgresql_using="gin")
    op.create_index(
        "public_entries_of_owner",
        "public_entries",
        ["owner_id", sa.text("sort_at DESC")],
        postgresql_where=sa.text("kind = 'supply'"),
    )


def downgrade() -> None:
    op.drop_table("public_entries")


def _fill(table: sa.Table) -> None:
    connection = op.get_bind()
    found = connection.execute(
        sa.text(
            "SELECT kind, CAST(id AS text) AS id, state, sort_at, etag, shown_at, document"
            " FROM views WHERE audience = 'public' AND kind = ANY(:kinds)"
        ),
        {"kinds": list(KINDS)},
    )
    for rows in found.partitions(BATCH):
        connection.execute(insert(table), [_entry(row) for row in rows])


def _entry(row: sa.Row) -> dict:
    document = json.loads(row.document)
    for name in AMOUNTS:
        if name in document:
            money = document.pop(name)
            document[f"{name}_fen"] = None if money is None else parse_amount(money["amount"])
    return {
        "kind": row.kind,
        "id": row.id,
        "number": document["number"],
        "state": row.state,
        "sort_at": row.sort_at,
        "etag": row.etag,
        "changed_at": row.shown_at,
        **(entries.of(row.kind, document) or {}),
    }
