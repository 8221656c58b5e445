"""Confirmed claims are told once more, for orders did not listen when they were confirmed.

Each gets a fact of its own, as nobody takes the same one twice: `allocated`, which says how much of
the claim is financed. That has not changed; what orders needs is the rest of the state. Debtors do
not hear of it, and no handler does anything twice.
"""

from alembic import op

from services.contracts.actor import Actor

revision = "0010"
down_revision = "0009"

TYPE = "receivable.allocated.v1"
TELLER = Actor.system("finance")
# By the state of the claim's last fact. A service that is at work on a claim at this moment finds
# another sequence and tries again.
TELL = f"""
WITH again AS (
    UPDATE receivables SET sequence = sequence + 1 WHERE state = 'confirmed'
    RETURNING id, sequence, gen_random_uuid() AS event_id
)
INSERT INTO outbox (event_id, type, envelope)
SELECT again.event_id, '{TYPE}', last.envelope || jsonb_build_object(
    'id', again.event_id, 'type', '{TYPE}', 'sequence', again.sequence,
    'occurred_at', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'),
    'business_date', to_char((now() + coalesce((SELECT offset_s FROM clock), 0)
        * interval '1 second') AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD'),
    'actor_party', '{TELLER.party_id}', 'actor_user', '{TELLER.user_id}', 'traceparent', null,
    'data', last.envelope->'data' || jsonb_build_object('sequence', again.sequence)
)
FROM again JOIN outbox AS last ON last.type LIKE 'receivable.%'
    AND last.envelope->>'subject' = CAST(again.id AS text)
    AND CAST(last.envelope->>'sequence' AS bigint) = again.sequence - 1
ORDER BY again.id
"""  # noqa: S608  our own names


def upgrade() -> None:
    op.execute(TELL)


def downgrade() -> None:
    """What was told stays told."""
