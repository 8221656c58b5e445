"""How far each deal has come: a thread is settled when nothing in it is left to do."""

from collections.abc import Iterator
from typing import Any

from deploy.sails.check.databases import Databases

# Per service and table, the states in which nothing is left to be done. A thread is the id of its
# demand; what was lost, withdrawn or released is no longer part of it.
DONE: dict[str, dict[str, tuple[str, ...]]] = {
    "orders": {
        "demands": ("fulfilled",),
        "contracts": ("completed", "declined", "expired"),
        "payables": ("paid", "paid_late"),
        "quotes": ("accepted", "rejected", "withdrawn", "invalidated", "expired"),
    },
    "matching": {
        "matches": ("proposed", "declined", "won", "lost", "expired", "closed", "withdrawn"),
    },
    "finance": {
        "receivables": ("settled", "withdrawn", "rejected"),
        "positions": ("settled", "short_paid", "released"),
        "applications": ("closed", "withdrawn", "declined", "expired"),
        "offers": ("fulfilled", "lost", "expired", "lapsed", "withdrawn"),
        "loans": ("paid", "failed"),
    },
}  # fmt: skip
# An application that ended well had a loan, and it was repaid.
_UNPAID = (
    "SELECT a.thread_id, a.number FROM applications a WHERE a.state IN ('disbursed', 'closed')"
    " AND NOT EXISTS (SELECT 1 FROM loans l WHERE l.application_id = a.id AND l.state = 'paid')"
)
SETTLED, OPEN, UNKNOWN = "settled", "open", "unknown"


def states(databases: Databases) -> dict[str, str]:
    """Every thread that reached a contract, by id: settled or open."""
    open_ones = {thread for thread, _ in _left(databases)}
    contracted = databases.all_rows("orders", "SELECT DISTINCT thread_id FROM contracts")
    return {thread: OPEN if thread in open_ones else SETTLED for (thread,) in contracted}


def paid_loans(databases: Databases) -> dict[str, int]:
    """How many loans of each thread were paid out and repaid; threads without one are left out."""
    statement = (
        "SELECT thread_id, count(*) FROM loans"
        " WHERE state = 'paid' AND disbursed_at IS NOT NULL GROUP BY 1"
    )
    return dict(databases.all_rows("finance", statement))


def left(databases: Databases, thread_id: str) -> list[str]:
    """What is still open in one thread, for people."""
    return [what for thread, what in _left(databases) if thread == thread_id]


def _left(databases: Databases) -> Iterator[tuple[Any, str]]:
    for service, tables in DONE.items():
        for table, done in tables.items():
            known = ", ".join(f"'{state}'" for state in done)
            statement = f"SELECT thread_id, number, state FROM {table} WHERE state NOT IN ({known})"  # noqa: S608  constants
            for thread, number, state in databases.all_rows(service, statement):
                yield thread, f"{number} {state}"
    for thread, number in databases.all_rows("finance", _UNPAID):
        yield thread, f"{number} without a repaid loan"
