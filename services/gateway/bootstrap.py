"""The first organisation, its first person and the first key, without which nobody could begin.

`SAILS_BOOTSTRAP_KEY=qf_... python -m services.gateway.bootstrap` prints one JSON object; run again
it finds what is there. Without the variable a key is made; it is printed this once. An operator
all of whose keys are revoked gets a new one: who may write to this database needs no other way in.
"""

import json
import os
import sys
from dataclasses import asdict, dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, sessionmaker

from services import settings
from services.contracts.roles import scopes_of
from services.gateway.commands.users import OPERATOR
from services.gateway.credentials import NewSecret, new_api_key, prefix_of, proves
from services.gateway.readmodel import projector
from services.gateway.tables import ApiKey, Party, User
from services.messaging import Clock, Ids, Transaction, Transactions
from services.messaging.database import create_database_engine, create_sessionmaker

NAME = "千帆平台运营中心"
KEY_NAME = "平台初始密钥"
MIN_KEY_LENGTH = 40  # of a key that the caller brings: 128 random bits and more


@dataclass(frozen=True)
class FirstKey:
    """`key` is None where the operator has a key already whose secret nobody here knows."""

    party_id: str
    user_id: str
    key: str | None


def bootstrap(
    sessionmaker: sessionmaker[Session], api_key: str | None = None, clock: Clock | None = None
) -> FirstKey:
    """Make what is missing, in one transaction; the facts go out like any others.

    `api_key`: the key to set, `qf_<hex>_<secret>`. Raises ValueError when it is too weak, was
    revoked, or has the prefix of another key.
    """
    secret = _given(api_key) if api_key else new_api_key()
    work = Transactions("gateway", sessionmaker, clock or Clock(), Ids())
    found: list[FirstKey] = []

    def make(tx: Transaction, _: object) -> None:
        found.append(_first(tx, secret))
        projector.keep(tx, tx.events)  # readable at once, like what a command has written

    work.project(make, [])
    return found[0]


def _first(tx: Transaction, secret: NewSecret) -> FirstKey:
    here = User.roles.contains([OPERATOR]), User.state != "left"
    known = select(User).where(*here).order_by(User.created_at).limit(1)
    user = tx.session.scalar(known) or _operator(tx)
    if _is_live(tx, user, secret):
        return FirstKey(user.party_id, user.id, secret.secret)
    live = exists().where(ApiKey.user_id == user.id, ApiKey.revoked_at.is_(None))
    if tx.session.scalar(select(live)):
        return FirstKey(user.party_id, user.id, None)
    _issue(tx, user, secret)
    return FirstKey(user.party_id, user.id, secret.secret)


def _is_live(tx: Transaction, user: User, secret: NewSecret) -> bool:
    """Whether this is a key of the operator already. Raises ValueError where it can never be."""
    key = tx.session.scalar(select(ApiKey).where(ApiKey.prefix == secret.prefix))
    if key is None:
        return False
    if key.user_id != user.id or not proves(secret.secret, key.secret_sha256):
        raise ValueError("there is another key with this prefix")
    if key.revoked_at is not None:
        raise ValueError("this key was revoked; set another")
    return True


def _operator(tx: Transaction) -> User:
    party = tx.new(
        Party, name=NAME, credit_code=None, capacities=["operator"], nature="public_institution",
        fiscal_funded=True, size=None, region=None, industry=None, tiers=[], group_id=None,
        verified_until=None,
    )  # fmt: skip
    tx.record(party, "registered")
    user = tx.new(
        User,
        party_id=party.id,
        name="运营管理员",
        roles=[OPERATOR],
        lineage=[],
        is_first=True,
        signing_keys=[],
        can_sign_in=False,
    )
    tx.record(user, "added")
    return user


def _issue(tx: Transaction, user: User, secret: NewSecret) -> None:
    key = tx.new(
        ApiKey, party_id=user.party_id, user_id=user.id, name=KEY_NAME, issued_by=None,
        prefix=secret.prefix,
        secret_sha256=secret.sha256, scopes=sorted(scopes_of(frozenset(user.roles))),
        revoked_at=None,
    )  # fmt: skip
    tx.record(key, "issued")


def _given(api_key: str) -> NewSecret:
    prefix = prefix_of(api_key)
    if prefix is None or len(api_key) < MIN_KEY_LENGTH:
        raise ValueError(f"a key is qf_<hex>_<secret>, at least {MIN_KEY_LENGTH} characters")
    return NewSecret(prefix, api_key)


def main() -> None:
    """Print the operator's organisation, person and key."""
    loaded = settings.load("gateway")
    engine = create_database_engine(loaded.database_url, pool_size=1)
    clock = Clock(demo=loaded.demo_clock, offset_s=loaded.demo_clock_offset_s)
    given = os.environ.get("SAILS_BOOTSTRAP_KEY")
    first = bootstrap(create_sessionmaker(engine), given, clock)
    json.dump(asdict(first), sys.stdout)
    print()


if __name__ == "__main__":
    main()
