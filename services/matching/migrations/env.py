"""Alembic's way into the chain of matching."""

from services.matching.tables import Base
from services.messaging.migration import run

run(Base.metadata)
