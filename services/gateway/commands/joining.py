"""An organisation asks to be let in: what it says of itself, handed in, sent back, mended.

It has its place for a while only: else whoever types other people's credit codes would keep them
out for ever. What is over time has lapsed when somebody else comes with the same code.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from services.contracts.actor import Actor
from services.contracts.joining import FIRST_DUTIES, LICENCE
from services.contracts.party import JOINING
from services.contracts.problems import Problem
from services.gateway.commands import credit_code
from services.gateway.tables import CONTACTS, CONTENTS, SESSIONS, Document, Party, User
from services.messaging import Transaction

Arguments = dict[str, Any]

HAND_IN = timedelta(hours=72)  # over a weekend, as an invitation
MEND = timedelta(days=30)  # a certificate takes weeks to be issued anew
# After that nobody can object any more; files and contact of who was not let in are forgotten.
FORGET = timedelta(days=30)
# Of all that wait, far more than operators check in a week. Who does not hand in is out of it soon.
MOST = 2_000
MOST_FACTS = 200  # of one that is not let in yet: each is kept for good
SAID = ("name", "capacities", "nature", "size", "region", "industry")

_WAITING = Party.state.in_(("applying", "applied"))


def introduce(tx: Transaction, given: Arguments) -> None:
    """The actor's party and its first person, who are new both.

    Raises Problem credit_code_invalid, organisation_known, joining_full.
    """
    code = free_code(tx, given["credit_code"])
    in_time = Party.apply_until.is_(None) | (Party.apply_until > tx.now)
    if (tx.session.scalar(select(func.count()).where(_WAITING, in_time)) or 0) >= MOST:
        raise Problem("joining_full")
    said = {name: given[name] for name in SAID}
    party = tx.new(
        Party, id=tx.actor.party_id, state="applying", credit_code=code, fiscal_funded=False,
        tiers=[], group_id=None, apply_until=tx.now + HAND_IN, **said,
    )  # fmt: skip
    tx.record(party, "introduced")
    user = tx.new(
        User, id=tx.actor.user_id, party_id=party.id, name=given["person_name"],
        roles=_duties(given), lineage=[], is_first=True, signing_keys=[], can_sign_in=False,
    )  # fmt: skip
    tx.record(user, "added")
    reached = {"person_name": given["person_name"], "contact": given["contact"]}
    tx.session.execute(insert(CONTACTS).values(party_id=party.id, **reached))
    _keep_until(tx, party, HAND_IN + FORGET)


def amend(actor: Actor, tx: Transaction, id: str, args: Arguments) -> None:
    """All of it anew; a person whose duties change so stays signed in."""
    user = tx.load(User, actor.user_id)
    party = tx.load(Party, id, of=("id",))
    if party.sequence >= MOST_FACTS:
        raise Problem("too_many", limit=MOST_FACTS)
    party.credit_code = free_code(tx, args["credit_code"], but=party)
    for name in SAID:
        setattr(party, name, args[name])
    tx.move(party, "amend", "amended", party.reason_code)
    if args["contact"] is not None:
        own = update(CONTACTS).where(CONTACTS.c.party_id == party.id)
        tx.session.execute(own.values(contact=args["contact"]))
    _reassign(tx, user, _duties(args))


def submit(actor: Actor, tx: Transaction, id: str, args: Arguments) -> None:
    """Hand it in. Raises Problem documents_missing: no licence, or what there was is forgotten."""
    party = tx.load(Party, id, of=("id",))
    party.LIFECYCLE.next(party.state, "submit")  # before anything is said of documents
    own = select(Document.sha256, Document.purpose)
    own = own.where(Document.party_id == party.id, Document.state == "kept")
    purposes = {row.sha256: row.purpose for row in tx.session.execute(own)}
    there = select(CONTENTS.c.sha256).where(CONTENTS.c.party_id == party.id)
    if LICENCE not in purposes.values() or purposes.keys() - set(tx.session.scalars(there)):
        raise Problem("documents_missing")
    party.reason_note = party.apply_until = None
    tx.move(party, "submit", "submitted")
    _keep_until(tx, party, None)


def refuse(actor: Actor, tx: Transaction, id: str, args: Arguments) -> None:
    """Send it back to be mended."""
    party = tx.load(Party, id)
    party.reason_note, party.apply_until = args["note"], tx.now + MEND
    tx.move(party, "refuse", "refused", args["reason_code"])
    _keep_until(tx, party, MEND + FORGET)


def reject(actor: Actor, tx: Transaction, id: str, args: Arguments) -> None:
    """For good: the credit code is free again."""
    _end(tx, tx.load(Party, id), args["reason_code"], args["note"])


def free_code(tx: Transaction, text: str, but: Party | None = None) -> str:
    """The code, in its normal form. Raises Problem credit_code_invalid, organisation_known."""
    try:
        code = credit_code.normal(text)
    except ValueError:
        raise Problem("credit_code_invalid", "/credit_code") from None
    of_it = select(Party).where(Party.credit_code == code, Party.state != "rejected")
    known = tx.session.scalar(of_it.with_for_update())
    if known is not None and known is not but:
        if known.apply_until is None or known.apply_until > tx.now:
            raise Problem("organisation_known", "/credit_code")
        _end(tx, known, "lapsed", None)
        tx.session.flush()  # before another has the code
    return code


def make_way(tx: Transaction, code: str) -> None:
    """For one whom the operator registers. Raises Problem("organisation_known") while it waits."""
    of_it = select(Party.id).where(Party.credit_code == code, Party.state.in_(JOINING))
    if tx.session.scalar(of_it) is not None:
        free_code(tx, code)


def _end(tx: Transaction, party: Party, reason_code: str, note: str | None) -> None:
    party.reason_note, party.apply_until = note, None
    tx.move(party, "reject", "rejected", reason_code)
    _keep_until(tx, party, FORGET)


def _keep_until(tx: Transaction, party: Party, period: timedelta | None) -> None:
    """What is kept of it beside the facts goes after so long, in real time; None: it stays."""
    ends_at: datetime | Any = None if period is None else func.now() + period
    for table in (CONTENTS, CONTACTS):
        own = update(table).where(table.c.party_id == party.id)
        tx.session.execute(own.values(ends_at=ends_at))


def _duties(given: Arguments) -> list[str]:
    return sorted({FIRST_DUTIES[capacity] for capacity in given["capacities"]})


def _reassign(tx: Transaction, user: User, roles: list[str]) -> None:
    """Its sessions go on: it had none of these duties' rights before, and has none now."""
    if user.roles == roles:
        return
    user.roles = roles
    tx.record(user, "reassigned")
    tx.session.execute(update(SESSIONS).where(SESSIONS.c.user_id == user.id).values(roles=roles))
