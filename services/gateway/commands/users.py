"""Add people to an organisation; take their signing keys."""

import base64
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.dialects.postgresql import insert

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.contracts.signing import read_public_key
from services.gateway.commands import four_eyes, rights, standing
from services.gateway.tables import SIGNING_KEYS, ApiKey, Party, User
from services.messaging import Transaction

Arguments = dict[str, Any]

OPERATOR = "operator.staff"
MAX_PEOPLE = 200  # of an organisation, who has left not counted
MAX_SIGNING_KEYS = 20  # of one person; the contract's bound


def add(actor: Actor, tx: Transaction, args: Arguments) -> User:
    """The operator adds the first person of an organisation, its people add the others.

    So the first is neither half of a pair: nobody of the organisation could ever add the other.
    Who is not the first gives no duty beyond their own.
    """
    standing.keep_known(tx, actor)
    party = tx.load(Party, args["party_id"] or actor.party_id)  # locked: one first person only
    _check_adder(actor, tx, party)
    _refuse_too_many(tx, party)
    for role in args["roles"]:
        if role.partition(".")[0] not in party.capacities:
            raise Problem("role_not_of_party", "/roles", role=role)
    roles, hands = sorted(set(args["roles"])), four_eyes.hands_of(tx, actor)
    if party.id == actor.party_id:
        four_eyes.refuse_both_halves(roles)
    else:
        four_eyes.refuse_halves(roles)
    four_eyes.refuse_other_half(hands, roles)
    if party.id == actor.party_id:
        rights.refuse_greater_duties(tx, actor, roles, "/roles")
    user = tx.new(
        User,
        party_id=party.id,
        name=args["name"],
        roles=roles,
        lineage=sorted(hands),
        is_first=party.id != actor.party_id,
        signing_keys=[],
        can_sign_in=False,
    )
    tx.record(user, "added")
    return user


def register_signing_key(actor: Actor, tx: Transaction, id: str, args: Arguments) -> None:
    """For oneself only: whoever signs as a person is that person, and a key is one person's."""
    standing.keep_known(tx, actor)
    user = tx.load(User, id, of=("party_id",))
    if user.id != actor.user_id:
        raise Problem("self_only")
    public_key = _raw_base64(args["public_key"])
    if any(key["public_key"] == public_key for key in user.signing_keys):
        raise Problem("signing_key_taken", "/public_key")
    if len(user.signing_keys) >= MAX_SIGNING_KEYS:
        raise Problem("too_many", limit=MAX_SIGNING_KEYS)
    _take_key(tx, user, public_key)
    added = {"key_id": tx.ids.new(), "public_key": public_key, "revoked_at": None}
    user.signing_keys = [*user.signing_keys, added]
    tx.record(user, "signing_key_registered")


def _take_key(tx: Transaction, user: User, public_key: str) -> None:
    """For this person, for good. Of two who ask at once the second waits here for the first."""
    taken = insert(SIGNING_KEYS).values(public_key=public_key, user_id=user.id)
    once = taken.on_conflict_do_nothing().returning(SIGNING_KEYS.c.user_id)
    if tx.session.scalar(once) is None:
        raise Problem("signing_key_taken", "/public_key")


def _check_adder(actor: Actor, tx: Transaction, party: Party) -> None:
    """The operator adds where nobody can act any more, and where the first person has left."""
    if party.id == actor.party_id:
        return
    if OPERATOR not in actor.roles:
        raise Problem("not_found")
    here = User.party_id == party.id, User.state != "left"
    first = exists().where(*here, User.is_first)
    live = exists().where(ApiKey.party_id == party.id, ApiKey.revoked_at.is_(None))
    signs_in = exists().where(*here, User.can_sign_in)
    if tx.session.scalar(select(first & (live | signs_in))):
        raise Problem("first_person_only")


def _refuse_too_many(tx: Transaction, party: Party) -> None:
    here = select(func.count()).where(User.party_id == party.id, User.state != "left")
    if (tx.session.scalar(here) or 0) >= MAX_PEOPLE:
        raise Problem("too_many_people", limit=MAX_PEOPLE)


def _raw_base64(text: str) -> str:
    """The same key always in the same spelling."""
    try:
        return base64.b64encode(read_public_key(text).public_bytes_raw()).decode()
    except ValueError:
        raise Problem("signing_key_invalid", "/public_key") from None
