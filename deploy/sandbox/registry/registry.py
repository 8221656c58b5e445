"""What the registry does about each share that it pulls: it files, and cancels the filing."""

import logging
from dataclasses import asdict
from typing import Any

from werkzeug.wrappers import Request

from deploy.sandbox import platform_time
from deploy.sandbox.behaviour import Behaviours
from deploy.sandbox.registry.register import Filing, Register
from deploy.sandbox.site import Answer, Handler, body_of
from services.client import Client

OPERATIONS = ("file", "cancel")

log = logging.getLogger(__name__)


class Registry:
    """It files in the bank's name and answers with number, time and the second search.

    When the bank's offer has lapsed or was given up, or its loan has ended, it cancels the filing
    and, where that is waited for, says so.
    """

    def __init__(self, system: Client, register: Register) -> None:
        self.system, self.register = system, register
        self.behaviours = Behaviours(OPERATIONS)

    def handle(self, item: dict[str, Any]) -> None:
        """One fact of the feed; told to fail, it tries the same fact again later."""
        position = item["document"] or {}
        if item["kind"] != "position":
            return
        if position.get("state") == "committed":
            self.behaviours.perform("file", lambda nth: self._file(position, nth))
        elif position.get("state") in ("releasing", "released", "settled"):
            self.behaviours.perform("cancel", lambda nth: self._cancel(position, nth))

    def routes(self) -> dict[str, Handler]:
        """Search, and filings by others that the platform knows nothing of."""
        return {
            "GET /filings/<receivable_id>": self._search,
            "POST /filings": self._file_elsewhere,
        }

    def _file(self, position: dict[str, Any], nth: int) -> None:
        """File, then search: only what was there before the own entry counts."""
        filing = self.register.file(
            position["receivable_id"],
            position["bank_id"],
            position["id"],
            platform_time.now(self.system).isoformat(),
        )
        ahead = self.register.ahead_of(filing)
        log.info("filed %s for %s; %d ahead", filing.number, position["number"], len(ahead))
        answer = {
            "filing_number": filing.number,
            "filed_at": filing.filed_at,
            "search": "prior_claims" if ahead else "clear",
        }
        key = f"file-{position['id']}-{nth}"
        self.system.post(f"/positions/{position['id']}/file", answer, key=key)

    def _cancel(self, position: dict[str, Any], nth: int) -> None:
        """Also where it was released at once, before the platform heard of the filing."""
        self.register.cancel(position["id"], platform_time.now(self.system).isoformat())
        if position["state"] == "releasing":
            log.info("cancelled the filing for %s", position["number"])
            self.system.post(
                f"/positions/{position['id']}/release", key=f"release-{position['id']}-{nth}"
            )

    def _search(self, request: Request, receivable_id: str) -> Answer:
        return 200, {"items": [asdict(entry) for entry in self.register.search(receivable_id)]}

    def _file_elsewhere(self, request: Request) -> Answer:
        """Play a rival who files on the whole claim: `{"receivable_id", "secured_party"}`."""
        wish = body_of(request)
        filing: Filing = self.register.file(
            str(wish["receivable_id"]),
            str(wish["secured_party"]),
            None,
            platform_time.now(self.system).isoformat(),
        )
        return 201, asdict(filing)
