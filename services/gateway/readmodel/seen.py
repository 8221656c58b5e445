"""What a caller has been shown of the things that a request is about.

The owner of a command learns of other services' things by facts, a moment after the read model
may have shown them. This is what it must know before its refusal is final.
"""

import re
from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY, UUID
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from services.contracts.actor import Actor
from services.contracts.registry import AGGREGATES
from services.gateway.readmodel import audiences
from services.gateway.tables import Mandate

Seen = dict[str, dict[str, int]]  # kind -> id -> sequence

# Longer than any delay that ends by itself; what takes longer lies among the dead letters, and its
# subject's every refusal must not wait for it.
FRESH_S = 300
MAX_IDS = 200  # a command names a handful of things, each of which names a few more
_UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
_VIEWS = text(
    """
    SELECT kind, CAST(id AS text) AS id, max(sequence) AS sequence,
           string_agg(document, ' ') AS documents,
           max(shown_at) > now() - make_interval(secs => :fresh_s) AS is_fresh
    FROM views WHERE kind = ANY(:kinds) AND id = ANY(:ids) AND audience = ANY(:mine)
    GROUP BY kind, id
    """
).bindparams(
    bindparam("kinds", list(AGGREGATES), ARRAY(Text)),
    bindparam("ids", type_=ARRAY(UUID(as_uuid=False))),
    bindparam("mine", type_=ARRAY(Text)),
    bindparam("fresh_s", FRESH_S),
)


def by(session: Session, actor: Actor, request: str) -> Seen:
    """Versions of what the request's text names, of the caller itself, and of what these name.

    Of what was shown a while ago none: no news of it is on its way any more.
    """
    mine = audiences.mine(actor)
    mandates = select(Mandate.id).where(Mandate.user_id == actor.user_id).limit(MAX_IDS)
    named = [*_UUID.findall(request), actor.party_id, actor.user_id, *session.scalars(mandates)]
    seen, documents = _versions(session, named, mine)
    further, _ = _versions(session, _UUID.findall(documents), mine)
    return {kind: further.get(kind, {}) | seen.get(kind, {}) for kind in {*seen, *further}}


def _versions(session: Session, ids: Collection[str], mine: Sequence[str]) -> tuple[Seen, str]:
    """Of those that the caller may see; and all their documents as one text."""
    seen: Seen = {}
    documents = []
    asked = {"ids": sorted({id.lower() for id in ids})[:MAX_IDS], "mine": list(mine)}
    for row in session.execute(_VIEWS, asked):
        if row.is_fresh:
            seen.setdefault(row.kind, {})[row.id] = row.sequence
        documents.append(row.documents)
    return seen, " ".join(documents)
