"""`python -m tests.bench.stock CLASS`: the hop as the framework's own examples build it.

A producer commits and then dispatches, a consumer handles one event in one transaction, both with
ten workers; the database, the tables and the facts are those of our own hop.
"""

import warnings

warnings.filterwarnings("ignore")
import eventlet  # noqa: E402

eventlet.monkey_patch()

import os  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
from datetime import UTC, datetime  # noqa: E402

from nameko.containers import ServiceContainer  # noqa: E402
from nameko.events import EventDispatcher, event_handler  # noqa: E402
from nameko.extensions import DependencyProvider  # noqa: E402
from nameko.rpc import rpc  # noqa: E402
from sqlalchemy import create_engine, select  # noqa: E402
from sqlalchemy.dialects.postgresql import insert  # noqa: E402
from sqlalchemy.orm import Session  # noqa: E402

from services.contracts import demand as contract  # noqa: E402
from services.messaging import Ids  # noqa: E402
from services.messaging.tables import OUTBOX  # noqa: E402
from services.orders.tables import Demand  # noqa: E402
from tests.bench import hop  # noqa: E402

WORKERS = 10
EVENT = "demand_created"


class Sessions(DependencyProvider):
    """A session factory on a pool of as many connections as workers."""

    def setup(self):
        self.engine = create_engine(
            self.container.config["DATABASE_URL"], pool_size=WORKERS, max_overflow=0
        )

    def get_dependency(self, worker_ctx):
        return lambda: Session(self.engine, expire_on_commit=False)


class Producer:
    name, database = "stock_orders", "DATABASE_URL_ORDERS"
    sessions = Sessions()
    dispatch = EventDispatcher()

    @rpc
    def create_demand(self, arguments):
        row = self._row(contract.AmendDemand.schema.load(arguments))
        with self.sessions() as session:
            session.add(row)
            session.commit()
        state = contract.demand.schema.dump(row)
        self.dispatch(EVENT, state)
        return state

    @rpc
    def dispatch_stored(self, first, last):
        """Facts that are committed already, in their order."""
        with self.sessions() as session:
            stored = select(OUTBOX.c.envelope).where(OUTBOX.c.id.between(first, last))
            envelopes = session.scalars(stored.order_by(OUTBOX.c.id)).all()
        for envelope in envelopes:
            self.dispatch(EVENT, envelope["data"])

    def _row(self, args):
        id, now = Ids().new(), datetime.now(UTC)
        return Demand(
            **args, id=id, number=f"QF-D-{id}", state="draft", sequence=1, version=1,
            created_at=now, updated_at=now, thread_id=id, buyer_id=hop.BUYER.party_id,
            buyer_name=hop.BUYER_NAME, buyer_verified=True, quote_count=0,
            capacity="unchecked", origin="own",
        )  # fmt: skip


class Consumer:
    name, database = "stock_finance", "DATABASE_URL_FINANCE"
    sessions = Sessions()

    @event_handler("stock_orders", EVENT)
    def keep(self, state):
        row = insert(hop.DemandCopy).values({name: state.get(name) for name in hop.COPIED})
        newer = row.on_conflict_do_update(
            index_elements=["id"],
            set_={name: row.excluded[name] for name in hop.COPIED if name != "id"},
            where=hop.DemandCopy.sequence < row.excluded.sequence,
        )
        with self.sessions() as session:
            session.execute(newer)
            session.commit()


def main(part):
    config = {
        "AMQP_URI": os.environ["AMQP_URI"],
        "DATABASE_URL": os.environ[part.database],
        "max_workers": WORKERS,
    }
    container = ServiceContainer(part, config)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    container.start()
    print("ready", flush=True)
    container.wait()


if __name__ == "__main__":
    main(getattr(sys.modules[__name__], sys.argv[1]))
