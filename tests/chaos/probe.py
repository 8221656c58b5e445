"""When is all well again? A command is answered, another party sees its effect, all are ready."""

import dataclasses
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from deploy.sails.demo.person import Person
from deploy.sails.waiting import WaitedInVain
from services.client import Client, Patience
from tests.chaos.cast import Cast
from tests.chaos.deal import authorisation_for
from tests.chaos.ledger import Ledger
from tests.chaos.stage import Stage

GIVE_UP_S = 60.0  # six times what is promised: then it will not come by itself
LOOK_AGAIN_S = 0.1
IMPATIENT = Patience(total_s=GIVE_UP_S, first_pause_s=0.05, longest_pause_s=0.2)
FEED_ITEMS = 500
EVERYONE: frozenset[str] = frozenset()


class Probe:
    """`without`: programs that another fault keeps down meanwhile; what needs them is not asked."""

    def __init__(self, stage: Stage, cast: Cast, ledger: Ledger) -> None:
        self._stage, self._cast = stage, cast
        buyer, supplier = cast.buyers[0], next(iter(cast.suppliers.values()))

        def impatient(person: Person, party_id: str) -> Person:
            client = Client(person.client.url, person.client.api_key, patience=IMPATIENT)
            return ledger.watch(dataclasses.replace(person, client=client), party_id)

        self._purchaser = impatient(buyer["buyer.purchaser"], buyer.id)
        self._owner = impatient(supplier["supplier.owner"], supplier.id)
        self._bank = impatient(cast.bank["bank.system"], cast.bank.id)
        self._legs: Mapping[Callable[[frozenset[str]], None], frozenset[str]] = {
            self._trade: frozenset({"orders", "gateway-worker"}),
            self._finance: frozenset({"finance", "gateway-worker"}),
            self._ready: EVERYONE,
        }

    def recovery_s(self, since_s: float, without: frozenset[str] = EVERYONE) -> float:
        """Seconds from `since_s` (monotonic) until all is well. Raises WaitedInVain, NoAnswer."""
        legs = [leg for leg, needed in self._legs.items() if not needed & without]
        with ThreadPoolExecutor(len(legs)) as threads:
            return max(threads.map(lambda leg: self._timed(leg, since_s, without), legs))

    def _timed(
        self, leg: Callable[[frozenset[str]], None], since_s: float, without: frozenset[str]
    ) -> float:
        leg(without)
        return time.monotonic() - since_s

    def _trade(self, without: frozenset[str]) -> None:
        """A demand is published: a supplier hears of it, and of its match."""
        after = self._newest()
        deadline = self._cast.clock.now() + timedelta(seconds=GIVE_UP_S)
        wish = self._cast.wishes[0] | {"quote_deadline_at": deadline.isoformat()}
        draft = self._purchaser.does("/demands", wish)
        path = f"/demands/{draft['id']}"
        self._purchaser.does(f"{path}/publish")
        self._hears(self._owner, after, draft["id"])
        if "matching" not in without:
            _until("a match", lambda: self._owner.finds("/matches", draft["id"]))
        self._purchaser.does(f"{path}/cancel", {"reason_code": "no_need"})

    def _finance(self, without: frozenset[str]) -> None:
        """A supplier authorises the bank, which hears of it."""
        after = self._newest()
        granted = self._owner.does("/authorisations", authorisation_for(self._cast.bank))
        self._hears(self._bank, after, granted["id"])

    def _ready(self, without: frozenset[str]) -> None:
        """One that was red is asked first the next time: questions cost who answers them."""
        names = [name for program, each in self._stage.names.items() if program not in without
                 for name in each]  # fmt: skip

        def all_green() -> bool:
            for name in names:
                if self._stage.reasons(name):
                    names.remove(name)
                    names.insert(0, name)
                    return False
            return True

        _until("readiness", all_green)

    def _newest(self) -> int:
        """Where the feed ends now."""
        [(newest,)] = self._stage.rows("gateway", "SELECT coalesce(max(position), 0) FROM feed")
        return int(newest)

    def _hears(self, person: Person, after: int, id: str) -> None:
        """It is in the feed of this person, after a position."""

        def heard() -> bool:
            items, _ = person.client.feed(after, FEED_ITEMS)
            return any(item["resource_id"] == id for item in items)

        _until(f"{id} in the feed", heard)


def _until(what: str, look: Callable[[], object]) -> None:
    end = time.monotonic() + GIVE_UP_S
    while not look():
        if time.monotonic() > end:
            raise WaitedInVain(what)
        time.sleep(LOOK_AGAIN_S)
