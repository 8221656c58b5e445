"""Where a party wants its facts delivered."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.contracts.registry import EVENTS
from services.contracts.roles import READ
from services.gateway import addresses
from services.gateway.commands import standing
from services.gateway.credentials import NewSecret
from services.gateway.readmodel import horizon
from services.gateway.tables import FEED, OLD_SECRETS, Party, Webhook
from services.messaging import Transaction

Arguments = dict[str, Any]

# Replaced secrets that still sign: each costs every call a signature, and a system that is slow to
# take a new one is helped by one or two.
MAX_OLD_SECRETS = 4
OLD_SIGNS = timedelta(hours=24)
MAX_WEBHOOKS = 10  # enabled ones of an organisation: each is tailed on its own


def register(
    actor: Actor, tx: Transaction, args: Arguments, *, secret: NewSecret, allow_private: bool
) -> dict[str, str]:
    """Deliver what happens from now on. Result: the digest of the secret shown."""
    _require_read(actor)
    standing.keep_known(tx, actor)
    if not addresses.may_be_called(args["url"], allow_private):
        raise Problem("url_refused", "/url")
    for index, name in enumerate(args["event_types"]):
        if name not in EVENTS:
            raise Problem("event_type_unknown", f"/event_types/{index}", type=name)
    tx.load(Party, actor.party_id)  # locked: the count holds until the new one is in
    _refuse_too_many(tx, Webhook.party_id == actor.party_id)
    webhook = tx.new(
        Webhook,
        party_id=actor.party_id,
        user_id=actor.user_id,
        capacities=sorted(actor.capacities),
        secret=secret.secret,
        position=tx.session.scalar(select(func.max(FEED.c.position))) or 0,
        failures=0,
        disabled_at=None,
        rotated_at=None,
        **args,
    )
    tx.record(webhook, "registered")
    return {"secret_sha256": secret.sha256}


def disable(actor: Actor, tx: Transaction, id: str, args: Arguments) -> None:
    """Stop delivering; the position is kept."""
    stop(tx, tx.load(Webhook, id, of=("party_id",)), reason_code=None)


def enable(actor: Actor, tx: Transaction, id: str, args: Arguments) -> None:
    """Go on from the position where delivery stopped: nothing is left out.

    From now on it is the caller's: told what the caller could read, as long as the caller has a
    key. Raises Problem("webhook_outlived") where that can no longer be.
    """
    _require_read(actor)
    standing.keep_known(tx, actor)
    tx.load(Party, actor.party_id)  # locked before the webhook, as one is registered
    webhook = tx.load(Webhook, id, of=("party_id",))
    if webhook.position < horizon.position(tx.session):
        raise Problem("webhook_outlived")
    _refuse_too_many(tx, Webhook.party_id == actor.party_id, Webhook.id != webhook.id)
    webhook.user_id, webhook.capacities = actor.user_id, sorted(actor.capacities)
    webhook.disabled_at, webhook.failures, webhook.due_at = None, 0, func.now()
    tx.move(webhook, "enable", "enabled")


def rotate_secret(
    actor: Actor, tx: Transaction, id: str, args: Arguments, *, secret: NewSecret
) -> dict[str, str]:
    """From now on the new secret signs, and for OLD_SIGNS the one before beside it.

    Result: the digest of the secret shown. Raises Problem("too_many") where replaced ones sign on.
    """
    standing.keep_known(tx, actor)
    webhook = tx.load(Webhook, id, of=("party_id",))
    of_it = OLD_SECRETS.c.webhook_id == webhook.id, OLD_SECRETS.c.until > func.now()
    if (tx.session.scalar(select(func.count()).where(*of_it)) or 0) >= MAX_OLD_SECRETS:
        raise Problem("too_many", limit=MAX_OLD_SECRETS)
    old = {"webhook_id": webhook.id, "secret": webhook.secret, "until": func.now() + OLD_SIGNS}
    tx.session.execute(OLD_SECRETS.insert().values(**old))
    webhook.secret, webhook.rotated_at = secret.secret, tx.now
    tx.move(webhook, "rotate_secret", "secret_rotated", webhook.reason_code)
    return {"secret_sha256": secret.sha256}


def stop_all_of(tx: Transaction, user_id: str) -> None:
    """Who has no key any more is told nothing any more."""
    own = select(Webhook).where(Webhook.user_id == user_id, Webhook.state == "enabled")
    for webhook in tx.session.scalars(own.order_by(Webhook.id).with_for_update()):
        stop(tx, webhook, reason_code="key_revoked")


def stop(tx: Transaction, webhook: Webhook, reason_code: str | None) -> None:
    """Disabled, by its owner or because its endpoint is gone or does not answer."""
    webhook.disabled_at = tx.now
    tx.move(webhook, "disable", "disabled", reason_code)


def _require_read(actor: Actor) -> None:
    """Raises Problem("no_scope"): what is delivered is read, whatever else the key may do."""
    if READ not in actor.scopes:
        raise Problem("no_scope", scope=READ)


def _refuse_too_many(tx: Transaction, *others: ColumnElement[bool]) -> None:
    """Disabled ones cost nothing and do not count: they are kept for good."""
    count = select(func.count()).where(Webhook.state == "enabled", *others)
    if (tx.session.scalar(count) or 0) >= MAX_WEBHOOKS:
        raise Problem("too_many", limit=MAX_WEBHOOKS)
