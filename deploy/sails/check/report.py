"""Ask everything, wait for what is still on its way, and sum up."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from deploy.sails.check import (
    across,
    broker,
    finance,
    gateway,
    matching,
    messaging,
    orders,
    schema,
    threads,
)
from deploy.sails.check.databases import Databases, reading
from deploy.sails.check.entry import Violation, violation
from deploy.sails.database import SERVICES

CHECKS = (
    *messaging.CHECKS, *orders.CHECKS, *matching.CHECKS, *finance.CHECKS, *gateway.CHECKS,
    *schema.CHECKS,
)  # fmt: skip
STATEMENTS = (*CHECKS, *across.CHECKS, *broker.CHECKS)  # all that is asked
FIGURES = (
    *messaging.FIGURES, *orders.FIGURES, *matching.FIGURES, *finance.FIGURES, *gateway.FIGURES
)  # fmt: skip
ASK_AGAIN_S = 0.3  # while facts are on their way


@dataclass(frozen=True)
class Report:
    """`figures` are counts, `violations` what does not hold.

    When a thread was asked for: `thread` says how far it is, `left` what is still open in it,
    `paid_loans` how many loans of it were paid out and repaid.
    """

    figures: dict[str, int]
    violations: list[Violation]
    thread: str | None = None
    left: list[str] = field(default_factory=list)
    paid_loans: int = 0

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return not self.violations

    def to_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "ok": self.ok,
            "checks": len(STATEMENTS),
            "figures": self.figures,
            "violations": [violation.to_json() for violation in self.violations],
        }
        if self.thread is not None:
            found |= {"thread": self.thread, "left": self.left, "paid_loans": self.paid_loans}
        return found


def examine(
    environment: Mapping[str, str], thread_id: str | None = None, patience_s: float = 0.0
) -> Report:
    """Look once; again within `patience_s` as long as all that fails may be on its way."""
    deadline = time.monotonic() + patience_s
    while True:
        with reading(environment) as databases:
            report = _look(databases, environment, thread_id)
        waiting = [found for found in report.violations if found.passing]
        hopeless = len(waiting) < len(report.violations)
        if report.ok or hopeless or time.monotonic() > deadline:
            return report
        time.sleep(ASK_AGAIN_S)


def _look(databases: Databases, environment: Mapping[str, str], thread_id: str | None) -> Report:
    waiting = broker.counts(environment["AMQP_URI"])
    paid = threads.paid_loans(databases)
    settled = threads.states(databases)
    figures = _figures(databases) | {name: sum(counts.values()) for name, counts in waiting.items()}
    figures |= _of_threads(settled, paid)
    found = [
        *_broken(databases),
        *across.violations(databases),
        *broker.violations(waiting),
    ]
    if thread_id is None:
        return Report(figures, found)
    state, left = settled.get(thread_id, threads.UNKNOWN), threads.left(databases, thread_id)
    return Report(figures, found, state, left, paid.get(thread_id, 0))


def _figures(databases: Databases) -> dict[str, int]:
    figures = {
        figure.name: int(databases.rows(figure.service, figure.sql)[0][0] or 0)
        for figure in FIGURES
    }
    figures["outbox_left"] = sum(figures.pop(f"outbox_left_{service}") for service in SERVICES)
    return figures


def _of_threads(states: Mapping[str, str], paid: Mapping[str, int]) -> dict[str, int]:
    settled = {thread for thread, state in states.items() if state == threads.SETTLED}
    return {
        "threads": len(states),
        "threads_settled": len(settled),
        "threads_repaid": len(settled & paid.keys()),
    }


def _broken(databases: Databases) -> list[Violation]:
    return [
        violation(check, rows)
        for check in CHECKS
        if (rows := databases.rows(check.service, check.sql))
    ]
