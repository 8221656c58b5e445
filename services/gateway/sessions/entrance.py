"""The session routes: who comes in by a password, stays, changes it, goes.

No transaction is open while a password is hashed: that is done `apart`, in a native thread of the
HTTP process. How many at once and how long others wait says `edge.places`.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.contracts import session as contract
from services.contracts.actor import Actor
from services.contracts.fields import Arguments
from services.contracts.problems import Problem
from services.gateway import passwords
from services.gateway.commands import seats
from services.gateway.edge import intake
from services.gateway.edge.intake import Call
from services.gateway.readmodel import projector
from services.gateway.readmodel.rendering import JSON, to_text
from services.gateway.sessions import activation, devices, lockout, store
from services.gateway.sessions.activation import Chosen
from services.gateway.site import Site
from services.gateway.tables import LOGINS
from services.messaging import Transaction, Transactions, load_arguments

Result = TypeVar("Result")
Apart = Callable[[Callable[[], Any]], Any]
Given = dict[str, Any]

FRESH = {"Cache-Control": "no-store"}


def here(work: Callable[[], Any]) -> Any:
    """For a process without greenlets."""
    return work()


class Entrance:
    """One per process. `now` is real time: no demonstration moves it. Raises Problem."""

    def __init__(
        self,
        work: Transactions,
        site: Site,
        apart: Apart = here,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self.work, self.site, self.apart = work, site, apart
        self.now = now or work.clock.real

    def sign_in(self, call: Call) -> Response:
        """Unknown login or wrong password: the same answer after the same time."""
        self.site.refuse_foreign(call.request)
        said = given(call, contract.SignIn)
        login, plain = said["login"].lower(), passwords.normal(said["password"])
        with self.work.sessionmaker.begin() as session:
            known = session.execute(select(LOGINS).where(LOGINS.c.login == login)).first()
            subject = self._counted_by(session, call, login, known)
            lockout.claim(session, subject, self.now())
        better = self._checked(plain, known)
        if known is None or better is None:
            raise Problem("credentials_wrong")
        with self.work.sessionmaker.begin() as session:
            store.lock(session, known.user_id)
            lockout.clear(session, subject)
            store.end(session, self.site.presented(call.request).session)
            secret = store.open_session(session, known.user_id, self.now())
            if not _keep(session, known, better):  # changed meanwhile
                raise Problem("credentials_wrong")
            return self.opened(session, known.user_id, secret, call)

    def activate(self, call: Call) -> Response:
        """With the code of an invitation; the person is signed in."""
        self.site.refuse_foreign(call.request)
        said = given(call, contract.Activate)
        login, code = said["login"].lower(), said["code"]
        with self.work.sessionmaker() as session:
            who = activation.invited(session, code, self.now())
        plain = passwords.chosen(said["password"], login, "/password")
        chosen = Chosen(login, self.apart(partial(passwords.hashed, plain)))
        actor, now = Actor(who.party_id, who.user_id), self.now()
        secret, events = self.work.carry_out(
            actor, lambda tx: activation.activate(tx, who.user_id, code, chosen, now)
        )
        self.work.project(projector.keep, events)
        with self.work.sessionmaker.begin() as session:
            store.end(session, self.site.presented(call.request).session)
            return self.opened(session, who.user_id, secret, call)

    def show(self, actor: Actor, call: Call) -> Response:
        """The caller's own."""
        call.parameters()
        secret = self.site.presented(call.request).session
        with self.work.sessionmaker() as session:
            shown = store.shown(session, actor.user_id, secret, self.now())
        if shown is None:
            raise Problem("unauthenticated")
        return _json(shown)

    def end(self, actor: Actor, call: Call) -> Response:
        """Sign out."""
        given(call, Arguments)
        with self.work.sessionmaker.begin() as session:
            store.lock(session, actor.user_id)
            store.end(session, self.site.presented(call.request).session)
        response = _json({})
        self.site.take_back(response)
        return response

    def change_password(self, actor: Actor, call: Call) -> Response:
        """All sessions end, this one goes on under another secret; whatever else lets in ends, too.

        Whoever changes the password thinks that somebody else may have come in, and made a key or a
        code by which to come back.
        """
        said = given(call, contract.ChangePassword)
        secret = self.site.presented(call.request).session
        known = self._login_of(actor)
        plain = passwords.chosen(said["new_password"], known.login, "/new_password")
        self._prove(actor, known, said["old_password"], "/old_password")
        hashed = self.apart(partial(passwords.hashed, plain))

        def changed(tx: Transaction) -> str:
            store.lock(tx.session, actor.user_id)
            is_live = store.is_live(tx.session, secret, self.now())
            if not is_live or not _keep(tx.session, known, hashed):
                raise Problem("unauthenticated")
            seats.close_ways_in(tx.session, actor.user_id)
            seats.stop_machines(tx, actor.user_id)
            return store.open_session(tx.session, actor.user_id, self.now())

        fresh, events = self.work.carry_out(actor, changed)
        self.work.project(projector.keep, events)
        with self.work.sessionmaker.begin() as session:
            return self.opened(session, actor.user_id, fresh, call)

    def prove(self, actor: Actor, password: str, pointer: str) -> None:
        """That it is the person before the browser: this is their password.

        Raises Problem old_password_wrong, and after some of them locked_out.
        """
        self._prove(actor, self._login_of(actor), password, pointer)

    def touch(self, secret: str, now: datetime) -> None:
        """A session is in use."""
        with self.work.sessionmaker.begin() as session:
            store.touch(session, secret, now)

    def _login_of(self, actor: Actor) -> Row[Any]:
        with self.work.sessionmaker() as session:
            own = select(LOGINS).where(LOGINS.c.user_id == actor.user_id)
            known = session.execute(own).first()
        if known is None:
            raise Problem("unauthenticated")
        return known

    def _prove(self, actor: Actor, known: Row[Any], password: str, pointer: str) -> None:
        """Tries are counted before they are looked at: many at once are many."""
        subject = lockout.of_person(actor.user_id)
        with self.work.sessionmaker.begin() as session:
            lockout.claim(session, subject, self.now())
        if self._checked(passwords.normal(password), known) is None:
            raise Problem("old_password_wrong", pointer)
        with self.work.sessionmaker.begin() as session:
            lockout.clear(session, subject)

    def _checked(self, plain: str, known: Row[Any] | None) -> str | None:
        """The hash to keep, if it is the password; None where it is not, or nobody's."""
        kept = None if known is None else known.password_hash
        checked: str | None = self.apart(partial(passwords.checked, plain, kept))
        return checked

    def _counted_by(self, session: Session, call: Call, login: str, known: Row[Any] | None) -> str:
        """A device that the person has used before by itself; strangers add nothing to that."""
        device = self.site.device(call.request)
        if known is not None and devices.is_known(session, device, known.user_id, self.now()):
            return lockout.of_device(device, known.user_id)
        return lockout.of_login(login)

    def opened(self, session: Session, user_id: str, secret: str, call: Call) -> Response:
        """The answer to whoever has just come in by a password, on a device that is known now."""
        store.lock(session, user_id)
        shown = store.shown(session, user_id, secret, self.now())
        if shown is None:  # what was just opened is there
            raise Problem("unavailable")
        response = _json(shown)
        self.site.give(response, secret, int(store.LONGEST.total_seconds()))
        device = devices.remember(session, self.site.device(call.request), user_id, self.now())
        self.site.give_device(response, device, int(devices.LASTS.total_seconds()))
        return response


def given(call: Call, schema: type[Arguments]) -> Given:
    """The body. Raises Problem for what is none, and for parameters beside it."""
    call.parameters()
    return load_arguments(schema(), intake.arguments(call))


def _keep(session: Session, known: Row[Any], password_hash: str) -> bool:
    """Whether the password was still the same; from now on with this hash."""
    same = LOGINS.c.user_id == known.user_id, LOGINS.c.password_hash == known.password_hash
    kept = update(LOGINS).where(*same).values(password_hash=password_hash)
    return session.scalar(kept.returning(LOGINS.c.user_id)) is not None


def _json(document: Any) -> Response:
    return Response(to_text(document), headers=FRESH, mimetype=JSON)
