"""How services do their work and tell each other: transaction, outbox, relay, inbox, RPC.

All that a service may use of it is named here.
"""

from services.messaging.aggregate import AggregateRow
from services.messaging.clock import Clock, adopt_offset
from services.messaging.copies import CopyRow, keeper
from services.messaging.database import Database
from services.messaging.declarations import (
    command,
    follow_clock,
    on_deadline,
    on_event,
    projection,
    query,
)
from services.messaging.execution import ask, execute
from services.messaging.feed import Numbered, read_feed, read_subject
from services.messaging.ids import Ids
from services.messaging.numbering import NUMBERED_CHANNEL
from services.messaging.reader import Planned, Prepared, Reader, Statement
from services.messaging.relay import Relay
from services.messaging.request import load_arguments
from services.messaging.retention import PRUNED_AT_ONCE, prune_older
from services.messaging.rpc_client import Rpc
from services.messaging.tables import messaging_tables
from services.messaging.tail import Tail
from services.messaging.timer import Timer
from services.messaging.transaction import Transaction
from services.messaging.transactions import Transactions

__all__ = [
    "NUMBERED_CHANNEL",
    "PRUNED_AT_ONCE",
    "AggregateRow",
    "Clock",
    "CopyRow",
    "Database",
    "Ids",
    "Numbered",
    "Planned",
    "Prepared",
    "Reader",
    "Relay",
    "Rpc",
    "Statement",
    "Tail",
    "Timer",
    "Transaction",
    "Transactions",
    "adopt_offset",
    "ask",
    "command",
    "execute",
    "follow_clock",
    "keeper",
    "load_arguments",
    "messaging_tables",
    "on_deadline",
    "on_event",
    "projection",
    "prune_older",
    "query",
    "read_feed",
    "read_subject",
]
