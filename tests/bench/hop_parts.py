"""The two ends of our hop, built as services are."""

from services.contracts import demand as contract
from services.messaging import Database, Relay, command, on_event, projection
from tests.bench import hop


class Producer:
    name = "orders"
    database = Database("orders")
    relay = Relay()
    create_demand = command(contract.CreateDemand, hop.create)


class Consumer:
    """Keeps copies, a batch in one transaction."""

    name = "finance"
    database = Database("finance")
    keep = projection(hop.TYPES, hop.keep)


class Actor:
    """Acts on each fact once, one in one transaction."""

    name = "finance"
    database = Database("finance")
    act = on_event(hop.TYPES, hop.act)
