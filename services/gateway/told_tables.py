"""Tables of what is told: to machines by webhooks, to people by notifications. No aggregates."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
)

Moment = DateTime(timezone=True)
Uid = Uuid(as_uuid=False)


def webhook_tables(metadata: MetaData) -> tuple[Table, Table, Table]:
    """Calls that were made, calls that were asked for, and secrets that were replaced.

    `status` is null where nobody answered, `error` where somebody did. Times are real ones.
    """
    deliveries = Table(
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
    Index("webhook_deliveries_of", deliveries.c.webhook_id, deliveries.c.id.desc())
    Index("webhook_deliveries_at", deliveries.c.at)
    asked = Table(
        "webhook_asked",
        metadata,
        Column("id", BigInteger, Identity(), primary_key=True),
        Column("webhook_id", Uid, nullable=False, index=True),
        Column("cause", Text, nullable=False),
        Column("event_id", Uid, nullable=False),
        Column("asked_at", Moment, nullable=False, server_default=func.now(), index=True),
        Column("due_at", Moment, nullable=False, server_default=func.now()),
    )
    old_secrets = Table(
        "webhook_old_secrets",
        metadata,
        Column("id", BigInteger, Identity(), primary_key=True),
        Column("webhook_id", Uid, nullable=False, index=True),
        Column("secret", Text, nullable=False),
        Column("until", Moment, nullable=False, index=True),
    )
    return deliveries, asked, old_secrets


def personal_tables(metadata: MetaData) -> tuple[Table, Table]:
    """Up to which position a person has read its notifications, and its preferences by name.

    `value` is JSON text, as it was given: a draft comes back with its keys in their order.
    """
    marks = Table(
        "notification_marks",
        metadata,
        Column("user_id", Uid, primary_key=True),
        Column("position", BigInteger, nullable=False),
    )
    preferences = Table(
        "preferences",
        metadata,
        Column("user_id", Uid, primary_key=True),
        Column("name", Text, primary_key=True),
        Column("value", Text, nullable=False),
        Column("updated_at", Moment, nullable=False, server_default=func.now()),
    )
    return marks, preferences
