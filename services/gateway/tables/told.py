"""What is told to machines by webhooks and to people by notifications. No aggregates."""

from sqlalchemy import BigInteger, Column, Identity, Index, Integer, SmallInteger, Table, Text, func

from services.gateway.tables.base import Moment, Uid, metadata

# Calls that were made, calls that were asked for, and secrets that were replaced. `status` is
# null where nobody answered, `error` where somebody did. Times are real ones.
DELIVERIES = Table(
    "webhook_deliveries",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("webhook_id", Uid, nullable=False),
    Column("event_id", Uid, nullable=False),
    Column("type", Text, nullable=False),
    Column("position", BigInteger),
    Column("cause", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("status", SmallInteger),
    Column("error", Text),
    Column("duration_ms", Integer, nullable=False),
    Column("next_at", Moment),
)
Index("webhook_deliveries_of", DELIVERIES.c.webhook_id, DELIVERIES.c.id.desc())
Index("webhook_deliveries_at", DELIVERIES.c.at)
ASKED_CALLS = Table(
    "webhook_asked",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("webhook_id", Uid, nullable=False, index=True),
    Column("cause", Text, nullable=False),
    Column("event_id", Uid, nullable=False),
    Column("asked_at", Moment, nullable=False, server_default=func.now(), index=True),
    Column("due_at", Moment, nullable=False, server_default=func.now()),
)
OLD_SECRETS = Table(
    "webhook_old_secrets",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("webhook_id", Uid, nullable=False, index=True),
    Column("secret", Text, nullable=False),
    Column("until", Moment, nullable=False, index=True),
)
# Up to which position a person has read its notifications, and its preferences by name. `value`
# is JSON text, as it was given: a draft comes back with its keys in their order.
NOTIFICATION_MARKS = Table(
    "notification_marks",
    metadata,
    Column("user_id", Uid, primary_key=True),
    Column("position", BigInteger, nullable=False),
)
PREFERENCES = Table(
    "preferences",
    metadata,
    Column("user_id", Uid, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("updated_at", Moment, nullable=False, server_default=func.now()),
)
