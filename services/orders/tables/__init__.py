"""The tables of orders, by noun."""

from services.messaging import messaging_tables
from services.orders.tables.base import Base
from services.orders.tables.contracts import (
    Contract,
    Delivery,
    Payable,
    Payment,
    PaymentReport,
    Signature,
)
from services.orders.tables.copies import ClaimCopy, MatchCopy, PartyCopy, UserCopy
from services.orders.tables.demands import Demand, Quote

__all__ = [
    "Base",
    "ClaimCopy",
    "Contract",
    "Delivery",
    "Demand",
    "MatchCopy",
    "PartyCopy",
    "Payable",
    "Payment",
    "PaymentReport",
    "Quote",
    "Signature",
    "UserCopy",
]

messaging_tables(Base.metadata)
