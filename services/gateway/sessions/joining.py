"""The way in for an organisation that nobody has brought in: its first person is signed in at once.

Login and password are chosen in the same request: a code in the answer would be lost with a lost
answer, and the credit code taken with it. Who has sent this twice signs in.
"""

from functools import partial

from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from services.contracts import joining as contract
from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.gateway import passwords
from services.gateway.commands import joining
from services.gateway.edge.intake import Call
from services.gateway.readmodel import projector
from services.gateway.sessions import activation, store
from services.gateway.sessions.activation import Chosen
from services.gateway.sessions.entrance import Entrance, Given, given
from services.messaging import Transaction
from services.messaging.failures import constraint_of


class Joining:
    """One per process. `edge.rates` says how often. Raises Problem."""

    def __init__(self, entrance: Entrance) -> None:
        self._entrance, self._work = entrance, entrance.work

    def join(self, call: Call) -> Response:
        """An organisation and its person, or neither."""
        self._entrance.site.refuse_foreign(call.request)
        said = given(call, contract.Join)
        login = said["login"].lower()
        plain = passwords.chosen(said["password"], login, "/password")
        chosen = Chosen(login, self._entrance.apart(partial(passwords.hashed, plain)))
        actor = Actor(self._work.ids.new(), self._work.ids.new())
        secret, events = self._work.carry_out(actor, partial(self._introduced, said, chosen))
        self._work.project(projector.keep, events)
        with self._work.sessionmaker.begin() as session:
            store.end(session, self._entrance.site.presented(call.request).session)
            return self._entrance.opened(session, actor.user_id, secret, call)

    def _introduced(self, said: Given, chosen: Chosen, tx: Transaction) -> str:
        try:
            joining.introduce(tx, said)
            tx.session.flush()
        except IntegrityError as error:
            if constraint_of(error) == "parties_credit_code":  # of two at once the other
                raise Problem("organisation_known", "/credit_code") from None
            raise
        return activation.first_login(tx, tx.actor.user_id, chosen, self._entrance.now())
