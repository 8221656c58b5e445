"""The runbook says of every table of every service how long its rows are kept."""

import importlib
import re
from pathlib import Path

from deploy.sails.database import SERVICES
from services.gateway.readmodel.horizon import NEWS_KEPT
from services.messaging.retention import IDEMPOTENCY_KEPT, INBOX_KEPT, PRUNES

RUNBOOK = (Path(__file__).parents[2] / "docs/runbook.md").read_text("utf-8")
ROWS = [
    line
    for line in RUNBOOK.partition("## What is kept how long")[2].partition("\n## ")[0].splitlines()
    if line.startswith("| `")
]


def named(row: str) -> list[str]:
    """The tables in the first cell."""
    return re.findall(r"`(\w+)`", row.split(" | ", maxsplit=1)[0])


def period_of(table: str) -> str:
    return next(row.split(" | ")[1] for row in ROWS if table in named(row))


def test_each_table_is_named_once_and_no_other() -> None:
    tables = {"alembic_version"}
    for service in SERVICES:
        tables |= set(importlib.import_module(f"services.{service}.tables").Base.metadata.tables)
    assert sorted(name for row in ROWS for name in named(row)) == sorted(tables)


def test_the_periods_are_those_of_the_code() -> None:
    assert period_of("idempotency") == f"{IDEMPOTENCY_KEPT.total_seconds() / 3600:.0f} hours"
    assert period_of("inbox") == f"{INBOX_KEPT.days} days"
    assert f"{NEWS_KEPT.days} days" in period_of("feed")
    assert PRUNES.keys() == {"idempotency", "inbox"}
