"""What finance keeps, one module per noun. Importing this package maps every table."""

from services.finance.tables import (
    applications,
    authorisations,
    copies,
    ledger,
    limits,
    loans,
    offers,
    positions,
    products,
    receivables,
)
from services.finance.tables.base import Base

__all__ = [
    "Base",
    "applications",
    "authorisations",
    "copies",
    "ledger",
    "limits",
    "loans",
    "offers",
    "positions",
    "products",
    "receivables",
]
