"""Alembic's environment of the finance database."""

from services.finance.tables import Base
from services.messaging.migration import run

run(Base.metadata)
