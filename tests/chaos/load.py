"""The load: traders who carry deals from demand to financing, posters who change their minds."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from queue import Empty, Queue

from deploy.sails.demo.person import Document, Person
from deploy.sails.waiting import WaitedInVain
from services.client import NoAnswer, Refused
from tests.chaos.cast import Cast
from tests.chaos.deal import TAKEN, Deal

TRADERS, POSTERS = 5, 2
QUOTES_OPEN_FOR = timedelta(seconds=8)
PAUSE_S = (0.1, 0.6)  # of a person between two deals
# What may be refused when news or an answer was late. Everything else is a broken promise.
LATE = frozenset({
    "quote_deadline_passed", "demand_not_open", "illegal_move", "quote_deadline_not_ahead",
    "quote_unknown", "quote_not_opened", "demand_not_in_hall",
    "award_confirmation_passed", "signing_window_passed", "selection_over",
})  # fmt: skip
EXPECTED = LATE | {TAKEN}


class Load:
    """Runs from `start` to `finish`; every thread draws from its own seed."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self._cast, self._seed = cast, seed
        self._stopping = threading.Event()
        self._threads = ThreadPoolExecutor(TRADERS + POSTERS, "load")
        self._lock = threading.Lock()
        self._applied: Queue[tuple[Person, Document]] = Queue()
        self.done: Counter[str] = Counter()
        self.surprises: list[str] = []

    def start(self) -> None:
        stories = [self._trade] * TRADERS + [self._post] * POSTERS
        for number, story in enumerate(stories):
            rng = random.Random(f"{self._seed}-{number}")
            self._threads.submit(self._repeat, partial(story, rng), rng)

    def finish(self) -> None:
        """Nobody begins anything new; what is under way comes to an end."""
        self._stopping.set()
        self._threads.shutdown()

    def _repeat(self, story: Callable[[], None], rng: random.Random) -> None:
        while not self._stopping.is_set():
            try:
                story()
            except Refused as refused:
                self._count("refused")
                if refused.code not in LATE:
                    self._note(str(refused))
            except (WaitedInVain, NoAnswer) as late:
                self._count(type(late).__name__)
                self._count(f"{type(late).__name__}: {str(late)[:60]}")
            except _Stopped:
                return
            except Exception as odd:  # a story must not end unseen
                self._note(f"{type(odd).__name__}: {odd}")
            self._stopping.wait(rng.uniform(*PAUSE_S))

    def _count(self, what: str) -> None:
        with self._lock:
            self.done[what] += 1

    def _note(self, surprise: str) -> None:
        with self._lock:
            self.surprises.append(surprise)

    def _post(self, rng: random.Random) -> None:
        """A buyer drafts, amends, publishes and cancels."""
        purchaser = rng.choice(self._cast.buyers)["buyer.purchaser"]
        wish = self._wish(rng)
        draft = purchaser.does("/demands", wish)
        path = f"/demands/{draft['id']}"
        if rng.random() < 0.5:
            wish |= {"title": f"{wish['title']}（改）"}
            draft = purchaser.client.post(f"{path}/amend", wish, version=draft["sequence"])
        if rng.random() < 0.8:
            purchaser.does(f"{path}/publish")
        purchaser.does(f"{path}/cancel", {"reason_code": "no_need"})
        self._count("posted")

    def _trade(self, rng: random.Random) -> None:
        """From demand to two applications for the same claim."""
        self._choose()
        deal = Deal(self._cast, rng, self._wish(rng))
        steps = (
            deal.publish, deal.quote, deal.award, deal.sign, deal.deliver, deal.enter,
            deal.confirm, deal.apply_twice,
        )  # fmt: skip
        for step in steps:
            if self._stopping.is_set():
                raise _Stopped
            step()
            self._count(step.__name__)
        self._applied.put((deal.supplier["supplier.owner"], deal.application))

    def _choose(self) -> None:
        """Whose offers have opened by now takes the bank's, which then files, notifies and pays."""
        with suppress(Empty):
            for _ in range(self._applied.qsize()):
                owner, application = self._applied.get_nowait()
                offers = owner.finds("/offers", application["thread_id"], state="visible")
                if not offers:
                    self._applied.put((owner, application))
                    continue
                path = f"/applications/{application['id']}/choose"
                owner.does(path, {"offer_id": offers[0]["id"]})
                self._count("choose")

    def _wish(self, rng: random.Random) -> Document:
        deadline = self._cast.clock.now() + QUOTES_OPEN_FOR
        return rng.choice(self._cast.wishes) | {"quote_deadline_at": deadline.isoformat()}


class _Stopped(Exception):
    """The load ends between two steps of a deal."""
