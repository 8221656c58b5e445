"""Whether the caller still is one: keys and sessions are remembered for a moment after their end.

What is done in that moment is done and over, but for what would outlast it: another key, a webhook.
"""

from sqlalchemy import exists, func, select

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.gateway.tables import SESSIONS, ApiKey, User
from services.messaging import Transaction


def keep_known(tx: Transaction, actor: Actor) -> None:
    """Lock the caller: until the end of the transaction the last of the keys is not revoked.

    Nor does the last session end. Raises Problem("key_invalid") where both have gone already. Comes
    before any other lock, as the person is locked before their webhooks when a key is revoked.
    """
    tx.session.get(User, actor.user_id, with_for_update=True)
    live = ApiKey.user_id == actor.user_id, ApiKey.revoked_at.is_(None)
    is_own, is_open = SESSIONS.c.user_id == actor.user_id, SESSIONS.c.ends_at > func.now()
    signed_in = exists().where(is_own, is_open)
    if not tx.session.scalar(select(exists().where(*live) | signed_in)):
        raise Problem("key_invalid")
