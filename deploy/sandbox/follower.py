"""Work through the platform's numbered feed in order, from where one stopped."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from deploy.sandbox.behaviour import Fault
from deploy.sandbox.store import Store
from services.client import Client, NoAnswer, Refused

POLL_S = 0.5  # a webhook wakes it at once; this finds what a lost webhook would have told
PAUSE_AFTER_FAULT_S = 0.5
FRESH_S = 30.0  # a follower that has dealt with no page of the feed for so long is not ready

log = logging.getLogger(__name__)


class Follower(threading.Thread):
    """Hands each fact to `handle` once it is certain that the one before was dealt with.

    A fact may be handed over again after a crash, so `handle` keeps to idempotent calls. What the
    platform refuses is logged and passed over; what fails for now is tried again.
    """

    def __init__(
        self, client: Client, store: Store, handle: Callable[[dict[str, Any]], None]
    ) -> None:
        super().__init__(name="follower", daemon=True)
        self._client, self._store, self._handle = client, store, handle
        self._woken, self._ended = threading.Event(), threading.Event()
        self._reached_at_s = float("-inf")

    @property
    def is_fresh(self) -> bool:
        """Whether a page of the feed was dealt with lately."""
        return time.monotonic() - self._reached_at_s < FRESH_S

    def wake(self) -> None:
        """There is news: pull now."""
        self._woken.set()

    def stop(self) -> None:
        """End after the fact in hand."""
        self._ended.set()
        self._woken.set()

    def run(self) -> None:
        while not self._ended.is_set():
            self._woken.clear()
            try:
                more = self._pull()
            except (NoAnswer, Refused, Fault) as fault:
                log.warning("trying again: %s", fault)
                self._ended.wait(PAUSE_AFTER_FAULT_S)
                continue
            except Exception:  # ours, or the store's: a follower that ended would never be missed
                log.exception("trying again")
                self._ended.wait(PAUSE_AFTER_FAULT_S)
                continue
            if not more:
                self._woken.wait(POLL_S)

    def _pull(self) -> bool:
        """Deal with one page; whether there was anything."""
        after = self._store.position()
        try:
            items, position = self._client.feed(after)
        except Refused as refused:
            self._catch_up(refused)
            return True
        for item in items:
            if self._ended.is_set():
                return False
            self._deal_with(item)
            self._store.keep_position(int(item["position"]))
        if position > after:  # the page may have skipped facts that are not ours
            self._store.keep_position(position)
        self._reached_at_s = time.monotonic()
        return bool(items)

    def _catch_up(self, refused: Refused) -> None:
        """Away for so long that the feed has forgotten some of it, which is settled by now; or the
        platform was restored from a backup, and goes on from before.
        """
        if refused.code not in ("feed_forgotten", "feed_ahead"):
            raise refused
        log.warning("%s", refused)
        self._store.keep_position(int(refused.problem["resume_after"]))

    def _deal_with(self, item: dict[str, Any]) -> None:
        try:
            self._handle(item)
        except Refused as refused:
            log.warning("%s %s: %s", item["type"], item["id"], refused)
