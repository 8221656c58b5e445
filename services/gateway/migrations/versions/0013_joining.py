"""Organisations join by themselves: their documents, contacts and the state of their application.

A credit code is free again once an application with it was rejected.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import CreateSequence, DropSequence

from services.messaging.tables import number_sequence

revision = "gateway_0013"
down_revision = "gateway_0012"

Uid = sa.Uuid(as_uuid=False)
Moment = sa.DateTime(timezone=True)
PREFIX = "E"
COMMON = '["read", "keys:write", "users:write", "webhooks:write", "mandates:write"]'
NEW = '["documents:write", "membership:write"]'


def upgrade() -> None:
    op.add_column("parties", sa.Column("reason_note", sa.Text, nullable=True))
    op.add_column("parties", sa.Column("apply_until", Moment, nullable=True))
    op.drop_constraint("parties_credit_code", "parties")
    op.create_index(
        "parties_credit_code", "parties", ["credit_code"], unique=True,
        postgresql_where=sa.text("state <> 'rejected'"),
    )  # fmt: skip
    op.create_index(
        "parties_joining", "parties", ["state"],
        postgresql_where=sa.text("state IN ('applying', 'applied')"),
    )  # fmt: skip
    _make_documents()
    _widen_keys()
    op.create_table(
        "contacts",
        sa.Column("party_id", Uid, primary_key=True),
        sa.Column("person_name", sa.Text, nullable=False),
        sa.Column("contact", sa.Text, nullable=False),
        sa.Column("ends_at", Moment, nullable=True, index=True),
    )


def _widen_keys() -> None:
    """A key that had all that everybody may do has it still: else it were a narrow one now."""
    op.execute(
        sa.text("""
        UPDATE api_keys SET scopes = (
            SELECT jsonb_agg(scope ORDER BY scope)
            FROM jsonb_array_elements_text(scopes || CAST(:new AS jsonb)) AS scope
        )
        WHERE state = 'active' AND scopes @> CAST(:common AS jsonb)
        """).bindparams(new=NEW, common=COMMON)
    )


def _make_documents() -> None:
    op.execute(CreateSequence(sa.Sequence(number_sequence(PREFIX))))
    op.create_table(
        "documents",
        sa.Column("party_id", Uid, nullable=False, index=True),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("id", Uid, primary_key=True),
        sa.Column("number", sa.Text, nullable=False, unique=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("reason_code", sa.Text, nullable=True),
        sa.Column("thread_id", Uid, nullable=True),
    )
    op.create_table(
        "document_contents",
        sa.Column("party_id", Uid, primary_key=True),
        sa.Column("sha256", sa.Text, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("ends_at", Moment, nullable=True, index=True),
    )


def downgrade() -> None:
    op.execute("UPDATE api_keys SET scopes = scopes - 'documents:write' - 'membership:write'")
    for table in ("contacts", "document_contents", "documents"):
        op.drop_table(table)
    op.execute(DropSequence(sa.Sequence(number_sequence(PREFIX))))
    op.drop_index("parties_joining", "parties")
    op.drop_index("parties_credit_code", "parties")
    op.execute("UPDATE parties SET credit_code = NULL WHERE state = 'rejected'")
    op.create_unique_constraint("parties_credit_code", "parties", ["credit_code"])
    for name in ("apply_until", "reason_note"):
        op.drop_column("parties", name)
