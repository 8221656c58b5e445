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
    threads,
)
from deploy.sails.check.databases import Databases, reading
from deploy.sails.check.entry import Violation, violation
from deploy.sails.database import SERVICES

CHECKS = (
    *messaging.CHECKS, *orders.CHECKS, *matching.CHECKS, *finance.CHECKS, *gateway.CHECKS
)  # fmt: skip
FIGURES = (
    *messaging.FIGURES, *orders.FIGURES, *matching.FIGURES, *finance.FIGURES, *gateway.FIGURES
)  # fmt: skip
ASK_AGAIN_S = 0.3  # while facts are on their way


@dataclass(frozen=True)
class Report:
    """`figures` are counts, `violations` what does not hold; `thread` when one was asked for."""

    figures: dict[str, int]
    violations: list[Violation]
    thread: str | None = None
    left: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return not self.violations

    def to_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "ok": self.ok,
            "checks": len(CHECKS),
            "figures": self.figures,
            "violations": [violation.to_json() for violation in self.violations],
        }
        if self.thread is not None:
            found |= {"thread": self.thread, "left": self.left}
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
    figures = {
        figure.name: int(databases.rows(figure.service, figure.sql)[0][0] or 0)
        for figure in FIGURES
    }
    figures["outbox_left"] = sum(figures.pop(f"outbox_left_{service}") for service in SERVICES)
    figures["dead_letters"] = broker.dead_letters(environment["AMQP_URI"])
    of_threads = threads.states(databases)
    figures["threads"] = len(of_threads)
    figures["threads_settled"] = sum(state == threads.SETTLED for state in of_threads.values())
    thread = None if thread_id is None else of_threads.get(thread_id, threads.UNKNOWN)
    left = [] if thread_id is None else threads.left(databases, thread_id)
    return Report(figures, _violations(databases, figures), thread, left)


def _violations(databases: Databases, figures: dict[str, int]) -> list[Violation]:
    found = [
        violation(check, rows)
        for check in CHECKS
        if (rows := databases.rows(check.service, check.sql))
    ]
    found += across.agreement(databases)
    if figures["dead_letters"]:
        found.append(violation(broker.CHECK, [(figures["dead_letters"],)]))
    return found
