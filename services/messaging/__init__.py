"""How services do their work and tell each other: transaction, outbox, relay, inbox, RPC.

All that a service may use of it is named here.
"""

from services.messaging.aggregate import AggregateRow
from services.messaging.clock import Clock, adopt_offset
from services.messaging.execution import ask, execute
from services.messaging.ids import Ids
from services.messaging.tables import messaging_tables
from services.messaging.transaction import Transaction
from services.messaging.transactions import Transactions

__all__ = [
    "AggregateRow",
    "Clock",
    "Ids",
    "Transaction",
    "Transactions",
    "adopt_offset",
    "ask",
    "execute",
    "messaging_tables",
]
