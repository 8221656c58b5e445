"""Alembic's entry for the gateway's chain."""

from services.gateway.tables import metadata
from services.messaging.migration import run

run(metadata)
