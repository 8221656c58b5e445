"""An invited person chooses login and password, once."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.contracts.problems import Problem
from services.gateway.commands import seats
from services.gateway.credentials import sha256
from services.gateway.sessions import lockout, store
from services.gateway.tables import INVITATIONS, LOGINS, Party, User
from services.messaging import Transaction


@dataclass(frozen=True)
class Invited:
    """Whose code it is."""

    user_id: str
    party_id: str


@dataclass(frozen=True)
class Chosen:
    """How somebody wants to sign in; `login` in small letters."""

    login: str
    password_hash: str


def invited(session: Session, code: str, now: datetime) -> Invited:
    """Raises Problem("invitation_invalid"): wrong, used, replaced or too old."""
    asked = (
        select(User.id, User.party_id)
        .join(INVITATIONS, INVITATIONS.c.user_id == User.id)
        .where(INVITATIONS.c.code_sha256 == sha256(code), INVITATIONS.c.ends_at > now)
    )
    row = session.execute(asked).first()
    if row is None:
        raise Problem("invitation_invalid", "/code")
    return Invited(*row)


def activate(tx: Transaction, user_id: str, code: str, chosen: Chosen, now: datetime) -> str:
    """The secret of a new session; all others of the person end, and all other ways in.

    With a code that somebody else asked for another person takes the seat: keys of all kinds and
    webhooks end, too. Of several at once with one code the first has it. Raises Problem
    invitation_invalid, login_taken.
    """
    user = tx.load(User, user_id)
    used = delete(INVITATIONS).where(INVITATIONS.c.code_sha256 == sha256(code))
    by_oneself = tx.session.scalar(used.returning(INVITATIONS.c.by_oneself))
    if by_oneself is None:
        raise Problem("invitation_invalid", "/code")
    if not by_oneself:
        seats.clear(tx, user)
    return _let_sign_in(tx, user, chosen, now)


def first_login(tx: Transaction, user_id: str, chosen: Chosen, now: datetime) -> str:
    """The same for a person who is new, and needs no code. Raises Problem("login_taken")."""
    return _let_sign_in(tx, tx.load(User, user_id), chosen, now)


def _let_sign_in(tx: Transaction, user: User, chosen: Chosen, now: datetime) -> str:
    _take_login(tx, user.id, chosen)
    user.can_sign_in = True
    tx.move(user, "activate", "activated")
    lockout.clear(tx.session, lockout.of_login(chosen.login), lockout.of_person(user.id))
    seats.close_ways_in(tx.session, user.id)
    return store.open_session(tx.session, user.id, now)


def _take_login(tx: Transaction, user_id: str, chosen: Chosen) -> None:
    """In the place of an earlier one. Of two who want the same the second waits for the first."""
    tx.session.execute(delete(LOGINS).where(LOGINS.c.user_id == user_id))
    taken = insert(LOGINS).values(user_id=user_id, **asdict(chosen))
    once = taken.on_conflict_do_nothing().returning(LOGINS.c.user_id)
    if tx.session.scalar(once) is None:
        _free_login(tx, chosen.login)
        if tx.session.scalar(once) is None:
            raise Problem("login_taken", "/login")


def _free_login(tx: Transaction, login: str) -> None:
    """Whose organisation was not let in keeps the login until somebody else wants it.

    Until then they read there why; then they are out, as who has left.
    """
    held = (
        select(User)
        .join(LOGINS, LOGINS.c.user_id == User.id)
        .join(Party, Party.id == User.party_id)
        .where(LOGINS.c.login == login, Party.state == "rejected")
        .with_for_update(of=User)
        .execution_options(populate_existing=True)
    )
    user = tx.session.scalar(held)
    if user is not None and user.state != "left":  # else another was faster
        seats.vacate(tx, user)
