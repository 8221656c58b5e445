"""Runs a service's handlers, each in one transaction of its database, without a broker."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from services.contracts.actor import Actor
from services.contracts.envelope import Event
from services.messaging import deadlines, inbox, outbox
from services.messaging.clock import Clock
from services.messaging.deadlines import Deadline
from services.messaging.ids import Ids
from services.messaging.tracing import traced
from services.messaging.transaction import Transaction

GIVE_WAY_MS = 200  # PostgreSQL looks for a deadlock after a second

Result = TypeVar("Result")
ActingHandler = Callable[[Transaction, Event], Any]
ProjectingHandler = Callable[[Transaction, list[Event]], Any]
DeadlineHandler = Callable[[Transaction, str], Any]


@dataclass(frozen=True)
class Transactions:
    """The transactions of one service: what a worker reaches as `self.database`."""

    service: str
    sessionmaker: sessionmaker[Session]
    clock: Clock
    ids: Ids

    def act(self, handler: ActingHandler, name: str, events: Sequence[Event]) -> int:
        """Once in effect per `name` and fact, all in one transaction; how many were repetitions.

        Thing by thing in the order of their ids, as projections lock them: so that these never
        wait for each other in a circle. The facts of one thing stay in their order.
        """
        with self.sessionmaker.begin() as session:
            firsts, stated = inbox.firsts(session, name, events), list[Event]()
            for event in sorted(firsts, key=lambda event: event.subject):
                with traced(event.traceparent):
                    tx = self._begin(session, event.traceparent)
                    handler(tx, event)
                    session.flush()
                    session.expunge_all()  # the next one decides by what the tables say then
                stated += tx.events
            outbox.write(session, stated)
        return len(events) - len(firsts)

    def project(self, handler: ProjectingHandler, events: list[Event]) -> None:
        """The whole batch; the handler's own sequence guard makes repetitions harmless."""
        with self.sessionmaker.begin() as session:
            tx = self._begin(session)
            handler(tx, events)
            tx.finish()

    def carry_out(
        self, actor: Actor, work: Callable[[Transaction], Result]
    ) -> tuple[Result, list[Event]]:
        """What is no command, as it has no caller yet with a key to repeat it by; and its facts."""
        with self.sessionmaker.begin() as session:
            tx = Transaction(session, actor, self.clock, self.ids)
            result = work(tx)
            tx.finish()
        return result, tx.events

    def meet(self, handler: DeadlineHandler, deadline: Deadline) -> bool:
        """Carry out a due deadline and forget it; False when it is in other hands, or gone.

        It takes its own row first, a command its aggregate: so it gives way, soon enough that no
        command waits for the deadlock to be noticed.
        """
        with self.sessionmaker.begin() as session:
            session.execute(text(f"SET LOCAL lock_timeout = {GIVE_WAY_MS}"))
            if not deadlines.take(session, deadline, self.clock.now(session)):
                return False
            tx = self._begin(session)
            handler(tx, deadline.subject_id)
            tx.finish()
        return True

    def _begin(self, session: Session, traceparent: str | None = None) -> Transaction:
        actor = Actor.system(self.service)
        return Transaction(session, actor, self.clock, self.ids, traceparent=traceparent)
