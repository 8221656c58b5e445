"""What time it is on the platform: real time, moved on by the demonstration clock."""

from datetime import UTC, date, datetime, timedelta

from services.client import Client
from services.days import shanghai_date


def now(client: Client) -> datetime:
    """The platform's present instant."""
    return datetime.now(UTC) + timedelta(seconds=client.get("/clock")["offset_s"])


def today(client: Client) -> date:
    """The platform's present day in Asia/Shanghai."""
    return shanghai_date(now(client))
