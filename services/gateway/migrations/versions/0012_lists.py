"""By what lists are filtered, sorted and searched; the funnel's milestones; the audit's indexes.

What was shown and told before is gone through once.
"""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from services.contracts.money import parse_amount
from services.gateway.readmodel import extracts, milestones, sought

revision = "gateway_0012"
down_revision = "gateway_0011"

Uid = sa.Uuid(as_uuid=False)
Moment = sa.DateTime(timezone=True)
EXTRACTED: dict[str, Any] = {
    "due_at": Moment, "amount_fen": sa.BigInteger, "facet": sa.Text, "region": sa.Text,
    "words": sa.Text, "parties": ARRAY(Uid),
}  # fmt: skip
AT_ONCE = 500  # things whose views are gone through together

OF_OPERATOR = sa.text("audience = 'role:operator'")
NEXT = sa.text("""
    SELECT views.kind, views.id::text, views.audience, views.document
    FROM views JOIN (
        SELECT kind, id FROM resources WHERE (kind, id) > (:kind, CAST(:id AS uuid))
        ORDER BY kind, id LIMIT :limit
    ) AS next ON next.kind = views.kind AND next.id = views.id
    ORDER BY views.kind, views.id, views.audience
""")
LAST = sa.text("""
    SELECT kind, id::text FROM (
        SELECT kind, id FROM resources WHERE (kind, id) > (:kind, CAST(:id AS uuid))
        ORDER BY kind, id LIMIT :limit
    ) AS next ORDER BY kind DESC, id DESC LIMIT 1
""")
EXTRACT = sa.text("""
    UPDATE views SET due_at = row.due_at, amount_fen = row.amount_fen, facet = row.facet,
                     region = row.region, words = row.words,
                     parties = CAST(row.parties AS uuid[])
    FROM json_to_recordset(CAST(:rows AS json)) AS row
        (kind text, id uuid, audience text, due_at timestamptz, amount_fen bigint, facet text,
         region text, words text, parties text)
    WHERE views.kind = row.kind AND views.id = row.id AND views.audience = row.audience
""")
PASS = sa.text("""
    INSERT INTO milestones (thread_id, step, first_at)
    SELECT feed.thread_id, step.name, min(feed.occurred_at)
    FROM feed
    JOIN unnest(CAST(:types AS text[]), CAST(:names AS text[])) AS step (type, name)
      ON step.type = feed.type
    WHERE feed.audience = 'role:operator' AND feed.thread_id IS NOT NULL
    GROUP BY feed.thread_id, step.name
""")


def upgrade() -> None:
    for name, type_ in EXTRACTED.items():
        op.add_column("views", sa.Column(name, type_))
    _create_searched()
    _create_milestones()
    _go_through()
    _create_indexes()


def downgrade() -> None:
    for name in ("feed_audited_thing", "feed_audited_party", "feed_audited"):
        op.drop_index(name, "feed")
    for name in ("views_counted", "views_by_amount", "views_by_due"):
        op.drop_index(name, "views")
    op.drop_table("milestones")
    op.drop_table("searched")
    for name in EXTRACTED:
        op.drop_column("views", name)


def _create_searched() -> None:
    op.create_table(
        "searched",
        sa.Column("id", Uid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("sort_at", Moment),  # which 0022 adds where this was migrated before it
        sa.Column("audiences", ARRAY(sa.Text), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("parties", ARRAY(Uid), nullable=False),
        sa.Column("facet", sa.Text),
        sa.Column("marks", ARRAY(sa.BigInteger), nullable=False),
    )
    op.create_index("searched_id", "searched", ["id"])


def _create_milestones() -> None:
    op.create_table(
        "milestones",
        sa.Column("thread_id", Uid, primary_key=True),
        sa.Column("step", sa.Text, primary_key=True),
        sa.Column("first_at", Moment, nullable=False),
    )


def _create_indexes() -> None:
    """After the rows: built at once they take a fraction of the time."""
    op.create_index(
        "views_by_due", "views", ["audience", "kind", "due_at", "id"],
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )  # fmt: skip
    by_amount: list[Any] = ["audience", "kind", sa.text("amount_fen DESC"), sa.text("id DESC")]
    op.create_index(
        "views_by_amount", "views", by_amount, postgresql_where=sa.text("amount_fen IS NOT NULL")
    )
    op.create_index(
        "views_counted", "views", ["kind", "state", "sort_at"], postgresql_where=OF_OPERATOR,
        postgresql_include=["id", "thread_id", "amount_fen", "facet", "region"],
    )  # fmt: skip
    op.create_index(
        "searched_marks", "searched", ["marks"], postgresql_using="gin",
        postgresql_with={"gin_pending_list_limit": 1024},
    )  # fmt: skip
    newest: Any = sa.text("occurred_at DESC")
    for name, columns in (
        ("feed_audited", [newest, sa.text("position DESC")]),
        ("feed_audited_party", ["actor_party", newest]),
        ("feed_audited_thing", ["resource_id"]),
    ):
        op.create_index(name, "feed", columns, postgresql_where=OF_OPERATOR)


def _go_through() -> None:
    bind = op.get_bind()
    for shown in _things(bind):
        rows = [
            {"kind": kind, "id": id, "audience": audience} | extracts.of(kind, document)._asdict()
            for (kind, id), documents in shown.items()
            for audience, document in documents.items()
        ]
        bind.execute(EXTRACT, {"rows": json.dumps(rows)})
        if shown:
            sought.mark(bind, *zip(*shown, strict=True))
    steps = milestones.STEP_OF
    bind.execute(PASS, {"types": list(steps), "names": list(steps.values())})


def _things(bind: Any) -> Iterator[dict[tuple[str, str], dict[str, Any]]]:
    """All resources in turn, some at once, with their documents by audience."""
    kind, id = "", "00000000-0000-0000-0000-000000000000"
    while last := bind.execute(LAST, place := {"kind": kind, "id": id, "limit": AT_ONCE}).first():
        shown: dict[tuple[str, str], dict[str, Any]] = {}
        for of_kind, of_id, audience, text in bind.execute(NEXT, place):
            shown.setdefault((of_kind, of_id), {})[audience] = _in_fen(json.loads(text))
        yield shown
        kind, id = last


def _in_fen(document: dict[str, Any]) -> dict[str, Any]:
    """With its money as facts have it, not as HTTP shows it."""
    return dict(
        (f"{name}_fen", parse_amount(value["amount"]))
        if isinstance(value, dict) and value.keys() == {"amount", "currency"}
        else (name, value)
        for name, value in document.items()
    )
