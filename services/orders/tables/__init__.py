"""The tables of orders, by noun."""

from services.messaging import messaging_tables
from services.orders.tables.base import Base
from services.orders.tables.contracts import Contract, Delivery, Payable, Payment, Signature
from services.orders.tables.copies import MatchCopy, PartyCopy, UserCopy
from services.orders.tables.demands import Demand, Quote

__all__ = [
    "Base",
    "Contract",
    "Delivery",
    "Demand",
    "MatchCopy",
    "PartyCopy",
    "Payable",
    "Payment",
    "Quote",
    "Signature",
    "UserCopy",
]

messaging_tables(Base.metadata)
