"""Bring rows in by an import command of the API."""

from typing import Any

from deploy.sails.waiting import until
from services.client import Client

Body = dict[str, Any]
HEARSAY_TIMEOUT_S = 60.0  # hundreds of new parties on their way to the other services


def bring_in(operator: Client, path: str, rows: list[Body]) -> list[Body]:
    """One batch; answers an outcome per row.

    While the owner has not heard of a row's party the batch is sent again: what came in before is
    skipped by its `source_ref`. Raises WaitedInVain, Refused.
    """

    def attempt() -> list[Body]:
        results: list[Body] = operator.post(path, {"rows": rows})["results"]
        waiting = any(result["reason"] == "party_unknown" for result in results)
        return [] if waiting else results

    return until(path, attempt, HEARSAY_TIMEOUT_S) if rows else []
