"""Every call that was made, for the owner of the webhook to look at.

Calls of a sender are written together, with what they change: of one that died in between, those
since it last renewed its lease are missing, and the facts are sent again.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, delete, select
from sqlalchemy.orm import Session

from services.gateway.tables import ASKED_CALLS, DELIVERIES, OLD_SECRETS
from services.messaging import prune_older

# Of each webhook: ten pages of a person who looks for what went wrong, 0.3 MB. Longer than the half
# day of retries of an endpoint that fails, whose last 35 calls they are.
KEPT_CALLS = 1_000
KEPT = timedelta(days=30)  # a monthly closing finds the calls of its month
ASKED_KEPT = timedelta(days=1)  # of a webhook that was disabled: nobody waits for it any more


@dataclass
class Attempt:
    """One call. `status` is None where nobody answered, and then `error` is a code."""

    event_id: str
    type: str
    position: int | None
    cause: str
    attempt: int
    at: datetime
    status: int | None
    error: str | None
    duration_ms: int
    next_at: datetime | None = None

    @property
    def is_ok(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def write(session: Session, webhook_id: str, attempts: Sequence[Attempt]) -> None:
    """Add them, and forget this webhook's oldest beyond KEPT_CALLS."""
    if not attempts:
        return
    rows = [asdict(attempt) | {"webhook_id": webhook_id} for attempt in attempts]
    session.execute(DELIVERIES.insert(), rows)
    of_it = DELIVERIES.c.webhook_id == webhook_id
    newest = select(DELIVERIES.c.id).where(of_it).order_by(DELIVERIES.c.id.desc())
    last_kept = newest.offset(KEPT_CALLS - 1).limit(1).scalar_subquery()
    session.execute(delete(DELIVERIES).where(of_it, DELIVERIES.c.id < last_kept))


# What the relay has the database forget.
PRUNES: dict[str, Callable[[Connection], bool]] = {
    "webhook_deliveries": partial(prune_older, table=DELIVERIES, since=DELIVERIES.c.at, kept=KEPT),
    "webhook_asked": partial(
        prune_older, table=ASKED_CALLS, since=ASKED_CALLS.c.asked_at, kept=ASKED_KEPT
    ),
    "webhook_old_secrets": partial(
        prune_older, table=OLD_SECRETS, since=OLD_SECRETS.c.until, kept=timedelta(0)
    ),
}
