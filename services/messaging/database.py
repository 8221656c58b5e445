"""One service's own PostgreSQL database: how to connect, and what a worker is given of it."""

import time
from datetime import UTC, datetime
from typing import Any

import psycopg2
from nameko.extensions import DependencyProvider
from sqlalchemy import Engine, create_engine, event, func, select
from sqlalchemy.exc import InvalidatePoolError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from services.messaging.deadlines import count_failing
from services.messaging.dialect import bracketed
from services.messaging.ids import Ids
from services.messaging.metrics import DEADLINES_FAILING, OUTBOX_AGE, OUTBOX_DEPTH
from services.messaging.tables import OUTBOX
from services.messaging.transactions import Transactions

CONNECT_TIMEOUT_S = 5
STATEMENT_TIMEOUT_MS = 15_000  # longer than any statement of ours, shorter than a broker's patience
LOCK_TIMEOUT_MS = 3_000  # a lock is held for one short transaction; past this, answer "try again"
IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000  # ends what a worker that hangs elsewhere left open
POOL_TIMEOUT_S = 5  # waiting for a connection while all workers hold theirs
PING_IDLE_S = 1.0  # nobody notices a ping once a second, and few restarts are faster
RESERVED_CONNECTIONS = 2  # readiness and a tail must not wait for busy workers
_OPTIONS = (
    f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={LOCK_TIMEOUT_MS}"
    f" -c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_TIMEOUT_MS} -c timezone=UTC"
    # To compile a statement takes longer than any of ours runs.
    " -c jit=off"
    # The server's side: a relay whose host is gone must not hold the lock of its database.
    " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=4"
    " -c tcp_user_timeout=30000"
)
# A peer that vanished without a word is noticed after about half a minute, not two hours.
CONNECT_ARGUMENTS: dict[str, Any] = {
    "connect_timeout": CONNECT_TIMEOUT_S,
    "options": _OPTIONS,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 30_000,
}


def create_database_engine(url: str, pool_size: int = 10) -> Engine:
    """An engine with as many connections as workers, bounded waits, and values kept out of logs."""
    engine = create_engine(
        bracketed(url),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_S,
        hide_parameters=True,  # an exception's text must not carry a sealed price into a log
        connect_args=CONNECT_ARGUMENTS,
    )
    _ping_what_was_idle(engine)
    return engine


def _ping_what_was_idle(engine: Engine) -> None:
    """Before a connection is used again; one in steady use is spared a seventh of its work.

    Should that one break meanwhile, its statement fails as any under way does, and all are renewed.
    """

    @event.listens_for(engine, "checkin")
    def note(_: Any, record: Any) -> None:
        record.info["idle_since_s"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def look(connection: Any, record: Any, _: Any) -> None:
        now_s = time.monotonic()
        if now_s - record.info.get("idle_since_s", now_s) < PING_IDLE_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except psycopg2.Error as error:
            raise InvalidatePoolError from error


def create_sessionmaker(engine: Engine) -> sessionmaker[Session]:
    """Sessions whose rows stay readable after the commit."""
    return sessionmaker(engine, expire_on_commit=False)


class Database(DependencyProvider):
    """`database = Database("orders")`: a worker reaches its Transactions as `self.database`."""

    def __init__(self, service: str) -> None:
        self.service = service

    def setup(self) -> None:
        config = self.container.config
        size = self.container.max_workers + RESERVED_CONNECTIONS
        self.engine = create_database_engine(config["DATABASE_URL"], size)
        sessions = create_sessionmaker(self.engine)
        self.transactions = Transactions(self.service, sessions, config["CLOCK"], Ids())

    def stop(self) -> None:
        self.engine.dispose()

    def get_dependency(self, worker_ctx: Any) -> Transactions:
        return self.transactions

    def not_ready(self) -> str | None:
        """Why the database cannot be used; None when it answers."""
        try:
            with self.engine.connect() as connection:
                connection.execute(select(1))
        except SQLAlchemyError as error:
            return f"database: {type(error).__name__}"
        return None

    def observe(self) -> None:
        """Bring the gauges that only the database knows up to date."""
        with self.engine.connect() as connection:
            waiting = select(func.count(), func.min(OUTBOX.c.recorded_at))
            depth, oldest = connection.execute(waiting.where(OUTBOX.c.position.is_(None))).one()
            DEADLINES_FAILING.set(count_failing(connection))
        OUTBOX_DEPTH.set(depth)
        OUTBOX_AGE.set((datetime.now(UTC) - oldest).total_seconds() if oldest else 0)
