"""Parties, people and access; the read model and its feed."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from services.messaging.migration import create_messaging_tables, drop_messaging_tables

revision = "gateway_0001"
down_revision = None

PREFIXES = ("P", "U", "K", "M", "W", "X")
Uid = sa.Uuid(as_uuid=False)
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    create_messaging_tables(op, *PREFIXES)
    _create_parties()
    _create_people()
    _create_mandates()
    _create_webhooks()
    op.create_table("clock_settings", _column("offset_s", sa.BigInteger), *_aggregate())
    _create_read_model()
    _create_feed()


def downgrade() -> None:
    for table in ("feed", "views", "resources", "clock_settings", "webhooks", "mandates",
                  "api_keys", "users", "parties"):  # fmt: skip
        op.drop_table(table)
    drop_messaging_tables(op, *PREFIXES)


def _column(name: str, type_: Any, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=null)


def _aggregate() -> tuple[sa.schema.SchemaItem, ...]:
    """What the rows of all aggregates have in common."""
    return (
        sa.Column("id", Uid, primary_key=True),
        sa.Column("number", sa.Text, nullable=False, unique=True),
        _column("state", sa.Text),
        _column("sequence", sa.BigInteger),
        _column("created_at", Moment),
        _column("updated_at", Moment),
        _column("reason_code", sa.Text, null=True),
        _column("thread_id", Uid, null=True),
    )


def _create_parties() -> None:
    op.create_table(
        "parties",
        _column("name", sa.Text),
        _column("credit_code", sa.Text, null=True),
        _column("capacities", JSONB),
        _column("nature", sa.Text),
        _column("fiscal_funded", sa.Boolean),
        _column("size", sa.Text, null=True),
        _column("region", sa.Text, null=True),
        _column("industry", sa.Text, null=True),
        _column("tiers", JSONB),
        _column("group_id", Uid, null=True),
        _column("verified_until", sa.Date, null=True),
        *_aggregate(),
        sa.UniqueConstraint("credit_code", name="parties_credit_code"),
    )
    op.create_index("parties_name", "parties", ["name"])


def _create_people() -> None:
    op.create_table(
        "users",
        sa.Column("party_id", Uid, nullable=False, index=True),
        _column("name", sa.Text),
        _column("roles", JSONB),
        _column("lineage", JSONB),
        _column("signing_keys", JSONB),
        *_aggregate(),
    )
    op.create_table(
        "api_keys",
        sa.Column("party_id", Uid, nullable=False, index=True),
        sa.Column("user_id", Uid, nullable=False, index=True),
        sa.Column("prefix", sa.Text, nullable=False, unique=True),
        _column("secret_sha256", sa.Text),
        _column("scopes", JSONB),
        _column("revoked_at", Moment, null=True),
        *_aggregate(),
    )


def _create_mandates() -> None:
    op.create_table(
        "mandates",
        sa.Column("party_id", Uid, nullable=False, index=True),
        _column("user_id", Uid),
        _column("supplier_id", Uid, null=True),
        _column("contract_id", Uid, null=True),
        _column("limit_fen", sa.BigInteger),
        _column("valid_until", sa.Date),
        _column("revoked_at", Moment, null=True),
        *_aggregate(),
    )


def _create_webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("party_id", Uid, nullable=False, index=True),
        _column("url", sa.Text),
        _column("event_types", JSONB),
        _column("capacities", JSONB),
        _column("secret", sa.Text),
        _column("position", sa.BigInteger),
        _column("failures", sa.Integer),
        _column("disabled_at", Moment, null=True),
        sa.Column("due_at", Moment, nullable=False, server_default=sa.func.now()),
        *_aggregate(),
    )


def _create_read_model() -> None:
    op.create_table(
        "resources",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("id", Uid, primary_key=True),
        _column("sequence", sa.BigInteger),
        sa.Column("raised_from", sa.BigInteger, nullable=False, server_default="0"),
        _column("number", sa.Text),
        _column("state", sa.Text),
        _column("sort_at", Moment),
    )
    op.create_table(
        "views",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("id", Uid, primary_key=True),
        sa.Column("audience", sa.Text, primary_key=True),
        sa.Column("shown_at", Moment, nullable=False, server_default=sa.func.now()),
        _column("sequence", sa.BigInteger),
        _column("state", sa.Text),
        _column("sort_at", Moment),
        _column("thread_id", Uid, null=True),
        _column("etag", sa.Text),
        _column("document", sa.Text),
    )
    op.create_index(
        "views_listed", "views", ["audience", "kind", sa.text("sort_at DESC"), sa.text("id DESC")]
    )
    op.create_index(
        "views_by_state",
        "views",
        ["audience", "kind", "state", sa.text("sort_at DESC"), sa.text("id DESC")],
    )
    _index_of_thread("views")


def _create_feed() -> None:
    op.create_table(
        "feed",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=True, unique=True),
        _column("event_id", Uid),
        _column("audience", sa.Text),
        _column("type", sa.Text),
        _column("kind", sa.Text),
        _column("resource_id", Uid),
        _column("sequence", sa.BigInteger, null=True),
        _column("thread_id", Uid, null=True),
        _column("occurred_at", Moment),
        _column("business_date", sa.Date),
        _column("actor_party", Uid, null=True),
        _column("actor_name", sa.Text, null=True),
        sa.UniqueConstraint("event_id", "audience", name="feed_once"),
    )
    op.create_index("feed_read", "feed", ["audience", "position"])
    numbered = sa.text("position IS NOT NULL")
    by_type = ["audience", "type", "position"]
    op.create_index("feed_by_type", "feed", by_type, postgresql_where=numbered)
    unnumbered = sa.text("position IS NULL")
    op.create_index("feed_unnumbered", "feed", ["id"], postgresql_where=unnumbered)
    _index_of_thread("feed")


def _index_of_thread(table: str) -> None:
    op.create_index(
        f"{table}_of_thread",
        table,
        ["thread_id", "audience"],
        postgresql_where=sa.text("thread_id IS NOT NULL"),
    )
