"""Alembic's way into the chain of orders."""

from services.messaging.migration import run
from services.orders.tables import Base

run(Base.metadata)
