"""What a caller has been shown of the things that a request is about.

The owner of a command learns of other services' things by facts, a moment after the read model
may have shown them. This is what it must know before its refusal is final.
"""

import re
from collections.abc import Iterable, Sequence

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
# Of documents that are looked through for what they name, the smallest first and one beyond: the
# others of the process wait meanwhile, some 4 ms. Twenty claims, which is what a command may name,
# are 60 kB; a demand with the longest texts is 120 kB.
BYTES = 400_000
# A value that is an id. A quotation mark within a text is written with a backslash, so no words of
# anybody are taken for ids: a text of 20,000 characters may hold as many as it likes.
_ID = re.compile(r'"([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"')
_VIEWS = text(
    """
    SELECT kind, CAST(id AS text) AS id, sequence,
           shown_at > now() - make_interval(secs => :fresh_s) AS is_fresh,
           CASE WHEN before < :bytes THEN document END AS document
    FROM (
        SELECT *, coalesce(sum(octet_length(document)) OVER (
            ORDER BY octet_length(document), kind, id, audience
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
        FROM views WHERE kind = ANY(:kinds) AND id = ANY(:ids) AND audience = ANY(:mine)
    ) AS found
    """
).bindparams(
    bindparam("kinds", list(AGGREGATES), ARRAY(Text)),
    bindparam("ids", type_=ARRAY(UUID(as_uuid=False))),
    bindparam("mine", type_=ARRAY(Text)),
    bindparam("fresh_s", FRESH_S),
)


def by(session: Session, actor: Actor, request: str) -> Seen:
    """Versions of what the request names, of the caller itself, and of what these name.

    `request` is JSON. Of what was shown a while ago none: no news of it is on its way any more.
    """
    mine = audiences.mine(actor)
    mandates = select(Mandate.id).where(Mandate.user_id == actor.user_id).limit(MAX_IDS)
    named = [actor.party_id, actor.user_id, *_ids(request), *session.scalars(mandates)]
    seen, documents = _versions(session, named, mine, BYTES)
    further, _ = _versions(session, _ids(*documents), mine, 0)
    return {kind: further.get(kind, {}) | seen.get(kind, {}) for kind in {*seen, *further}}


def _ids(*texts: str) -> list[str]:
    """All values in these JSON texts that are ids."""
    return [id.lower() for text in texts for id in _ID.findall(text)]


def _versions(
    session: Session, ids: Iterable[str], mine: Sequence[str], bytes: int
) -> tuple[Seen, list[str]]:
    """Of the first MAX_IDS, where the caller may see them; and so much of their documents."""
    seen: Seen = {}
    documents = []
    asked = {"ids": list(dict.fromkeys(ids))[:MAX_IDS], "mine": list(mine), "bytes": bytes}
    for row in session.execute(_VIEWS, asked):
        if row.is_fresh:
            versions = seen.setdefault(row.kind, {})
            versions[row.id] = max(row.sequence, versions.get(row.id, 0))
        if row.document is not None:
            documents.append(row.document)
    return seen, documents
