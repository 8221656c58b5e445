"""The gateway's other process: projections of every fact, steps, the feed's numbers, webhooks."""

from collections.abc import Callable

import eventlet
import structlog
from eventlet.event import Event as Outcome
from nameko.extensions import DependencyProvider
from sqlalchemy.exc import SQLAlchemyError

from services.contracts.registry import AGGREGATES, events_of
from services.gateway.readmodel import horizon, projector, telling
from services.gateway.readmodel.steps import refill
from services.gateway.sessions.pruning import PRUNES
from services.gateway.webhooks import log
from services.gateway.webhooks.sender import SENDERS, Sender
from services.messaging import Database, Relay, projection

IDLE_S = 0.25  # between two looks for endpoints that are due
PAUSE_S = 1.0  # the database is away
# Most facts of these are of commands, whose replies project them sooner: left to those, nobody
# waits for another's lock on the same thing.
AFTER_REPLY_S = 0.03
STOP_S = 2.0  # for calls under way; what is cut off is sent again, with the same id

_log = structlog.get_logger()


def _facts(service: str) -> tuple[str, ...]:
    """The names of all facts of a service."""
    owned = [aggregate for aggregate in AGGREGATES.values() if aggregate.service == service]
    return tuple(name for aggregate in owned for name in events_of(aggregate))


def _after_reply(service: str) -> Callable[..., object]:
    return projection(_facts(service), projector.follow, in_order=True, gather_s=AFTER_REPLY_S)


def _within(timeout_s: float) -> eventlet.Timeout:
    return eventlet.Timeout(timeout_s, TimeoutError("took too long in all"))


class Webhooks(DependencyProvider):
    """One greenlet that gives due endpoints to senders."""

    def start(self) -> None:
        self._is_stopping, self._ended = False, Outcome()
        self.container.spawn_managed_thread(self._run, identifier="webhooks")

    def stop(self) -> None:
        self._is_stopping = True
        self._ended.wait()

    def _run(self) -> None:
        (database,) = (each for each in self.container.dependencies if isinstance(each, Database))
        allowed = self.container.config["SETTINGS"].webhooks_allow_private
        pool = eventlet.GreenPool(SENDERS)
        sender = Sender(database.transactions, pool.spawn_n, _within, allow_private=allowed)
        while not self._is_stopping:
            try:
                sender.turn()
                eventlet.sleep(IDLE_S)
            except SQLAlchemyError as error:
                _log.warning("webhooks interrupted", error=type(error).__name__)
                eventlet.sleep(PAUSE_S)
        sender.stop()
        with eventlet.Timeout(STOP_S, False):
            pool.waitall()
        self._ended.send()


class Steps(DependencyProvider):
    """Makes all steps anew where a release has changed them; facts are projected meanwhile."""

    def start(self) -> None:
        self._is_stopping = False
        self.container.spawn_managed_thread(self._run, identifier="steps")

    def stop(self) -> None:
        self._is_stopping = True

    def _run(self) -> None:
        (database,) = (each for each in self.container.dependencies if isinstance(each, Database))
        while not self._is_stopping:
            try:
                if refill.if_needed(database.transactions.sessionmaker):
                    _log.info("steps made anew", version=refill.VERSION)
                return
            except SQLAlchemyError as error:
                _log.warning("steps not made yet", error=type(error).__name__)
                eventlet.sleep(PAUSE_S)


class GatewayWorker:
    """A queue per service, so that a burst of one service's facts does not delay the others'.

    The feed tells the facts of a thing in their order, so two workers do not race with them.
    """

    name = "gateway"
    database = Database("gateway")
    relay = Relay(number=telling.number, prune={"feed": horizon.move, **PRUNES, **log.PRUNES})
    webhooks = Webhooks()
    steps = Steps()

    keep_own = _after_reply("gateway")
    keep_orders = _after_reply("orders")
    keep_matching = projection(_facts("matching"), projector.follow, in_order=True)
    keep_finance = _after_reply("finance")
