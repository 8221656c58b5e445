"""Alembic's way into the chain of matching."""

import services.matching.import_tables  # noqa: F401  its tables are of the same metadata
from services.matching.tables import Base
from services.messaging.migration import run

run(Base.metadata)
