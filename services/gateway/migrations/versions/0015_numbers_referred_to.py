"""What refers to another thing by its number is found by that number, too: payables by contract."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from services.gateway.readmodel import sought

revision = "gateway_0015"
down_revision = "gateway_0014"

AT_ONCE = 500  # things that are marked together
NEXT = sa.text("""
    SELECT id::text, kind, NULL AS sort_at, audiences, words, parties::text[], facet FROM searched
    WHERE id IN (
        SELECT DISTINCT id FROM searched
        WHERE words ~ '\\nqf-' AND id > CAST(:after AS uuid) ORDER BY id LIMIT :limit
    )
    ORDER BY id
""")
MARK = sa.text("""
    UPDATE searched SET marks = CAST(:marks AS bigint[])
    WHERE id = :id AND kind = :kind AND audiences = CAST(:audiences AS text[])
""")


def upgrade() -> None:
    bind = op.get_bind()
    for rows in _batches(bind):
        bind.execute(MARK, [sought.row_of(row) for row in rows])


def downgrade() -> None:
    """More marks than are looked for do no harm."""


def _batches(bind: sa.Connection) -> Iterator[list[dict[str, Any]]]:
    after = "00000000-0000-0000-0000-000000000000"
    while found := bind.execute(NEXT, {"after": after, "limit": AT_ONCE}).mappings().all():
        yield [dict(row) for row in found]
        after = found[-1]["id"]
