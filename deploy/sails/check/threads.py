"""How far each deal has come: a thread is settled when nothing in it is left to do."""

from typing import Any

from deploy.sails.check.databases import Databases

# Table, and the states in which something is still to be done, per service. A thread is the id of
# its demand; what was lost, withdrawn or released is no longer part of it.
_OPEN: dict[str, dict[str, str]] = {
    "orders": {
        "demands": "state <> 'fulfilled'",
        "contracts": "state IN ('draft', 'cleared', 'blocked', 'signing', 'active')",
        "payables": "state NOT IN ('paid', 'paid_late')",
        "quotes": "state IN ('sealed', 'opened')",
    },
    "matching": {"matches": "state IN ('sent', 'interested', 'mutual', 'quoted')"},
    "finance": {
        "receivables": "state NOT IN ('settled', 'withdrawn', 'rejected')",
        "positions": "state NOT IN ('settled', 'released')",
        "applications": "state NOT IN ('closed', 'withdrawn', 'declined', 'expired')",
        "offers": "state IN ('prepared', 'sealed', 'visible', 'accepted')",
        "loans": "state NOT IN ('paid', 'failed')",
    },
}
SETTLED, OPEN, UNKNOWN = "settled", "open", "unknown"


def states(databases: Databases) -> dict[str, str]:
    """Every thread that reached a loan or a contract, by id: settled or open."""
    open_ones = {thread for thread, _ in _left(databases)}
    contracted = databases.all_rows("orders", "SELECT DISTINCT thread_id FROM contracts")
    return {thread: OPEN if thread in open_ones else SETTLED for (thread,) in contracted}


def left(databases: Databases, thread_id: str) -> list[str]:
    """What is still open in one thread, for people."""
    return [what for thread, what in _left(databases) if thread == thread_id]


def _left(databases: Databases) -> list[tuple[Any, str]]:
    found = []
    for service, tables in _OPEN.items():
        for table, condition in tables.items():
            statement = f"SELECT thread_id, number, state FROM {table} WHERE {condition}"  # noqa: S608  constants
            for thread, number, state in databases.all_rows(service, statement):
                found.append((thread, f"{number} {state}"))
    return found
