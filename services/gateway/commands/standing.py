"""Whether the caller still is one: a key is remembered for a moment after it was revoked.

What is done in that moment is done and over, but for what would outlast it: another key, a webhook.
"""

from sqlalchemy import exists, select

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.gateway.tables import ApiKey, User
from services.messaging import Transaction


def keep_known(tx: Transaction, actor: Actor) -> None:
    """Lock the caller: until the end of the transaction the last of the keys is not revoked.

    Raises Problem("key_invalid") where it was already. Comes before any other lock, as the person
    is locked before their webhooks when a key is revoked.
    """
    tx.session.get(User, actor.user_id, with_for_update=True)
    live = ApiKey.user_id == actor.user_id, ApiKey.revoked_at.is_(None)
    if not tx.session.scalar(select(exists().where(*live))):
        raise Problem("key_invalid")
