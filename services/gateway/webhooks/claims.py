"""What is due: endpoints with facts left, and calls that somebody asked for, each to one sender."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

LEASE_S = 20.0  # then an endpoint is free of a sender that died; one at work renews it
SHARE = 4  # senders for one host or one party: who answers slowly holds up its own alone

_HOST = r"lower(substring(url FROM '://(\[[^]]*\]|[^/?#:]+)'))"
_FREE = f"""
          NOT webhooks.id = ANY(CAST(:at_work AS uuid[]))
          AND NOT party_id = ANY(CAST(:parties AS uuid[]))
          AND NOT {_HOST} = ANY(CAST(:hosts AS text[]))
"""
_ENDPOINT = f"""
              CAST(webhooks.id AS text) AS id, CAST(party_id AS text) AS party_id, url,
              array_prepend(secret, ARRAY(
                  SELECT old.secret FROM webhook_old_secrets AS old
                  WHERE old.webhook_id = webhooks.id AND old.until > now()
                  ORDER BY old.until DESC)) AS secrets,
              event_types, capacities, position, failures, {_HOST} AS host
"""  # noqa: S608  all of it is our own
_DUE = text(
    f"""
    UPDATE webhooks SET due_at = now() + make_interval(secs => :lease_s)
    WHERE id IN (
        SELECT id FROM webhooks
        WHERE state = 'enabled' AND due_at <= now() AND {_FREE}
          AND position < (SELECT coalesce(max(position), 0) FROM feed)
        ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING {_ENDPOINT}
    """  # noqa: S608
)
_ASKED = text(
    f"""
    UPDATE webhook_asked AS asked SET due_at = now() + make_interval(secs => :lease_s)
    FROM webhooks
    WHERE webhooks.id = asked.webhook_id AND asked.id IN (
        SELECT waiting.id
        FROM webhook_asked AS waiting JOIN webhooks ON webhooks.id = waiting.webhook_id
        WHERE waiting.due_at <= now() AND (cause = 'ping' OR state = 'enabled') AND {_FREE}
        ORDER BY waiting.id LIMIT 1 FOR UPDATE OF waiting SKIP LOCKED)
    RETURNING asked.id AS asked_id, asked.cause, CAST(asked.event_id AS text) AS event_id,
              {_ENDPOINT}
    """  # noqa: S608
)


@dataclass
class Endpoint:
    """One webhook in the hands of a sender. Each of `secrets` signs, the present one first."""

    id: str
    party_id: str
    url: str
    secrets: list[str]
    event_types: list[str]
    capacities: list[str]
    position: int
    failures: int
    host: str


@dataclass
class Asked:
    """One call that somebody asked for."""

    id: int
    cause: str
    event_id: str
    endpoint: Endpoint


def due(session: Session, busy: Collection[Endpoint]) -> Endpoint | None:
    """The one that has waited for longest, of those whose host and party have a sender left."""
    row = session.execute(_DUE, _given(busy)).mappings().first()
    return Endpoint(**row) if row else None


def asked(session: Session, busy: Collection[Endpoint]) -> Asked | None:
    """The same of calls that were asked for: of no endpoint that a sender is at work with."""
    row = session.execute(_ASKED, _given(busy)).mappings().first()
    if row is None:
        return None
    of_call = {name: row[name] for name in ("asked_id", "cause", "event_id")}
    endpoint = Endpoint(**{name: row[name] for name in row if name not in of_call})
    return Asked(of_call["asked_id"], of_call["cause"], of_call["event_id"], endpoint)


def _given(busy: Collection[Endpoint]) -> dict[str, Any]:
    return {
        "lease_s": LEASE_S,
        "at_work": [endpoint.id for endpoint in busy],
        "parties": _with_share_taken(endpoint.party_id for endpoint in busy),
        "hosts": _with_share_taken(endpoint.host for endpoint in busy),
    }


def _with_share_taken(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count >= SHARE]
